"""What may be news of an action, until somebody logs it or says why not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.capturing.problems import worded
from recommendations.querysets import InboxItemQuerySet
from recommendations.statuses import EFFECTIVE_PRECISIONS, EvidenceKind, Precision
from recommendations.statuses.possible_dates import Tense
from recommendations.text.news_keys import news_key
from recommendations.text.source_keys import LONGEST_KEY

from .choice_words import ChoiceWords
from .fields import (
    QUOTATION,
    REASON,
    AddressField,
    PlainCharField,
    PlainTextField,
    StatedDateField,
    code_of_a_language,
    in_vocabulary,
)
from .status_update import EFFECTIVE_PRECISION_CHOICES


class CameFrom(models.TextChoices):
    PASTED = "pasted", pgettext_lazy("inbox", "Pasted")
    READER = "reader", pgettext_lazy("inbox", "A reader")
    WATCHED = "watched", pgettext_lazy("inbox", "A watched feed")
    BOOKMARKLET = "bookmarklet", pgettext_lazy("inbox", "A browser or phone")


class InboxState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("inbox", "Waiting")
    LOGGED = "logged", pgettext_lazy("inbox", "Logged")
    DISMISSED = "dismissed", pgettext_lazy("inbox", "Dismissed")


class InboxItem(ChoiceWords, models.Model):
    """An address or a headline, with what is known of it. Never public.

    `key` tells two of the same apart from two: that of a source, or of a headline that has no
    address. One of a key waits at a time. What a reader sent has the address of the source; the
    reader's own stays with the report.
    """

    url = AddressField(_("address"), max_length=1000, blank=True)
    key = models.CharField(_("key"), max_length=LONGEST_KEY, editable=False, db_index=True)
    title = PlainCharField(_("title"), max_length=500, blank=True)
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    published_on = StatedDateField(
        _("published on"),
        tense=Tense.PAST,
        precision="published_precision",
        null=True,
        blank=True,
    )
    published_precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=EFFECTIVE_PRECISION_CHOICES,
        default=Precision.DAY,
    )
    language = models.CharField(
        _("language"), max_length=20, blank=True, validators=[code_of_a_language]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices, blank=True)
    quotation = PlainTextField(_("short quotation"), blank=True, greatest_length=QUOTATION)
    text = PlainTextField(
        _("text"),
        blank=True,
        help_text=_("What was read at the address, by which actions are found."),
    )
    came_from = models.CharField(_("came from"), max_length=20, choices=CameFrom.choices)
    reader_report = models.ForeignKey(
        "recommendations.ReaderReport",
        models.PROTECT,
        related_name="inbox_items",
        null=True,
        blank=True,
        verbose_name=_("report of a reader"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="added_inbox_items",
        null=True,
        blank=True,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="assigned_inbox_items",
        null=True,
        blank=True,
        verbose_name=_("assigned to"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=InboxState.choices, default=InboxState.WAITING
    )
    reason = PlainTextField(_("reason"), blank=True, greatest_length=REASON)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_inbox_items",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    logged_as = models.JSONField(
        _("logged as"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("References of the updates that came of it."),
    )
    source = models.ForeignKey(
        "recommendations.Source",
        models.SET_NULL,
        related_name="inbox_items",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("source"),
        help_text=_("The source at this address that the record had when it came in."),
    )
    suggestions = models.JSONField(_("suggested actions"), default=list, blank=True, editable=False)
    suggested_at = models.DateTimeField(
        _("actions looked for at"), null=True, blank=True, editable=False
    )
    problem = PlainTextField(_("why it could not be read"), blank=True, editable=False)

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        default_permissions = ["view", "add", "change"]
        verbose_name = _("item of the inbox")
        verbose_name_plural = _("items of the inbox")
        indexes = [
            models.Index(fields=["state", "-added_at", "-id"], name="recommendations_inbox_newest"),
            models.Index(
                fields=["state", "assigned_to", "-added_at", "-id"],
                name="recommendations_inbox_whose",
            ),
        ]
        constraints = [
            in_vocabulary("came_from", CameFrom, model="inboxitem"),
            in_vocabulary("state", InboxState, model="inboxitem"),
            models.CheckConstraint(
                condition=Q(kind__in=["", *EvidenceKind.values]),
                name="recommendations_inboxitem_kind_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(published_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_inboxitem_precision_valid",
                violation_error_message=_("A source is dated by day, month or year."),
            ),
            models.CheckConstraint(
                condition=~Q(key="") & (~Q(url="") | ~Q(title="")),
                name="recommendations_inboxitem_says_something",
                violation_error_message=_("Give an address, a headline or both."),
            ),
            models.CheckConstraint(
                condition=Q(came_from="watched") | Q(added_by__isnull=False),
                name="recommendations_inboxitem_added_by_someone",
                violation_error_message=_("What no feed brought in was added by somebody."),
            ),
            models.CheckConstraint(
                condition=~Q(came_from="reader") | (Q(reader_report__isnull=False) & ~Q(url="")),
                name="recommendations_inboxitem_of_reader",
                violation_error_message=_("What a reader sent names its report and a source."),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="recommendations_inboxitem_decided_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.CheckConstraint(
                condition=(Q(state="dismissed") & ~Q(reason=""))
                | (~Q(state="dismissed") & Q(reason="")),
                name="recommendations_inboxitem_dismissal_says_why",
                violation_error_message=_("Say why it is dismissed."),
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state="waiting"),
                name="recommendations_inboxitem_waits_once",
                violation_error_message=_("The same waits in the inbox already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.take_key()
        super().save(*args, **kwargs)

    def take_key(self) -> None:
        self.key = news_key(self.url, self.title)

    @property
    def is_waiting(self) -> bool:
        return self.state == InboxState.WAITING

    @property
    def is_dismissed(self) -> bool:
        return self.state == InboxState.DISMISSED

    @property
    def why_unread(self) -> str:
        """Return why its page could not be read, in the language of the reader, or nothing."""
        return worded(self.problem)

    @property
    def words(self) -> str:
        """What it says, for finding the actions that it is about."""
        return "\n".join(filter(None, (self.url, self.title, self.quotation, self.text)))
