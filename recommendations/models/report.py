"""A report and its sections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.paths import path_of
from recommendations.querysets import ReportQuerySet, SectionQuerySet
from recommendations.statuses import EFFECTIVE_PRECISIONS, Precision, first_day, last_day
from recommendations.statuses.possible_dates import Tense
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon

from .fields import (
    COUNTED_FIELDS,
    AddressField,
    Counted,
    PlainCharField,
    PlainTextField,
    StatedDateField,
    edition_order,
    in_vocabulary,
    withdrawal_says_why,
)
from .public_name import PublicName


class TextRights(models.TextChoices):
    FULL = "full", _("The full text")
    EXCERPTS = "excerpts", _("Excerpts around recommendations")
    NONE = "none", _("Nothing of the text")


class Report(Counted):
    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    title = PlainCharField(_("title"), max_length=300)
    subtitle = PlainCharField(_("subtitle"), max_length=300, blank=True)
    authors = PlainTextField(_("authors"), blank=True, help_text=_("One name a line."))
    publisher = PlainCharField(_("publisher"), max_length=200, blank=True)
    published_on = StatedDateField(
        _("published on"),
        tense=Tense.PAST,
        precision="published_precision",
        help_text=_("Of a month or a year: its first day."),
    )
    published_precision = models.CharField(
        _("precision of the date"),
        max_length=20,
        choices=[(code, code.label) for code in EFFECTIVE_PRECISIONS],
        default=Precision.DAY,
    )
    date_note = PlainCharField(_("note on the date"), max_length=300, blank=True)
    url = AddressField(_("address"), blank=True)
    series = PlainCharField(_("series"), max_length=200, blank=True)
    number_in_series = models.PositiveIntegerField(_("number in series"), null=True, blank=True)
    summary = PlainTextField(_("summary"), blank=True, help_text=_("In our own words."))
    baseline_note = PlainTextField(
        _("note on the baseline"),
        blank=True,
        help_text=_("How the first statuses were found. It is the note of the baseline edition."),
    )
    text_rights = models.CharField(
        _("what visitors may read of the text"),
        max_length=20,
        choices=TextRights.choices,
        default=TextRights.NONE,
        help_text=_("The text is its owner’s. Without permission, our summaries stand instead."),
    )
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Its dashboard is the front page.")
    )
    is_bibliographic = models.BooleanField(
        _("bibliographic record"),
        default=False,
        help_text=_("A record of an earlier report that is not broken down here."),
    )
    predecessors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="successors",
        blank=True,
        verbose_name=_("predecessors"),
        help_text=_("Earlier reports that this one follows."),
    )

    objects = ReportQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=COUNTED_FIELDS, m2m_fields=["predecessors"])

    class Meta:
        ordering = ["-published_on", "slug"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            in_vocabulary("text_rights", TextRights, model="report"),
            edition_order(model="report"),
            withdrawal_says_why(model="report"),
            models.UniqueConstraint(
                fields=["is_featured"],
                condition=Q(is_featured=True),
                name="recommendations_report_one_featured",
                violation_error_message=_("Another report is featured already."),
            ),
            models.CheckConstraint(
                condition=Q(published_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_report_precision_valid",
                violation_error_message=_("A report is dated by day, month or year."),
            ),
            models.CheckConstraint(
                condition=Q(is_bibliographic=False) | Q(from_edition__isnull=True),
                name="recommendations_report_bibliographic_is_not_counted",
                violation_error_message=_(
                    "A bibliographic record is no part of the public record."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_bibliographic=False) | Q(is_featured=False),
                name="recommendations_report_bibliographic_is_not_featured",
                violation_error_message=_("A bibliographic record cannot be featured."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_title

    def clean(self) -> None:
        """Judge the date against the reports that stand before and after (two queries)."""
        if self.pk and self.published_on:
            self.refuse_predecessors(self.predecessors.all())
            for successor in self.successors.all():
                successor.refuse_predecessors([self])

    def refuse_predecessors(self, reports: Iterable[Report]) -> None:
        """Raise ValidationError if one of these cannot have come before this report."""
        for report in reports:
            if report.pk == self.pk:
                raise ValidationError(_("A report is not its own predecessor."))
            if not report.came_before(self):
                raise ValidationError(
                    _("“%(earlier)s” was not published before “%(later)s”.")
                    % {"earlier": report, "later": self}
                )

    def came_before(self, other: Report) -> bool:
        """Whether it may have been published before another, as far as both dates are known."""
        return self.earliest_day < last_day(other.published_on, other.published_precision)

    @property
    def earliest_day(self) -> date:
        """The first day on which it may have come out, as far as its date is known."""
        return first_day(self.published_on, self.published_precision)

    @property
    def full_title(self) -> str:
        """Title and subtitle in the reader's language, as far as they are translated."""
        title = plain(self.title, "report.title")
        if not self.subtitle:
            return title
        subtitle = plain(self.subtitle, "report.subtitle")
        return f"{title}{colon()}{subtitle}"

    @property
    def place_in_series(self) -> str:
        """Return the series and the number in it, by which many know a report better."""
        series = plain(self.series, "report.series") if self.series else ""
        if not series or self.number_in_series is None:
            return series
        return gettext("%(series)s, no. %(number)d") % {
            "series": series,
            "number": self.number_in_series,
        }

    @property
    def known_as(self) -> str:
        """Return the title without its subtitle, and the series that it is known by."""
        title = plain(self.title, "report.title")
        if not self.series:
            return title
        return gettext("%(title)s (%(series)s)") % {"title": title, "series": self.place_in_series}

    @property
    def author_list(self) -> list[str]:
        authors = plain(self.authors, "report.authors")
        return [name for name in authors.splitlines() if name.strip()]

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("recommendations:report", self.slug)


class Section(PublicName):
    report = models.ForeignKey(
        Report, models.PROTECT, related_name="sections", verbose_name=_("report")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("parent section"),
    )
    slug = models.SlugField(_("slug"), max_length=80)
    title = PlainCharField(_("title"), max_length=300)
    position = models.PositiveIntegerField(_("position"), help_text=_("Order in the report."))

    objects = SectionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["report", "position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "slug"],
                name="recommendations_section_unique_slug",
                violation_error_message=_("This report has a section with this slug."),
            ),
            models.UniqueConstraint(
                fields=["report", "position"],
                name="recommendations_section_unique_position",
                violation_error_message=_("Another section of this report has this position."),
            ),
        ]

    def __str__(self) -> str:
        return plain(self.title, "section.title")

    def is_in_record(self) -> bool:
        return Report.objects.filter(pk=self.report_id, from_edition__isnull=False).exists()

    def natural_key(self) -> tuple[str, str]:
        return (self.report.slug, self.slug)

    natural_key.dependencies = ["recommendations.report"]  # type: ignore[attr-defined]
