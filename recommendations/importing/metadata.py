"""Title, authors and dates, as files write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

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
YEAR_FIRST = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
ERA = re.compile(r"(令和|平成|昭和)(元|\d{1,2})年(\d{1,2})月(\d{1,2})日")
ERA_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925}
# One space in the place of many: looking for a border runs back over each of them.
SPACES = re.compile(r"[^\S\n]+")
AUTHOR_BORDER = re.compile(r"\s*(?:;|、|\n|\s+and\s+|\s+&\s+|,\s+(?:and\s+)?(?=\w+\.?\s))\s*")


def month_number(name: str) -> int:
    return [month[:3] for month in MONTHS].index(name[:3].lower()) + 1


def day_in(value: Any) -> date | None:
    """Return the day that a value gives: a date, or text in one of the usual forms."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", str(value or ""))
    for year, month, day in _candidates(text):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _candidates(text: str) -> Iterable[tuple[int, int, int]]:
    for pattern in (ISO, YEAR_FIRST):
        for year, month, day in pattern.findall(text):
            yield int(year), int(month), int(day)
    for era, year, month, day in ERA.findall(text):
        number = 1 if year == "元" else int(year)
        yield ERA_BEFORE[era] + number, int(month), int(day)
    for day, name, year in DAY_FIRST.findall(text):
        yield int(year), month_number(name), int(day)
    for name, day, year in MONTH_FIRST.findall(text):
        yield int(year), month_number(name), int(day)


def names_of_authors(value: Any) -> list[str]:
    """Return names from a list, or from text that joins them."""
    if isinstance(value, str):
        parts: Iterable[Any] = AUTHOR_BORDER.split(SPACES.sub(" ", value))
    elif isinstance(value, dict):
        parts = [value.get("name", "")]
    elif isinstance(value, list | tuple):
        return [name for part in value for name in names_of_authors(part)]
    else:
        parts = []
    return [name for part in parts if (name := str(part).strip(" ,"))]
