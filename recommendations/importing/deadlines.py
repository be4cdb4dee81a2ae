"""By when: the deadline that a sentence gives, with its precision and its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from recommendations.fiscal_years import FiscalYearRule

from .metadata import ERA_BEFORE, MONTH, day_in, month_number

# Those of `statuses.Precision`, which would load the whole of the models into the child.
DeadlinePrecision = Literal[
    "day", "month", "quarter", "year", "fiscal_year", "fiscal_year_us", "fiscal_year_japan"
]
BY = r"(?:by|before|no later than|not later than|until)\s+"
END_OF = r"(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?(?:(?:calendar\s+)?year\s+)?"
NUMBERS = {"thirty": 30, "sixty": 60, "ninety": 90, "one hundred eighty": 180, "one": 1, "two": 2,
           "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "ten": 10, "twelve": 12,
           "eighteen": 18, "twenty-four": 24}  # fmt: skip
LAST_YEAR = 2200


@dataclass(frozen=True)
class FoundDeadline:
    """`on` is any day of the period. `words` are those of the text."""

    on: date
    precision: DeadlinePrecision
    words: str


@dataclass(frozen=True)
class SaidDeadline:
    """The words by which a sentence sets a time, and the date if one can be told from them."""

    words: str
    found: FoundDeadline | None = None


Period = tuple[date, DeadlinePrecision]
# By what precision "年度" is meant where nobody's fiscal year is known: a text in Japanese has it.
OF_JAPANESE = "fiscal_year_japan"
FiscalYears = Callable[[str], FiscalYearRule | None]


@dataclass(frozen=True)
class Known:
    """What a sentence alone does not say: when its report came out, and whose years are meant."""

    published_on: date | None = None
    fiscal_year_for: FiscalYears = lambda _usual: None


Rule = tuple[str, Callable[[re.Match[str], Known], Period | None]]


def _day(match: re.Match[str], _known: Known) -> Period | None:
    on = day_in(match["day"])
    return (on, "day") if on else None


def _month(match: re.Match[str], _known: Known) -> Period:
    return date(int(match["year"]), month_number(match["month"]), 1), "month"


def _japanese_month(match: re.Match[str], _known: Known) -> Period | None:
    month = int(match["month"])
    return (date(_japanese_year(match), month, 1), "month") if 1 <= month <= 12 else None


def _japanese_day(match: re.Match[str], _known: Known) -> Period | None:
    try:
        return date(_japanese_year(match), int(match["month"]), int(match["date"])), "day"
    except ValueError:
        return None


def _japanese_year(match: re.Match[str]) -> int:
    if match["year"]:
        return int(match["year"])
    number = 1 if match["number"] == "元" else int(match["number"])
    return ERA_BEFORE[match["era"]] + number


def _quarter(match: re.Match[str], _known: Known) -> Period:
    return date(int(match["year"]), 3 * int(match["quarter"]) - 2, 1), "quarter"


def _year(match: re.Match[str], _known: Known) -> Period:
    return date(int(match["year"]), 1, 1), "year"


def _fiscal(match: re.Match[str], known: Known) -> Period | None:
    return _fiscal_year(int(match["year"]), known.fiscal_year_for(""))


def _fiscal_in_japanese(match: re.Match[str], known: Known) -> Period | None:
    return _fiscal_year(_japanese_year(match), known.fiscal_year_for(OF_JAPANESE))


def _fiscal_year(number: int, rule: FiscalYearRule | None) -> Period | None:
    """Return the year by its first day; nothing where nobody said when it begins."""
    if rule is None:
        return None
    precision = "year" if rule.is_calendar_year else rule.precision
    return rule.first_day_of(number), cast(DeadlinePrecision, precision)


def _of_two_years(match: re.Match[str], known: Known) -> Period | None:
    """Return a fiscal year that is written with both of its calendar years.

    Where nobody said when it begins it is the one that is written so: it ends on 31 March.
    """
    first, second = int(match["year"]), int(match["second"])
    if second not in ((first + 1) % 100, first + 1):
        return None
    rule = known.fiscal_year_for("")
    if rule is None or rule.is_calendar_year:
        return date(first + 1, 3, 31), "day"
    return _fiscal_year(first + rule.is_named_by_end, rule)


def _japanese_calendar(match: re.Match[str], _known: Known) -> Period:
    return date(_japanese_year(match), 1, 1), "year"


def _this_year(_match: re.Match[str], known: Known) -> Period | None:
    return (date(known.published_on.year, 1, 1), "year") if known.published_on else None


def _within(match: re.Match[str], known: Known) -> Period | None:
    """Count from the publication of the report, which is the only day that it knows."""
    published = known.published_on
    if published is None:
        return None
    words = " ".join(match["n"].lower().split())
    n = int(words) if words.isdigit() else NUMBERS[words]
    unit = match["unit"].lower()
    days = {"day": n, "week": 7 * n}
    if unit in days and days[unit] < 10_000:
        return published + timedelta(days=days[unit]), "day"
    months = published.month - 1 + (12 * n if unit == "year" else n)
    if unit in days or published.year + months // 12 > LAST_YEAR:
        return None
    return date(published.year + months // 12, months % 12 + 1, 1), "month"


YEAR = r"(?P<year>20\d{2})"
ERA_YEAR = r"(?:(?P<year>20\d{2})|(?P<era>令和|平成)\s?(?P<number>元|\d{1,2}))年"
N = rf"(?P<n>\d{{1,4}}|{'|'.join(NUMBERS)})"
UNIT = r"[\s-]+(?P<unit>day|week|month|year)s?"
UNTIL = "(?:まで|を期限|を目途|を目処|をめど)"
RULES: list[Rule] = [
    (rf"{BY}(?P<day>(?:{MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+20\d{{2}})", _day),
    (rf"{BY}(?P<day>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTH})\.?,?\s+20\d{{2}})", _day),
    (rf"{BY}(?P<day>20\d{{2}}-\d{{2}}-\d{{2}})", _day),
    (rf"{BY}(?:{END_OF})?(?P<month>{MONTH})\.?,?\s+{YEAR}", _month),
    (rf"{BY}(?:{END_OF})?Q(?P<quarter>[1-4])\s+(?:of\s+)?{YEAR}", _quarter),
    (
        rf"{BY}(?:{END_OF})?(?:(?:FY|(?:fiscal|financial)\s+year)\s*)?{YEAR}[/–-](?P<second>\d{{2,4}})"
        r"(?:\s+(?:fiscal|financial)\s+year)?",
        _of_two_years,
    ),
    (rf"{BY}(?:{END_OF})?(?:FY|fiscal\s+year)\s*{YEAR}", _fiscal),
    (rf"{BY}(?:{END_OF})?{YEAR}", _year),
    (
        rf"{BY}(?:the\s+)?(?:end|close)\s+of\s+(?:this|the\s+current)\s+(?:calendar\s+)?year",
        _this_year,
    ),
    (rf"within\s+(?:the\s+next\s+)?{N}{UNIT}", _within),
    (rf"(?:in|over|during)\s+the\s+(?:next|coming|following)\s+{N}{UNIT}", _within),
    (rf"{ERA_YEAR}(?P<month>\d{{1,2}})月(?P<date>\d{{1,2}})日{UNTIL}", _japanese_day),
    (rf"{ERA_YEAR}(?P<month>\d{{1,2}})月末?{UNTIL}", _japanese_month),
    (rf"{ERA_YEAR[:-1]}年度(?:末|中)?(?:{UNTIL}|に)", _fiscal_in_japanese),
    (rf"{ERA_YEAR}(?:末|中)?{UNTIL}", _japanese_calendar),
]
COMPILED = [(re.compile(pattern, re.IGNORECASE), find) for pattern, find in RULES]
# Words that set a time of which no date can be told.
TIMES = re.compile(
    r"(?:by|before|in|until)\s+(?:(?:the\s+)?(?:early|mid|late|beginning\s+of|start\s+of|middle\s+of|"
    r"spring|summer|autumn|fall|winter)[\s-]+(?:of\s+)?(?:in\s+)?)+20\d{2}|"
    r"as\s+soon\s+as\s+(?:is\s+)?(?:reasonably\s+)?(?:practicable|possible|practical)|"
    r"at\s+the\s+(?:very\s+)?earliest\s+(?:possible\s+)?(?:opportunity|date)|"
    r"(?:not|no)\s+less\s+(?:often\s+|frequently\s+)?than\s+(?:once\s+)?(?:every|an?|per)\s+"
    r"(?:[\w-]+\s+)?(?:years?|months?|quarters?|weeks?)|"
    r"(?:at\s+least\s+)?(?:once\s+)?every\s+(?:[\w-]+\s+)?(?:years?|months?|quarters?|weeks?)|"
    r"(?:at\s+least\s+)?(?:annually|quarterly|monthly|once\s+a\s+year)|"
    r"in\s+the\s+(?:short|medium|long(?:er)?)[\s-]+term|without\s+(?:further\s+)?delay|"
    r"速やかに|早急に|直ちに|早期に|可及的速やかに|できるだけ早く|毎年度?|年度内に",
    re.IGNORECASE,
)
HAS_TIME = re.compile(
    r"\d|soon|earl|every|within|term|delay|annual|quarterly|monthly|once|this|[ァ-ヿ一-鿿]|next|coming",
    re.IGNORECASE,
)


def said_in(sentence: str, known: Known = Known()) -> SaidDeadline | None:
    """Return by when a sentence asks for something: its words always, the date where it has one."""
    if not HAS_TIME.search(sentence):
        return None
    folded = unicodedata.normalize("NFKC", sentence)
    said = None
    for pattern, find in COMPILED:
        match = pattern.search(folded)
        if match and (found := find(match, known)):
            return SaidDeadline(match[0], FoundDeadline(found[0], found[1], match[0]))
        said = said or (match and SaidDeadline(match[0]))
    if said:
        return said
    times = TIMES.search(folded)
    return SaidDeadline(times[0].strip()) if times else None


def counted_anew(
    found: FoundDeadline | None, words: str, *, before: date | None, published_on: date
) -> FoundDeadline | None:
    """Return a deadline of a report that came out on another day than was thought.

    "Within a year" counts from that day. What was told without it, or written by hand, stays;
    `words` are those of which no date was told.
    """
    said = said_in(found.words if found else words, Known(published_on))
    if found is None:
        return said.found if said else None
    as_before = said_in(found.words, Known(before))
    is_told = as_before is not None and as_before.found == found
    return said.found if is_told and said and said.found else found


def deadline_in(
    sentence: str,
    *,
    published_on: date | None = None,
    fiscal_year_for: FiscalYears = lambda _usual: None,
) -> FoundDeadline | None:
    """Return the first deadline that a sentence gives.

    `fiscal_year_for` returns whose fiscal year is meant, given what the language suggests.
    """
    said = said_in(sentence, Known(published_on, fiscal_year_for))
    return said.found if said else None
