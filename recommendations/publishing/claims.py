"""Draft updates of what a delivery says: many at once, each with its source, none submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState

from .editions import lock_state

BATCH = 500


@dataclass(frozen=True)
class CitedSource:
    """What a draft update cites: an item of evidence, and where in it."""

    kind: str
    title: str
    publisher: str
    published_on: date | None
    published_precision: str
    accessed_on: date | None
    url: str
    page: str
    quotation: str = ""


@dataclass(frozen=True)
class Claim:
    """A status that somebody states of an action, from a day on, with what it cites."""

    action: Action
    status: str
    effective_on: date
    effective_precision: str
    note_to_reviewer: str
    sources: Sequence[CitedSource] = ()


@transaction.atomic
def draft_claims(claims: Sequence[Claim], *, by: User) -> list[StatusUpdate]:
    """Keep claims as drafts of who brings them, who counts as their author.

    They are judged as any draft is: when somebody submits them, and when another publishes them.
    """
    lock_state()
    drafts = StatusUpdate.objects.bulk_create(
        (
            StatusUpdate(
                action=claim.action,
                author=by,
                status=claim.status,
                status_at_draft=claim.action.status,
                effective_on=claim.effective_on,
                effective_precision=claim.effective_precision,
                note_to_reviewer=claim.note_to_reviewer,
                revision=1,
            )
            for claim in claims
        ),
        batch_size=BATCH,
    )
    editors = StatusUpdate.editors.through
    editors.objects.bulk_create(
        (editors(statusupdate_id=draft.pk, user_id=by.pk) for draft in drafts), batch_size=BATCH
    )
    Evidence.objects.bulk_create(
        (
            Evidence(update=draft, position=position, **vars(source))
            for draft, claim in zip(drafts, claims, strict=True)
            for position, source in enumerate(claim.sources, start=1)
        ),
        batch_size=BATCH,
    )
    return drafts


@transaction.atomic
def replace_untouched(keys: Sequence[int]) -> int:
    """Delete those of these drafts that are as they were brought.

    Return how many there were; what somebody saved or submitted since stays.
    """
    lock_state()
    n = 0
    for start in range(0, len(keys), BATCH):
        untouched = StatusUpdate.objects.filter(
            pk__in=keys[start : start + BATCH], review_state=ReviewState.DRAFT, revision=1
        )
        n += untouched.count()
        untouched.delete()
    return n
