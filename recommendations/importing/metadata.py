"""Title, authors and dates, as files write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+({MONTH})\.?,?\s+(\d{{4}})", re.IGNORECASE)
MONTH_FIRST = re.compile(
    rf"({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE
)
YEAR_FIRST = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
ERA = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
ERA_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925}
MONTH_ALONE = re.compile(rf"\b({MONTH})\.?,?\s+((?:19|20)\d{{2}})\b", re.IGNORECASE)
YEAR_AND_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月(?!\s?\d{1,2}\s?日)")
ERA_MONTH = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})\s?年\s?(\d{1,2})\s?月(?!\s?\d{1,2}\s?日)")
# One space in the place of many: looking for a border runs back over each of them.
SPACES = re.compile(r"[^\S\n]+")
AUTHOR_BORDER = re.compile(r"\s*(?:;|、|\n|\s+and\s+|\s+&\s+|,\s+(?:and\s+)?(?=\w+\.?\s))\s*")
# "Example, Ada": a surname, one comma, a given name or two.
SURNAME_FIRST = re.compile(
    r"(?P<last>[^\W\d_][\w'’-]*),\s+(?P<first>[^\W\d_][\w'’-]*(?:\s[A-Z]\.?)?)"
)

DatePrecision = Literal["day", "month", "year"]


@dataclass(frozen=True)
class StatedDate:
    """A date as exactly as it was stated; of a month, `on` is the first day."""

    on: date
    precision: DatePrecision


def month_number(name: str) -> int:
    return [month[:3] for month in MONTHS].index(name[:3].lower()) + 1


def day_in(value: Any) -> date | None:
    """Return the day that a value gives: a date, or text in one of the usual forms."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _first(_days(unicodedata.normalize("NFKC", str(value or ""))))


def date_in(value: Any) -> StatedDate | None:
    """Return the day that a value gives, or else the month."""
    if day := day_in(value):
        return StatedDate(day, "day")
    month = _first(_months(unicodedata.normalize("NFKC", str(value or ""))))
    return StatedDate(month, "month") if month else None


def _first(candidates: Iterable[tuple[int, int, int]]) -> date | None:
    for year, month, day in candidates:
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _days(text: str) -> Iterable[tuple[int, int, int]]:
    for pattern in (ISO, YEAR_FIRST):
        for year, month, day in pattern.findall(text):
            yield int(year), int(month), int(day)
    for era, year, month, day in ERA.findall(text):
        yield _year(era, year), int(month), int(day)
    for day, name, year in DAY_FIRST.findall(text):
        yield int(year), month_number(name), int(day)
    for name, day, year in MONTH_FIRST.findall(text):
        yield int(year), month_number(name), int(day)


def _months(text: str) -> Iterable[tuple[int, int, int]]:
    for year, month in YEAR_AND_MONTH.findall(text):
        yield int(year), int(month), 1
    for era, year, month in ERA_MONTH.findall(text):
        yield _year(era, year), int(month), 1
    for name, year in MONTH_ALONE.findall(text):
        yield int(year), month_number(name), 1


def _year(era: str, number: str) -> int:
    return ERA_BEFORE[era] + (1 if number == "元" else int(number))


def names_of_authors(value: Any) -> list[str]:
    """Return names from a list, or from text that joins them."""
    if isinstance(value, str):
        text = SPACES.sub(" ", value).strip()
        if match := SURNAME_FIRST.fullmatch(text):
            return [f"{match['first']} {match['last']}"]
        parts: Iterable[Any] = AUTHOR_BORDER.split(text)
    elif isinstance(value, dict):
        parts = [value.get("name", "")]
    elif isinstance(value, list | tuple):
        return [name for part in value for name in names_of_authors(part)]
    else:
        parts = []
    return [name for part in parts if (name := str(part).strip(" ,"))]
