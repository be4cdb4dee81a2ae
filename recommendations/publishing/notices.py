"""News for the daily digest, written in the transaction of the event that it tells of.

A key names the event: an update is submitted at one moment, and each submission is returned or
published at most once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC

from django.contrib.auth.models import User

from recommendations.models import Notice, StatusUpdate
from recommendations.models.staff import NoticeKind

from .checks import authors_of


def tell_reviewers(update: StatusUpdate) -> None:
    """Tell everybody who may review a submission (three queries)."""
    reviewers = User.objects.with_perm(
        "recommendations.review_statusupdate",
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    others = reviewers.exclude(pk__in=authors_of(update)).values_list("pk", flat=True)
    _tell(NoticeKind.SUBMITTED, ((update, person) for person in others))


def tell_authors(kind: NoticeKind, updates: Sequence[StatusUpdate]) -> None:
    """Tell whoever wrote these updates (two queries, however many there are)."""
    by_id = {update.pk: update for update in updates}
    saved = StatusUpdate.editors.through.objects.filter(statusupdate__in=by_id)
    pairs = {(update.pk, update.author_id) for update in updates if update.author_id}
    pairs.update(saved.values_list("statusupdate_id", "user_id"))
    _tell(kind, ((by_id[pk], person) for pk, person in sorted(pairs)))


def _tell(kind: NoticeKind, pairs: Iterable[tuple[StatusUpdate, int]]) -> None:
    Notice.objects.bulk_create(
        (
            Notice(recipient_id=person, kind=kind, key=_key(kind, update), update=update)
            for update, person in pairs
        ),
        ignore_conflicts=True,
    )


def _key(kind: NoticeKind, update: StatusUpdate) -> str:
    assert update.submitted_at is not None  # Notices tell of what was submitted.
    return f"{kind}:{update.pk}:{update.submitted_at.astimezone(UTC).isoformat()}"
