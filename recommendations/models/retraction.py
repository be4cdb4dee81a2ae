"""Requests to withdraw a published update."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import RetractionRequestQuerySet

from .fields import REASON, PlainTextField, in_vocabulary
from .status_update import StatusUpdate


class RetractionOutcome(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class RetractionRequest(models.Model):
    """One person asks that a published update be withdrawn; another confirms it or declines.

    An edition of research that retracts what earlier research said stands in place of the two.
    """

    update = models.ForeignKey(
        StatusUpdate,
        models.PROTECT,
        related_name="retraction_requests",
        verbose_name=_("status update"),
    )
    reason = PlainTextField(_("public reason"), greatest_length=REASON)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requested_retractions",
        null=True,
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"))
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=RetractionOutcome.choices,
        default=RetractionOutcome.PENDING,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_retractions",
        null=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    research_edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="retractions",
        null=True,
        verbose_name=_("retracted by the research of"),
    )

    objects = RetractionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("request for retraction")
        verbose_name_plural = _("requests for retraction")
        permissions = [("review_retractionrequest", _("Can decide on retractions"))]
        constraints = [
            in_vocabulary("outcome", RetractionOutcome, model="retractionrequest"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="recommendations_retractionrequest_says_why",
                violation_error_message=_("A retraction needs a public reason."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="recommendations_retractionrequest_four_eyes",
                violation_error_message=_("Another person has to confirm the retraction."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(outcome="pending") & Q(decided_by__isnull=False, decided_at__isnull=False))
                | Q(research_edition__isnull=False),
                name="recommendations_retractionrequest_decided_is_stamped",
                violation_error_message=_("A decision has a person and a time."),
            ),
            models.CheckConstraint(
                condition=Q(research_edition__isnull=True, requested_by__isnull=False)
                | Q(
                    research_edition__isnull=False,
                    requested_by__isnull=True,
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                    outcome="confirmed",
                ),
                name="recommendations_retractionrequest_people_or_research",
                violation_error_message=_(
                    "A retraction is that of two persons or that of an edition of research."
                ),
            ),
            models.UniqueConstraint(
                fields=["update"],
                condition=Q(outcome="pending"),
                name="recommendations_retractionrequest_one_pending",
                violation_error_message=_("A retraction of this update is waiting already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.update} ({self.get_outcome_display()})"
