"""The lock, the edition and what follows each publication."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from secrets import token_hex

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from alliance.revision_cookie import note_raised
from alliance.turns import wait_for_turn
from recommendations import digests
from recommendations.models import (
    Action,
    ContentChange,
    Edition,
    Recommendation,
    Report,
    TrackerState,
)
from recommendations.periods import repeated_columns, store

# A change of more recommendations is said to be of all.
MOST_NAMED = 5_000
# An index that missed more than these changes is made anew.
CHANGES_KEPT = 2_000


class Refused(ValidationError):
    """A step that the methodology does not allow. `messages` say what is missing."""


def lock_state() -> TrackerState:
    """Lock the tracker until the transaction ends. Read nothing that matters before this."""
    wait_for_turn()
    locked = TrackerState.objects.select_for_update()
    state = locked.filter(pk=1).first()
    if state is None:
        TrackerState.objects.get_or_create(pk=1, defaults={"content_revision": _newest_revision})
        state = locked.get(pk=1)
    return state


def _newest_revision() -> int:
    """Return the number that a lost state had: the next change gets one of its own."""
    return ContentChange.objects.aggregate(newest=models.Max("revision"))["newest"] or 0


def open_edition(
    state: TrackerState,
    *,
    kind: str,
    at: datetime,
    by: User | None,
    note: str = "",
    report: Report | None = None,
    **of_research: str | date,
) -> Edition:
    """Open the next edition. Call it under the lock, and close() at the end of the transaction.

    `by` is None of what a file makes. Raises Refused where the clock stands before the newest
    edition: the order of the numbers is that of time.
    """
    refuse_earlier_moment(at)
    state.last_edition += 1
    state.save(update_fields=["last_edition"])
    return Edition.objects.create(
        number=state.last_edition,
        kind=kind,
        published_at=at,
        made_by=by,
        note=note,
        report=report,
        **of_research,
    )


def refuse_earlier_moment(at: datetime) -> None:
    """Refuse a moment before the newest edition's: one of the two clocks was wrong."""
    newest = Edition.objects.order_by("-number").first()
    if newest and at < newest.published_at:
        raise Refused(
            _(
                "%(edition)s was published at %(then)s, and the clock of this machine says "
                "%(now)s: nothing is published before the clock is set right."
            )
            % {
                "edition": newest,
                "then": newest.published_at.isoformat(timespec="seconds"),
                "now": at.isoformat(timespec="seconds"),
            }
        )


def close(edition: Edition) -> Edition:
    """Digest an edition when all of it is written. Nothing joins it any more."""
    digests.seal(edition.number)
    return edition


def settle(
    edition: Edition,
    action_ids: Collection[int],
    recommendation_ids: Collection[int] = (),
    *,
    review_due_on: Mapping[int, date] | None = None,
) -> None:
    """Bring everything derived in line with what an open edition publishes.

    `review_due_on` are the days that stamp() returned: they are written in the same step.
    """
    of_actions = Action.objects.filter(pk__in=action_ids).order_by()
    recommendations = {*recommendation_ids, *of_actions.values_list("recommendation_id", flat=True)}
    store.tell(
        edition.number,
        action_ids=action_ids,
        recommendation_ids=recommendations,
        review_due_on=review_due_on,
    )
    touch(recommendations)


def settle_wording(recommendations: models.QuerySet[Recommendation]) -> None:
    """Bring the derived columns and the index in line after an edit of text or grouping."""
    ids = list(recommendations.values_list("pk", flat=True).distinct())
    repeated_columns.refresh(
        list(Action.objects.filter(recommendation__in=ids).values_list("pk", flat=True))
    )
    touch(ids)


@transaction.atomic(savepoint=False)
def touch(recommendations: Collection[int] | None) -> None:
    """Say that public content changed: what readers, caches and the index keep is out of date.

    `recommendations` are those that may stand, read or be placed otherwise than before; None if it
    may be any. It is written in the transaction of the change, so that nobody sees one without the
    other.
    """
    state = lock_state()
    state.content_revision += 1
    state.content_token = token_hex(8)
    state.save(update_fields=["content_revision", "content_token"])
    is_few = recommendations is not None and len(recommendations) <= MOST_NAMED
    ContentChange.objects.create(
        revision=state.content_revision,
        token=state.content_token,
        recommendations=sorted(recommendations or ()) if is_few else None,
    )
    oldest_kept = max(state.content_revision - CHANGES_KEPT, 0)
    ContentChange.objects.filter(revision__lt=oldest_kept).delete()
    note_raised()
