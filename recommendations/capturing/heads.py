"""What a page says of itself: its tags of data, times, headings and JSON-LD.

A stream of events, not a tree: no depth of nesting can exhaust it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from recommendations.importing.blocks import clean_text

# So much is read of each, and so many of each kind.
LONGEST = 500
LONGEST_DATA = 500_000
MOST = 200
ARTICLES = re.compile(
    r"article|report|posting|webpage|legislation|governmentdocument|document|book"
)
# Text of these is kept while they are open.
TOLD = ("title", "h1", "time")


@dataclass
class Head:
    """What was said, in the order in which it stands. `metas` are by their name in small letters.

    `times` are the values of elements that are said to be when it was published; `moments` those
    of all others of time.
    """

    language: str = ""
    title: str = ""
    canonical: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """Return what the first of these tags says that says anything."""
        return next((value for name in names for value in self.metas.get(name, ())), "")


def head_of(html: str) -> Head:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for text in reader.data:
        reader.head.articles += _articles_in(text)
    return reader.head


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head = Head()
        self.data: list[str] = []
        # What is open, its text so far, and whether it says when it was published.
        self.open = ""
        self.text: list[str] = []
        self.size = 0
        self.is_publication = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.head.language = self.head.language or values.get("lang", "")[:LONGEST]
        elif tag == "meta":
            self._meta(values)
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            self.head.canonical = self.head.canonical or values.get("href", "").strip()
        elif tag == "script":
            if values.get("type", "").strip().lower() == "application/ld+json":
                self._begin(tag)
        elif tag in TOLD or "datepublished" in values.get("itemprop", "").lower().split():
            self._begin_told(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag != self.open:
            return
        text = "".join(self.text)
        self.open = ""
        if tag == "script":
            if len(self.data) < MOST:
                self.data.append(text)
            return
        text = clean_text(text[:LONGEST]).strip()
        if self.is_publication:
            _add(self.head.times, text)
        elif tag == "time":
            _add(self.head.moments, text)
        elif tag == "title":
            self.head.title = self.head.title or text
        elif tag == "h1":
            _add(self.head.headings, text)

    def handle_data(self, data: str) -> None:
        if self.open and self.size < LONGEST_DATA:
            self.text.append(data)
            self.size += len(data)

    def _begin(self, tag: str) -> None:
        self.open, self.text, self.size, self.is_publication = tag, [], 0, False

    def _begin_told(self, tag: str, values: dict[str, str]) -> None:
        """Take the value of an attribute where there is one, or else the words."""
        value = (values.get("datetime") or values.get("content") or "").strip()[:LONGEST]
        is_publication = (
            "datepublished" in values.get("itemprop", "").lower().split() or "pubdate" in values
        )
        if value and (is_publication or tag == "time"):
            _add(self.head.times if is_publication else self.head.moments, value)
            return
        self._begin(tag)
        self.is_publication = is_publication

    def _meta(self, values: dict[str, str]) -> None:
        content = clean_text(values.get("content", "")[:LONGEST]).strip()
        names = (values.get(key, "") for key in ("name", "property", "itemprop", "http-equiv"))
        name = next(filter(None, names), "").strip().lower()
        if name and content and len(self.head.metas) < MOST:
            _add(self.head.metas.setdefault(name, []), content)


def _add(found: list[str], value: str) -> None:
    if value and len(found) < MOST:
        found.append(value)


def _articles_in(text: str) -> list[dict[str, Any]]:
    """Return what JSON-LD says of articles and the like, in its order."""
    try:
        return list(_articles(json.loads(text.strip().rstrip(";"))))[:MOST]
    except (ValueError, RecursionError):
        return []


def _articles(node: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 5:
        return
    if isinstance(node, list):
        for one in node[:MOST]:
            yield from _articles(one, depth + 1)
    elif isinstance(node, dict):
        kinds = node.get("@type", "")
        words = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(word, str) and ARTICLES.search(word.lower()) for word in words):
            yield node
        yield from _articles(node.get("@graph", ()), depth + 1)
        yield from _articles(node.get("mainEntity", ()), depth + 1)


def names_in(value: Any) -> list[str]:
    """Return the names that JSON-LD gives of people or organisations."""
    if isinstance(value, str):
        return [clean_text(value[:LONGEST]).strip()] if value.strip() else []
    if isinstance(value, dict):
        return names_in(value.get("name"))
    if isinstance(value, list):
        return [name for one in value[:MOST] for name in names_in(one)]
    return []
