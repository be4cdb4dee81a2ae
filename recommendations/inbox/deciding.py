"""Decide on items of the inbox: whose they are, that they are no news, that they were logged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations import acts
from recommendations.models import InboxItem, StatusUpdate
from recommendations.models.act import Event
from recommendations.models.inbox_item import InboxState
from recommendations.text.ranges import ranges

from .lowering import count_dismissals, take_back


@transaction.atomic
def assign_items(keys: Collection[int], *, to: User | None, by: User) -> int:
    """Give what waits to a person or to nobody, and return how many changed hands."""
    rows = InboxItem.objects.waiting().filter(pk__in=keys)
    others = rows.exclude(assigned_to=to) if to else rows.filter(assigned_to__isnull=False)
    changed = list(others.values_list("pk", flat=True))
    InboxItem.objects.filter(pk__in=changed).update(assigned_to=to)
    _note(changed, f"assigned to {to.get_username() if to else 'nobody'}", by=by)
    return len(changed)


@transaction.atomic
def dismiss_items(keys: Collection[int], *, reason: str, by: User) -> int:
    """Say of what waits why it is no news, and return of how many.

    What a colleague has decided on meanwhile stays as they decided.
    """
    rows = InboxItem.objects.waiting().filter(pk__in=keys).select_for_update(of=("self",))
    items, now = list(rows.order_by("pk").defer("text")), timezone.now()
    waiting = [item.pk for item in items]
    InboxItem.objects.waiting().filter(pk__in=waiting).update(
        state=InboxState.DISMISSED, reason=reason, decided_by=by, decided_at=now
    )
    count_dismissals(items, now=now)
    _note(waiting, f"dismissed: {reason}", by=by)
    return len(waiting)


@transaction.atomic
def bring_back(item: InboxItem, *, by: User) -> None:
    """Let what was dismissed wait again. Raises ValidationError where it cannot."""
    row = InboxItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not row.is_dismissed:
        raise ValidationError(_("Only what was dismissed can be brought back."))
    if InboxItem.objects.waiting().known_by([row.key]).exists():
        raise ValidationError(_("The same waits in the inbox already."))
    row.state, row.reason, row.decided_by, row.decided_at = InboxState.WAITING, "", None, None
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    take_back(row)
    _note([row.pk], "brought back", by=by)


def record_logged(
    item: InboxItem, updates: Collection[StatusUpdate], *, by: User, now: datetime
) -> None:
    """Remember which updates came of an item. Call it in the transaction that stores them.

    Raises ValidationError where a colleague dismissed it meanwhile.
    """
    row = InboxItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.is_dismissed:
        raise ValidationError(
            _("%(person)s dismissed this meanwhile: %(reason)s Bring it back first.")
            % {"person": row.decided_by, "reason": row.reason}
        )
    slugs = [update.slug for update in updates]
    row.logged_as = list(dict.fromkeys([*row.logged_as, *slugs]))
    row.state, row.decided_by, row.decided_at = InboxState.LOGGED, by, now
    row.save(update_fields=["logged_as", "state", "decided_by", "decided_at"])
    _note([row.pk], f"logged: {', '.join(slugs)}", by=by)


def _note(keys: Collection[int], detail: str, *, by: User) -> None:
    if keys:
        subject = f"inboxitem {ranges(keys)}"
        acts.note(Event.INBOX, person=by, subject=subject, detail=detail)
