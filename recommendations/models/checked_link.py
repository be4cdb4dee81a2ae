"""Whether the pages that sources stand at are still there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import CheckedLinkQuerySet

from .fields import in_vocabulary
from .source import Source

# A link is dead once its page was gone so often, over so long: asked weekly, three weeks.
TIMES = 3
SPAN = timedelta(days=14)
INTERVAL = timedelta(days=7)


class LinkOutcome(models.TextChoices):
    """What one check found. Only an answer that says so is “gone”."""

    THERE = "there", pgettext_lazy("link", "There")
    GONE = "gone", pgettext_lazy("link", "Gone")
    UNKNOWN = "unknown", _("Could not be checked")


class LinkState(models.TextChoices):
    """What the checks of a link come to. Readers are told of the dead alone."""

    NEW = "new", _("Not checked yet")
    THERE = "there", pgettext_lazy("link", "There")
    UNKNOWN = "unknown", _("Could not be checked")
    GONE = "gone", _("Gone once or twice")
    DEAD = "dead", pgettext_lazy("link", "Dead")


class CheckedLink(models.Model):
    """What is known of the page of a source, and when it is asked for next.

    `gone_since` and `times_gone` are of the answers “gone” since the page was last seen: what
    could not be checked in between neither counts nor ends them.
    """

    source = models.OneToOneField(
        Source, models.CASCADE, related_name="link", verbose_name=_("source")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=LinkState.choices, default=LinkState.NEW
    )
    next_at = models.DateTimeField(_("next check"), db_index=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, db_index=True)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    gone_since = models.DateTimeField(_("gone since"), null=True)
    times_gone = models.PositiveIntegerField(_("times gone"), default=0)

    objects = CheckedLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        indexes = [
            models.Index(fields=["state", "gone_since"], name="recommendations_link_by_state")
        ]
        constraints = [
            in_vocabulary("state", LinkState, model="checkedlink"),
            models.CheckConstraint(
                condition=Q(times_gone=0, gone_since__isnull=True)
                | Q(times_gone__gt=0, gone_since__isnull=False),
                name="recommendations_checkedlink_gone_since_when",
                violation_error_message=_("A page that is gone is so since a moment."),
            ),
            models.CheckConstraint(
                condition=~Q(state="dead") | Q(times_gone__gte=TIMES),
                name="recommendations_checkedlink_dead_after_three",
                violation_error_message=_("A link is dead once its page was gone three times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.state}"

    def take(self, outcome: LinkOutcome, reason: str, *, at: datetime) -> None:
        """Take the outcome of one check in."""
        self.checked_at, self.reason, self.next_at = at, reason, at + INTERVAL
        if outcome == LinkOutcome.THERE:
            self.state, self.gone_since, self.times_gone = LinkState.THERE, None, 0
        elif outcome == LinkOutcome.GONE:
            self.gone_since = self.gone_since or at
            self.times_gone += 1
            is_dead = self.times_gone >= TIMES and at - self.gone_since >= SPAN
            self.state = LinkState.DEAD if is_dead else LinkState.GONE
        elif not self.times_gone:
            self.state = LinkState.UNKNOWN


class LinkCheck(models.Model):
    """One check: what was found at the address of a source, and when."""

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="link_checks", verbose_name=_("source")
    )
    at = models.DateTimeField(_("time"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=LinkOutcome.choices)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    status = models.PositiveSmallIntegerField(_("status of the answer"), default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        verbose_name = _("check of a link")
        verbose_name_plural = _("checks of links")
        constraints = [
            in_vocabulary("outcome", LinkOutcome, model="linkcheck"),
            models.UniqueConstraint(
                fields=["source", "at"],
                name="recommendations_linkcheck_once",
                violation_error_message=_("This check is noted already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.outcome}"
