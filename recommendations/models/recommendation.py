"""Recommendations of a report, and the actions that each is broken into."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.paths import path_of
from recommendations.querysets import (
    RecommendationQuerySet,
)
from recommendations.statuses import Status
from recommendations.text.languages import plain

from .fields import (
    COUNTED_FIELDS,
    Counted,
    Fallible,
    PlainCharField,
    PlainTextField,
    edition_order,
    fall_in_vocabulary,
    in_vocabulary,
    left_index,
    withdrawal_says_why,
)

number_validator = RegexValidator(
    r"^[A-Za-z]{0,2}\d{1,4}(\.\d{1,4}){0,3}$",
    _("A number reads like 3, 2.1 or T4: letters, digits and dots."),
)


class RecommendationOrigin(models.TextChoices):
    LISTED = "listed", _("Listed by the report")
    RUNNING_TEXT = "running_text", _("Made in running text")


class Recommendation(Counted, Fallible):
    """One headline ask of a report. Its status is derived from its actions, never typed."""

    report = models.ForeignKey(
        "recommendations.Report",
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("report"),
    )
    section = models.ForeignKey(
        "recommendations.Section",
        models.PROTECT,
        related_name="recommendations",
        verbose_name=_("section"),
    )
    number = PlainCharField(
        _("number"),
        max_length=20,
        validators=[number_validator],
        help_text=_("It stands in the address, for good."),
    )
    slug = models.SlugField(_("slug"), max_length=80)
    position = models.PositiveIntegerField(_("position"), help_text=_("Order in the report."))
    headline = PlainCharField(_("headline"), max_length=300)
    is_headline_of_report = models.BooleanField(
        _("headline is the report’s own"),
        default=True,
        help_text=_("Otherwise the name is ours."),
    )
    origin = models.CharField(
        _("origin"),
        max_length=20,
        choices=RecommendationOrigin.choices,
        default=RecommendationOrigin.LISTED,
    )
    summary = PlainTextField(_("summary"), blank=True, help_text=_("In our own words."))
    areas = models.ManyToManyField(
        "recommendations.PolicyArea",
        related_name="recommendations",
        blank=True,
        verbose_name=_("policy areas"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status.choices,
        default=Status.NOT_ASSESSED,
        editable=False,
    )
    status_since = models.DateField(_("status since"), null=True, editable=False)

    objects = RecommendationQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[*COUNTED_FIELDS, "status", "status_since", "fell_from"],
        m2m_fields=["areas"],
    )

    class Meta:
        ordering = ["report", "position"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        permissions = [
            ("structure_recommendation", _("Can add to and withdraw from the public record"))
        ]
        indexes = [
            models.Index(fields=["report", "status"], name="recommendation_report_status"),
            left_index("recommendation_left"),
        ]
        constraints = [
            in_vocabulary("origin", RecommendationOrigin, model="recommendation"),
            in_vocabulary("status", Status, model="recommendation"),
            fall_in_vocabulary(model="recommendation"),
            edition_order(model="recommendation"),
            withdrawal_says_why(model="recommendation"),
            models.UniqueConstraint(
                fields=["report", "number"],
                name="recommendations_recommendation_unique_number",
                violation_error_message=_("This report has a recommendation with this number."),
            ),
            models.UniqueConstraint(
                fields=["report", "slug"],
                name="recommendations_recommendation_unique_slug",
                violation_error_message=_("This report has a recommendation with this slug."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {plain(self.headline, 'recommendation.headline')}"

    def clean(self) -> None:
        if self.section_id and self.report_id and self.section.report_id != self.report_id:
            raise ValidationError({"section": _("This section belongs to another report.")})

    def natural_key(self) -> tuple[str, str]:
        return (self.report.slug, self.slug)

    natural_key.dependencies = ["recommendations.report"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return path_of("recommendations:detail", self.report.slug, self.number)
