"""How staff share out their work: assignments, saved filters, and news for the daily digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, cast
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import AssignmentQuerySet, NoticeQuerySet
from recommendations.statuses import ENDS, Status

from .fields import PlainCharField, PlainTextField, in_vocabulary, languages

if TYPE_CHECKING:
    from .action import Action


class Assignment(models.Model):
    """An analyst looks after one action, or after all of a section or of a policy area."""

    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("analyst"),
    )
    action = models.ForeignKey(
        "recommendations.Action",
        models.CASCADE,
        related_name="assignments",
        null=True,
        blank=True,
        verbose_name=_("action"),
    )
    section = models.ForeignKey(
        "recommendations.Section",
        models.CASCADE,
        related_name="assignments",
        null=True,
        blank=True,
        verbose_name=_("section"),
    )
    area = models.ForeignKey(
        "recommendations.PolicyArea",
        models.CASCADE,
        related_name="assignments",
        null=True,
        blank=True,
        verbose_name=_("policy area"),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["analyst", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, section__isnull=True, area__isnull=True)
                | Q(action__isnull=True, section__isnull=False, area__isnull=True)
                | Q(action__isnull=True, section__isnull=True, area__isnull=False),
                name="recommendations_assignment_of_one",
                violation_error_message=_("Choose an action, a section or a policy area."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["analyst", target],
                    name=f"recommendations_assignment_unique_{target}",
                    violation_error_message=_("This is assigned to this person already."),
                )
                for target in ("action", "section", "area")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analyst}: {self.action or self.section or self.area}"


class SavedFilter(models.Model):
    """A set of filters that one person keeps under a name. `page` is the URL name of the list."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    page = PlainCharField(max_length=100)
    name = PlainCharField(_("name"), max_length=80)
    query = PlainTextField(help_text=_("Query string without its question mark."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="recommendations_savedfilter_has_name",
                violation_error_message=_("Give the filter a name."),
            ),
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="recommendations_savedfilter_unique_name",
                violation_error_message=_("You have a filter of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def refuse_unknown_zone(name: str) -> None:
    """Raise ValidationError for what is the name of no zone here, such as Asia/Tokyo."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. One is called Asia/Tokyo, for example."),
            params={"name": name},
        )


class DeadlineMails(models.TextChoices):
    """At which points the digest tells a person of the deadlines of what is assigned to them."""

    ALL = "all", _("30 and 7 days before, and when it has passed")
    LATE = "late", _("7 days before, and when it has passed")
    PASSED = "passed", _("When it has passed")
    NONE = "none", _("Never")


# How many days before a deadline each tells of it; PASSED is when it is over.
PASSED = 0
DEADLINE_POINTS = {
    DeadlineMails.ALL: (30, 7, PASSED),
    DeadlineMails.LATE: (7, PASSED),
    DeadlineMails.PASSED: (PASSED,),
    DeadlineMails.NONE: (),
}


def deadline_key(action: Action, *, on: date, points: Iterable[int]) -> str:
    """Return the key of the news that a deadline is on a day, empty where it is at none.

    It names the deadline and the nearest point that it has come to, so that each is told once.
    """
    if action.due_on is None:
        return ""
    left = (action.due_on - on).days
    reached = [point for point in points if (left < 0 if point == PASSED else 0 <= left <= point)]
    return f"{NoticeKind.DEADLINE}:{action.pk}:{action.due_on}:{min(reached)}" if reached else ""


class Preference(models.Model):
    """What one person has chosen for themselves."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="preference"
    )
    mail_language = models.CharField(_("language of mails"), max_length=10, choices=languages)
    deadline_mails = models.CharField(
        _("mails about deadlines"),
        max_length=10,
        choices=DeadlineMails.choices,
        default=DeadlineMails.ALL,
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("Of the clock times on the pages of the staff. Days stay those of UTC."),
        validators=[refuse_unknown_zone],
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [in_vocabulary("deadline_mails", DeadlineMails, model="preference")]

    def __str__(self) -> str:
        return f"{self.person}: {self.mail_language}"


class NoticeKind(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted for review")
    RETURNED = "returned", _("Returned with a note")
    PUBLISHED = "published", _("Published")
    OVERDUE = "overdue", _("Past its review date")
    DEADLINE = "deadline", _("Its deadline nears or has passed")


class Notice(models.Model):
    """One piece of news for one person, mailed once in a digest.

    `key` names the event, so that the same one is never told twice.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    key = PlainCharField(max_length=200)
    update = models.ForeignKey(
        "recommendations.StatusUpdate", models.CASCADE, related_name="notices", null=True
    )
    action = models.ForeignKey(
        "recommendations.Action", models.CASCADE, related_name="notices", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            in_vocabulary("kind", NoticeKind, model="notice"),
            models.UniqueConstraint(
                fields=["recipient", "key"], name="recommendations_notice_told_once"
            ),
            models.CheckConstraint(
                condition=Q(update__isnull=False) | Q(action__isnull=False),
                name="recommendations_notice_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.key}"

    @property
    def subject(self) -> Action:
        """The action that the news is about, whatever it tells of it."""
        return self.update.action if self.update is not None else cast("Action", self.action)

    def holds(self, *, on: date) -> bool:
        """Whether it is still so: not where a submission was reviewed, or an action confirmed."""
        if self.update is not None:
            # The kinds are named as the states that they tell of.
            return self.update.review_state == self.kind
        if self.kind == NoticeKind.DEADLINE:
            is_open = self.subject.status not in (Status.IMPLEMENTED, *ENDS)
            point = int(self.key.rpartition(":")[2])
            return is_open and self.key == deadline_key(self.subject, on=on, points=[point])
        return self.subject.review_due_on < on
