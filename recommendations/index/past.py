"""Columns of actions and recommendations as a day or an edition of the past has them.

Each comes in one query over what tells it. `querysets/action_columns.py` says the same of single
rows, and tests compare the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from django.db.models import Min, QuerySet

from recommendations.models import Action
from recommendations.record import Record
from recommendations.statuses import EvidenceStrength, Status

Rows = TypeVar("Rows", bound=QuerySet)
# Of an action, whatever the viewpoint.
FIXED_COLUMNS = ("pk", "recommendation_id", "addressee", "kind")
NOT_ASSESSED = (Status.NOT_ASSESSED.value, None)


class ActionFacts(NamedTuple):
    """An action as a viewpoint sees it, by the names of its columns."""

    pk: int
    recommendation: int
    addressee: str
    kind: str
    is_verifiable: bool
    status: str
    status_since: date | None
    evidence: str
    due_on: date | None
    implemented_on: date | None
    last_reviewed_on: date | None
    review_due_on: date | None


class RecommendationFacts(NamedTuple):
    pk: int
    report: int
    section: int
    origin: str
    status: str
    status_since: date | None


def narrowed(rows: Rows, recommendations: Collection[int] | None, path: str) -> Rows:
    """Return the rows of some recommendations; of all, where none are named."""
    if recommendations is None:
        return rows
    return rows.filter(**{f"{path}__in": recommendations})


@dataclass(frozen=True)
class Past:
    """What a viewpoint of the past has in the place of columns, of all or of some."""

    record: Record
    only: Collection[int] | None = None

    def _of(self, rows: Rows, path: str) -> Rows:
        return narrowed(rows, self.only, path)

    def actions(self, rows: QuerySet) -> Iterator[ActionFacts]:
        """Yield what held on a day, or what an edition said, of each action."""
        periods, implemented = self.periods("action"), self.implemented()
        evidence, reviewed = self.evidence(), self.last_reviewed()
        dated, verifiable, to_review = self.with_deadline(), self.verifiable(), self.to_review()
        # Columns that no viewpoint lays anything over, read from the rows themselves.
        columns = ("is_verifiable", "due_on", "review_due_on", "first_review_due_on")
        own = Action.objects.filter(pk__in=rows.order_by().values("pk"))
        found = own.order_by().values_list(*FIXED_COLUMNS, *columns)
        for pk, owner, addressee, kind, is_verifiable, due_on, *to_look_at in found.iterator():
            status, since = periods.get(pk, NOT_ASSESSED)
            review_on, first_review_on = to_look_at
            yield ActionFacts(
                pk,
                owner,
                addressee,
                kind,
                is_verifiable if verifiable is None else verifiable.get(pk, False),
                status,
                since,
                evidence.get(pk, EvidenceStrength.NONE.value),
                due_on if pk in dated else None,
                implemented.get(pk),
                reviewed.get(pk),
                review_on if to_review is None else to_review.get(pk) or first_review_on,
            )

    def periods(self, owner: str) -> dict[int, tuple[str, date | None]]:
        """Return status, and since when, of the actions or recommendations that have one."""
        path = "recommendation" if owner == "recommendation" else "action__recommendation"
        rows = self._of(self.record.periods(), path).holding_on(self.record.viewpoint.on)
        told = rows.filter(**{f"{owner}__isnull": False}).order_by()
        return {
            pk: (status, since)
            for pk, status, since in told.values_list(
                f"{owner}_id", "status", "starts_on"
            ).iterator()
        }

    def implemented(self) -> dict[int, date]:
        rows = self._of(self.record.periods(), "action__recommendation")
        first = rows.filter(status=Status.IMPLEMENTED).order_by().values_list("action_id")
        return dict(first.annotate(Min("starts_on")).iterator())

    def evidence(self) -> dict[int, str]:
        rows = self._of(self.record.evidence_periods(), "action__recommendation")
        held = rows.holding_on(self.record.viewpoint.on).order_by()
        return dict(held.values_list("action_id", "kind").iterator())

    def last_reviewed(self) -> dict[int, date]:
        on = self.record.viewpoint.on
        rows = self._of(self.record.counting_updates(), "action__recommendation")
        rows = rows.with_day_of_review().filter(reviewed_on__lte=on)
        found: dict[int, date] = {}
        for pk, day in rows.order_by().values_list("action_id", "reviewed_on").iterator():
            found[pk] = max(day, found.get(pk, day))
        return found

    def with_deadline(self) -> set[int]:
        stated = self._of(self.record.deadlines(), "action__recommendation").order_by()
        return set(stated.values_list("action_id", flat=True).iterator())

    def verifiable(self) -> dict[int, bool] | None:
        """Return which actions an edition counted; None where the columns say it."""
        if self.record.viewpoint.edition is None:
            return None
        said = self._of(self.record.verifiability_told(), "action__recommendation").order_by()
        return dict(said.values_list("action_id", "is_verifiable").iterator())

    def to_review(self) -> dict[int, date | None] | None:
        """Return by when to look again, as the last update up to an edition said."""
        number = self.record.viewpoint.number
        if number is None:
            return None
        rows = self._of(self.record.all_updates(), "action__recommendation")
        by_then = rows.order_by("edition_id", "pk")
        return dict(by_then.values_list("action_id", "next_review_on").iterator())
