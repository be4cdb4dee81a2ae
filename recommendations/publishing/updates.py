"""A draft's way to publication: submit, confirm, return, publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Action, Coding, Edition, StatusUpdate
from recommendations.models.edition import EditionKind
from recommendations.models.staff import NoticeKind
from recommendations.models.status_update import EndReason, ReviewState
from recommendations.periods.columns import write_columns
from recommendations.sources import give_sources
from recommendations.statuses import (
    REVIEW_INTERVAL,
    Status,
    effective_day,
)

from .checks import authors_of, own_draft, problems_of, reasons_against, refuse_unseen
from .drafts import OPEN_STATES, begin, default_reliance, record_save
from .editions import Refused, close, lock_state, open_edition, settle
from .notices import tell_authors, tell_reviewers
from .returned_versions import content_of, keep_returned
from .surroundings import Surroundings


@transaction.atomic
def submit(update: StatusUpdate, *, by: User, now: datetime | None = None) -> None:
    """Hand a draft in for review. What was returned stands on the present status from then on.

    Raises Refused, with all that is missing, and changes nothing.
    """
    now = now or timezone.now()
    lock_state()
    update = StatusUpdate.objects.select_for_update().get(pk=update.pk)
    if update.review_state not in OPEN_STATES:
        raise Refused(_("Only a draft, or what was returned, can be submitted."))
    if problems := problems_of(update, today=now.date()):
        raise Refused(problems)
    _refuse_twin(update)
    record_save(update, by=by)
    if update.review_state == ReviewState.RETURNED:
        update.status_at_draft = update.action.status
    update.review_state = ReviewState.SUBMITTED
    update.submitted_at = now
    update.save(update_fields=["review_state", "submitted_at", "status_at_draft"])
    tell_reviewers(update)


def _refuse_twin(update: StatusUpdate) -> None:
    """Refuse what says the same as a submission that waits, as where a form was sent again."""
    waiting = StatusUpdate.objects.waiting().filter(action=update.action_id, status=update.status)
    said = content_of(update)
    if any(content_of(other) == said for other in waiting.exclude(pk=update.pk)):
        raise Refused(_("The same update of this action waits for review already."))


@transaction.atomic
def recall(update: StatusUpdate, *, by: User) -> None:
    """Take back a submission that nobody decided on: it is a draft again, or as it was returned."""
    lock_state()
    update = StatusUpdate.objects.select_for_update().get(pk=update.pk)
    if update.review_state != ReviewState.SUBMITTED:
        raise Refused(_("Only a submission that waits for review can be taken back."))
    if by.pk not in authors_of(update):
        raise Refused(_("Only its authors can take a submission back."))
    update.review_state = ReviewState.RETURNED if update.return_note else ReviewState.DRAFT
    update.save(update_fields=["review_state"])
    record_save(update, by=by)


@transaction.atomic
def confirm(
    action: Action,
    *,
    by: User,
    search_note: str,
    searched_on: date,
    next_review_on: date | None = None,
    now: datetime | None = None,
) -> StatusUpdate:
    """Submit that a search found the present status unchanged, on the evidence that stands."""
    lock_state()
    action = Action.objects.get(pk=action.pk)
    if action.status == Status.NOT_ASSESSED:
        raise Refused(_("Nobody has assessed this action yet, so there is nothing to confirm."))
    update = begin(action, by=by)
    update.status = action.status
    update.effective_on = searched_on
    update.search_note, update.searched_on = search_note, searched_on
    update.next_review_on = next_review_on
    update.full_clean()
    update.save()
    record_save(update, by=by)
    update.relies_on.set(default_reliance(action))
    submit(update, by=by, now=now)
    return update


@transaction.atomic
def return_(
    update: StatusUpdate,
    *,
    reviewer: User,
    note: str,
    seen: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> None:
    """Hand a submission back to its authors, saying why. `seen` is as in publish()."""
    lock_state()
    update = StatusUpdate.objects.select_for_update().get(pk=update.pk)
    if update.review_state != ReviewState.SUBMITTED:
        raise Refused(_("Only a submission can be returned."))
    if not note.strip():
        raise Refused(_("Say why it is returned."))
    if reviewer.pk in authors_of(update):
        raise Refused(own_draft())
    if seen is not None:
        refuse_unseen([update], seen)
    keep_returned(update, by=reviewer, note=note, at=now or timezone.now())
    update.review_state = ReviewState.RETURNED
    update.return_note = note
    update.save(update_fields=["review_state", "return_note"])
    tell_authors(NoticeKind.RETURNED, [update])


@transaction.atomic
def publish(
    updates: Sequence[StatusUpdate],
    *,
    reviewer: User,
    note: str = "",
    seen: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> Edition:
    """Publish submissions, at most one an action, as one edition.

    `seen` says by id which version (seen_version) the reviewer had before the eyes. Raises
    Refused, with all reasons, and publishes none of them; Stale where one changed since.
    """
    state = lock_state()
    now = now or timezone.now()
    ids = [update.pk for update in updates]
    found = list(
        StatusUpdate.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .select_related("action__recommendation", "replaces")
        .prefetch_related("editors", "evidence", "relies_on__evidence")
        .order_by("pk")
    )
    _refuse_batch(found, ids)
    around = Surroundings(found)
    if seen is not None:
        refuse_unseen(found, seen, around)
    _refuse_unfit(found, reviewer, around, today=now.date())
    edition = open_edition(state, kind=EditionKind.UPDATES, at=now, by=reviewer, note=note)
    due = stamp(found, edition, reviewer=reviewer)
    # What a second coder found is public with the update that came of it.
    Coding.objects.filter(draft__in=found, edition__isnull=True).update(edition=edition)
    settle(edition, [update.action_id for update in found], review_due_on=due)
    tell_authors(NoticeKind.PUBLISHED, found)
    return close(edition)


def _refuse_batch(found: Sequence[StatusUpdate], ids: Sequence[int]) -> None:
    if not ids:
        raise Refused(_("Choose what is to be published."))
    if len(found) != len(set(ids)):
        raise Refused(_("One of these updates no longer exists."))
    counts = Counter(update.action_id for update in found)
    twice = [str(update.action) for update in found if counts[update.action_id] > 1]
    if twice:
        raise Refused(
            _("An edition has at most one update an action. Publish these apart: %(actions)s.")
            % {"actions": ", ".join(sorted(set(twice)))}
        )


def _refuse_unfit(
    found: Sequence[StatusUpdate], reviewer: User, around: Surroundings, *, today: date
) -> None:
    reasons = [
        reason if len(found) == 1 else f"{update}: {reason}"
        for update in found
        for reason in reasons_against(update, reviewer, today=today, around=around)
    ]
    if reasons:
        raise Refused(reasons)


def stamp(
    updates: Sequence[StatusUpdate], edition: Edition, *, reviewer: User | None
) -> dict[int, date]:
    """Make updates part of an edition, and end those that they correct.

    Return by action when to look again, for settle().
    """
    today = edition.published_on
    give_sources(item for update in updates for item in update.evidence.all())
    _follow_replaced(updates)
    looked_at_by = {update.pk: _next_review(update, today=today) for update in updates}
    for_all = {
        "review_state": ReviewState.PUBLISHED,
        "reviewer": reviewer.pk if reviewer else None,
        "edition": edition.pk,
        "published_at": edition.published_at,
    }
    write_columns(
        StatusUpdate,
        {
            update.pk: for_all
            | {
                "effective_day": effective_day(
                    update.effective_on, update.effective_precision, cap=cap_of(update, today=today)
                ),
                "next_review_on": looked_at_by[update.pk],
            }
            for update in updates
        },
    )
    corrected = {one.replaces: one.correction_reason for one in updates if one.replaces}
    end(corrected, edition, reason=EndReason.CORRECTED)
    return {update.action_id: looked_at_by[update.pk] for update in updates}


def _follow_replaced(updates: Iterable[StatusUpdate]) -> None:
    """Fetch all that these updates replace in several steps (one query a step)."""
    last = [update.replaces for update in updates if update.replaces]
    while replaced := {update.replaces_id for update in last if update.replaces_id}:
        found = StatusUpdate.objects.in_bulk(replaced)
        for update in last:
            if update.replaces_id:
                update.replaces = found[update.replaces_id]
        last = list(found.values())


def _next_review(update: StatusUpdate, *, today: date) -> date:
    """Return by when to look again: by default REVIEW_INTERVAL after its last search.

    The baseline was searched before it was loaded: what its file says of the action holds.
    """
    if update.next_review_on:
        return update.next_review_on
    if update.is_baseline and not update.searched_on:
        return update.action.review_due_on
    looked_on = update.searched_on or today
    return max(looked_on, update.action.last_reviewed_on or looked_on) + REVIEW_INTERVAL


def cap_of(update: StatusUpdate, *, today: date) -> date:
    """Return the day than which a month or a year never counts later.

    A correction keeps the cap of the update that it replaces unless it changes the date.
    """
    first = update
    while (replaced := first.replaces) and replaced.stated_period == first.stated_period:
        first = replaced
    return first.published_at.date() if first is not update and first.published_at else today


def end(notes: Mapping[StatusUpdate, str], edition: Edition, *, reason: str) -> None:
    """Put the end stamp on updates, once, each with its note."""
    stamps = {
        update.pk: {"ended_in_edition": edition.pk, "end_reason": reason, "end_note": note}
        for update, note in notes.items()
    }
    write_columns(StatusUpdate, stamps)
