"""What a fetch brought, kept once: new items and the mark of the fetch in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations import acts
from recommendations.capturing import feeds
from recommendations.capturing.feed_reading import SECONDS
from recommendations.models import Feed, FeedItem
from recommendations.models.act import Event

from .fetching import Fetch, Reading, fetch_feed, fetch_within_limits

INTERVAL = timedelta(hours=6)
# A feed that fails is asked less and less often.
LONGEST_PAUSE = timedelta(days=7)
AT_ONCE = 200


@transaction.atomic
def store(feed: Feed, reading: Reading, *, now: datetime) -> int | None:
    """Keep what is new of a feed that the caller holds by its `next_at`; return how many.

    None where somebody else has had it since, or changed it: what was read is of another feed.
    """
    held = Feed.objects.select_for_update(of=("self",))
    stored = held.filter(pk=feed.pk, next_at=feed.next_at, url=feed.url, kind=feed.kind).first()
    if stored is None or not stored.is_on or stored.adapter != feed.adapter:
        return None
    n = _keep(stored, reading.items, now=now) if reading.worked else 0
    _mark(stored, reading, now=now)
    stored.next_at = now + pause_after(stored.failures)
    stored.save()
    return n


def _keep(feed: Feed, items: Collection[feeds.FeedItem], *, now: datetime) -> int:
    """Store what was never seen in the feed, and return how many."""
    by_key = {item.key: item for item in items}
    known: set[str] = set()
    keys = list(by_key)
    for start in range(0, len(keys), AT_ONCE):
        seen = FeedItem.objects.filter(feed=feed, key__in=keys[start : start + AT_ONCE])
        known |= set(seen.values_list("key", flat=True))
    # What the feed lists first is the newest, and comes last here.
    new = [_row(feed, one, now=now) for key, one in by_key.items() if key not in known][::-1]
    FeedItem.objects.bulk_create(new, batch_size=AT_ONCE)
    return len(new)


def _row(feed: Feed, item: feeds.FeedItem, *, now: datetime) -> FeedItem:
    return FeedItem(
        feed=feed,
        key=item.key,
        title=item.title,
        url=item.address,
        published_on=item.published_on,
        text=item.text,
        seen_at=now,
    )


def _mark(feed: Feed, reading: Reading, *, now: datetime) -> None:
    feed.fetched_at, feed.problem = now, reading.problem
    if reading.worked:
        feed.worked_at, feed.failures, feed.etag = now, 0, reading.etag
    else:
        feed.failures += 1


def pause_after(failures: int) -> timedelta:
    """Return when a feed is fetched again: each failure in a row doubles the pause."""
    return min(INTERVAL * 2 ** min(failures, 10), LONGEST_PAUSE)


# What editors do ----------------------------------------------------------------------------------


def try_feed(
    feed: Feed,
    *,
    by: User,
    now: datetime,
    fetch: Fetch = fetch_within_limits,
    seconds: int = SECONDS,
) -> Reading:
    """Fetch a feed to see what would come, and remember whether that worked. No item is kept.

    `seconds` are those of the processor that it may take to read.
    """
    feed.etag = ""
    reading = fetch_feed(feed, today=now.date(), fetch=fetch, seconds=seconds)
    if reading.worked and not reading.items:
        reading = Reading(problem=_("It has no items. Try it again when it has."))
    with transaction.atomic():
        rows = Feed.objects.select_for_update(of=("self",))
        stored = rows.get(pk=feed.pk)
        if (stored.url, stored.kind, stored.adapter) == (feed.url, feed.kind, feed.adapter):
            _mark(stored, reading, now=now)
            # What is seen now is no news yet: the first fetch has to bring it.
            stored.etag = ""
            stored.save()
        said = f"tried: {reading.problem or f'{len(reading.items)} items'}"
        acts.note(Event.OTHER, person=by, subject=acts.name_of(feed), detail=said)
    return reading


def switch_on(feed: Feed, *, by: User, now: datetime) -> None:
    """Have a feed fetched from now on. Raises ValidationError where no fetch has worked yet."""
    with transaction.atomic():
        stored = Feed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
        if stored.worked_at is None or stored.problem:
            raise ValidationError(_("Try the feed first: it can be on once that worked."))
        stored.is_on, stored.next_at = True, now
        stored.save()
        acts.note(Event.OTHER, person=by, subject=acts.name_of(feed), detail="switched on")


def switch_off(feed: Feed, *, by: User) -> None:
    with transaction.atomic():
        Feed.objects.filter(pk=feed.pk).update(is_on=False)
        acts.note(Event.OTHER, person=by, subject=acts.name_of(feed), detail="switched off")
