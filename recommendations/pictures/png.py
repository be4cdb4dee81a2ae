"""Pictures as PNG, drawn by resvg with the fonts of the settings alone."""

from __future__ import annotations

import re

from django.utils.translation import get_language

from .fonts import Face, face_for, faces, is_of_words, lacking
from .frame import TALLEST, WIDTH, Picture

TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


class Undrawable(Exception):
    """No PNG can be made: `characters` are what no font has; none where there is no font at all."""

    def __init__(self, characters: str = "") -> None:
        super().__init__(characters)
        self.characters = characters


def can_draw(text: str) -> bool:
    """Say whether the fonts have the words of a text and those of the reader's language."""
    face = face_for(get_language() or "en")
    return face is not None and not any(map(is_of_words, lacking(text)))


def png_of(picture: Picture) -> bytes:
    """Return the picture as PNG, without what no font has, or raise Undrawable.

    What it would change the words to leave out is not left out.
    """
    face = face_for(picture.language)
    if face is None or picture.height > TALLEST:
        raise Undrawable
    missing = lacking("".join(TEXT.findall(picture.svg())))
    if words := sorted(filter(is_of_words, missing)):
        raise Undrawable("".join(words[:10]))
    left_out = dict.fromkeys(map(ord, missing))
    return _rendered(picture.svg(face.family).translate(left_out), face, picture)


def _rendered(svg: str, face: Face, picture: Picture) -> bytes:
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            height=picture.height,
            font_files=[one.path for one in faces()],
            font_family=face.family,
            sans_serif_family=face.family,
            skip_system_fonts=True,
            languages=[picture.language],
        )
    )
