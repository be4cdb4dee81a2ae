"""A cell to a date, as exactly as it is written: a day, a month, a quarter, a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal, NamedTuple

from recommendations.importing.deadlines import DeadlinePrecision
from recommendations.importing.metadata import ERA_BEFORE, MONTH, month_number

DayOrder = Literal["", "day_first", "month_first"]
FiscalYear = Literal["", "fiscal_year_us", "fiscal_year_japan"]
# Why a cell is no date: it is none, or it can be read in two ways and somebody has to say which.
DayProblem = Literal["no_date", "day_or_month_first", "whose_fiscal_year"]


class Day(NamedTuple):
    """`on` is any day of the period."""

    on: date
    precision: DeadlinePrecision


YEAR = r"(?P<year>(?:19|20|21)\d{2})"
NUMBER = r"\d{1,2}"
TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"
BEFORE = (
    r"(?:(?:by|before|until|no later than|due|from|since)\s+)?(?:the\s+)?(?:(?:end|close)\s+of\s+)?"
)
AFTER = r"(?:\s*(?:末|中|頃|まで|までに|以降|から))*"
ISO = re.compile(rf"{YEAR}[-/.](?P<month>{NUMBER})[-/.](?P<day>{NUMBER}){TIME}")
ISO_MONTH = re.compile(rf"{YEAR}[-/.](?P<month>{NUMBER})")
MONTH_BEFORE = re.compile(rf"(?P<month>{NUMBER})[-/.]{YEAR}")
SLASHED = re.compile(rf"(?P<one>{NUMBER})[-/.](?P<two>{NUMBER})[-/.]{YEAR}{TIME}")
DAY_FIRST = re.compile(
    rf"(?P<day>{NUMBER})(?:st|nd|rd|th)?[\s-]+(?P<name>{MONTH})\.?,?[\s-]*{YEAR}"
)
MONTH_FIRST = re.compile(rf"(?P<name>{MONTH})\.?\s*(?P<day>{NUMBER})(?:st|nd|rd|th)?,?\s*{YEAR}")
NAMED_MONTH = re.compile(rf"(?P<name>{MONTH})\.?,?[\s-]*{YEAR}")
QUARTER = re.compile(rf"q(?P<quarter>[1-4])\s*(?:of\s+)?[-/]?\s*{YEAR}")
YEAR_QUARTER = re.compile(rf"{YEAR}\s*[-/]?\s*q(?P<quarter>[1-4])")
FISCAL = re.compile(rf"(?:fy|fiscal year)\s*{YEAR}(?:\s*[-/–]\s*\d{{2,4}})?")
PLAIN_YEAR = re.compile(YEAR)
JAPANESE = re.compile(
    rf"(?:(?P<era>令和|平成|昭和)(?P<of_era>元|\d{{1,2}})|{YEAR})年"
    rf"(?:(?P<fiscal>度)|(?P<month>{NUMBER})月(?:(?P<day>{NUMBER})日)?)?{AFTER}"
)


def day_of(cell: str, *, order: DayOrder = "", fiscal_year: FiscalYear = "") -> Day | DayProblem:
    """Return the date that a whole cell says, or why it says none."""
    text = unicodedata.normalize("NFKC", cell).strip().rstrip(".").casefold()
    text = re.sub(rf"^{BEFORE}", "", text).strip()
    try:
        return _numbers(text, order) or _words(text, fiscal_year) or "no_date"
    except ValueError:
        # The 31st of a month that has none.
        return "no_date"


def _numbers(text: str, order: DayOrder) -> Day | DayProblem | None:
    if found := ISO.fullmatch(text):
        return Day(date(int(found["year"]), int(found["month"]), int(found["day"])), "day")
    if found := ISO_MONTH.fullmatch(text) or MONTH_BEFORE.fullmatch(text):
        return Day(date(int(found["year"]), int(found["month"]), 1), "month")
    if found := SLASHED.fullmatch(text):
        return _slashed(int(found["one"]), int(found["two"]), int(found["year"]), order)
    if found := PLAIN_YEAR.fullmatch(text):
        return Day(date(int(found["year"]), 1, 1), "year")
    return None


def _slashed(one: int, two: int, year: int, order: DayOrder) -> Day | DayProblem:
    """Read 3/4/2026, which is March in some countries and April in others, as was said."""
    if one > 12 >= two or one == two:
        order = "day_first"
    elif two > 12 >= one:
        order = "month_first"
    elif not order:
        return "day_or_month_first"
    day, month = (one, two) if order == "day_first" else (two, one)
    return Day(date(year, month, day), "day")


def _words(text: str, fiscal_year: FiscalYear) -> Day | DayProblem | None:
    if found := DAY_FIRST.fullmatch(text) or MONTH_FIRST.fullmatch(text):
        month = month_number(found["name"])
        return Day(date(int(found["year"]), month, int(found["day"])), "day")
    if found := NAMED_MONTH.fullmatch(text):
        return Day(date(int(found["year"]), month_number(found["name"]), 1), "month")
    if found := QUARTER.fullmatch(text) or YEAR_QUARTER.fullmatch(text):
        return Day(date(int(found["year"]), 3 * int(found["quarter"]) - 2, 1), "quarter")
    if found := FISCAL.fullmatch(text):
        return _fiscal(int(found["year"]), fiscal_year) if fiscal_year else "whose_fiscal_year"
    if found := JAPANESE.fullmatch(text):
        return _japanese(found)
    return None


def _fiscal(year: int, fiscal_year: FiscalYear) -> Day:
    """Return a fiscal year: that of Japan begins in April of its number, America's ends in it."""
    if fiscal_year == "fiscal_year_japan":
        return Day(date(year, 4, 1), "fiscal_year_japan")
    return Day(date(year, 1, 1), "fiscal_year_us")


def _japanese(found: re.Match[str]) -> Day:
    if era := found["era"]:
        year = ERA_BEFORE[era] + (1 if found["of_era"] == "元" else int(found["of_era"]))
    else:
        year = int(found["year"])
    if found["fiscal"]:
        return Day(date(year, 4, 1), "fiscal_year_japan")
    if not found["month"]:
        return Day(date(year, 1, 1), "year")
    month = int(found["month"])
    if found["day"]:
        return Day(date(year, month, int(found["day"])), "day")
    return Day(date(year, month, 1), "month")


def in_period(day: Day, precision: str) -> Day:
    """Return a date with a precision that a column of its own states, as our exports do."""
    known = ("day", "month", "quarter", "year", "fiscal_year_us", "fiscal_year_japan")
    return Day(day.on, precision) if precision in known else day  # type: ignore[arg-type]
