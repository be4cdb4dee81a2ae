"""Requests to change what is counted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import StructureRequestQuerySet

from .fields import REASON, PlainTextField, in_vocabulary


class StructureStep(models.TextChoices):
    INCLUDE = "include", _("Add to the public record")
    WITHDRAW = "withdraw", _("Withdraw from every count")
    SPLIT = "split", _("Split an action")
    MERGE = "merge", _("Merge actions")
    VERIFIABLE = "verifiable", _("Count as verifiable")
    NOT_VERIFIABLE = "not_verifiable", _("Leave out as not verifiable")


class StructureOutcome(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    RECALLED = "recalled", pgettext_lazy("request", "Taken back")


class StructureRequest(models.Model):
    """One person asks for a step in what is counted; another confirms it or declines.

    `into` are the actions that succeed others. What waits may be taken back by who asked for it.
    """

    step = models.CharField(_("step"), max_length=20, choices=StructureStep.choices)
    reports = models.ManyToManyField(
        "recommendations.Report", related_name="+", blank=True, verbose_name=_("reports")
    )
    recommendations = models.ManyToManyField(
        "recommendations.Recommendation",
        related_name="+",
        blank=True,
        verbose_name=_("recommendations"),
    )
    actions = models.ManyToManyField(
        "recommendations.Action", related_name="+", blank=True, verbose_name=_("actions")
    )
    into = models.ManyToManyField(
        "recommendations.Action",
        related_name="+",
        blank=True,
        verbose_name=_("succeeded by"),
    )
    reason = PlainTextField(_("public reason"), blank=True, greatest_length=REASON)
    state_when_asked = models.CharField(
        max_length=64,
        editable=False,
        help_text=_("Changes with everything that the step is about."),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_steps",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=StructureOutcome.choices,
        default=StructureOutcome.PENDING,
    )
    note = PlainTextField(_("why it was declined"), blank=True, greatest_length=REASON)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_steps",
        null=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    edition = models.OneToOneField(
        "recommendations.Edition",
        models.PROTECT,
        related_name="structure_request",
        null=True,
        verbose_name=_("edition"),
    )

    objects = StructureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("request for a step in what is counted")
        verbose_name_plural = _("requests for steps in what is counted")
        permissions = [
            ("review_structurerequest", _("Can decide on steps in what is counted")),
        ]
        constraints = [
            in_vocabulary("step", StructureStep, model="structurerequest"),
            in_vocabulary("outcome", StructureOutcome, model="structurerequest"),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(step="include"),
                name="recommendations_structurerequest_says_why",
                violation_error_message=_("Say why. The reason is public."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="recommendations_structurerequest_four_eyes",
                violation_error_message=_("Another person has to confirm this step."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(outcome="recalled", decided_by__isnull=True, decided_at__isnull=False)
                | Q(
                    outcome__in=["confirmed", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="recommendations_structurerequest_decided_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="confirmed", edition__isnull=False)
                | (~Q(outcome="confirmed") & Q(edition__isnull=True)),
                name="recommendations_structurerequest_confirmed_has_edition",
                violation_error_message=_("A confirmed step has opened an edition."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined", note=""),
                name="recommendations_structurerequest_declined_says_why",
                violation_error_message=_("Say why it is declined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} ({self.get_outcome_display()})"

    @property
    def subjects(self) -> list[models.Model]:
        """Return what it is about (three queries, unless prefetched)."""
        return [*self.reports.all(), *self.recommendations.all(), *self.actions.all()]
