"""Drafts: begun, saved by one person at a time, or begun as corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS
from recommendations.models.fields import typed_fields
from recommendations.models.status_update import ReviewState
from recommendations.querysets import StatusUpdateQuerySet

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
    keys = reliance_keys([action.pk])[action.pk]
    return list(action.updates.counting().filter(pk__in=keys).latest_first()) if keys else []


def reliance_keys(action_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by action the keys of its default_reliance().

    It takes as many queries however many actions there are: four, and two for each step in which
    what is relied on was corrected.
    """
    counting = StatusUpdate.objects.counting().filter(action__in=action_ids)
    confirmed = _confirmed(counting)
    relied_on = {update.pk: set[int]() for update, _keys in confirmed.values()}
    links = StatusUpdate.relies_on.through.objects.filter(from_statusupdate__in=relied_on)
    for relying, other in links.values_list("from_statusupdate_id", "to_statusupdate_id"):
        relied_on[relying].add(other)
    kept = _still_counting(relied_on)
    wanted = {pk: keys | kept[update.pk] for pk, (update, keys) in confirmed.items()}
    certain = set().union(*(keys for _update, keys in confirmed.values()))
    rows = counting.filter(pk__in=set().union(*wanted.values()))
    found: dict[int, set[int]] = {pk: set() for pk in action_ids}
    for action_id, pk in (
        rows.filter(Q(pk__in=certain) | Exists(Evidence.objects.filter(update=OuterRef("pk"))))
        .order_by()
        .values_list("action_id", "pk")
    ):
        found[action_id] |= {pk} & wanted[action_id]
    return found


def _confirmed(counting: StatusUpdateQuerySet) -> dict[int, tuple[StatusUpdate, set[int]]]:
    """Return by action what stands, and the keys of what is confirmed with it (two queries)."""
    newest: dict[int, int] = {}
    for action_id, pk in counting.latest_first().values_list("action_id", "pk"):
        newest.setdefault(action_id, pk)
    standing = StatusUpdate.objects.filter(pk__in=newest.values()).with_basis()
    found = {}
    for one in standing.prefetch_related(None).order_by():
        keys = {one.rests_on_key or one.explained_by_key or one.pk}
        # Nobody has reviewed a baseline: it is this very finding that is confirmed.
        found[one.action_id] = (one, keys | {one.pk} if one.is_baseline else keys)
    return found


def still_counting(ids: Iterable[int]) -> set[int]:
    """Return those of these updates that count, and in place of a corrected one its correction."""
    return _still_counting({0: set(ids)})[0]


def _still_counting(ids: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Do so for several sets of updates at once."""
    found: dict[int, set[int]] = {owner: set() for owner in ids}
    asked: dict[int, set[int]] = defaultdict(set)
    for owner, of_one in ids.items():
        for pk in of_one:
            asked[pk].add(owner)
    while asked:
        counting = StatusUpdate.objects.counting().filter(pk__in=asked)
        for pk in counting.order_by().values_list("pk", flat=True):
            for owner in asked.pop(pk):
                found[owner].add(pk)
        corrections = StatusUpdate.objects.published().filter(replaces__in=asked).order_by()
        ended, asked = asked, defaultdict(set)
        for pk, replaced in corrections.values_list("pk", "replaces_id"):
            asked[pk] |= ended[replaced]
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
