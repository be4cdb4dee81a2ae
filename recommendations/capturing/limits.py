"""How much a fetch may take, of time and of bytes."""

from __future__ import annotations

import msgspec

MEGABYTE = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """`wall` and `silence` in seconds: of the whole, redirects among it, and between two reads.

    `sent` is what may come over the wire, heads among it; `size` what a page may have once it is
    decompressed. With `is_cut` a page that is longer is cut there, where its words do not matter.
    """

    wall: float = 40
    silence: float = 10
    sent: int = 20 * MEGABYTE
    size: int = 20 * MEGABYTE
    redirects: int = 5
    is_cut: bool = False


CAPTURED = Limits()
# Whether a page is still there takes its first lines.
CHECKED = Limits(wall=20, sent=MEGABYTE, size=64 * 1024, is_cut=True)
