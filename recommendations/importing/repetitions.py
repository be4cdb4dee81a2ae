"""Recommendations that a report lists more than once: in its summary, in its text, in an annex."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from .announcing import Context
from .extents import extent_of
from .hits import Hit
from .numbering import opening_mark
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
    opening = {hit.block for hit in hits}
    for group in _groups(context, hits):
        told = max(group, key=lambda hit: _fullness(context, hit, opening))
        rest = tuple(hit for hit in group if hit is not told)
        number = told.number or next((hit.number for hit in rest if hit.number), "")
        found.append(Merged(replace(told, number=number), rest))
    found = _with_lines(context, found)
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


def _fullness(context: Context, hit: Hit, opening: Collection[int]) -> tuple[bool, bool, int]:
    """Return how much a place is the one to read: in the body, with text of its own, early."""
    has_text = _has_text(context, hit, opening)
    return not context.is_repeating(hit.block), has_text, -hit.block


def _has_text(context: Context, hit: Hit, opening: Collection[int]) -> bool:
    block = context.blocks[hit.block]
    if len(block.text) > hit.end + 20:
        return True
    if block.kind == "heading":
        # Its text may stand below a further heading.
        below = extent_of(context, hit, opening)[1:]
        return any(context.blocks[n].kind != "heading" for n in below)
    following = context.blocks[hit.block + 1 : hit.block + 2]
    return bool(following and following[0].kind != "heading")


# Lines that repeat ------------------------------------------------------------------------------


def _with_lines(context: Context, found: Sequence[Merged]) -> list[Merged]:
    """Add the lines of a list that are no headings there, though others in it are."""
    lines: dict[int, list[Hit]] = {}
    for n, line in _lines(context, found):
        lines.setdefault(n, []).append(line)
    return [
        replace(one, repeated=(*one.repeated, *lines.get(n, ()))) for n, one in enumerate(found)
    ]


def _lines(context: Context, found: Sequence[Merged]) -> Iterator[tuple[int, Hit]]:
    """Yield which recommendation is listed once more by a line, and that line.

    It lies in one that is told twice, says the number that follows, and has the same words as the
    recommendation of that number: "2. Count the wells", as text or a cell below heading 1.
    """
    places = [(n, hit) for n, one in enumerate(found) for hit in (one.hit, *one.repeated)]
    named = {(found[n].hit.number, _words(context, hit)): n for n, hit in places}
    # Of several in one block, the last is what the next blocks go on with.
    last = {hit.block: (n, hit) for n, hit in sorted(places, key=lambda place: place[1].start)}
    for n, hit in last.values():
        following = _following(found[n].hit.number) if found[n].repeated else ""
        for block in extent_of(context, hit, last)[1:] if following else ():
            line = _line(context, block, following)
            if line and (following, _words(context, line)) in named:
                yield named[following, _words(context, line)], line
                following = _following(following)


def _following(number: str) -> str:
    return str(int(number) + 1) if number.isdecimal() else ""


def _line(context: Context, n: int, number: str) -> Hit | None:
    block = context.blocks[n]
    mark = opening_mark(block.text) if block.kind in ("row", "paragraph") else None
    if mark is None or mark.number != number:
        return None
    return Hit(n, mark.end, len(block.text), "line", number)
