"""Canonical JSON (RFC 8785), and the digests of editions. Pure functions.

An item is an object of `key` and `content`. The digest of an edition is that of an object of
`format`, `header`, `items` (the digests of its items, sorted) and `previous` (the digest of the
edition before, empty where there is none).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

# Of new editions. Those of an earlier format are verified by that (`contents.FORMATS`).
FORMAT = 2
FIRST_FORMAT = 1
Content = dict[str, Any]
# Beyond it a number is none that every reader of JSON knows.
GREATEST = 2**53 - 1
SIMPLE = {str, bool, type(None)}
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """Python's own encoder writes what is simple to the same text, and in a quarter of the time."""
    return ENCODER.encode(value) if _is_simple(value) else rfc8785.dumps(value).decode()


def _is_simple(value: Any) -> bool:
    """Without fractions, which the two write differently, and names that they sort differently."""
    kind = type(value)
    if kind in SIMPLE:
        return True
    if kind is int:
        return -GREATEST <= value <= GREATEST
    if kind is dict:
        names_are_simple = set(map(type, value)) <= {str} and "".join(value).isascii()
        return names_are_simple and _are_simple(value.values())
    return kind is list and _are_simple(value)


def _are_simple(values: Iterable[Any]) -> bool:
    return all(type(one) in SIMPLE or _is_simple(one) for one in values)


def read(text: str) -> Any:
    """Return what a text in JSON says; one that was damaged is returned as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def item_text(key: str, content: str) -> str:
    """Return the canonical JSON of an item whose content is canonical JSON already."""
    return f'{{"content":{content},"key":{canonical(key)}}}'


def item_digest(key: str, content: str) -> str:
    return sha256(item_text(key, content))


def edition_digest(header: str, items: Iterable[str], previous: str, *, format: int) -> str:
    """Return the digest of an edition whose header is canonical JSON already."""
    listed = canonical(sorted(items))
    return sha256(
        f'{{"format":{format},"header":{header},"items":{listed},"previous":{canonical(previous)}}}'
    )


def seal_of(private: Content, nonce: str) -> str:
    """Return what binds values that are not public, and tells nothing of them."""
    return sha256(canonical({"nonce": nonce, "private": private}))


def plain(value: Any) -> Any:
    """Return a value of a column as JSON knows it: times in UTC, dates in ISO 8601."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    return value.isoformat() if isinstance(value, date) else value
