"""The ways in which reports write their recommendations, each found in the blocks of a document.

None is made for one report. A report has one style, the first of these that it uses: labels, then
whichever of the others finds most.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .document import Block
from .request_sentences import ask_in
from .sentences import sentences

NUMBER = r"[A-Z]{0,2}\d{1,3}(?:\.\d{1,3}){0,3}"
LABEL = re.compile(
    rf"(?:(?:Key\s+|Policy\s+)?Recommendation\s*(?:No\.?\s*)?(?P<a>{NUMBER})|R\s?(?P<b>\d{{1,3}}"
    rf"(?:\.\d{{1,3}})*)|(?:提言|勧告|提案)\s*(?P<c>[0-9０-９一二三四五六七八九十]{{1,3}}))"
    r"(?P<mark>\s*[.:：)）、。—–-])?\s*",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3}|\d{1,2}(?=[.)]))[.)]?\s+(?=\S)")
NUMBER_TITLE = re.compile(r"^(?:no\.?|number|#|番号|№)$", re.IGNORECASE)
# What a section is called that holds them, and what those are called that never do.
OF_RECOMMENDATIONS = re.compile(
    r"(?:^|\b)(?:key |policy |our |summary of |list of )?recommendations?\b|提言|勧告|提案",
    re.IGNORECASE,
)
NEVER = re.compile(
    r"^(?:\W|\d)*(?:introduction|conclusions?|concluding|executive summary|summary|foreword|"
    r"preface|abstract|background|about|acknowledge?ments?|notes?|endnotes|references|bibliography|sources|"
    r"contents|table of contents|appendi(?:x|ces)|annex(?:es)?|glossary|contributors?|authors?|"
    r"members|signatories|はじめに|序論|序文|要旨|要約|おわりに|結論|結び|謝辞|注|脚注|参考文献|"
    r"執筆者|著者|目次|付録|附録)\b",
    re.IGNORECASE,
)
# Of these, no sentence asks for anything either.
APART = re.compile(
    r"^(?:\W|\d)*(?:about|acknowledge?ments?|notes?|endnotes|references|bibliography|sources|contents|"
    r"table of contents|glossary|contributors?|authors?|members|signatories|謝辞|注|脚注|参考文献|"
    r"執筆者|著者|目次)",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?:;。！？：—–-]+[\"”’)」』）]*$")
SENTENCE_GOES_ON = re.compile(r"^\s*[:：.。—–-]")
LONGEST_HEADLINE = 300
# In characters; those of Japanese say more each.
SHORTEST_LEAD = 8


@dataclass(frozen=True)
class Hit:
    """A recommendation: the block that opens it, and where in its text the headline stands."""

    block: int
    start: int
    end: int
    rule: str
    number: str = ""


@dataclass(frozen=True)
class Context:
    """What a style knows of each block: the headings above it, the nearest first."""

    blocks: Sequence[Block]
    above: Sequence[tuple[str, ...]]

    def is_barred(self, n: int) -> bool:
        return any(NEVER.match(title) for title in self.above[n])

    def is_apart(self, n: int) -> bool:
        return any(APART.match(title) for title in self.above[n])

    def is_among_recommendations(self, n: int) -> bool:
        return any(OF_RECOMMENDATIONS.search(title) for title in self.above[n])


def context_of(blocks: Sequence[Block]) -> Context:
    above: list[tuple[str, ...]] = []
    path: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            path = [(level, title) for level, title in path if level < block.level]
        above.append(tuple(title for _level, title in reversed(path)))
        if block.kind == "heading":
            path.append((block.level, block.text))
    return Context(blocks, above)


def _first_sentence(text: str, start: int) -> tuple[int, int]:
    first = next(iter(sentences(text[start:])), (0, len(text) - start))
    return start + first[0], start + first[1]


def labelled(context: Context) -> Iterator[Hit]:
    """Blocks that open with "Recommendation 4:", "R4." or 「提言１」."""
    for n, block in enumerate(context.blocks):
        match = LABEL.match(block.text)
        if block.kind == "row" or not match or match.end() == len(block.text):
            continue
        lead = block.lead[match.end() :].strip()
        # "Recommendation 2 was made before" is a sentence about one.
        if not (match["mark"] or lead or block.kind == "heading"):
            continue
        number = match["a"] or match["b"] or match["c"]
        end = match.end() + len(lead) if lead else 0
        if block.kind == "heading":
            end = len(block.text)
        start, sentence_end = _first_sentence(block.text, match.end())
        yield Hit(n, start, end or sentence_end, "label", arabic(number))


def in_tables(context: Context) -> Iterator[Hit]:
    """Rows of a table with a column of recommendations, or of one among recommendations."""
    column: int | None = None
    numbers: int | None = None
    for n, block in enumerate(context.blocks):
        if block.kind != "row":
            column = numbers = None
        elif column is None:
            titles = [OF_RECOMMENDATIONS.search(cell) for cell in block.cells]
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
    for n, block in enumerate(blocks):
        if block.kind != "heading" or not context.is_among_recommendations(n):
            continue
        following = next((b for b in blocks[n + 1 :] if b.kind == "heading"), None)
        if following and following.level > block.level or context.is_barred(n):
            continue
        if NEVER.match(block.text):
            continue
        match = NUMBERED.match(block.text)
        number = match["number"] if match else ""
        yield Hit(n, match.end() if match else 0, len(block.text), "heading", number)


def leads(context: Context) -> Iterator[Hit]:
    """Paragraphs and list items that open with a bold or italic sentence."""
    for n, block in enumerate(context.blocks):
        lead = block.lead
        if block.kind not in ("paragraph", "item") or not lead or context.is_barred(n):
            continue
        rest = block.text[len(lead) :]
        shortest = SHORTEST_LEAD if lead.isascii() else SHORTEST_LEAD // 2
        if len(lead) < shortest or not (SENTENCE_END.search(lead) or SENTENCE_GOES_ON.match(rest)):
            continue
        # What is bold from end to end, before anything else, is a title or a motto.
        if not rest.strip() and block.kind == "paragraph" and not context.above[n]:
            continue
        yield Hit(n, 0, len(lead), "lead")


def with_numbers(context: Context) -> Iterator[Hit]:
    """Paragraphs that open with a number and ask for something."""
    for n, block in enumerate(context.blocks):
        match = NUMBERED.match(block.text)
        if block.kind not in ("paragraph", "item") or not match or context.is_barred(n):
            continue
        start, end = _first_sentence(block.text, match.end())
        asks = any(ask_in(block.text[a:b]) for a, b in sentences(block.text))
        if asks or context.is_among_recommendations(n):
            yield Hit(n, start, end, "number", match["number"])


def in_lists(context: Context) -> Iterator[Hit]:
    """Items of a list under a heading that announces recommendations."""
    for n, block in enumerate(context.blocks):
        is_item = block.kind == "item" and block.level == 1 and not block.is_continued
        if is_item and context.is_among_recommendations(n) and not context.is_barred(n):
            yield Hit(n, *_first_sentence(block.text, 0), "list")


Style = Callable[[Context], Iterator[Hit]]
STYLES: list[Style] = [in_tables, leads, headings, with_numbers, in_lists]


def hits_of(context: Context) -> list[Hit]:
    """Return the recommendations of a document in its order."""
    found = list(labelled(context))
    if not found:
        found = max((list(style(context)) for style in STYLES), key=len)
    return [hit for hit in found if headline_of(context.blocks[hit.block], hit)]


def headline_of(block: Block, hit: Hit) -> str:
    """Return the words of a headline without the full stop after them."""
    text = block.text[hit.start : hit.end].strip().rstrip(" .:;。：；")
    if len(text) > LONGEST_HEADLINE:
        text = text[: LONGEST_HEADLINE - 1].rsplit(" ", 1)[0][: LONGEST_HEADLINE - 1] + "…"
    return text


KANJI = "〇一二三四五六七八九"


def arabic(number: str) -> str:
    """Return 「十二」 and 「１２」 as "12"."""
    text = unicodedata.normalize("NFKC", number)
    if not set(text) <= set(KANJI + "十"):
        return text
    tens, mark, ones = text.rpartition("十")
    value = (KANJI.index(tens) if tens else 1) * 10 if mark else 0
    return str(value + (KANJI.index(ones) if ones else 0))
