"""The ways in which reports write their recommendations, each found in the blocks of a document.

None is made for one report. Which of them a report, or a part of it, is read by is chosen in
`choosing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .announcing import ANNOUNCING, NEVER, Context, announces, is_announcing_line
from .captions import CAPTION
from .document import Block
from .hits import Hit, first_sentence
from .imperatives import is_imperative
from .labels import NUMBER
from .numbering import opening_mark
from .request_sentences import ask_in
from .sentences import sentences

NUMBER_TITLE = re.compile(r"^(?:no\.?|number|#|番号|№)$", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?:;。！？：—–-]+[\"”’)」』）]*$")
SENTENCE_GOES_ON = re.compile(r"^\s*[:：.。—–-]")
# "… keep all of them lit. (Paragraph 41)", "… mend the dykes.[3]", "… free of charge.3"
REFERENCE = re.compile(
    r"\s*(?:[(（\[]\s*(?:(?:see\s+)?(?:paragraphs?|paras?\.?|chapters?|sections?|pages?|pp?\.)\s*"
    r"[\dA-Z][^()（）\[\]]{0,40}|\^?\d{1,3})\s*[)）\]][.。]?|(?<=[.!?:;”’\")a-z])\d{1,3})\s*$",
    re.IGNORECASE,
)
MOST_REFERENCES, LONGEST_REFERENCE = 3, 80
LONGEST_HEADLINE = 300
# In characters; those of Japanese say more each.
SHORTEST_LEAD = 8
# Marks that number recommendations; letters in brackets number what lies below them.
COUNTING = ("number", "dotted", "bracket", "circle", "kana", "capital")
# What a manifesto says of itself: 「推進します」.
VOW = re.compile(r"(?<!あり)(?<!なり)(?<!てい)(?<!思い)ます[。！]?\s*$")
KOTO = re.compile(r"こと(?:[（(][^（）()]{0,200}[）)])?[。.．]?[」』]?\s*$")


def asks_for_something(text: str) -> bool:
    """Return whether any sentence of a text asks, or its first is in the imperative."""
    mark = opening_mark(text)
    at = mark.end if mark else 0
    if is_imperative(text[at:]) or KOTO.search(text):
        return True
    return any(ask_in(text[start:end]) for start, end in sentences(text))


def in_tables(context: Context) -> Iterator[Hit]:
    """Rows of a table with a column of recommendations, or of one among recommendations."""
    column: int | None = None
    numbers: int | None = None
    for n, block in enumerate(context.blocks):
        if block.kind != "row":
            column = numbers = None
        elif column is None:
            titles = [ANNOUNCING.search(cell) for cell in block.cells]
            column = next((i for i, found in enumerate(titles) if found), None)
            numbers = next((i for i, c in enumerate(block.cells) if NUMBER_TITLE.match(c)), None)
        elif column < len(block.cells):
            start = sum(len(cell) + 3 for cell in block.cells[:column])
            number = "".join(block.cells[numbers : numbers + 1]) if numbers is not None else ""
            number = number if re.fullmatch(NUMBER, number) else ""
            yield Hit(n, start, start + len(block.cells[column]), "table", number)


def headings(context: Context) -> Iterator[Hit]:
    """The lowest headings under one that announces recommendations."""
    blocks = context.blocks
    following: Block | None = None
    found: list[Hit] = []
    for n in range(len(blocks) - 1, -1, -1):
        block = blocks[n]
        if block.kind != "heading":
            continue
        is_lowest = following is None or following.level <= block.level
        following = block
        is_within = context.zone_at[n] is not None and not context.is_barred(n)
        is_other = announces(block.text) or CAPTION.match(block.text)
        if is_lowest and is_within and not is_other:
            found.append(_titled(n, block))
    yield from (hit for hit in reversed(found) if not NEVER.match(blocks[hit.block].text))


def numbered_headings(context: Context) -> Iterator[Hit]:
    """Headings that open with a number, whatever lies below them."""
    for n, block in enumerate(context.blocks):
        if block.kind == "heading" and not context.is_apart(n):
            hit = _titled(n, block)
            if hit.value and not CAPTION.match(block.text):
                yield hit


def _titled(n: int, block: Block) -> Hit:
    mark = opening_mark(block.text)
    is_number = mark is not None and mark.kind in COUNTING
    start = mark.end if mark and is_number else 0
    number = mark.number if mark and mark.kind in ("number", "dotted") else ""
    rest = block.text[start:]
    asks = is_imperative(rest) or bool(ask_in(rest)) or bool(VOW.search(rest))
    form, value = (mark.form, mark.value) if mark and is_number else ("", 0)
    return Hit(n, start, len(block.text), "heading", number, asks=asks, form=form, value=value)


def leads(context: Context) -> Iterator[Hit]:
    """Paragraphs and list items that open with a bold or italic sentence."""
    for n, block in enumerate(context.blocks):
        lead = block.lead
        if block.kind not in ("paragraph", "item") or not lead or context.is_barred(n):
            continue
        if CAPTION.match(block.text) or block.is_continued and block.number:
            continue
        rest = block.text[len(lead) :]
        shortest = SHORTEST_LEAD if lead.isascii() else SHORTEST_LEAD // 2
        is_titled = block.kind == "item" and block.number and not rest.strip()
        if len(lead) < shortest or not (
            SENTENCE_END.search(lead) or SENTENCE_GOES_ON.match(rest) or is_titled
        ):
            continue
        # What is bold from end to end, before anything else, is a title or a motto.
        if not rest.strip() and block.kind == "paragraph" and not context.above[n]:
            continue
        mark = opening_mark(block.text)
        start = mark.end if mark and mark.end < len(lead) else 0
        number = mark.number if mark and start and mark.kind in ("number", "dotted") else ""
        asks = asks_for_something(block.text)
        yield Hit(n, start, len(lead), "lead", number or block.number, asks=asks)


def with_numbers(context: Context) -> Iterator[Hit]:
    """Paragraphs that open with a number, or items of a numbered list."""
    for n, block in enumerate(context.blocks):
        if block.kind not in ("paragraph", "item") or context.is_barred(n) or block.is_continued:
            continue
        mark = opening_mark(block.text)
        if mark and mark.kind in COUNTING:
            number = mark.number if mark.kind in ("number", "dotted", "capital") else ""
            start, form, value = mark.end, mark.form, mark.value
        elif block.number:
            start, number, form, value = 0, block.number, "item", int(block.number)
        else:
            continue
        lead = block.lead if not mark else ""
        place = (0, len(lead)) if lead and _is_title(block, lead) else None
        place = place or first_sentence(block.text, start)
        asks = asks_for_something(block.text)
        yield Hit(n, *place, "number", number, asks=asks, form=form, value=value)


def _is_title(block: Block, lead: str) -> bool:
    rest = block.text[len(lead) :]
    return bool(SENTENCE_END.search(lead) or SENTENCE_GOES_ON.match(rest) or not rest.strip())


def in_lists(context: Context) -> Iterator[Hit]:
    """The highest items of the lists under a title that announces recommendations."""
    for n, block in enumerate(context.blocks):
        zone_index = context.zone_at[n]
        if zone_index is None or block.kind != "item" or block.is_continued:
            continue
        if block.level == context.zones[zone_index].depth and not context.is_barred(n):
            if is_announcing_line(block.text):
                continue
            lead = block.lead
            is_titled = lead and len(lead) >= SHORTEST_LEAD and _is_title(block, lead)
            mark = opening_mark(block.text)
            start = mark.end if mark else 0
            place = (0, len(lead)) if is_titled else first_sentence(block.text, start)
            asks = asks_for_something(block.text)
            yield Hit(n, *place, "list", block.number, asks=asks)


def requests(context: Context) -> Iterator[Hit]:
    """Japanese paragraphs and items whose first sentence ends in 「こと」, as requests do."""
    for n, block in enumerate(context.blocks):
        if block.kind not in ("paragraph", "item") or context.is_barred(n) or block.is_continued:
            continue
        mark = opening_mark(block.text)
        start, end = first_sentence(block.text, mark.end if mark else 0)
        if KOTO.search(block.text[:end]) and not block.text[:end].endswith("のこと。"):
            yield Hit(n, start, end, "koto", mark.number if mark and mark.kind == "number" else "")


def asking(context: Context) -> Iterator[Hit]:
    """Paragraphs in a part that announces recommendations, by the first sentence that asks."""
    for n, block in enumerate(context.blocks):
        is_text = block.kind in ("paragraph", "item") and not block.is_continued
        if not is_text or context.zone_at[n] is None or context.is_barred(n):
            continue
        for start, end in sentences(block.text):
            rule = ask_in(block.text[start:end])
            if rule and rule.strength == "direct":
                yield Hit(n, start, end, "asking")
                break


Style = Callable[[Context], Iterable[Hit]]


def headline_of(block: Block, hit: Hit) -> str:
    """Return the words of a headline without the full stop, references and notes after them."""
    text = block.text[hit.start : hit.end].strip()
    text = _without_references(text)
    text = text.rstrip(" .:;。：；")
    if len(text) > LONGEST_HEADLINE:
        text = text[: LONGEST_HEADLINE - 1].rsplit(" ", 1)[0][: LONGEST_HEADLINE - 1] + "…"
    return text


def _without_references(text: str) -> str:
    """Return text without what it refers to at its end. They stand in its last words alone."""
    for _n in range(MOST_REFERENCES):
        start, end = text[:-LONGEST_REFERENCE], text[-LONGEST_REFERENCE:]
        shorter = REFERENCE.sub("", end)
        if shorter == end or not (start + shorter).strip():
            break
        text = start + shorter
    return text
