"""Requests to take somebody's lost second factor away."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import FactorResetQuerySet

from .fields import REASON, PlainTextField, in_vocabulary


class FactorResetOutcome(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    RECALLED = "recalled", pgettext_lazy("request", "Taken back")


class FactorReset(models.Model):
    """One person asks that the factors of a second be removed; a third confirms it or declines.

    What waits may be taken back by who asked for it. Nothing changes before it is confirmed.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="factor_resets",
        verbose_name=_("person concerned"),
    )
    reason = PlainTextField(
        _("how it was made sure who asks"),
        greatest_length=REASON,
        help_text=_("For whoever confirms: what was lost, and by what you know the person."),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_factor_resets",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=FactorResetOutcome.choices,
        default=FactorResetOutcome.PENDING,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_factor_resets",
        null=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        default_permissions = ["view", "add"]
        permissions = [("review_factorreset", _("Can decide on resets of a second factor"))]
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        constraints = [
            in_vocabulary("outcome", FactorResetOutcome, model="factorreset"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="recommendations_factorreset_says_why",
                violation_error_message=_("Say how you made sure that it is this person."),
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=F("person")),
                name="recommendations_factorreset_not_for_oneself",
                violation_error_message=_("Nobody asks for a reset of their own."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("person"))),
                name="recommendations_factorreset_four_eyes",
                violation_error_message=_("Another person has to confirm the reset."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_by__isnull=True, decided_at__isnull=True)
                | Q(outcome="recalled", decided_by__isnull=True, decided_at__isnull=False)
                | Q(
                    outcome__in=["confirmed", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="recommendations_factorreset_decided_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(outcome="pending"),
                name="recommendations_factorreset_one_pending",
                violation_error_message=_("A reset of this person waits already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_outcome_display()})"

    @property
    def is_pending(self) -> bool:
        return self.outcome == FactorResetOutcome.PENDING
