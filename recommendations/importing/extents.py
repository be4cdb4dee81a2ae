"""How far a recommendation goes: the blocks that are told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .announcing import Context
from .document import Block
from .hits import Hit


def extent_of(context: Context, hit: Hit, opening: Collection[int]) -> tuple[int, ...]:
    """Return the blocks of a recommendation: its own and those that go on with it."""
    blocks = context.blocks
    found = [hit.block]
    takes_paragraphs = _takes_paragraphs(blocks, hit.block, opening)
    for n in range(hit.block + 1, len(blocks)):
        block = blocks[n]
        if n in opening or not _goes_on(hit, blocks[hit.block], block, takes_paragraphs):
            break
        found.append(n)
    return tuple(found)


def _takes_paragraphs(blocks: Sequence[Block], n: int, opening: Collection[int]) -> bool:
    """Whether paragraphs after a list item belong to it: where they stand between two such items.

    After the last item, they go on with the text unless an item before it has some.
    """
    if blocks[n].kind != "item":
        return False

    def has_paragraphs(at: int) -> bool:
        has_any = False
        for m in range(at + 1, len(blocks)):
            if m in opening:
                return has_any
            if blocks[m].kind in ("heading", "row"):
                return False
            has_any = has_any or blocks[m].kind == "paragraph"
        return False

    if has_paragraphs(n):
        return True
    before = next((m for m in range(n - 1, -1, -1) if m in opening or _is_border(blocks[m])), -1)
    return before >= 0 and before in opening and has_paragraphs(before)


def _is_border(block: Block) -> bool:
    return block.kind == "heading"


def _goes_on(hit: Hit, opening: Block, block: Block, takes_paragraphs: bool) -> bool:
    if hit.rule == "table":
        return False
    if opening.kind == "item":
        if block.kind == "paragraph" or block.kind == "quote":
            return takes_paragraphs
        is_below = block.level > opening.level or (bool(opening.number) and not block.number)
        return block.kind == "item" and (block.is_continued or is_below)
    if opening.kind == "heading":
        return block.kind != "heading" or block.level > opening.level
    return block.kind != "heading"
