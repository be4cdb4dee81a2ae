"""Dates that cannot be, and dates that are unlikely: as sentences that say what to do."""

from __future__ import annotations

from datetime import date
from enum import Enum

from django.utils.translation import gettext as _

from .dates import first_day, last_day

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
# A source that is older than the report by more than this is asked about.
OLDEST_SOURCE_YEARS = 5


class Tense(Enum):
    """On which side of today the days of a field lie."""

    PAST = "past"
    COMING = "coming"
    ANY = "any"


def bounds_problem(on: date) -> str:
    """Return what is wrong with a date that no record of this kind has, or nothing."""
    if on < EARLIEST:
        return _("The year %(year)d is too early. Check it: write all four digits, as in 2025.") % {
            "year": on.year
        }
    if on > LATEST:
        return _("The year %(year)d is too late. Check it: write it as in 2025.") % {
            "year": on.year
        }
    return ""


def date_problem(on: date, precision: str, *, tense: Tense, today: date) -> str:
    """Return why a date cannot be, as a sentence, or nothing.

    Of a month or a year it is the beginning that may not lie in the future: 2026 can be said
    before it is over.
    """
    if problem := bounds_problem(on):
        return problem
    if tense is Tense.PAST and first_day(on, precision) > today:
        return _("This lies in the future. Give a date that has come: today or earlier.")
    if tense is Tense.COMING and on < today:
        return _("Choose a day that is not past.")
    return ""


def access_problem(published_on: date, precision: str, *, accessed_on: date) -> str:
    """Return why a source cannot have been read on a day, or nothing."""
    if first_day(published_on, precision) <= accessed_on:
        return ""
    return _("It was published after it was accessed. Check both dates.")


def deadline_problem(on: date, precision: str, *, reported_on: date) -> str:
    """Return why what a report asks for cannot be due by a date, or nothing.

    `reported_on` is the first day on which the report may have come out.
    """
    if last_day(on, precision) >= reported_on:
        return ""
    return _("This deadline ended before the report came out. Check the year.")


def is_older_than_report(on: date, precision: str, *, reported_on: date) -> bool:
    """Whether a fact was over before anybody asked for it: unlikely, not impossible."""
    return last_day(on, precision) < reported_on


def is_old_source(on: date, precision: str, *, reported_on: date) -> bool:
    """Whether a source is so much older than the report that its year may be a slip."""
    years_before = reported_on.year - last_day(on, precision).year
    if years_before != OLDEST_SOURCE_YEARS:
        return years_before > OLDEST_SOURCE_YEARS
    last = last_day(on, precision)
    return (last.month, last.day) < (reported_on.month, reported_on.day)
