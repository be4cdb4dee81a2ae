"""What the first lines of a report say of it: title, authors and date of publication."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile

from .announcing import NEVER, announces
from .document import Block
from .metadata import StatedDate, date_in, names_of_authors
from .numbering import opening_mark

# So many blocks are looked at, and so long a line is no line of a cover.
MOST_BLOCKS = 40
LONGEST_LINE = 120
LONG_PARAGRAPH = 250
LONGEST_DATE_LINE = 60
BYLINE = re.compile(
    r"(?:an? |the )?(?:independent )?(?:report |study |paper |brief |review )?(?:written |"
    r"prepared |authored |compiled )?by:?\s+(?P<names>\S.+)|"
    r"(?:authors?|執筆者?|著者|編著|作成者?)\s*[：:]\s*(?P<listed>\S.+)",
    re.IGNORECASE,
)
# "By September 2031, all agencies will name their questions."
NO_NAMES = re.compile(r"\d|\b(?:will|shall|should|must|may|is|are)\b|[.。]$")
# "by Ada Example for the Road Office"
FOR_WHOM = re.compile(
    r",?\s+(?:for|as part of|on behalf of|chair|chairman|president)\s.+$", re.IGNORECASE
)
PUBLISHED = re.compile(
    r"\b(?:published|publication date|date of publication|issued|released)\b|公表|発行|発表|提出",
    re.IGNORECASE,
)
# Days on a cover that are not that of the publication.
OTHER_DAY = re.compile(
    r"\b(?:updated?|accessed|retrieved|up to|available|evidence|adopted|born|since|until|copyright|"
    r"pursuant|act)\b|アクセス|閲覧|改正|現在",
    re.IGNORECASE,
)
JAPANESE_TITLE = re.compile(
    r".{2,60}(?:意見書|報告書|提言書?|計画|答申|要望書|勧告|戦略|白書|ビジョン|構想|(?:の|に)\S{0,12}について|集約について)"
)
JAPANESE_AUTHOR = re.compile(
    r"[^\s。、]{2,40}(?:協会|部会|委員会|会議|研究会|学会|連合会?|連盟|党|機構|財団|センター|大学|研究所|省|庁|"
    r"府|同友会|商工会議所|フォーラム|ネットワーク|チーム|本部)"
)
ADDRESSED = re.compile(r".*(?:様|殿|御中|宛て?)$")
STOPS = (".", "。", "!", "?")
PROGRAM = re.compile(
    r"\d|acrobat|microsoft|word|latex|indesign|office|adobe|admin|user|webmaster|unknown|author",
    re.IGNORECASE,
)


def cover_of(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks before the first long paragraph."""
    found: list[Block] = []
    for block in blocks[:MOST_BLOCKS]:
        if len(block.text) > LONG_PARAGRAPH:
            break
        found.append(block)
    return found


def lines_before_text(cover: Sequence[Block]) -> list[Block]:
    """Return the lines before the first sentence."""
    return list(takewhile(lambda block: not block.text.endswith(STOPS), cover))


def title_on(cover: Sequence[Block]) -> str:
    """Return the title that a cover shows where no heading stands above all others."""
    first = cover[0] if cover else None
    if first and _is_title(first, cover[1:]):
        return first.text
    lines = (block.text for block in cover if block.kind in ("paragraph", "heading"))
    return next((line for line in lines if JAPANESE_TITLE.fullmatch(line)), "")


def _is_title(first: Block, rest: Sequence[Block]) -> bool:
    """Whether the first line is the title of the whole: no sentence stands below it."""
    is_line = first.kind == "heading" or (first.kind == "paragraph" and first.lead == first.text)
    if not is_line or NEVER.match(first.text) or announces(first.text) or opening_mark(first.text):
        return False
    below = takewhile(lambda block: block.kind != "heading", rest)
    return not any(block.text.endswith(STOPS) or block.kind == "item" for block in below)


def is_shown(words: str, cover: Sequence[Block]) -> bool:
    """Return whether a property stands in the first lines word for word."""
    said = _letters(words)
    return bool(said) and said in _letters(" ".join(block.text for block in cover))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def authors_on(cover: Sequence[Block]) -> list[str]:
    """Return the names after a "by", or the body that a Japanese cover names."""
    for block in cover:
        if len(block.text) > LONGEST_LINE or block.kind == "item":
            continue
        if match := BYLINE.fullmatch(block.text):
            names = FOR_WHOM.sub("", match["names"] or match["listed"])
            if not NO_NAMES.search(names):
                return names_of_authors(re.sub("^the ", "", names))
    lines = (block.text for block in cover if block.kind == "paragraph")
    bodies = (line for line in lines if JAPANESE_AUTHOR.fullmatch(line))
    return next(([line] for line in bodies if not ADDRESSED.match(line)), [])


def are_authors(names: Sequence[str], cover: Sequence[Block]) -> bool:
    """Return whether a file's property names people rather than a program or a login."""
    if not names or any(PROGRAM.search(name) for name in names):
        return False
    # A program fills in the one who made the file; several names were put there by somebody.
    if len(names) > 1:
        return True
    shown = _folded(" ".join(block.text for block in cover))
    # "Example, Ada" is Ada Example on the cover.
    return any(all(_folded(word) in shown for word in name.split()) for name in names)


def date_on(cover: Sequence[Block]) -> StatedDate | None:
    """Return the day of publication that a cover states, else the month."""
    said = list(_dates(cover))
    days = [one for one in said if one.precision == "day"]
    return next(iter(days or said), None)


def _dates(cover: Sequence[Block]) -> Iterator[StatedDate]:
    """Yield the dates of a cover, those first that are called dates of publication."""
    lines = [
        block.text
        for block in cover
        if len(block.text) <= LONG_PARAGRAPH and block.kind not in ("item", "row")
    ]
    for line in lines:
        # "ordered to be printed on 11 July and published on 19 July"
        for mark in PUBLISHED.finditer(line):
            found = date_in(line[mark.end() : mark.end() + LONGEST_LINE])
            if found or (found := date_in(line)):
                yield found
    for line in lines:
        is_line = len(line) <= LONGEST_DATE_LINE and not line.endswith((".", "。"))
        if is_line and not OTHER_DAY.search(line) and (found := date_in(line)):
            yield found
