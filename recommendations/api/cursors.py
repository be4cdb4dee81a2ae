"""Where a page of rows ends, said so that the next begins there whatever is published meanwhile.

A cursor holds the place of the last row: what the rows are sorted by, and the row's own key. Nobody
counts rows to find it, and a row that has left the list is a place all the same. It is signed, and
belongs to what was asked: of another query it is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, TypeVar

import msgspec
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from recommendations.web.errors import BadAddress

Found = TypeVar("Found")
PARAMETER = "cursor"
LONGEST = 300


def _signer() -> Signer:
    return Signer(salt="recommendations.api.cursor", sep=".")


def _digest(query: str) -> bytes:
    return hashlib.sha256(query.encode()).digest()[:8]


def cursor_of(place: Any, *, query: str) -> str:
    packed = msgspec.msgpack.encode((_digest(query), place))
    return _signer().sign(base64.urlsafe_b64encode(packed).decode().rstrip("="))


def place_of(cursor: str, kind: type[Found], *, query: str) -> Found:
    """Return the place that a cursor holds, or raise BadAddress."""
    try:
        text = _signer().unsign(cursor[:LONGEST])
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        digest, rest = msgspec.msgpack.decode(packed, type=tuple[bytes, msgspec.Raw])
        place = msgspec.msgpack.decode(rest, type=kind)
    except (BadSignature, binascii.Error, msgspec.MsgspecError):
        raise _refused(_("The cursor is none that was given here. Leave it out.")) from None
    if digest != _digest(query):
        raise _refused(
            _("The cursor belongs to another query. Begin without it, and change no parameter.")
        )
    return place


def _refused(sentence: str) -> BadAddress:
    return BadAddress([sentence], parameters=[PARAMETER])
