"""What readers send in: errors that they found, and evidence that is missing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import ReaderReportQuerySet

from .fields import REASON, AddressField, PlainTextField, in_vocabulary

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ReaderReportKind(models.TextChoices):
    ERROR = "error", _("Error")
    EVIDENCE = "evidence", _("Evidence")


class ReaderReportOutcome(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    SPAM = "spam", _("Spam")


class ReaderReport(models.Model):
    """Never public. Staff decide on it, and record what came of it."""

    recommendation = models.ForeignKey(
        "recommendations.Recommendation",
        models.PROTECT,
        related_name="reader_reports",
        verbose_name=_("recommendation"),
    )
    action = models.ForeignKey(
        "recommendations.Action",
        models.PROTECT,
        related_name="reader_reports",
        null=True,
        blank=True,
        verbose_name=_("action"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReaderReportKind.choices)
    message = PlainTextField(_("message"), max_length=4000)
    url = AddressField(_("address of a source"), max_length=1000, blank=True)
    contact = models.EmailField(_("e-mail address"), blank=True)
    received_at = models.DateTimeField(_("received at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=ReaderReportOutcome.choices,
        default=ReaderReportOutcome.WAITING,
    )
    outcome_note = PlainTextField(_("what came of it"), blank=True, greatest_length=REASON)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handled_reader_reports",
        null=True,
        blank=True,
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("report of a reader")
        verbose_name_plural = _("reports of readers")
        indexes = [
            models.Index(fields=["outcome", "received_at"], name="recommendations_reader_waiting")
        ]
        constraints = [
            in_vocabulary("kind", ReaderReportKind, model="readerreport"),
            in_vocabulary("outcome", ReaderReportOutcome, model="readerreport"),
            models.CheckConstraint(
                condition=~Q(message=""),
                name="recommendations_readerreport_says_something",
                violation_error_message=_("Say what is wrong, or what is missing."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", handled_by__isnull=True, handled_at__isnull=True)
                | (~Q(outcome="waiting") & Q(handled_by__isnull=False, handled_at__isnull=False)),
                name="recommendations_readerreport_handled_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["accepted", "declined"]) | ~Q(outcome_note=""),
                name="recommendations_readerreport_outcome_says_why",
                violation_error_message=_("Say what came of it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.recommendation}"

    def decide(self, outcome: str, *, note: str, by: User, now: datetime) -> bool:
        """Record what came of it, once, and erase the reader's e-mail address.

        Return False, and change nothing, where somebody has decided already.
        """
        undecided = type(self).objects.waiting().filter(pk=self.pk)
        return bool(
            undecided.update(
                outcome=outcome, outcome_note=note, handled_by=by, handled_at=now, contact=""
            )
        )
