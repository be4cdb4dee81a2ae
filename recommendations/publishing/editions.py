"""The lock, the edition and what follows each publication."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from secrets import token_hex

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from alliance.revision_cookie import note_raised
from recommendations import digests, search
from recommendations.models import Action, Edition, Recommendation, Report, TrackerState
from recommendations.periods import repeated_columns, store


class Refused(ValidationError):
    """A step that the methodology does not allow. `messages` say what is missing."""


def lock_state() -> TrackerState:
    """Lock the tracker until the transaction ends. Read nothing that matters before this."""
    TrackerState.objects.get_or_create(pk=1)
    return TrackerState.objects.select_for_update().get(pk=1)


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


def settle(action_ids: Collection[int], recommendation_ids: Collection[int] = ()) -> None:
    """Bring everything derived in line after a publication."""
    recommendations = set(recommendation_ids) | set(
        Action.objects.filter(pk__in=action_ids).values_list("recommendation_id", flat=True)
    )
    store.refresh(action_ids=action_ids, recommendation_ids=recommendations)
    search.index(recommendation_ids=recommendations)
    touch()


def settle_wording(recommendations: models.QuerySet[Recommendation]) -> None:
    """Bring search and the derived columns in line after an edit of text or grouping."""
    ids = list(recommendations.values_list("pk", flat=True).distinct())
    repeated_columns.refresh(
        list(Action.objects.filter(recommendation__in=ids).values_list("pk", flat=True))
    )
    search.index(recommendation_ids=ids)
    touch()


def touch() -> None:
    """Say that public content changed: pages kept by readers and caches are out of date."""
    TrackerState.objects.get_or_create(pk=1)
    TrackerState.objects.filter(pk=1).update(
        content_revision=F("content_revision") + 1, content_token=token_hex(8)
    )
    note_raised()
