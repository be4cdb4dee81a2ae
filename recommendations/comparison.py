"""Two days side by side: the counts of each, and what rose, fell, lapsed or was reopened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Count, IntegerField, Q, Value, When

from .filters import RecommendationFilterSet
from .models import Action, StatusPeriod
from .querysets import ActionQuerySet
from .querysets.base import period_columns, told_in
from .statistics import Counts
from .statuses import Move, Status, move
from .viewpoint import Viewpoint

# A report of a day between: its actions were not asked for on the first day.
NOT_ASKED = ""


@dataclass(frozen=True)
class StatusPair:
    """How many actions had a status on each of the two days."""

    status: Status
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Counted actions on two days, as one edition tells both.

    `moves` counts those that moved, by direction; `newly_asked` those whose report is of a day
    between. `changed` are the actions that moved, those of one direction together.
    """

    viewpoint: Viewpoint
    before: date
    after: date
    counts_before: Counts
    counts_after: Counts
    moves: Counter[str]
    newly_asked: int
    changed: ActionQuerySet

    @property
    def rows(self) -> list[StatusPair]:
        return [
            StatusPair(status, self.counts_before.n(status), self.counts_after.n(status))
            for status in Status
        ]

    @property
    def grown_by(self) -> int:
        return self.counts_after.total - self.counts_before.total

    @property
    def directions(self) -> list[tuple[Move, int]]:
        return [(direction, self.moves[direction]) for direction in Move if self.moves[direction]]

    def add_steps(self, actions: Iterable[Action]) -> None:
        """Give each action its `move`, and `steps`: what began between the days (one query)."""
        by_key = {action.pk: action for action in actions}
        for action in by_key.values():
            action.move, action.steps = move(action.status_before, action.status), []
        periods = StatusPeriod.objects.filter(
            told_in(self.viewpoint),
            action__in=by_key,
            starts_on__gt=self.before,
            starts_on__lte=self.after,
        )
        for period in periods.select_related("update").order_by("starts_on"):
            by_key[period.action_id].steps.append(period)


def compare(filterset: RecommendationFilterSet, *, before: date, after: date) -> Comparison:
    """Compare two days, of the actions that the filters keep on the later one (one query).

    `status` and `changed_since` ask for the status on the later day.
    """
    edition = filterset.viewpoint.edition
    seen = Viewpoint(on=after, as_of=after, edition=edition)
    then = Viewpoint(on=before, as_of=before, edition=edition)
    actions = filterset.among(Action.objects.seen_from(seen).counted())
    actions = actions.annotate(status_before=_status_on(then))
    pairs = {
        (first, last): n
        for first, last, n in actions.order_by()
        .values("status_before", "status")
        .annotate(n=Count("pk"))
        .values_list("status_before", "status", "n")
    }
    totals: dict[str, Counter[str]] = {"before": Counter(), "after": Counter(), "moves": Counter()}
    for (first, last), n in pairs.items():
        totals["after"][last] += n
        if first != NOT_ASKED:
            totals["before"][first] += n
            if direction := move(first, last):
                totals["moves"][direction] += n
    return Comparison(
        seen,
        before,
        after,
        Counts(totals["before"]),
        Counts(totals["after"]),
        totals["moves"],
        sum(n for (first, _last), n in pairs.items() if first == NOT_ASKED),
        _changed(actions, pairs),
    )


def _status_on(then: Viewpoint) -> Case:
    status = period_columns(then, "action")["status"]
    return Case(
        When(recommendation__report__published_on__gt=then.on, then=Value(NOT_ASKED)),
        default=status,
        output_field=CharField(),
    )


def _changed(actions: ActionQuerySet, pairs: Iterable[tuple[str, str]]) -> ActionQuerySet:
    order = list(Move)
    places = [
        When(Q(status_before=first, status=last), then=Value(order.index(direction)))
        for first, last in sorted(pairs)
        if first != NOT_ASKED and (direction := move(first, last))
    ]
    if not places:
        return actions.none()
    place = Case(*places, output_field=IntegerField())
    moved = actions.annotate(direction=place).filter(direction__isnull=False)
    return moved.select_related("recommendation__report").order_by(
        "direction", *ActionQuerySet.REPORT_ORDER
    )
