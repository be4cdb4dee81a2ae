"""By when: the deadline that a sentence gives, with its precision and its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from .metadata import MONTH, day_in, month_number

# Those of `statuses.Precision`, which would load the whole of the models into the child.
DeadlinePrecision = Literal[
    "day", "month", "quarter", "year", "fiscal_year_us", "fiscal_year_japan"
]
BY = r"(?:by|before|no later than|not later than|until)\s+"
END_OF = r"(?:the\s+)?(?:end|close)\s+of\s+"
NUMBERS = {"thirty": 30, "sixty": 60, "ninety": 90, "one hundred eighty": 180, "one": 1, "two": 2,
           "three": 3, "six": 6, "twelve": 12, "eighteen": 18, "five": 5, "ten": 10}  # fmt: skip


@dataclass(frozen=True)
class FoundDeadline:
    """`on` is any day of the period. `words` are those of the text."""

    on: date
    precision: DeadlinePrecision
    words: str


Period = tuple[date, DeadlinePrecision]
Rule = tuple[str, Callable[[re.Match[str], date | None], Period | None]]


def _day(match: re.Match[str], _published: date | None) -> Period | None:
    on = day_in(match["day"])
    return (on, "day") if on else None


def _month(match: re.Match[str], _published: date | None) -> Period:
    return date(int(match["year"]), month_number(match["month"]), 1), "month"


def _japanese_month(match: re.Match[str], _published: date | None) -> Period | None:
    month = int(match["month"])
    return (date(int(match["year"]), month, 1), "month") if 1 <= month <= 12 else None


def _quarter(match: re.Match[str], _published: date | None) -> Period:
    return date(int(match["year"]), 3 * int(match["quarter"]) - 2, 1), "quarter"


def _year(match: re.Match[str], _published: date | None) -> Period:
    return date(int(match["year"]), 1, 1), "year"


def _american(match: re.Match[str], _published: date | None) -> Period:
    # The fiscal year of the United States ends in the calendar year of its number.
    return date(int(match["year"]), 1, 1), "fiscal_year_us"


def _japanese(match: re.Match[str], _published: date | None) -> Period:
    # That of Japan begins in April of it.
    return date(int(match["year"]), 4, 1), "fiscal_year_japan"


def _within(match: re.Match[str], published: date | None) -> Period | None:
    """Count from the publication of the report, which is the only day that it knows."""
    if published is None:
        return None
    words = match["n"].lower()
    n = int(words) if words.isdigit() else NUMBERS[words]
    unit = match["unit"].lower()
    days = {"day": n, "week": 7 * n}
    if unit in days and days[unit] < 10_000:
        return published + timedelta(days=days[unit]), "day"
    months = published.month - 1 + (12 * n if unit == "year" else n)
    if unit in days or published.year + months // 12 > 2200:
        return None
    return date(published.year + months // 12, months % 12 + 1, 1), "month"


YEAR = r"(?P<year>20\d{2})"
RULES: list[Rule] = [
    (rf"{BY}(?P<day>(?:{MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+20\d{{2}})", _day),
    (rf"{BY}(?P<day>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTH})\.?,?\s+20\d{{2}})", _day),
    (rf"{BY}(?P<day>20\d{{2}}-\d{{2}}-\d{{2}})", _day),
    (rf"{BY}(?:{END_OF})?(?P<month>{MONTH})\.?,?\s+{YEAR}", _month),
    (rf"{BY}(?:{END_OF})?Q(?P<quarter>[1-4])\s+(?:of\s+)?{YEAR}", _quarter),
    (rf"{BY}(?:{END_OF})?(?:FY|[Ff]iscal\s+[Yy]ear)\s*{YEAR}", _american),
    (rf"{BY}(?:{END_OF})?{YEAR}", _year),
    (
        rf"within\s+(?P<n>\d{{1,4}}|{'|'.join(NUMBERS)})\s+(?P<unit>day|week|month|year)s?",
        _within,
    ),
    (r"(?P<day>20\d{2}年\d{1,2}月\d{1,2}日)(?:まで|を期限)", _day),
    (rf"{YEAR}年(?P<month>\d{{1,2}})月(?:末)?(?:まで|を期限)", _japanese_month),
    (rf"{YEAR}年度(?:末|中)?(?:まで|を期限|に)", _japanese),
    (rf"{YEAR}年(?:末|中)?(?:まで|を期限)", _year),
]
COMPILED = [(re.compile(pattern, re.IGNORECASE), find) for pattern, find in RULES]


def deadline_in(sentence: str, *, published_on: date | None = None) -> FoundDeadline | None:
    """Return the first deadline that a sentence gives."""
    folded = unicodedata.normalize("NFKC", sentence)
    for pattern, find in COMPILED:
        match = pattern.search(folded)
        if match and (found := find(match, published_on)):
            return FoundDeadline(found[0], found[1], match[0])
    return None
