"""Items of JSON Feed, and of the answers of APIs by an adapter. No adapter runs anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec

from .charsets import decoded
from .feed_texts import item_of
from .feeds import MOST_ITEMS, Adapter, Fault, FeedItem, FeedRead, Unreadable

PLACE = re.compile(r"\{([^{}]*)\}")


def read_json(body: bytes, *, content_type: str, address: str) -> FeedRead:
    """Return the items of a JSON Feed. Raises Unreadable."""
    said = _decoded(body, content_type)
    rows = said.get("items") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise Unreadable(Fault.NO_FEED)
    return _read(rows, lambda row: _of_feed(row, address))


def read_api(body: bytes, adapter: Adapter, *, content_type: str, address: str) -> FeedRead:
    """Return the items of an answer. Raises Unreadable."""
    rows = at(_decoded(body, content_type), adapter.items)
    if not isinstance(rows, list):
        raise Unreadable(Fault.NO_LIST)
    found = _read(rows, lambda row: _of_api(row, adapter, address))
    if rows and not found.items:
        raise Unreadable(Fault.NO_ITEMS)
    return found


def _read(rows: list[Any], item: Callable[[Any], FeedItem | None]) -> FeedRead:
    items = (item(row) for row in rows[:MOST_ITEMS])
    return FeedRead(tuple(filter(None, items)), len(rows) > MOST_ITEMS)


def _decoded(body: bytes, content_type: str) -> Any:
    try:
        return msgspec.json.decode(decoded(body, content_type)[0].lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Unreadable(Fault.BROKEN) from error


def _of_feed(row: Any, base: str) -> FeedItem | None:
    address = word_at(row, "url") or word_at(row, "external_url") or word_at(row, "id")
    text = word_at(row, "summary") or word_at(row, "content_text") or word_at(row, "content_html")
    return item_of(
        known_by=word_at(row, "id"),
        title=word_at(row, "title") or text,
        address=address,
        published=word_at(row, "date_published") or word_at(row, "date_modified"),
        text=text,
        base=base,
    )


def _of_api(row: Any, adapter: Adapter, base: str) -> FeedItem | None:
    return item_of(
        known_by=word_at(row, adapter.key),
        title=word_at(row, adapter.title),
        address=_address(row, adapter.address),
        published=word_at(row, adapter.published),
        text=word_at(row, adapter.text),
        base=base,
    )


def _address(row: Any, written: str) -> str:
    """Return what stands at a path, or an address with what stands at its paths filled in."""
    if "{" not in written:
        return word_at(row, written)
    values = {path: word_at(row, path) for path in PLACE.findall(written)}
    if not all(values.values()):
        return ""
    return PLACE.sub(lambda found: quote(values[found[1]], safe=""), written)


def word_at(said: Any, path: str) -> str:
    """Return the words or the number at a path, "" where there are none."""
    found = at(said, path) if path else None
    if isinstance(found, str):
        return found
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return str(found) if is_number else ""


def at(said: Any, path: str) -> Any:
    """Return what stands at a path of names and numbers, None where nothing does."""
    for step in path.split(".") if path else ():
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdigit():
            said = said[int(step)] if int(step) < len(said) else None
        else:
            return None
    return said
