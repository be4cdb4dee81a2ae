"""Texts in lines of a width, without a font: what a reader's machine draws them with is unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from recommendations.text.punctuation import NUMBERS

# Widths of a usual sans serif in hundredths of its size, a little on the wide side.
_WIDTHS = {
    28: " !,./:;I[]\\fijlt|'",
    35: '()r-`{}"',
    50: "Jckstvxyz",
    56: "0123456789?_abdeghnopqu#$L*",
    62: "FTZ+<=>~^",
    68: "ABEKPSVXY&",
    74: "CDHNRUw",
    79: "GOQ",
    85: "Mm",
    98: "W%",
}
WIDTHS = {character: width for width, characters in _WIDTHS.items() for character in characters}
BOLD = 1.07
# Marks that may not begin a line, and those that may not end one.
CLOSING = (
    "、。，．：；！？）〕］｝〉》」』】・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…‥%％)]}.,:;!?”’"
)
OPENING = "（〔［｛〈《「『【([{“‘"
# What XML 1.0 cannot hold at all.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Marks that turn the direction of all that follows.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def cleaned(text: str) -> str:
    """Return a text in one line, without what no drawing can hold."""
    text = TURNING.sub("", NO_XML.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return about how wide a text is in pixels."""
    hundredths = sum(_width(character) for character in text)
    return hundredths / 100 * size * (BOLD if is_bold else 1)


def _width(character: str) -> int:
    if known := WIDTHS.get(character):
        return known
    if _is_wide(character):
        return 100
    return 0 if unicodedata.combining(character) else 65


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def wrapped(text: str, width: float, size: float, *, most: int, is_bold: bool = False) -> list[str]:
    """Return a text in at most so many lines; what does not fit ends with an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(cleaned(text), width, size):
        if line and width_of((line + piece).rstrip(), size, is_bold=is_bold) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return [line for line in lines if line]
    return [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), width, size, is_bold)]


def shortened(text: str, width: float, size: float, is_bold: bool = False) -> str:
    """Return a text in one line, with an ellipsis where it is cut off."""
    text = cleaned(text)
    if width_of(text, size, is_bold=is_bold) <= width:
        return text
    while text and width_of(f"{text}…", size, is_bold=is_bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """Yield what stays together: a word with the space after it, a number with what it counts,
    or a character without words."""
    inside = {place for found in NUMBERS.finditer(text) for place in range(*found.span())[1:]}
    piece = ""
    for place, character in enumerate(text):
        if piece and place not in inside and _may_break(piece[-1], character):
            yield piece
            piece = ""
        elif width_of(piece, size) > width / 2:
            # A word without end, or an address.
            yield piece
            piece = ""
        piece += character
    yield piece


def _may_break(before: str, after: str) -> bool:
    if after in CLOSING or before in OPENING or after == " ":
        return False
    return before == " " or _is_wide(before) or _is_wide(after)
