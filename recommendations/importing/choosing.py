"""Which of its styles a report is read by, part by part, and what the next best reading is.

What rules, the strongest first:
1. labels ("Recommendation 4:") that count up from 1,
2. in each part whose title announces recommendations, the style that fits that part,
3. in a report without such a part, numbers that run on from 1 through the whole, requests in
   「こと」, or the style that finds most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .announcing import Context
from .hits import Hit
from .labels import labelled
from .styles import (
    Style,
    asking,
    headings,
    headline_of,
    in_lists,
    in_tables,
    leads,
    numbered_headings,
    requests,
    with_numbers,
)
from .zone_styles import SHORTEST_SERIES, by_zone, of_zone, series_in

# Of a series through the whole report, so many must ask for something.
LEAST_SHARE = 0.5
LARGE_SHARE = 0.75
FEWEST = 2
# The next best reading is offered where it finds at least so many of what the best one does.
NEAR = 0.4


@dataclass(frozen=True)
class Readings:
    """What the best reading finds, in the order of the text, and what the next best would."""

    best: tuple[Hit, ...]
    other: tuple[Hit, ...] = ()


def readings_of(context: Context) -> Readings:
    best: tuple[Hit, ...] = ()
    for hits in _candidates(context):
        found = tuple(hit for hit in _once(hits) if headline_of(context.blocks[hit.block], hit))
        if not best:
            best = found
        elif _is_other(found, best):
            return Readings(best, found)
    return Readings(best)


def _is_other(found: Sequence[Hit], best: Sequence[Hit]) -> bool:
    """Whether a reading is near enough to be offered, and more than a part of the best."""
    is_near = len(found) >= max(2, NEAR * len(best)) and len(found) * NEAR <= len(best)
    return is_near and not {hit.block for hit in found} <= {hit.block for hit in best}


def _once(hits: Sequence[Hit]) -> Iterator[Hit]:
    seen: set[tuple[int, int]] = set()
    for hit in sorted(hits, key=lambda hit: (hit.block, hit.start)):
        if (hit.block, hit.start) not in seen:
            seen.add((hit.block, hit.start))
            yield hit


def _candidates(context: Context) -> Iterator[Sequence[Hit]]:
    """Yield readings, the one that rules first. Some find nothing."""
    yield _series_of_labels(list(labelled(context)))
    by_style = {style: list(style(context)) for style in STYLES}
    parts = [of_zone(context, n, here) for n, here in enumerate(by_zone(context, by_style))]
    ruling = _ruling(context, [len(part[0]) for part in parts])
    named = [hit for zone in ruling for hit in parts[zone][0]]
    yield _told_again(context, named, by_style[numbered_headings])
    weak = [n for n, zone in enumerate(context.zones) if zone.is_weak]
    running = _running_numbers(by_style[with_numbers])
    hinted = [hit for zone in weak for hit in parts[zone][0]]
    if len(hinted) >= FEWEST and _strength(hinted) * 2 > _strength(running):
        yield hinted
    yield from sorted([running, *_of_whole(by_style)], key=_strength, reverse=True)
    yield [hit for zone in ruling for hit in parts[zone][1] or parts[zone][0]]


def _ruling(context: Context, counts: Sequence[int]) -> list[int]:
    """Return the zones to be read. Those that say "Recommendations" and no more rule alone."""
    strong = [n for n, zone in enumerate(context.zones) if not zone.is_weak and counts[n]]
    pure = {n for n in strong if context.zones[n].is_pure}
    if sum(counts[n] for n in pure) < FEWEST:
        return strong
    found, until = [], 0
    for n in strong:
        zone = context.zones[n]
        until = max(until, zone.stop) if n in pure else until
        # What lies in one is a part of it.
        if zone.stop <= until:
            found.append(n)
    return found


def _told_again(context: Context, hits: list[Hit], titles: Sequence[Hit]) -> list[Hit]:
    """Put the chapters that tell of recommendations with the list of them at the beginning.

    These are a series of numbered headings, as many as the list has items, and most alike.
    """
    series = [one for one in series_in(titles) if len(one) == len(hits) >= SHORTEST_SERIES]
    for chapters in series:
        pairs = zip(hits, chapters, strict=True)
        alike = sum(_is_alike(context, hit, chapter) for hit, chapter in pairs)
        if alike * 2 > len(hits) and chapters[0].block > hits[-1].block:
            return chapters
    return hits


def _is_alike(context: Context, one: Hit, other: Hit) -> bool:
    first, second = (_pieces(headline_of(context.blocks[hit.block], hit)) for hit in (one, other))
    return len(first & second) * 2 >= max(min(len(first), len(second)), 2)


def _pieces(text: str) -> set[str]:
    """Return the words of a text, of Japanese each two letters that stand side by side."""
    if text.isascii():
        return set(text.lower().split())
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _strength(hits: Sequence[Hit]) -> float:
    return sum(0.5 if hit.is_weak or not hit.asks else 1 for hit in hits)


STYLES: list[Style] = [
    in_tables,
    leads,
    headings,
    numbered_headings,
    with_numbers,
    in_lists,
    requests,
    asking,
]


def _series_of_labels(hits: list[Hit]) -> list[Hit]:
    """Return labels that count up from 1. A few that do not are quoted from another report."""
    numbers = {int(hit.number.split(".")[0]) for hit in hits if hit.number[:1].isdigit()}
    numbers |= {
        int(digits)
        for hit in hits
        if (digits := hit.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).isdigit()
    }
    whole = [n for n in numbers if n]
    is_series = 1 in numbers and len(whole) * 2 >= max(whole)
    return hits if is_series else []


# In a report without a part that announces them -------------------------------------------------


def _of_whole(by_style: dict[Style, list[Hit]]) -> Iterator[list[Hit]]:
    yield by_style[in_tables]
    yield _mostly_asking(by_style[leads])
    yield _scattered(by_style[with_numbers])
    if len(by_style[requests]) >= SHORTEST_SERIES:
        yield by_style[requests]
    # "3. Build ten ports": chapters of which each is what is asked.
    for chapters in series_in(by_style[numbered_headings]):
        share = sum(hit.asks for hit in chapters) / len(chapters)
        least = LARGE_SHARE if len(chapters) >= SHORTEST_SERIES else 1
        if len(chapters) >= FEWEST and share >= least:
            yield chapters


def _mostly_asking(hits: list[Hit]) -> list[Hit]:
    """Return hits if enough of them ask: bold words open terms and names of places as well."""
    share = sum(hit.asks for hit in hits) / max(len(hits), 1)
    return hits if share >= LEAST_SHARE else []


def _scattered(hits: list[Hit]) -> list[Hit]:
    """Return what is numbered and asks where no series runs on: the weakest sign of all."""
    return [replace(hit, is_weak=True) for hit in _mostly_asking(hits) if hit.asks]


def _running_numbers(hits: list[Hit]) -> list[Hit]:
    """Return the longest series of plain numbers that runs on from 1 and asks for something."""
    series: list[list[Hit]] = []
    for hit in hits:
        if not hit.number.isdigit():
            continue
        if hit.value == 1:
            series.append([hit])
            continue
        open_one = next((one for one in series[:-4:-1] if one[-1].value == hit.value - 1), None)
        if open_one is not None:
            open_one.append(hit)
    longest = max(series, key=len, default=[])
    share = sum(hit.asks for hit in longest) / max(len(longest), 1)
    return longest if len(longest) >= SHORTEST_SERIES and share >= LEAST_SHARE else []
