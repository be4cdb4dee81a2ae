"""What a report took up from earlier ones, or dropped."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.querysets import RelationQuerySet

from .fields import NOTE, AddressField, PlainCharField, PlainTextField, in_vocabulary
from .report import Report


class RelationKind(models.TextChoices):
    REPEATS = "repeats", _("Repeats")
    EXTENDS = "extends", _("Extends")
    REPLACES = "replaces", _("Replaces")
    DROPS = "drops", _("Drops")


class RecommendationRelation(models.Model):
    """How a later report stands to a recommendation of an earlier one, as a source shows it.

    The later side is a recommendation; of what a report no longer asks for, it is that report.
    """

    recommendation = models.ForeignKey(
        "recommendations.Recommendation",
        models.CASCADE,
        related_name="relations",
        null=True,
        blank=True,
        verbose_name=_("later recommendation"),
    )
    report = models.ForeignKey(
        Report,
        models.CASCADE,
        related_name="drops",
        null=True,
        blank=True,
        verbose_name=_("later report"),
    )
    earlier = models.ForeignKey(
        "recommendations.Recommendation",
        models.PROTECT,
        related_name="later_relations",
        verbose_name=_("earlier recommendation"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices)
    publisher = PlainCharField(_("publisher"), max_length=200)
    url = AddressField(_("address"), max_length=500, help_text=_("A source that shows it."))
    note = PlainTextField(
        _("note"), blank=True, greatest_length=NOTE, help_text=_("In our own words.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = RelationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["recommendation", "report", "earlier"]
        verbose_name = _("relation to an earlier recommendation")
        verbose_name_plural = _("relations to earlier recommendations")
        constraints = [
            in_vocabulary("kind", RelationKind, model="recommendationrelation"),
            models.CheckConstraint(
                condition=Q(kind="drops", recommendation__isnull=True, report__isnull=False)
                | (~Q(kind="drops") & Q(recommendation__isnull=False, report__isnull=True)),
                name="recommendations_recommendationrelation_later_side",
                violation_error_message=_(
                    "A report drops, a recommendation does the rest: give the one that fits."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(publisher="") & ~Q(url=""),
                name="recommendations_recommendationrelation_names_source",
                violation_error_message=_("A relation names the source that shows it."),
            ),
            models.UniqueConstraint(
                fields=["recommendation", "earlier"],
                name="recommendations_recommendationrelation_unique_earlier",
                violation_error_message=_("This relation is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["report", "earlier"],
                name="recommendations_recommendationrelation_unique_dropped",
                violation_error_message=_("This relation is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.earlier}"

    def clean(self) -> None:
        if not self.earlier_id or not self.later_report:
            return
        report = self.earlier.report
        if report == self.later_report:
            raise ValidationError({"earlier": _("Name a recommendation of another report.")})
        if not report.came_before(self.later_report):
            raise ValidationError(
                {
                    "earlier": _("“%(earlier)s” was not published before “%(later)s”.")
                    % {"earlier": report, "later": self.later_report}
                }
            )

    @property
    def later_report(self) -> Report | None:
        return self.recommendation.report if self.recommendation else self.report

    def natural_key(self) -> tuple[str, ...]:
        report = self.later_report
        return (
            report.slug if report else "",
            self.recommendation.slug if self.recommendation else "",
            *self.earlier.natural_key(),
        )

    natural_key.dependencies = ["recommendations.recommendation"]  # type: ignore[attr-defined]
