"""Fetching one feed, by the confined processes alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import cast

from recommendations.capturing.answers import Fetched, Refusal
from recommendations.capturing.feed_reading import FETCHED, SECONDS, read_feed
from recommendations.capturing.feeds import FeedItem, FeedRead, Kind
from recommendations.capturing.problems import Reason
from recommendations.capturing.sandbox import fetch_page
from recommendations.models import Feed
from recommendations.models.feed import LONGEST_ETAG

# In the address of an API: the day of the fetch before, and some days that it may have been late.
SINCE = "{since}"
OVERLAP = timedelta(days=7)
# Of a first fetch.
BACK = timedelta(days=30)
# `fetch(address, etag=...)`
Fetch = Callable[..., Fetched | Refusal]
fetch_within_limits: Fetch = partial(fetch_page, limits=FETCHED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fetch brought: items, or why there are none. Unchanged is no problem."""

    items: tuple[FeedItem, ...] = ()
    etag: str = ""
    problem: str = ""
    is_cut: bool = False

    @property
    def worked(self) -> bool:
        return not self.problem


def fetch_feed(
    feed: Feed, *, today: date, fetch: Fetch = fetch_within_limits, seconds: int = SECONDS
) -> Reading:
    """Fetch a feed and read it, within so many seconds of the processor. It writes nothing."""
    fetched = fetch(address_of(feed, today=today), etag=feed.etag)
    if isinstance(fetched, Refusal):
        if fetched.reason is Reason.UNCHANGED and feed.etag:
            return Reading(etag=feed.etag)
        return Reading(problem=fetched.sentence)
    read = read_feed(fetched, cast("Kind", feed.kind), feed.read_by(), seconds=seconds)
    if not isinstance(read, FeedRead):
        return Reading(problem=read.sentence)
    return Reading(read.items, etag_of(fetched), is_cut=read.is_cut)


def address_of(feed: Feed, *, today: date) -> str:
    """Return where a feed is fetched today."""
    since = feed.worked_at.date() - OVERLAP if feed.worked_at else today - BACK
    return feed.url.replace(SINCE, since.isoformat())


def etag_of(fetched: Fetched) -> str:
    """Return the tag of an answer, where it is one that can be sent back."""
    tag = fetched.last.field("ETag").strip()
    is_good = tag.isascii() and tag.isprintable() and len(tag) <= LONGEST_ETAG
    return tag if is_good else ""
