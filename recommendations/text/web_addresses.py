"""Which addresses of the web the record takes."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

SCHEMES = ("http", "https")
LONGEST = 2000
USUAL_PORTS = (80, 443)
# What a browser leaves as it is in a path.
KEPT = "%/:?@!$&'()*+,;=|~[]"
# Controls, and what nobody sees: zero width, soft hyphen, and marks that turn the order of the
# letters around, so that an address reads as another one.
INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_is_well_formed = URLValidator(schemes=SCHEMES)


def refuse_bad_address(address: str) -> None:
    """Raise ValidationError, with what to do about it, for an address that nobody should follow."""
    if problem := _problem_of(address):
        raise ValidationError(problem)
    try:
        _is_well_formed(address)
    except ValidationError as error:
        form = _("An address begins with https:// or http://. Copy all of it from the browser.")
        raise ValidationError([error, form]) from error


def _problem_of(address: str) -> str:
    if len(address) > LONGEST:
        return _("An address has at most %(limit)d characters, this one has %(n)d.") % {
            "limit": LONGEST,
            "n": len(address),
        }
    if INVISIBLE.search(address):
        return _("This address has invisible characters. Type it instead of copying it.")
    try:
        parts = urlsplit(address)
    except ValueError:
        # What is well formed is asked next.
        return ""
    if "@" in parts.netloc:
        return _("Leave the name or password before the @ out of this address.")
    return ""


@lru_cache(maxsize=4096)
def comparable(address: str) -> str:
    """Return an address by which two spellings of the same page are one.

    The scheme, the case of the host, its usual port, the fragment, slashes at the end and letters
    written with % make no other page; the path and what follows the question mark may.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address.strip()
    host = _in_ascii((parts.hostname or "").rstrip("."))
    if port and port not in USUAL_PORTS:
        host = f"{host}:{port}"
    query = f"?{quote(parts.query, safe=KEPT)}" if parts.query else ""
    return f"{host}{quote(parts.path, safe=KEPT).rstrip('/')}{query}"


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
