"""When the fiscal years begin in which deadlines are stated."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from recommendations.fiscal_years import FiscalYearRule
from recommendations.querysets import FiscalYearQuerySet
from recommendations.statuses import NAMED_FISCAL_YEARS, Precision

from .vocabulary import Party


class FiscalYear(models.Model):
    """The fiscal year of a party, or of all that have none of their own.

    It says how “FY2026” is read from now on. A deadline keeps its own first day, so that a change
    here moves none that is recorded.
    """

    party = models.OneToOneField(
        Party,
        models.CASCADE,
        related_name="fiscal_year",
        null=True,
        blank=True,
        verbose_name=_("party"),
        help_text=_("Empty, it is that of every party without one of its own."),
    )
    begins_month = models.PositiveSmallIntegerField(
        _("begins in"), choices=list(MONTHS.items()), default=1
    )
    begins_day = models.PositiveSmallIntegerField(_("on day"), default=1)
    is_named_by_end = models.BooleanField(
        _("named after the year in which it ends"),
        default=False,
        help_text=_("Otherwise FY2026 is the one that begins in 2026."),
    )

    objects = FiscalYearQuerySet.as_manager()

    class Meta:
        ordering = [models.F("party").asc(nulls_first=True)]
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(party__isnull=True),
                name="recommendations_fiscalyear_one_for_others",
                violation_error_message=_("The others have one already: change that one."),
            ),
            models.CheckConstraint(
                condition=Q(begins_month__range=(1, 12), begins_day__range=(1, 31)),
                name="recommendations_fiscalyear_begins_on_a_day",
                violation_error_message=_("The month has no such day in every year."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.party) if self.party else str(_("All other parties"))

    def natural_key(self) -> tuple[str]:
        return (self.party.slug if self.party else "",)

    def clean(self) -> None:
        super().clean()
        try:
            # 2026 has no 29 February, on which no fiscal year can begin.
            date(2026, self.begins_month or 1, self.begins_day or 0)
        except ValueError as error:
            raise ValidationError(
                {"begins_day": _("The month has no such day in every year.")}
            ) from error

    @property
    def rule(self) -> FiscalYearRule:
        named = NAMED_FISCAL_YEARS.get(self.party.slug) if self.party else None
        return FiscalYearRule(
            self.begins_month,
            self.begins_day,
            self.is_named_by_end,
            str(named or Precision.FISCAL_YEAR),
        )
