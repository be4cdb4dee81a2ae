"""What stands on the pages of a PDF and is no text of the report: heads, numbers, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .pdf_lines import PrintedLine

PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of)\s*\d{1,4})?[\W_]*", re.IGNORECASE
)
DIGITS = re.compile(r"\d+|\b[ivxl]+\b", re.IGNORECASE)
NOTE = re.compile(r"\s*(?:\d{1,4}|[*†‡§])(?:[\s.)]|$)")
# Parts of the height of a page.
MARGIN = 0.15
SMALLER = 0.92
APART = 1.3


@dataclass(frozen=True)
class Type:
    """The type that most of the text is set in: its size, and how far its lines stand apart."""

    size: float
    pitch: float
    heights: dict[int, float] = field(default_factory=dict)


def type_of(lines: Sequence[PrintedLine], heights: dict[int, float]) -> Type:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    gaps: Counter[float] = Counter()
    for line, following in zip(lines, lines[1:], strict=False):
        gap = following.top - line.last_top
        if line.size == following.size == size and line.page == following.page and gap > size / 2:
            gaps[round(gap * 2) / 2] += 1
    pitch = gaps.most_common(1)[0][0] if gaps else size * 1.2
    return Type(size, max(min(pitch, size * 2.5), size), heights)


def without_margins(lines: Sequence[PrintedLine], body: Type) -> list[PrintedLine]:
    """Leave out running heads, numbers of pages, and the notes at the foot of pages."""
    pages: dict[int, list[PrintedLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {n: _edges(page, body) for n, page in pages.items()}
    repeated = Counter(_place(line) for found in edges.values() for line in found)
    worded = Counter(_words(line) for found in edges.values() for line in found)
    enough = max(2, len(pages) // 8)
    kept: list[PrintedLine] = []
    for n, page in pages.items():
        gone = {
            id(line)
            for line in edges[n]
            if PAGE_NUMBER.fullmatch(line.text)
            or (worded[_words(line)] > enough)
            or (line.size <= body.size and repeated[_place(line)] > enough)
        }
        rest = [line for line in page if id(line) not in gone]
        notes = _notes(rest, body)
        kept += [line for line in rest if id(line) not in notes]
    return kept


def _place(line: PrintedLine) -> tuple[int, float]:
    return round(line.top / 6), line.size


def _words(line: PrintedLine) -> tuple[str, int]:
    return DIGITS.sub("#", line.text), round(line.top / 10)


def _edges(page: list[PrintedLine], body: Type) -> list[PrintedLine]:
    """Return the lines in the margins above and below that stand apart from the text."""
    height = body.heights.get(page[0].page, 842.0)
    order = sorted(page, key=lambda line: line.top)
    return [
        *_apart(order, height, body, below=False),
        *_apart(order[::-1], height, body, below=True),
    ]


def _apart(
    order: list[PrintedLine], height: float, body: Type, *, below: bool
) -> list[PrintedLine]:
    """Return the first lines of an order, from the edge of the page, up to a gap.

    Three at most: what has more is text.
    """
    found: list[PrintedLine] = []
    for n, line in enumerate(order[:6]):
        edge = height - line.top - line.height if below else line.top
        if edge > height * MARGIN:
            return found
        beside = [other for other in order[:n] if abs(other.top - line.top) < body.size / 2]
        if len(found) - len(beside) >= 3:
            return []
        found.append(line)
        following = order[n + 1] if n + 1 < len(order) else None
        gap = abs(following.top - line.top) if following else height
        if gap > body.pitch * APART:
            return found
    return []


def _notes(page: Sequence[PrintedLine], body: Type) -> set[int]:
    """Return the lines of notes: small ones at the foot, of which the first has a mark."""
    order = sorted(page, key=lambda line: line.top)
    found: list[PrintedLine] = []
    for line in reversed(order):
        if line.size >= body.size * SMALLER:
            break
        found.append(line)
    while found and not NOTE.match(found[-1].text):
        found.pop()
    return {id(line) for line in found}
