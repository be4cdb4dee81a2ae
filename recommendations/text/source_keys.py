"""By which key two spellings of an address are known to be one source."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

from .listed_hosts import plain_host

LONGEST_KEY = 1000
SLUG_LENGTH = 16
PORTS = {"http": 80, "https": 443}
# What says how a reader came to a page, and nothing of the page.
TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|mkt_tok)(=|\Z)",
    re.IGNORECASE,
)
ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
# What stands in an address as it is, and an escape that was made plain already.
KEPT = "%/:?@!$&'()*+,;=~-._"


@lru_cache(maxsize=4096)
def source_key(address: str) -> str:
    """Return the key of an address: ASCII, of at most LONGEST_KEY characters.

    The case of scheme and host, the usual port, a dot at the end of the host, the fragment, what
    only tracks readers and letters written with % or without make no other source. Whatever else
    differs does: http and https, a slash at the end, the order of a query.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _shortened(quote(address, safe=KEPT))
    host = plain_host(parts.hostname or "")
    if ":" in host:
        host = f"[{host}]"
    if port and port != PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    kept = "&".join(one for one in parts.query.split("&") if not TRACKING.match(one))
    query = f"?{_plain(kept)}" if kept else ""
    return _shortened(f"{parts.scheme}://{host}{_plain(parts.path) or '/'}{query}")


def source_slug(key: str) -> str:
    """Return the short name of a source in addresses and files: the same in every database."""
    return sha256(key.encode()).hexdigest()[:SLUG_LENGTH]


def _plain(text: str) -> str:
    """Return a path or a query with one spelling of each character."""
    return ESCAPE.sub(_one_spelling, quote(text, safe=KEPT))


def _one_spelling(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if UNRESERVED.fullmatch(character) else f"%{escape[1].upper()}"


def _shortened(key: str) -> str:
    """Return a key that an index takes. No address has a # in it once its fragment is gone."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}#{digest}"
