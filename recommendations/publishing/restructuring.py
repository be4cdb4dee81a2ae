"""Several steps in what is counted, as one edition: those of a file of research.

What editors do step by step (structure.py, succession.py) opens an edition each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Action, Edition
from recommendations.models.edition import EditionKind

from .editions import Refused, close, lock_state, open_edition
from .structure import refuse_withdrawal, withdraw_in
from .succession import refuse_succession, succeed_in


@dataclass
class Restructuring:
    """What leaves the count, each with its public reason."""

    merges: list[tuple[list[Action], Action, str]] = field(default_factory=list)
    withdrawals: list[tuple[Action, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.merges or self.withdrawals)

    @property
    def leaving(self) -> list[int]:
        merged = [action.pk for actions, _into, _reason in self.merges for action in actions]
        return [*merged, *(action.pk for action, _reason in self.withdrawals)]


@transaction.atomic
def restructure(
    steps: Restructuring,
    *,
    slug: str,
    method: str,
    note: str = "",
    now: datetime | None = None,
) -> Edition:
    """Merge and withdraw actions as one edition. What takes others in stays in the record.

    Raises Refused and changes nothing.
    """
    state = lock_state()
    leaving = steps.leaving
    if not steps:
        raise Refused(_("There is nothing to publish."))
    if len(set(leaving)) < len(leaving):
        raise Refused(_("An action leaves the count once."))
    for actions, into, reason in steps.merges:
        if into.is_draft or into.pk in leaving:
            raise Refused(_("What succeeds an action is a draft, or stays in the public record."))
        refuse_succession({action.pk for action in actions}, {into.pk}, reason=reason)
    for action, reason in steps.withdrawals:
        refuse_withdrawal(action, reason=reason)
    edition = open_edition(
        state,
        kind=EditionKind.STRUCTURE,
        at=now or timezone.now(),
        by=None,
        note=note,
        slug=slug,
        method=method,
    )
    for actions, into, reason in steps.merges:
        succeed_in(edition, {action.pk for action in actions}, {into.pk}, reason=reason)
    for action, reason in steps.withdrawals:
        withdraw_in(edition, action, reason=reason)
    return close(edition)
