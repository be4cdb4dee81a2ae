"""Drafts: begun, saved by one person at a time, or begun as corrections."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS
from recommendations.models.fields import typed_fields
from recommendations.models.status_update import ReviewState

from .editions import Refused, lock_state

# Fields of an update that its correction does not take over: which action it is of is known, when
# to look again is reckoned anew, and the two notes are about the earlier one.
NOT_COPIED = ("action", "next_review_on", "note_to_reviewer", "correction_reason")
COPIED = typed_fields(StatusUpdate, without=NOT_COPIED)
COPIED_EVIDENCE = ("position", *SOURCE_FIELDS)

OPEN_STATES = (ReviewState.DRAFT, ReviewState.RETURNED)


class Stale(Refused):
    """It changed after it was opened here. Nothing was written."""


def begin(action: Action, *, by: User) -> StatusUpdate:
    """Return an unsaved draft that remembers who began it, and from which status."""
    return StatusUpdate(action=action, author=by, status_at_draft=action.status)


def lock_draft(pk: int, *, revision: int) -> StatusUpdate:
    """Return a draft that may be written until the transaction ends, if nobody has meanwhile.

    Raises Stale where its revision is another than the one that the writer has seen.
    """
    lock_state()
    update = StatusUpdate.objects.select_for_update().get(pk=pk)
    if update.review_state not in OPEN_STATES:
        raise Refused(
            _("This draft cannot be edited: it is %(state)s.")
            % {"state": update.get_review_state_display().lower()}
        )
    if update.revision != revision:
        raise Stale(_("Somebody else saved this draft while you were editing it."))
    return update


def claim_reference(update: StatusUpdate, reference: str, *, by: User) -> None:
    """Give a new draft the reference that its form was sent with, until the transaction ends.

    Raises Stale where the form was stored before, as when it is sent twice.
    """
    lock_state()
    if taken := StatusUpdate.objects.filter(slug=reference).first():
        if taken.editors.filter(pk=by.pk).exists():
            raise Stale(_("This draft is stored already."))
        raise Refused(_("This form was used before. Open a new one and copy your text there."))
    update.slug = reference


def record_save(update: StatusUpdate, *, by: User) -> None:
    """Remember who saved the draft: all of them count as its authors."""
    update.editors.add(by)
    StatusUpdate.objects.filter(pk=update.pk).update(revision=F("revision") + 1)


def deciding_update(action: Action) -> StatusUpdate | None:
    """Return the update that gives an action its present status (one query)."""
    return action.updates.counting().latest_first().first()


def default_reliance(action: Action) -> list[StatusUpdate]:
    """Return the counting updates that a confirmation of the present status relies on.

    What stands, or what it confirms itself, and what they rely on: those with evidence, and the
    one that is confirmed even if it has none.
    """
    counting = action.updates.counting()
    standing = counting.with_basis().latest_first().first()
    if standing is None:
        return []
    confirmed = {standing.rests_on_key or standing.explained_by_key or standing.pk}
    if standing.is_baseline:
        # Nobody has reviewed it: it is this very finding that is confirmed.
        confirmed.add(standing.pk)
    wanted = confirmed | still_counting(standing.relies_on.values_list("pk", flat=True))
    rows = counting.filter(pk__in=wanted).filter(Q(pk__in=confirmed) | Q(evidence__isnull=False))
    return list(rows.distinct().latest_first())


def still_counting(ids: Iterable[int]) -> set[int]:
    """Return those of these updates that count, and in place of a corrected one its correction."""
    found: set[int] = set()
    ended = set(ids)
    while ended:
        counting = StatusUpdate.objects.counting().filter(pk__in=ended)
        found |= set(counting.values_list("pk", flat=True))
        corrections = StatusUpdate.objects.published().filter(replaces__in=ended - found)
        ended = set(corrections.values_list("pk", flat=True))
    return found


@transaction.atomic
def correct(update: StatusUpdate, *, by: User, reason: str, reference: str = "") -> StatusUpdate:
    """Begin a correction: a draft that copies a counting update, names it and says why.

    Raises Stale where the form with this reference was stored before.
    """
    lock_state()
    update = StatusUpdate.objects.select_related("action").get(pk=update.pk)
    if not update.is_counting:
        raise Refused(_("Only an update that counts can be corrected."))
    if not reason.strip():
        raise Refused(_("Say why the earlier update is corrected."))
    draft = begin(update.action, by=by)
    if reference:
        claim_reference(draft, reference, by=by)
    for name in COPIED:
        setattr(draft, name, getattr(update, name))
    draft.replaces = update
    draft.correction_reason = reason
    draft.save()
    record_save(draft, by=by)
    draft.relies_on.set(still_counting(update.relies_on.values_list("pk", flat=True)))
    for item in update.evidence.all():
        Evidence.objects.create(
            update=draft, **{name: getattr(item, name) for name in COPIED_EVIDENCE}
        )
    return draft
