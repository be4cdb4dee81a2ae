"""Recommendations with a label: "Recommendation 4:", "R4.", 「提言１」."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from .announcing import QUOTES, Context
from .document import Block
from .hits import Hit, first_sentence
from .numbering import arabic

NUMBER = r"[A-Z]{0,2}\d{1,3}(?:\.\d{1,3}){0,3}"
LABEL = re.compile(
    rf"(?:(?:Key\s+|Policy\s+)?(?:Recommendation|Action|Proposal|Ask)\s*(?:No\.?\s*)?(?P<a>{NUMBER})|"
    rf"R\s?(?P<b>\d{{1,3}}(?:\.\d{{1,3}})*)|"
    r"(?:提言|勧告|提案|要望)\s*(?P<c>[0-9０-９一二三四五六七八九十]{1,3}))"
    r"(?P<mark>\s*[.:：)）、。—–-])?\s*",
    re.IGNORECASE,
)
SPOKEN_OF = re.compile(r"\s*[,)]|\s+(?:was|were|is|are|has|had|of|in|to|and|above|below)\b")


def labelled(context: Context) -> Iterator[Hit]:
    """Blocks that open with "Recommendation 4:", "R4." or 「提言１」, and each label in them."""
    inside = quoted(context.blocks)
    for n, block in enumerate(context.blocks):
        if block.kind == "row" or n in inside or block.text[:1] in QUOTES:
            continue
        yield from _labels_of(context.blocks, n)


def quoted(blocks: Sequence[Block]) -> set[int]:
    """Return the blocks of quotations that go on over several."""
    found: set[int] = set()
    is_quoted = False
    for n, block in enumerate(blocks):
        is_quoted = _stays_quoted(block.text, is_quoted)
        ends = n - 1 in found and (block.text[:1] == "“" or _only_closes(block.text))
        if is_quoted or ends:
            found.add(n)
    return found


def _only_closes(text: str) -> bool:
    return "”" in text and "“" not in text


def _stays_quoted(text: str, was_quoted: bool) -> bool:
    """Whether a quotation goes on: each of its paragraphs opens it, and only the last ends it."""
    if text[:1] == "“":
        return text.count("“") > text.count("”")
    return was_quoted and "”" not in text


def _labels_of(blocks: Sequence[Block], n: int) -> Iterator[Hit]:
    block = blocks[n]
    places = [0, *(start for start, _stop in block.emphasis if start)]
    starts = [at for at in dict.fromkeys(places) if LABEL.match(block.text, at)]
    if not starts or starts[0] != 0:
        return
    for at, stop in zip(starts, [*starts[1:], len(block.text)], strict=True):
        match = LABEL.match(block.text, at, stop)
        if match and (hit := _label(blocks, n, match, stop)):
            yield hit


def _label(blocks: Sequence[Block], n: int, match: re.Match[str], stop: int) -> Hit | None:
    block = blocks[n]
    number = arabic(match["a"] or match["b"] or match["c"])
    if match.end() == stop:
        return _alone(blocks, n, number)
    lead = block.text[match.end() : _end_of_emphasis(block, match.end())].strip()
    # "Recommendation 2 was made before" is a sentence about one.
    if not (match["mark"] or lead or block.kind == "heading"):
        return None
    if not match["mark"] and SPOKEN_OF.match(block.text, match.end() - 1):
        return None
    length = first_sentence(block.text[match.end() : stop], 0)
    start, sentence_end = match.end() + length[0], match.end() + length[1]
    end = match.end() + len(lead) if lead else sentence_end
    if block.kind == "heading":
        end = stop
    return Hit(n, start, min(end, stop), "label", number)


def _end_of_emphasis(block: Block, at: int) -> int:
    """Return where the bold or italic words end that a place lies in, the place if in none."""
    n = bisect_right(block.emphasis, (at, len(block.text))) - 1
    return max(block.emphasis[n][1], at) if n >= 0 else at


def _alone(blocks: Sequence[Block], n: int, number: str) -> Hit | None:
    """Return the hit of a label on a line of its own: its headline is the sentence below it."""
    following = blocks[n + 1] if n + 1 < len(blocks) else None
    if following is None or following.kind == "row" or LABEL.match(following.text):
        return None
    if following.kind == "heading":
        return Hit(n + 1, 0, len(following.text), "label", number)
    return Hit(n + 1, *first_sentence(following.text, 0), "label", number)
