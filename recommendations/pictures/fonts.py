"""Which characters the configured fonts can draw: what they lack would be drawn as boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING

from django.conf import settings
from pyroaring import BitMap

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# What a font must have to be taken for a text in a language.
SAMPLES = {"ja": "提言の措置状況、ア"}
SAMPLE = "The quick brown fox, 0123456789"
FAMILY, TYPOGRAPHIC_FAMILY = 1, 16
# The parts of a font's table of characters.
HEAD, TABLE, RANGES, RANGE = map(Struct, (">HH", ">HHL", ">HHLLL", ">LLL"))
OF_RANGES = 12


@dataclass(frozen=True)
class Face:
    """A font file. Of a collection it is the first face."""

    path: str
    family: str
    characters: BitMap

    def draws(self, text: str) -> bool:
        return all(ord(character) in self.characters for character in text if character != " ")


@lru_cache(maxsize=4)
def _faces(paths: tuple[str, ...]) -> tuple[Face, ...]:
    return tuple(_read(path) for path in paths)


def _read(path: str) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        names = font["name"]
        family = names.getDebugName(TYPOGRAPHIC_FAMILY) or names.getDebugName(FAMILY) or ""
        return Face(path, family, _characters(font))


def _characters(font: TTFont) -> BitMap:
    """Return the code points that a font has glyphs for.

    A font of all of Japanese has a table of ranges, which is read as it is: to name the glyph of
    each character, the library would read the outlines too, 70 MB in each worker.
    Source: format 12 of https://learn.microsoft.com/typography/opentype/spec/cmap
    """
    data = font.reader["cmap"]
    _version, n_tables = HEAD.unpack_from(data)
    for _platform, _encoding, place in TABLE.iter_unpack(
        data[HEAD.size :][: n_tables * TABLE.size]
    ):
        kind, _reserved, _length, _language, n_ranges = RANGES.unpack_from(data, place)
        if kind == OF_RANGES:
            found = BitMap()
            ranges = data[place + RANGES.size :][: n_ranges * RANGE.size]
            for first, last, _glyph in RANGE.iter_unpack(ranges):
                found.add_range(first, last + 1)
            return found
    return BitMap(font.getBestCmap())


def faces() -> tuple[Face, ...]:
    """Return the fonts of CHART_FONT_FILES, each read once."""
    return _faces(tuple(settings.CHART_FONT_FILES))


def face_for(language: str) -> Face | None:
    """Return the first font that has the characters of a language, if any has."""
    return _face_for(language, tuple(settings.CHART_FONT_FILES))


@lru_cache(maxsize=32)
def _face_for(language: str, paths: tuple[str, ...]) -> Face | None:
    sample = SAMPLES.get(language, SAMPLE)
    return next((face for face in _faces(paths) if face.draws(sample)), None)


def lacking(text: Iterable[str], own: Sequence[Face] | None = None) -> set[str]:
    """Return the characters that no font has."""
    known = [face.characters for face in own or faces()]
    return {
        one
        for one in set(text)
        if not one.isspace() and not any(ord(one) in characters for characters in known)
    }


def is_of_words(character: str) -> bool:
    """Say whether a text would say something else without a character: a letter or a figure.

    A symbol, an emoji or a mark that chooses a variant can be left out.
    """
    is_variant = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return unicodedata.category(character)[0] in "LNM" and not is_variant
