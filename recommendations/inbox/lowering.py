"""What was dismissed lowers its host for the actions that had been suggested, by half at most.

It is counted with the decision itself, is shown beside each suggestion, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from recommendations import acts
from recommendations.models import Action, InboxItem, LoweredHost
from recommendations.models.act import Event
from recommendations.text.listed_hosts import host_of


def lowered_for(url: str) -> dict[int, LoweredHost]:
    """Return what is lowered of the host of an address, by action (one query, none without one)."""
    host = host_of(url)[:253] if url else ""
    return {one.action_id: one for one in LoweredHost.objects.filter(host=host)} if host else {}


def count_dismissals(items: Iterable[InboxItem], *, now: datetime) -> None:
    """Lower hosts for the actions that dismissed items had been suggested for."""
    for host, action in _pairs(items):
        LoweredHost.objects.get_or_create(host=host, action_id=action, defaults={"last_at": now})
        row = LoweredHost.objects.filter(host=host, action=action)
        row.update(dismissals=F("dismissals") + 1, last_at=now)


def take_back(item: InboxItem) -> None:
    """Undo what the dismissal of one item did."""
    for host, action in _pairs([item]):
        row = LoweredHost.objects.filter(host=host, action=action)
        row.filter(dismissals__gt=0).update(dismissals=F("dismissals") - 1)
        row.filter(dismissals=0).delete()


def lift(pk: int, *, by: User) -> bool:
    """Forget the dismissals of a host for an action; False where it counts in full already."""
    with transaction.atomic():
        row = LoweredHost.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            return False
        row.delete()
        subject = f"host {row.host}, action {row.action_id}"
        acts.note(Event.INBOX, person=by, subject=subject, detail="counts in full again")
    return True


def _pairs(items: Iterable[InboxItem]) -> list[tuple[str, int]]:
    """Return host and action of each suggestion that is not by a citation (one query)."""
    found = [
        (host, said["action"])
        for item in items
        if (host := host_of(item.url)[:253] if item.url else "")
        for said in item.suggestions
        if not said["is_citing"]
    ]
    there = set(
        Action.objects.filter(pk__in={one for _, one in found}).values_list("pk", flat=True)
    )
    return sorted(pair for pair in found if pair[1] in there)
