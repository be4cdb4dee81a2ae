"""Bars of a whole, and squares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from recommendations.figures.counts import Counts, phrases_of
from recommendations.statuses import Status
from recommendations.text.punctuation import colon

ORDER = {status.value: position for position, status in enumerate(Status)}


def percent(part: float, whole: float) -> str:
    """Return a share as an SVG length: "33.333%"."""
    return f"{round(100 * part / whole, 3):g}%" if whole else "0%"


# Widths of a bar, in pixels, from which on a number has room. The style sheet knows the same.
ROOM = (240, 320, 480, 640, 800, 1000, 1180)
DIGIT = {True: 10, False: 8}
MARGIN = 4


class Segment(NamedTuple):
    """A part of a bar, `x` and `width` in per cent.

    `room` is how wide the bar must be, in pixels, for the number to stand clear of the next; 0
    where no bar is wide enough, and the number is left to the legend.
    """

    status: Status
    n: int
    x: str
    width: str
    room: int
    title: str


def room_for(n: int, whole: int, *, is_large: bool) -> int:
    """Return the first of ROOM in which the part of `n` is as wide as its digits, else 0."""
    needed = (len(str(n)) * DIGIT[is_large] + MARGIN) * whole / n
    return next((width for width in ROOM if width >= needed), 0)


@dataclass(frozen=True)
class StackBar:
    """One bar of a whole. Where numbers are shown they stand above it, never on a pattern."""

    segments: tuple[Segment, ...]
    bar_height: int
    top: int
    text_y: int
    label: str

    @property
    def height(self) -> int:
        return self.bar_height + self.top

    @property
    def is_slim(self) -> bool:
        return self.bar_height < 30


def stack_bar(counts: Counts, *, height: int, numbers: bool, label: str) -> StackBar:
    segments, x, total = [], 0, counts.total
    is_large = height > 30
    for row in counts.rows:
        if row.n:
            room = room_for(row.n, total, is_large=is_large)
            place, width = percent(x, total), percent(row.n, total)
            title = f"{row.label}{colon()}{row.n}"
            segments.append(Segment(row.status, row.n, place, width, room, title))
            x += row.n
    top = 0 if not numbers else 26 if is_large else 17
    return StackBar(
        tuple(segments), height, top, top - (7 if is_large else 5), f"{label} {phrases_of(counts)}"
    )


class Square(NamedTuple):
    status: str
    x: int
    y: int
    title: str


@dataclass(frozen=True)
class Waffle:
    """One square an action, in the fixed order of the statuses, in rows of `columns`."""

    squares: tuple[Square, ...]
    size: int
    width: int
    height: int
    label: str


def waffle(
    items: Iterable[tuple[str, str]], *, label: str, size: int = 18, gap: int = 4, columns: int = 16
) -> Waffle:
    """Draw (status, title) pairs."""
    ordered: Sequence[tuple[str, str]] = sorted(items, key=lambda item: ORDER[item[0]])
    step = size + gap
    places = product(range(len(ordered)), range(columns))
    squares = tuple(
        [
            Square(status, step * column, step * row, title)
            for (row, column), (status, title) in zip(places, ordered, strict=False)
        ]
    )
    rows = (len(ordered) + columns - 1) // columns
    counts = Counts.of(status for status, _title in ordered)
    return Waffle(
        squares,
        size,
        width=step * min(len(ordered), columns) - gap if ordered else 0,
        height=step * rows - gap if ordered else 0,
        label=f"{label} {phrases_of(counts)}",
    )
