"""Dates as people read them, no more exact than they are known."""

from __future__ import annotations

from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from recommendations.statuses import Precision, first_day, last_day

from .kept import kept_by_language


@kept_by_language
def date_text(on: date, precision: str = Precision.DAY) -> str:
    """Return a date as its precision allows: 24 Mar 2025, Mar 2025, Q1 2025, 2025, FY 2027."""
    match precision:
        case Precision.MONTH:
            return dateformat.format(on, pgettext("month of a year", "M Y"))
        case Precision.YEAR:
            return dateformat.format(on, pgettext("year", "Y"))
        case Precision.QUARTER:
            return _("Q%(quarter)d %(year)d") % {
                "quarter": (on.month - 1) // 3 + 1,
                "year": on.year,
            }
        case Precision.FISCAL_YEAR:
            return _("Fiscal year from %(first)s to %(last)s") % {
                "first": date_text(first_day(on, precision)),
                "last": date_text(last_day(on, precision)),
            }
        case Precision.FISCAL_YEAR_JAPAN:
            return _("Japanese fiscal year %(year)d") % {"year": first_day(on, precision).year}
        case Precision.FISCAL_YEAR_US:
            return _("U.S. fiscal year %(year)d") % {"year": first_day(on, precision).year + 1}
    return dateformat.format(on, pgettext("day", "j M Y"))


def publication_text(on: date, precision: str) -> str:
    """Return when a report came out. A month alone is written out: October 2018."""
    if precision == Precision.MONTH:
        return dateformat.format(on, pgettext("month of publication", "F Y"))
    return date_text(on, precision)
