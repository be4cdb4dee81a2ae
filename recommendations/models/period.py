"""Derived history, in two times: since when it held, and since when the tracker said so."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import PeriodQuerySet
from recommendations.statuses import EvidenceKind, Status

from .fields import Fallible, edition_order, fall_in_vocabulary, in_vocabulary, left_index


class Spoken(models.Model):
    """The tracker said so from one edition until another (exclusive)."""

    from_edition = models.ForeignKey("recommendations.Edition", models.PROTECT, related_name="+")
    # Its index is that of what is told no more (`left_index`).
    until_edition = models.ForeignKey(
        "recommendations.Edition", models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        abstract = True


class StatusPeriod(Spoken, Fallible):
    """A status that an action or a recommendation had from `starts_on` until `ends_on` (exclusive).

    Before the first period it is not assessed. Publishing closes rows (`until_edition`) and opens
    new ones, it deletes none. `update` is the one that set the status, `fell_from` the furthest
    status before it, where that was further.
    """

    action = models.ForeignKey(
        "recommendations.Action", models.PROTECT, related_name="periods", null=True
    )
    recommendation = models.ForeignKey(
        "recommendations.Recommendation", models.PROTECT, related_name="periods", null=True
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True)
    update = models.ForeignKey(
        "recommendations.StatusUpdate", models.PROTECT, related_name="periods", null=True
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        verbose_name = _("status period")
        verbose_name_plural = _("status periods")
        indexes = [
            models.Index(
                fields=["action", "starts_on"],
                condition=Q(until_edition__isnull=True),
                name="recommendations_period_action",
            ),
            models.Index(
                fields=["recommendation", "starts_on"],
                condition=Q(until_edition__isnull=True),
                name="recommendations_period_rec",
            ),
            left_index("recommendation_period_left"),
        ]
        constraints = [
            in_vocabulary("status", Status, model="statusperiod"),
            fall_in_vocabulary(model="statusperiod"),
            edition_order(model="statusperiod"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="recommendations_statusperiod_days_ordered",
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(action__isnull=False, recommendation__isnull=True, update__isnull=False)
                | Q(action__isnull=True, recommendation__isnull=False, update__isnull=True),
                name="recommendations_statusperiod_of_one",
                violation_error_message=_("A period is of an action or of a recommendation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.starts_on}/{self.ends_on or ''}"


class EvidencePeriod(Spoken):
    """On what the status of an action rested from `starts_on` until `ends_on` (exclusive).

    Where no period holds it rested on no source. A later update may strengthen the basis of a
    status that stays the same: so these days are not those of the status periods.
    """

    action = models.ForeignKey(
        "recommendations.Action", models.PROTECT, related_name="evidence_periods"
    )
    kind = models.CharField(_("strongest evidence"), max_length=20, choices=EvidenceKind.choices)
    counts = models.JSONField(_("sources by kind"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        verbose_name = _("evidence period")
        verbose_name_plural = _("evidence periods")
        indexes = [
            models.Index(
                fields=["action", "starts_on"],
                condition=Q(until_edition__isnull=True),
                name="recommendations_period_evid",
            ),
            left_index("recommendation_evid_left"),
        ]
        constraints = [
            in_vocabulary("kind", EvidenceKind, model="evidenceperiod"),
            edition_order(model="evidenceperiod"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="recommendations_evidenceperiod_days_ordered",
                violation_error_message=_("A period ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}/{self.ends_on or ''}"


class VerifiabilityPeriod(Spoken):
    """Whether an action was counted as verifiable, edition by edition."""

    action = models.ForeignKey(
        "recommendations.Action", models.PROTECT, related_name="verifiability_periods"
    )
    is_verifiable = models.BooleanField(_("verifiable"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["action", "from_edition"]
        verbose_name = _("verifiability period")
        verbose_name_plural = _("verifiability periods")
        indexes = [left_index("recommendation_verif_left")]
        constraints = [
            edition_order(model="verifiabilityperiod"),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(until_edition__isnull=True),
                name="recommendations_verifiabilityperiod_one_open",
                violation_error_message=_("An action is verifiable or it is not."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.is_verifiable} {self.from_edition_id}"
