"""New items find their action, and wait with it in the inbox; what fits nothing is folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from recommendations import acts
from recommendations.inbox import News, Suggested, add_items, suggested_of
from recommendations.models import Assignment, FeedItem
from recommendations.models.act import Event
from recommendations.models.feed import FeedItemState
from recommendations.models.inbox_item import CameFrom
from recommendations.viewpoint import today

# What scores less is folded: 0.83 of what the record cites scores more (decision 16).
FITS = 0.05


def rank_new(*, until: datetime) -> tuple[int, int]:
    """Compare what nobody has compared yet; return how many wait now and how many are folded.

    Raises BeingMade while there is no index: they stay as they are.
    """
    waiting = folded = 0
    while timezone.now() < until and (item := FeedItem.objects.new().order_by("pk").first()):
        found = [one for one in suggested_of(item.words, item.url) if one.score >= FITS]
        state = _keep(item, found, FeedItemState.WAITING if found else FeedItemState.FOLDED)
        waiting += state == FeedItemState.WAITING
        folded += state == FeedItemState.FOLDED
    return waiting, folded


def put_into_inbox(item: FeedItem, *, by: User) -> bool:
    """Let what was folded wait all the same, with whatever it may be about; False if it does.

    Raises BeingMade while there is no index.
    """
    if item.state != FeedItemState.FOLDED:
        return False
    found = suggested_of(item.words, item.url)
    with transaction.atomic():
        is_added = _keep(item, found, FeedItemState.WAITING) == FeedItemState.WAITING
        if is_added:
            said = "put into the inbox, though it fitted nothing"
            acts.note(Event.INBOX, person=by, subject=acts.name_of(item), detail=said)
    return is_added


def _keep(item: FeedItem, found: Sequence[Suggested], state: FeedItemState) -> FeedItemState | None:
    """Store what became of an item, once; None where somebody else has compared it meanwhile.

    What the inbox refuses, such as a host that is never evidence, is folded.
    """
    with transaction.atomic():
        rows = FeedItem.objects.select_for_update(of=("self",)).select_related("feed")
        stored = rows.filter(pk=item.pk, state=item.state).first()
        if stored is None:
            return None
        if state == FeedItemState.WAITING and not _add(stored, found):
            state = FeedItemState.FOLDED
        stored.state = state
        # What fits nothing may be put into the inbox later, with its words.
        stored.text = "" if state == FeedItemState.WAITING else stored.text
        stored.save(update_fields=["state", "text"])
    return state


def _add(item: FeedItem, found: Sequence[Suggested]) -> bool:
    """Put an item into the inbox with its suggestions; False where it is refused there."""
    is_past = item.published_on is not None and item.published_on <= today()
    published_on = item.published_on if is_past else None
    news = News(url=item.url, title=item.title, published_on=published_on, text=item.text)
    person = looks_after(found[0].action) if found else None
    added = add_items([news], came_from=CameFrom.WATCHED, assigned_to=person)
    for row in added.new:
        row.suggestions = [asdict(one) for one in found]
        row.suggested_at = timezone.now()
        row.save(update_fields=["suggestions", "suggested_at"])
    return not added.refused


def looks_after(action: int) -> User | None:
    """Return who looks after an action: the nearest assignment counts, of equal ones the first."""
    rows = Assignment.objects.filter(analyst__is_active=True).select_related("analyst")
    for way in ("action", "section__recommendations__actions", "area__recommendations__actions"):
        if found := rows.filter(**{way: action}).order_by("pk").first():
            return found.analyst
    return None
