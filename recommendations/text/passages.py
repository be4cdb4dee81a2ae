"""A short passage of a text around the words that were searched for, with these marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .places import PlacedTerm, Span, clusters, terms_in, tokens_in
from .queries import Term
from .tokens import JAPANESE

# Characters of a passage, and how many of them stand before the first mark.
LENGTH, BEFORE = 160, 48
# A text may have more; a passage is looked for at the first of them.
MOST_PLACES = 60
# Beside these a text may be cut off: spaces, and Japanese letters and signs.
CUT = re.compile(f"[\\s\u3000-\u303f\uff01-\uff65{JAPANESE}]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Its pieces joined stand in the text as they are. It may be cut off at either end."""

    pieces: tuple[Piece, ...]
    is_cut_before: bool = False
    is_cut_after: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def marked(text: str, terms: Sequence[Term]) -> Passage:
    """Return a whole text with the terms in it marked."""
    found = terms_in(terms, tokens_in(text))
    return Passage(_pieces(text, (0, len(text)), found))


def passage(text: str, terms: Sequence[Term]) -> Passage:
    """Return the first passage with as many of the terms as any has; without one, the beginning."""
    found = terms_in(terms, tokens_in(text))
    start, end = _window(text, _best(found))
    return Passage(_pieces(text, (start, end), found), start > 0, end < len(text))


def _best(found: Sequence[PlacedTerm]) -> Span:
    """Return the place that a passage is best laid around."""

    def terms_from(number: int) -> int:
        limit = found[number].start + LENGTH - BEFORE
        return len({one.term for one in found[number:] if one.end <= limit})

    places = range(min(len(found), MOST_PLACES))
    best = max(places, key=lambda number: (terms_from(number), -number), default=None)
    return (0, 0) if best is None else (found[best].start, found[best].end)


def _window(text: str, place: Span) -> Span:
    """Return from where to where a passage goes: cut at words, and never within a sign."""
    if len(text) <= LENGTH:
        return 0, len(text)
    borders = [0, *(end for _start, end in clusters(text))]
    earliest = max(0, min(place[0] - BEFORE, len(text) - LENGTH))
    before = [one for one in borders if earliest <= one <= place[0]]
    start = next((one for one in before if _is_cut(text, one)), before[0])
    latest = max(place[1], start + LENGTH)
    after = [one for one in borders if place[1] <= one <= latest]
    end = next((one for one in reversed(after) if _is_cut(text, one)), after[-1])
    while start < place[0] and text[start].isspace():
        start += 1
    while end > place[1] and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_cut(text: str, place: int) -> bool:
    """Whether words end or begin here."""
    if place in (0, len(text)):
        return True
    return CUT.match(text[place - 1]) is not None or CUT.match(text[place]) is not None


def _pieces(text: str, window: Span, found: Sequence[PlacedTerm]) -> tuple[Piece, ...]:
    start, end = window
    pieces: list[Piece] = []
    for mark_start, mark_end in _joined(text, found, window):
        if start < mark_start:
            pieces.append(Piece(text[start:mark_start]))
        pieces.append(Piece(text[mark_start:mark_end], is_marked=True))
        start = mark_end
    if start < end:
        pieces.append(Piece(text[start:end]))
    return tuple(pieces)


def _joined(text: str, found: Sequence[PlacedTerm], window: Span) -> list[Span]:
    """Return the places that lie in a window, as one where nothing but a space parts them."""
    spans: list[Span] = []
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        if one.start < window[0] or one.end > window[1]:
            continue
        if spans and not text[spans[-1][1] : one.start].strip():
            spans[-1] = spans[-1][0], max(spans[-1][1], one.end)
        else:
            spans.append((one.start, one.end))
    return spans
