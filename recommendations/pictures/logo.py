"""The logo of a site: read as a picture, and drawn anew, so that nothing else comes with it."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES, MOST_PIXELS = 1_000_000, 4_000_000
# Twice what the head of a page has room for.
WIDEST, HIGHEST, LEAST_HIGH = 480, 96, 24
KINDS = {"PNG": "png", "WEBP": "webp"}
TYPES = {"png": "image/png", "webp": "image/webp"}


class LogoProblem(Exception):
    """The file is no logo; the words say why, and what to do."""


@dataclass(frozen=True, slots=True)
class Logo:
    """`name` is its digest and its kind, which changes with every change: 1f0c….png."""

    name: str
    data: bytes
    width: int
    height: int


def read_logo(data: bytes, *, size: int | None = None) -> Logo:
    """Return a picture as it is served, or raise LogoProblem.

    `size` is that of the whole file, in bytes, where no more of it was read than may be there.
    """
    size = len(data) if size is None else size
    if size > MOST_BYTES:
        raise LogoProblem(
            _("The file has %(n)d kB. It can have up to %(most)d: make the picture smaller.")
            % {"n": size // 1000, "most": MOST_BYTES // 1000}
        )
    picture, kind = _opened(data)
    try:
        drawn = _drawn(picture, kind)
    except (OSError, ValueError, SyntaxError, struct.error, MemoryError) as error:
        raise LogoProblem(
            _("The picture is damaged: it cannot be read to its end. Save it anew.")
        ) from error
    return drawn


def _opened(data: bytes) -> tuple[Image, str]:
    # Here, since a worker that is sent no logo needs no decoders.
    from PIL.Image import DecompressionBombError
    from PIL.Image import open as opened

    try:
        picture = opened(io.BytesIO(data), formats=tuple(KINDS))
    except (OSError, ValueError, SyntaxError, struct.error, DecompressionBombError) as error:
        raise LogoProblem(
            _("This is neither PNG nor WebP. Other kinds, SVG too, can carry scripts or more: save "
              "the logo as PNG.")
        ) from error  # fmt: skip
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise LogoProblem(
            _("The picture has %(width)d by %(height)d pixels. Make it smaller: %(high)d high is "
              "enough.")
            % {"width": width, "height": height, "high": HIGHEST}
        )  # fmt: skip
    if height < LEAST_HIGH:
        raise LogoProblem(
            _("The picture is %(height)d pixels high. Give one of at least %(least)d.")
            % {"height": height, "least": LEAST_HIGH}
        )
    return picture, str(picture.format)


def _drawn(picture: Image, kind: str) -> Logo:
    """Return its first frame with nothing but its pixels."""
    from PIL.Image import new

    pixels = picture.convert("RGBA")
    pixels.thumbnail((WIDEST, HIGHEST))
    bare = new("RGBA", pixels.size)
    bare.paste(pixels)
    written = io.BytesIO()
    if kind == "PNG":
        bare.save(written, "PNG", optimize=True)
    else:
        bare.save(written, "WEBP", lossless=True)
    data = written.getvalue()
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.{KINDS[kind]}"
    return Logo(name, data, *bare.size)
