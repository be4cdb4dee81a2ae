"""How old a source is, and how long something waits, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from recommendations.models import Evidence
from recommendations.statuses import Precision, first_day, last_day


def source_age(item: Evidence, *, today: date) -> str:
    """Return "3 days old"; of a source that is dated by month or year, about how old it is."""
    if item.published_on is None:
        return _("age not known")
    first = first_day(item.published_on, item.published_precision)
    if first > today:
        return _("dated in the future")
    if today <= last_day(item.published_on, item.published_precision):
        return _published_now(item.published_precision)
    words = timesince(first, today, depth=1)
    if item.published_precision == Precision.DAY:
        return _("%(time)s old") % {"time": words}
    return _("about %(time)s old") % {"time": words}


def _published_now(precision: str) -> str:
    match precision:
        case Precision.MONTH:
            return _("published this month")
        case Precision.YEAR:
            return _("published this year")
    return _("published today")


def waiting_time(since: datetime, *, now: datetime) -> str:
    if now - since < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(since, now, depth=1)
