"""Which rows are recommendations and which are actions of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

RECOMMENDATION_WORDS = (
    "recommendation",
    "rec",
    "r",
    "1",
    "level 1",
    "提言",
    "勧告",
    "提案",
    "意見",
    "大項目",
)
ACTION_WORDS = (
    *("action", "sub", "sub-action", "subaction", "sub-recommendation", "a", "2", "level 2"),
    *("取組", "取り組み", "措置", "行動", "施策", "小項目", "アクション"),
)  # fmt: skip
PART = re.compile(r"\d+|[a-z]+|[\u3040-\u30ff\u4e00-\u9fff]+")
PREFIX = re.compile(
    r"^(?:recommendation|rec|action|commitment|item|no|nr|number|提言|勧告|提案|意見|第|#|№)[.:]?\s*"
)


def folded_number(number: str) -> str:
    """Return a number as two writers of it would agree on: "Recommendation 4.1." is "4.1"."""
    text = unicodedata.normalize("NFKC", number).casefold().strip()
    return PREFIX.sub("", text).rstrip(" .:)").replace(" ", "")


def parts_of(number: str) -> tuple[str, ...]:
    """Return the steps of a number: "4a(ii)" as 4, a, ii; "R4-2" as r, 4, 2."""
    parts = PART.findall(folded_number(number))
    # The letters that a series begins with belong to its number.
    if len(parts) > 1 and parts[0].isalpha() and parts[1].isdigit():
        parts[:2] = [parts[0] + parts[1]]
    return tuple(parts)


def parents_of(numbers: Iterable[str]) -> dict[str, str]:
    """Return the number of the recommendation that each number lies under, "" for its own.

    It is the highest one above it that stands in the table: 4a(ii) lies under 4 where there is a 4,
    and 2.1 under nothing where there is no 2.
    """
    known: dict[tuple[str, ...], str] = {}
    for number in numbers:
        known.setdefault(parts_of(number), number)
    found = {}
    for parts, number in known.items():
        above = (known.get(parts[:n]) for n in range(1, len(parts)))
        found[number] = next((one for one in above if one is not None), "")
    return found


def heading(numbers: Iterable[str]) -> set[str]:
    """Return those of these numbers, folded, below which there are others."""
    known = {parts_of(number): folded_number(number) for number in numbers}
    above = {parts[:n] for parts in known for n in range(1, len(parts))}
    return {number for parts, number in known.items() if parts in above}


def is_under(number: str, whole: str) -> bool:
    """Whether a number lies under another: 4a and 4.2 under 4."""
    parts, above = parts_of(number), parts_of(whole)
    return bool(above) and len(parts) > len(above) and parts[: len(above)] == above


def level_words_in(values: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of these words seem to mean a recommendation, and which an action."""
    words = dict.fromkeys(" ".join(value.split()) for value in values)
    wholes = tuple(word for word in words if _fold(word) in RECOMMENDATION_WORDS)
    return wholes, tuple(word for word in words if _fold(word) in ACTION_WORDS)


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip()


def is_one_of(word: str, words: Sequence[str]) -> bool:
    return _fold(word) in {_fold(one) for one in words}
