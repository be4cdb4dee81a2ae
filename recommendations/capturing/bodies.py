"""The body of an answer, its transfer and compression undone, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from http.client import HTTPResponse

from .limits import Limits
from .problems import Reason, Refused

PIECE = 64 * 1024
GZIP = ("gzip", "x-gzip")
PLAIN = ("", "identity")
GZIP_MAGIC = b"\x1f\x8b"
WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS


def body_of(response: HTTPResponse, limits: Limits) -> bytes:
    """Return the whole body. Raises Refused, also for one that breaks off."""
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in (*GZIP, *PLAIN):
        raise Refused(Reason.UNSUPPORTED, status=response.status)
    if (response.length or 0) > limits.sent and not limits.is_cut:
        raise Refused(Reason.TOO_LARGE, status=response.status)
    pieces = _received(response)
    if encoding in GZIP:
        pieces = _unpacked(pieces)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limits.size:
            if limits.is_cut:
                return bytes(body[: limits.size])
            raise Refused(Reason.TOO_LARGE, status=response.status)
    if not body:
        raise Refused(Reason.EMPTY, status=response.status)
    return bytes(body)


def _received(response: HTTPResponse) -> Iterator[bytes]:
    while piece := response.read(PIECE):
        yield piece
    # Of a body whose length was told, http.client says nothing when less of it comes.
    if response.length:
        raise Refused(Reason.BROKEN, status=response.status)


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress piece by piece, never more at once than a piece. Raises Refused.

    A file may have several members; what follows the last one and is none is passed over.
    """
    unpacker = zlib.decompressobj(WITH_GZIP_HEADER)
    for piece in pieces:
        left = piece
        while left:
            if unpacker.eof:
                if not left.startswith(GZIP_MAGIC):
                    break
                unpacker = zlib.decompressobj(WITH_GZIP_HEADER)
            yield _decompressed(unpacker, left)
            left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    # What was taken in and has not come out yet.
    while not unpacker.eof and (last := _decompressed(unpacker, b"")):
        yield last
    if not unpacker.eof:
        raise Refused(Reason.BROKEN)


def _decompressed(unpacker: zlib._Decompress, data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, PIECE)
    except zlib.error as error:
        raise Refused(Reason.BROKEN) from error
