"""Noting what a check found, once, and telling readers where that changes what they see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from recommendations import acts
from recommendations.capturing.answers import Checked
from recommendations.models import CheckedLink, LinkCheck
from recommendations.models.act import Event
from recommendations.models.checked_link import LinkOutcome, LinkState
from recommendations.publishing import touch

# Older checks say no more than the state does.
KEPT = timedelta(days=365)
OUTCOMES = {
    "alive": LinkOutcome.THERE,
    "dead": LinkOutcome.GONE,
    "unknown": LinkOutcome.UNKNOWN,
}


@transaction.atomic
def record_check(link: CheckedLink, checked: Checked, *, at: datetime) -> bool:
    """Note one check of a link that the caller holds by its `next_at`; False if no more.

    Where a link has died or come to life, pages that readers keep are out of date.
    """
    held = CheckedLink.objects.select_for_update(of=("self",)).select_related("source")
    stored = held.filter(pk=link.pk, next_at=link.next_at).first()
    if stored is None:
        return False
    outcome, reason = OUTCOMES[checked.state], str(checked.reason or "")
    LinkCheck.objects.create(
        source_id=stored.source_id, at=at, outcome=outcome, reason=reason, status=checked.status
    )
    LinkCheck.objects.filter(source=stored.source_id, at__lt=at - KEPT).delete()
    was_dead = stored.state == LinkState.DEAD
    stored.take(outcome, reason, at=at)
    stored.save()
    if was_dead != (stored.state == LinkState.DEAD):
        said = "its page is there again" if was_dead else f"its link is dead: {reason}"
        acts.note(Event.SOURCE, subject=acts.name_of(stored.source), detail=said)
        touch(())
    return True


def ask_again(link: CheckedLink, *, by: User, now: datetime) -> None:
    """Have a link checked by the next run."""
    with transaction.atomic():
        CheckedLink.objects.filter(pk=link.pk).update(next_at=now)
        subject = acts.name_of(link.source)
        acts.note(Event.SOURCE, person=by, subject=subject, detail="link: to be checked again")
