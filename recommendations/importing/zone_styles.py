"""The style that fits a part of a report which announces recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .announcing import Context
from .hits import CONCLUSION, Hit
from .styles import (
    Style,
    asking,
    headings,
    in_lists,
    in_tables,
    leads,
    numbered_headings,
    requests,
    with_numbers,
)

SHORTEST_SERIES = 3


def series_in(hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Yield the runs of hits of one form that count up from 1; a number may be missing."""
    open_ones: dict[str, list[Hit]] = {}
    for hit in hits:
        run = open_ones.get(hit.form)
        if run and run[-1].value < hit.value <= run[-1].value + 2:
            run.append(hit)
        elif hit.value == 1:
            if run:
                yield run
            open_ones[hit.form] = [hit]
    yield from open_ones.values()


def by_zone(context: Context, by_style: dict[Style, list[Hit]]) -> list[dict[Style, list[Hit]]]:
    """Return for each zone what each style finds in it."""
    found: list[dict[Style, list[Hit]]] = [
        {style: [] for style in by_style} for _zone in context.zones
    ]
    for style, hits in by_style.items():
        for hit in hits:
            zone = context.zone_at[hit.block]
            if zone is not None:
                found[zone][style].append(hit)
    return found


def of_zone(
    context: Context, zone: int, here: dict[Style, list[Hit]]
) -> tuple[list[Hit], list[Hit]]:
    """Return what a zone holds by the style that fits it, and by the next."""
    order = [hits for hits in _fitting(context, here) if hits]
    if context.zones[zone].is_mixed:
        order = [_with_conclusions(hits) for hits in order]
    if not order:
        return [], []
    others = (hits for hits in order[1:] if not _is_part(hits, order[0]))
    return order[0], next(others, [])


def _is_part(hits: Sequence[Hit], of: Sequence[Hit]) -> bool:
    return {hit.block for hit in hits} <= {hit.block for hit in of}


def _fitting(context: Context, here: dict[Style, list[Hit]]) -> Iterator[list[Hit]]:
    yield here[in_tables]
    titles, numbers, items = here[headings], _highest(here[with_numbers]), here[in_lists]
    bold = here[leads]
    if len(here[requests]) > max(len(numbers) // 2, 1):
        yield here[requests]
    chapters = _chapters(context, here[numbered_headings])
    if len(chapters) >= SHORTEST_SERIES and sum(h.asks for h in numbers) < 2 * len(chapters):
        yield chapters
    if _are_headings_meant(titles, [*numbers, *items]):
        yield titles
    if _is_series(numbers):
        yield numbers
    # Bold openings that are fewer than the items stand in front of them, or inside.
    if len(bold) >= max(2, len(items) * 0.8):
        yield bold
    yield items
    yield bold
    yield titles
    yield numbers
    yield here[asking]


def _highest(hits: list[Hit]) -> list[Hit]:
    """Leave out what lies below others: numbers of another form than the one that comes first."""
    counts = Counter(hit.form for hit in hits)
    form = next((hit.form for hit in hits if counts[hit.form] > 1), hits[0].form if hits else "")
    return [hit for hit in hits if hit.form == form]


def _chapters(context: Context, titles: list[Hit]) -> list[Hit]:
    """Return the highest headings that are numbered from 1."""
    by_level: dict[int, list[Hit]] = {}
    for hit in titles:
        by_level.setdefault(context.blocks[hit.block].level, []).append(hit)
    for _level, hits in sorted(by_level.items()):
        longest = max(series_in(hits), key=len, default=[])
        if len(longest) >= SHORTEST_SERIES:
            return longest
    return []


def _are_headings_meant(titles: list[Hit], below: list[Hit]) -> bool:
    """Whether headings are the recommendations, and not the groups that these stand in."""
    if len(titles) < 2:
        return False
    if sum(hit.asks for hit in titles) * 2 > len(titles):
        return True
    return sum(hit.asks for hit in below) < len(titles)


def _is_series(hits: Sequence[Hit]) -> bool:
    """Whether numbers count up, each part of the text from 1 again or all through."""
    pairs = zip(hits, hits[1:], strict=False)
    steps = sum(after.value in (before.value + 1, 1) for before, after in pairs)
    return bool(hits) and steps * 3 >= (len(hits) - 1) * 2


def _with_conclusions(hits: list[Hit]) -> list[Hit]:
    """Mark those that ask for nothing among those that do: committees number both in one."""
    if not any(hit.asks for hit in hits):
        return hits
    return [
        hit if hit.asks or hit.rule != "number" else replace(hit, rule=CONCLUSION) for hit in hits
    ]
