"""The evidence of an action that was split or merged, offered to those that came of it.

What it rested on was found for another wording: it becomes a draft that somebody looks through and
submits like any other, and says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.models import Action, Evidence, StatusUpdate

from .drafts import (
    COPIED,
    COPIED_EVIDENCE,
    begin,
    claim_reference,
    deciding_update,
    default_reliance,
    record_save,
)
from .editions import Refused, lock_state


@dataclass(frozen=True)
class Inheritance:
    """What an earlier action said last, and all that this rested on."""

    action: Action
    update: StatusUpdate
    evidence: list[Evidence]


def inheritances_of(action: Action) -> list[Inheritance]:
    """Return what a new action can begin with: nothing once an update of its own was published."""
    if action.updates.public().exists():
        return []
    earlier = action.predecessors.select_related("recommendation__report").order_by("number", "pk")
    return [found for one in earlier if (found := _inheritance(one))]


def _inheritance(earlier: Action) -> Inheritance | None:
    update = deciding_update(earlier)
    if update is None:
        return None
    relied_on = [one for one in default_reliance(earlier) if one.pk != update.pk]
    items = {item.url: item for one in (update, *relied_on) for item in one.evidence.all()}
    return Inheritance(earlier, update, list(items.values()))


@transaction.atomic
def begin_with_evidence(
    action: Action, earlier: Action, *, by: User, reference: str = ""
) -> StatusUpdate:
    """Begin a draft that copies what an earlier action said last, with all that it rested on.

    Raises Refused where the action did not come of that one, and Stale where the form with this
    reference was stored before.
    """
    lock_state()
    found = next((one for one in inheritances_of(action) if one.action.pk == earlier.pk), None)
    if found is None:
        raise Refused(_("There is no earlier evidence to begin with any more."))
    draft = begin(action, by=by)
    if reference:
        claim_reference(draft, reference, by=by)
    for name in COPIED:
        setattr(draft, name, getattr(found.update, name))
    draft.note_to_reviewer = _("Begun with the evidence of %(action)s, of which it came.") % {
        "action": earlier.label
    }
    draft.save()
    record_save(draft, by=by)
    for position, item in enumerate(found.evidence, start=1):
        copied = {name: getattr(item, name) for name in COPIED_EVIDENCE}
        Evidence.objects.create(update=draft, **copied | {"position": position})
    return draft
