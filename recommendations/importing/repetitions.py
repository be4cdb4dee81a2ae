"""Recommendations that a report lists more than once: in its summary, in its text, in an annex."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .announcing import Context
from .hits import Hit
from .styles import headline_of

# So many letters and digits of two headlines are compared.
ALIKE = 60
SAME_START = 24
MOST_OF_ONE_NUMBER = 20
LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Merged:
    """A recommendation where it is told in full, and the other places where it is listed."""

    hit: Hit
    repeated: tuple[Hit, ...] = ()


def merged(context: Context, hits: Sequence[Hit]) -> list[Merged]:
    """Return each recommendation once, in the order of the text. The report's number stays."""
    found = []
    for group in _groups(context, hits):
        told = max(group, key=lambda hit: _fullness(context, hit))
        rest = tuple(hit for hit in group if hit is not told)
        number = told.number or next((hit.number for hit in rest if hit.number), "")
        found.append(Merged(replace(told, number=number), rest))
    return sorted(found, key=lambda one: (one.hit.block, one.hit.start))


def _groups(context: Context, hits: Sequence[Hit]) -> list[list[Hit]]:
    by_words: dict[str, list[Hit]] = {}
    repeating = _repeating_zones(context, hits)
    by_number: dict[str, list[list[Hit]]] = {}
    groups: list[list[Hit]] = []
    for hit in hits:
        words = _words(context, hit)
        group = by_words.get(words) if words else None
        if group and not _repeats(context, repeating, [*group, hit]):
            group = None
        if group is None and hit.number and hit.rule in ("label", "heading"):
            # A summary shortens what it lists, or puts it in other words.
            same = by_number.get(hit.number, [])[:MOST_OF_ONE_NUMBER]
            group = next((one for one in same if _is_alike(context, one[0], hit)), None)
        if group is None:
            group = []
            groups.append(group)
            by_number.setdefault(hit.number, []).append(group)
        group.append(hit)
        by_words.setdefault(words, group)
    return groups


def _repeating_zones(context: Context, hits: Sequence[Hit]) -> set[int | None]:
    """Return the zones of which half is told elsewhere too: they list it once more."""
    places: dict[str, set[int | None]] = {}
    counts: Counter[int | None] = Counter()
    for hit in hits:
        zone = context.zone_at[hit.block]
        places.setdefault(_words(context, hit), set()).add(zone)
        counts[zone] += 1
    shared = Counter(zone for zones in places.values() if len(zones) > 1 for zone in zones)
    return {zone for zone, n in shared.items() if n * 2 >= counts[zone]}


def _repeats(context: Context, repeating: set[int | None], group: Sequence[Hit]) -> bool:
    """Whether hits of the same words are one: a plan may ask for one thing in two chapters."""
    return any(
        hit.rule == "label"
        or context.is_repeating(hit.block)
        or context.zone_at[hit.block] in repeating
        for hit in group
    )


def _words(context: Context, hit: Hit) -> str:
    headline = headline_of(context.blocks[hit.block], hit)
    return LETTERS.sub("", unicodedata.normalize("NFKC", headline).casefold())[:ALIKE]


def _is_alike(context: Context, one: Hit, other: Hit) -> bool:
    first, second = _words(context, one), _words(context, other)
    shorter = min(len(first), len(second), SAME_START)
    if shorter and first[:shorter] == second[:shorter]:
        return True
    words, others = (
        set(headline_of(context.blocks[hit.block], hit).casefold().split()) for hit in (one, other)
    )
    return len(words & others) * 3 >= len(words | others) * 2


def _fullness(context: Context, hit: Hit) -> tuple[bool, bool, int]:
    """Return how much a place is the one to read: in the body, with text of its own, early."""
    following = context.blocks[hit.block + 1 : hit.block + 2]
    is_longer = len(context.blocks[hit.block].text) > hit.end + 20
    has_text = is_longer or bool(following and following[0].kind != "heading")
    return not context.is_repeating(hit.block), has_text, -hit.block
