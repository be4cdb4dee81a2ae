"""Which words announce recommendations, and how far what they announce goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .document import Block
from .numbering import opening_mark

# What a section is called that holds them.
ANNOUNCING = re.compile(
    r"\b(?:recommendations?|calls? (?:to|for) action|call for evidence-based action|"
    r"recommended (?:\w+ ){0,2}(?:actions?|measures|steps|policies)|"
    r"policy (?:implications|proposals|options|asks|actions|demands)|"
    r"(?:our|key|main|core) (?:asks|demands|proposals)|(?:priority|agency|key) actions|"
    r"what (?:should|must|needs to) be done|what we (?:ask|propose|call) for|"
    r"summary considerations)\b|"
    r"提言|勧告|提案|意見書|要望|要請|建議|マニフェスト|講ずべき措置",
    re.IGNORECASE,
)
# And when it only speaks of them.
SPEAKS_OF = re.compile(
    r"\b(?:(?:previous|earlier|past|former|prior|other|implement\w*|progress|status|track\w*|"
    r"monitor\w*|respon\w+|follow\w*|accept\w*|reject\w*|background|introduction|methodology|"
    r"approach|note|basis|rationale|evidence|developing|reports?|structure|how|giv\w+ effect)"
    r"\b[^.]{0,40}\brecommendations?|recommendations?\s+(?:of|by|from|made)\b(?! (?:the|this) "
    r"(?:report|inquiry|commission|committee|panel|review|study))|\bletter of recommendation)|"
    r"recommendations?\s+(?:accepted|rejected|implemented|not)\b|[をに](?:提言|勧告|提案|要望|要請)|"
    r"(?:これまで|過去|従来|前回)の?.{0,8}(?:提言|勧告|提案)|(?:提言|勧告|提案)(?:の背景|の経緯|に至る|者)",
    re.IGNORECASE,
)
# On a line of its own, in whatever type, these are as good as a heading.
LINE = re.compile(
    r"\W*(?:(?:our|key|main|policy|draft|final|summary of|list of|the|core|specific|overall)"
    r"\s+){0,3}"
    r"(?:recommendations?|recommended (?:\w+ ){0,2}(?:actions?|measures|steps)|calls? to action|"
    r"policy (?:implications|proposals|asks)|asks|key asks)\W*|"
    r"\W*(?:政策)?(?:提言|勧告|提案|要望事項|マニフェスト|提言事項)\W*",
    re.IGNORECASE,
)
BEFORE_LIST = re.compile(
    r"\b(?:recommendations?|we (?:\w+ly )?(?:recommend|propose|urge|call for|call on))\b|"
    r"(?:提言|勧告|提案|要望|要請)(?:する|します|いたします)?",
    re.IGNORECASE,
)
# Where nothing announces recommendations by name, these titles stand for them.
WEAK = re.compile(
    r"(?:\W|\d)*(?:our |the )?(?:key|main) (?:points|messages|priorities|takeaways)\W*|"
    r"(?:\W|\d)*(?:重点施策|主な施策|要点)\W*",
    re.IGNORECASE,
)
MIXED = re.compile(r"\b(?:conclusions?|findings?|summary of)\b|結論|まとめ", re.IGNORECASE)
CHAPTER = re.compile(
    r"(?:chapter|part|section|annex|appendix)\s+\w{1,4}\s*[:.–—-]?\s*", re.IGNORECASE
)
QUOTES = "“\"「『‘'"
NEVER = re.compile(
    r"^(?:\W|\d)*(?:introduction|conclusions?|concluding|executive summary|summary|foreword|"
    r"preface|abstract|background|about|acknowledge?ments?|notes?|endnotes|references|"
    r"bibliography|sources|footnotes|contents|table of contents|appendi(?:x|ces)|annex(?:es)?|"
    r"glossary|contributors?|authors?|"
    r"members|signatories|はじめに|序論|序文|要旨|要約|おわりに|結論|結び|謝辞|注|脚注|参考文献|"
    r"執筆者|著者|目次|付録|附録)(?:\b|(?=\W)|$)",
    re.IGNORECASE,
)
# Of these, no sentence asks for anything either.
APART = re.compile(
    r"^(?:\W|\d)*(?:about|acknowledge?ments?|notes?|endnotes|footnotes|references|bibliography|"
    r"sources|"
    r"contents|table of contents|glossary|contributors?|authors?|members|signatories|謝辞|注|脚注|"
    r"参考文献|執筆者|著者|目次)",
    re.IGNORECASE,
)
LONGEST_HEADING = 120


def announces(title: str) -> bool:
    """Return whether a title announces recommendations rather than speaking of them."""
    return (
        len(title) <= LONGEST_HEADING
        and title[:1] not in QUOTES
        and bool(ANNOUNCING.search(title))
        and not SPEAKS_OF.search(title)
        and not APART.match(title)
    )


def is_pure(title: str) -> bool:
    """Return whether a title says "Recommendations" and nothing else."""
    text = CHAPTER.sub("", title, count=1)
    mark = opening_mark(text)
    return is_announcing_line(text[mark.end if mark else 0 :])


def is_announcing_line(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and bool(LINE.fullmatch(text))


@dataclass(frozen=True)
class Zone:
    """The blocks that a title announces: from `start` up to `stop`, without the title.

    `depth` is that of the list items that stand highest in it. A weak one counts only where no
    other announces recommendations by name.
    """

    start: int
    stop: int
    title: str
    depth: int = 1
    is_weak: bool = False

    @property
    def is_pure(self) -> bool:
        return is_pure(self.title)

    @property
    def is_mixed(self) -> bool:
        """Whether conclusions are numbered in it together with recommendations."""
        return bool(MIXED.search(self.title))


@dataclass(frozen=True)
class Context:
    """What a style knows of each block: the headings above it, the nearest first.

    `zone_at` has for each block the index of the narrowest zone that it lies in.
    """

    blocks: Sequence[Block]
    above: Sequence[tuple[str, ...]]
    zones: Sequence[Zone]
    zone_at: Sequence[int | None]

    def is_barred(self, n: int) -> bool:
        """Whether the nearest title that says anything of it says that it holds none."""
        for title in self.above[n]:
            if announces(title) or WEAK.fullmatch(title):
                return False
            if NEVER.match(title):
                return True
        return False

    def is_repeating(self, n: int) -> bool:
        """Whether a block stands in a summary or an annex, which list what is told elsewhere."""
        return any(NEVER.match(title) for title in self.above[n])

    def is_apart(self, n: int) -> bool:
        return any(APART.match(title) for title in self.above[n])


def context_of(blocks: Sequence[Block], title: str = "") -> Context:
    above: list[tuple[str, ...]] = []
    path: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            path = [(level, text) for level, text in path if level < block.level]
        above.append(tuple(text for _level, text in reversed(path)))
        if block.kind == "heading":
            path.append((block.level, block.text))
    zones, zone_at = _zones(blocks, above)
    if not zones and announces(title):
        zones, zone_at = [Zone(0, len(blocks), title)], [0] * len(blocks)
    return Context(blocks, above, zones, zone_at)


def _zones(
    blocks: Sequence[Block], above: Sequence[tuple[str, ...]]
) -> tuple[list[Zone], list[int | None]]:
    """Return the zones, and for each block the index of the narrowest that it lies in."""
    zones: list[Zone] = []
    open_ones: list[int] = []
    zone_at: list[int | None] = []
    for n, block in enumerate(blocks):
        while open_ones and _ends(blocks[zones[open_ones[-1]].start - 1], block):
            m = open_ones.pop()
            zones[m] = replace(zones[m], stop=n)
        zone_at.append(open_ones[-1] if open_ones else None)
        following = blocks[n + 1] if n + 1 < len(blocks) else None
        if following is None or any(map(APART.match, above[n])):
            continue
        is_strong = _opens(block, following)
        if is_strong or (not open_ones and _opens_weakly(block, following)):
            depth = block.level + 1 if block.kind == "item" else 1
            title = block.text[:LONGEST_HEADING]
            zones.append(Zone(n + 1, len(blocks), title, depth, is_weak=not is_strong))
            open_ones.append(len(zones) - 1)
    return zones, zone_at


def _opens(block: Block, following: Block) -> bool:
    if block.kind == "heading":
        return announces(block.text)
    is_deeper = following.kind == "item" and following.level > block.level
    return block.kind == "item" and is_deeper and is_announcing_line(block.text)


def _opens_weakly(block: Block, following: Block) -> bool:
    if block.kind == "heading":
        return bool(WEAK.fullmatch(block.text))
    # "We make three recommendations:"
    return (
        block.kind == "paragraph"
        and following.kind == "item"
        and block.text.endswith((":", "："))
        and bool(BEFORE_LIST.search(block.text))
        and not SPEAKS_OF.search(block.text)
    )


def _ends(opening: Block, block: Block) -> bool:
    if opening.kind == "heading":
        return block.kind == "heading" and block.level <= opening.level
    if opening.kind == "paragraph":
        return block.kind != "item"
    return block.kind != "item" or block.level <= opening.level
