"""What a date of limited precision stands for."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from .vocabulary import Precision


def first_day(on: date, precision: str) -> date:
    """Return the first day of the period that a date of this precision stands for."""
    match precision:
        case Precision.DAY:
            return on
        case Precision.MONTH:
            return on.replace(day=1)
        case Precision.QUARTER:
            return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
        case Precision.YEAR:
            return date(on.year, 1, 1)
        case Precision.FISCAL_YEAR:
            # Its first day says all: nobody else's fiscal years move it.
            return on
        case Precision.FISCAL_YEAR_JAPAN:
            return date(on.year if on.month >= 4 else on.year - 1, 4, 1)
        case Precision.FISCAL_YEAR_US:
            return date(on.year if on.month >= 10 else on.year - 1, 10, 1)
    raise ValueError(f"Unknown precision {precision!r}.")


def last_day(on: date, precision: str) -> date:
    """Return the last day of the period that a date of this precision stands for."""
    first = first_day(on, precision)
    match precision:
        case Precision.DAY:
            return first
        case Precision.MONTH:
            months = 1
        case Precision.QUARTER:
            months = 3
        case _:
            months = 12
    if precision == Precision.FISCAL_YEAR:
        # It may begin within a month.
        return date(first.year + 1, first.month, min(first.day, 28)) + timedelta(
            days=max(first.day - 28, 0) - 1
        )
    years, month = divmod(first.month - 1 + months - 1, 12)
    year = first.year + years
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def effective_day(on: date, precision: str, *, cap: date) -> date:
    """Return the day from which an update counts.

    A month or a year counts from its last day, but never from later than `cap`, the day of
    publication (of the update first published with this date, where it was corrected since).
    """
    return min(last_day(on, precision), cap)
