"""Lines that are headings by what they are, whatever their file says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .announcing import is_announcing_line
from .captions import CAPTION
from .document import Block
from .labels import LABEL
from .numbering import Mark, opening_mark
from .styles import SENTENCE_END

LONGEST = 120
ENDS = re.compile(r"[.!?;。！？—–-][\"”’)」』）]*$")
LOWEST = 6
# A title of a section in Japanese is shorter.
LONGEST_NUMBERED = 60
FEWEST_NUMBERED = 2


def with_titles(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in which lines that stand as titles are headings.

    Those are lines that announce recommendations ("Recommended actions"), bold lines without a
    full stop, and numbered lines that others of a lower kind follow ("１　港" above "（１）").
    """
    numbered = _numbered_titles(blocks)
    found: list[Block] = []
    level = 0
    for n, block in enumerate(blocks):
        if block.kind == "heading":
            level = block.level
        elif n in numbered or _is_title(blocks, n):
            block = _as_heading(block, min(level + 1, LOWEST))
        found.append(block)
    return found


def _as_heading(block: Block, level: int) -> Block:
    return replace(block, kind="heading", level=level, is_continued=False, number="")


def _is_title(blocks: Sequence[Block], n: int) -> bool:
    block = blocks[n]
    following = blocks[n + 1] if n + 1 < len(blocks) else None
    if block.kind != "paragraph" or following is None or len(block.text) > LONGEST:
        return False
    if is_announcing_line(block.text):
        return True
    is_bold = block.lead == block.text and block.has_strong
    if not is_bold or CAPTION.match(block.text) or ENDS.search(block.text):
        return False
    if block.text.endswith((":", "：")) and len(block.text) > LONGEST_NUMBERED:
        return False
    # Of several bold lines one after the other, none is the title of the next.
    is_alone = following.kind != "row" and following.lead != following.text
    return is_alone and not LABEL.match(block.text) and any(map(str.isalpha, block.text))


def _numbered_titles(blocks: Sequence[Block]) -> set[int]:
    """Return the short numbered lines of one kind, if others of a lower kind follow any of them."""
    lines: dict[str, list[int]] = {}
    above: set[str] = set()
    marks: list[Mark | None] = [
        opening_mark(block.text) if block.kind in ("paragraph", "item") else None
        for block in blocks
    ]
    for n, (block, mark) in enumerate(zip(blocks, marks, strict=True)):
        if mark is None or mark.kind != "number" or block.text.isascii():
            continue
        if len(block.text) > LONGEST_NUMBERED or SENTENCE_END.search(block.text):
            continue
        following = marks[n + 1] if n + 1 < len(blocks) else None
        lines.setdefault(mark.kind, []).append(n)
        if following and following.kind in ("bracket", "circle", "kana"):
            above.add(mark.kind)
    return {
        n
        for kind, found in lines.items()
        if kind in above and len(found) >= FEWEST_NUMBERED
        for n in found
    }
