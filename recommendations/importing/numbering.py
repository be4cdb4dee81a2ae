"""The numbers and letters that open a block, in English and Japanese."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal[
    "label", "dotted", "number", "bracket", "circle", "kana", "letter", "roman", "capital"
]
DIGIT = "[0-9０-９]"
KANJI = "〇一二三四五六七八九"
KANA = "アイウエオカキクケコサシスセソタチツテト"
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
SIGNS = ".()、"
MARK = re.compile(
    rf"""\s*(?:
    (?P<dotted>[A-Z]?{DIGIT}{{1,2}}(?:[.．-]{DIGIT}{{1,3}}){{1,3}})(?:[.)．]\s*|\s+)(?=\S)
    | (?P<number>{DIGIT}{{1,3}})(?:[.．)）](?!\d)\s*|、|\u3000+|(?<=[０-９])[ ]+)(?=\S)
    | [（(]\s?(?P<bracket>{DIGIT}{{1,3}})\s?[)）]\s*(?=\S)
    | (?P<circle>[{CIRCLES}])\s*(?=\S)
    | (?P<kana>[{KANA}])[.．、)）\s\u3000]+(?=\S)
    | [(（](?P<roman>[ivx]{{2,5}}|i|v|x)[)）]\s*(?=\S)
    | [(（](?P<letter>[a-z])[)）]\s*(?=\S)
    | (?P<plain_letter>[a-z])[.)]\s+(?=\S)
    | (?P<capital>[A-H])[.)]\s+(?=\S)
    )""",
    re.VERBOSE,
)
ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True)
class Mark:
    """What a block opens with: its kind, its number as text in ASCII, and where it ends."""

    kind: MarkKind
    number: str
    end: int
    # Its kind and signs: "1." and "1)" are not of one series.
    form: str = ""

    @property
    def value(self) -> int:
        """Return its place in a series, that of the last number of "2.14"."""
        if self.kind in ("dotted", "number", "bracket"):
            return int(re.split(r"[.-]", self.number)[-1])
        return _value_of_letter(self.kind, self.number)


def opening_mark(text: str) -> Mark | None:
    """Return the number or letter that a text opens with."""
    match = MARK.match(text)
    if not match or match.lastgroup is None:
        return None
    kind = "letter" if match.lastgroup == "plain_letter" else match.lastgroup
    number = match[match.lastgroup]
    if kind not in ("kana", "circle"):
        number = unicodedata.normalize("NFKC", number)
    written = unicodedata.normalize("NFKC", match[0].strip()[:8])
    signs = "".join(c for c in written if c in SIGNS)
    if kind == "dotted":
        # Whether "8.14." ends in a full stop or not.
        signs = "." * len(re.findall(r"[.-]", number))
    return Mark(kind, number, match.end(), f"{kind}{signs}")  # type: ignore[arg-type]


def _value_of_letter(kind: MarkKind, letter: str) -> int:
    if kind == "circle":
        return CIRCLES.index(letter) + 1
    if kind == "kana":
        return KANA.index(letter) + 1
    if kind in ("letter", "capital"):
        return ord(letter.lower()) - ord("a") + 1
    values = [ROMAN[one] for one in letter]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)


def arabic(number: str) -> str:
    """Return 「十二」 and 「１２」 as "12"."""
    text = unicodedata.normalize("NFKC", number)
    if not set(text) <= set(KANJI + "十"):
        return text
    tens, mark, ones = text.rpartition("十")
    value = (KANJI.index(tens) if tens else 1) * 10 if mark else 0
    return str(value + (KANJI.index(ones) if ones else 0))
