"""When a fiscal year begins and which number it has: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CALENDAR = (1, 1)


@dataclass(frozen=True)
class FiscalYearRule:
    """A fiscal year by the day on which it begins, and by the code of its precision.

    Its number is that of the calendar year of its first day or, `is_named_by_end`, of its last.
    """

    month: int
    day: int
    is_named_by_end: bool
    precision: str = "fiscal_year"

    @property
    def is_calendar_year(self) -> bool:
        return (self.month, self.day) == CALENDAR

    def first_day_of(self, number: int) -> date:
        """Return the first day of the fiscal year with a number.

        >>> FiscalYearRule(7, 1, is_named_by_end=True).first_day_of(2026)
        datetime.date(2025, 7, 1)
        """
        year = number - 1 if self.is_named_by_end and not self.is_calendar_year else number
        return date(year, self.month, self.day)

    def first_day_around(self, on: date) -> date:
        """Return the first day of the fiscal year in which a day lies."""
        begun = date(on.year, self.month, self.day)
        return begun if begun <= on else date(on.year - 1, self.month, self.day)
