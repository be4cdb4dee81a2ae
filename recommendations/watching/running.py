"""One run of the watch: feeds that are due, one after the other, and then what they brought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from recommendations.models import Feed

from .fetching import Fetch, fetch_feed, fetch_within_limits
from .ranking import rank_new
from .storing import store

# So long a run holds a feed. Of one that was killed the next takes it then.
HELD = timedelta(minutes=30)


@dataclass(slots=True)
class Watched:
    """What a run came to."""

    fetched: int = 0
    failed: int = 0
    new: int = 0
    waiting: int = 0
    folded: int = 0


def watch(
    *,
    until: datetime,
    fetch: Fetch = fetch_within_limits,
    now: Callable[[], datetime] = timezone.now,
) -> Watched:
    """Fetch what is due until a moment, then compare what is new with the actions.

    Raises BeingMade while there is no index; what was fetched is kept.
    """
    watched = Watched()
    while now() < until and (feed := hold(now=now())):
        reading = fetch_feed(feed, today=now().date(), fetch=fetch)
        n = store(feed, reading, now=now())
        if n is not None:
            watched.fetched += reading.worked
            watched.failed += not reading.worked
            watched.new += n
    watched.waiting, watched.folded = rank_new(until=until)
    return watched


def hold(*, now: datetime) -> Feed | None:
    """Return the next feed that is due, held by the caller."""
    while feed := Feed.objects.due(now=now).first():
        seen = Feed.objects.filter(pk=feed.pk, next_at=feed.next_at, is_on=True)
        feed.next_at = now + HELD
        if seen.update(next_at=feed.next_at):
            return feed
    return None
