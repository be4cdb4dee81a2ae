"""What changed between two texts, word by word: pure functions, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Words of letters and digits; Japanese, which has no spaces, a character at a time.
JAPANESE = "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{JAPANESE}]|[^\W{JAPANESE}]+|\s+|.", re.DOTALL)
SAME, GONE, NEW = "same", "gone", "new"
# Comparing takes the product of both lengths; beyond this the whole middle counts as rewritten.
MOST_COMPARISONS = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    kind: str = SAME


def tokens_of(text: str) -> list[str]:
    return TOKEN.findall(text)


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return the texts as one sequence of what stayed, what went and what came.

    Blanks between two changes belong to them: "the old" to "a new" reads as one change.
    """
    old, new = tokens_of(before), tokens_of(after)
    pieces: list[Piece] = []
    gone = came = ""
    for kind, removed, added in _runs(old, new):
        if kind == SAME and not removed.strip() and (gone or came):
            gone, came = gone + removed, came + added
        elif kind == SAME:
            pieces += _change(gone, came)
            pieces.append(Piece(removed))
            gone = came = ""
        else:
            gone, came = gone + removed, came + added
    return pieces + _change(gone, came)


def _change(gone: str, came: str) -> list[Piece]:
    """Blanks at both ends of what went and what came alike stayed."""
    tail = ""
    while gone and came and gone[-1] == came[-1] and gone[-1].isspace():
        gone, came, tail = gone[:-1], came[:-1], gone[-1] + tail
    found = [Piece(gone, GONE), Piece(came, NEW), Piece(tail)]
    return [piece for piece in found if piece.text]


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    head, old_middle, new_middle = (
        old[:start],
        old[start : len(old) - end],
        new[start : len(new) - end],
    )
    if head:
        yield SAME, "".join(head), "".join(head)
    yield from _middle(old_middle, new_middle)
    if end:
        yield SAME, "".join(old[-end:]), "".join(old[-end:])


def _middle(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    if len(old) * len(new) > MOST_COMPARISONS:
        yield NEW, "".join(old), "".join(new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield SAME if tag == "equal" else NEW, "".join(old[i1:i2]), "".join(new[j1:j2])


def _common(one: list[str], other: list[str]) -> int:
    """Return how many tokens both begin with."""
    n = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        n += 1
    return n
