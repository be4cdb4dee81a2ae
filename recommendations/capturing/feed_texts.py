"""Words and days of feeds: markup taken away, dates in the forms that feeds write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from .feeds import LONGEST_ADDRESS, LONGEST_TEXT, LONGEST_TITLE, FeedItem, key_of

# 2026-11-30, 2026/11/30, 20261130
DAY = re.compile(r"\s*(\d{4})([-/]?)(\d{2})\2(\d{2})(?!\d)")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UNSHOWN = ("script", "style")
# Markup takes more letters than its words.
LONGEST_MARKUP = 10 * LONGEST_TEXT


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unshown = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.unshown += tag in UNSHOWN
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unshown -= tag in UNSHOWN and self.unshown > 0
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unshown:
            self.words.append(data)


def plain(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return words in one line, without markup and what nobody sees."""
    text = text[:LONGEST_MARKUP]
    if "<" in text or "&" in text:
        reader = _Words()
        reader.feed(text)
        reader.close()
        text = "".join(reader.words)
    return " ".join(CONTROLS.sub(" ", text).split())[:longest]


def day_of(written: str) -> date | None:
    """Return the day of a date as feeds write it, in its own zone; None for what is none."""
    try:
        if found := DAY.match(written):
            return date(int(found[1]), int(found[3]), int(found[4]))
        moment: datetime = parsedate_to_datetime(written)
        return moment.date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def item_of(
    *, known_by: str, title: str, address: str, published: str, text: str, base: str
) -> FeedItem | None:
    """Return an item; None for what has no title, or no address that may be followed."""
    title = plain(title, longest=LONGEST_TITLE)
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return None
    is_one = whole.startswith(("https://", "http://")) and whole.isprintable()
    if not title or not is_one or len(whole) > LONGEST_ADDRESS:
        return None
    key = key_of(known_by.strip() or whole)
    return FeedItem(key, title, whole, day_of(published), plain(text))
