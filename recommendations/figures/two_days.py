"""Two days side by side: the counts of each, and what rose, fell, lapsed or was reopened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommendations.filters import RecommendationFilterSet
from recommendations.models import Action, StatusPeriod
from recommendations.querysets import ActionQuerySet
from recommendations.querysets.base import period_columns
from recommendations.record import Record
from recommendations.statuses import Move, Status, move
from recommendations.viewpoint import Viewpoint

from .counts import Counts


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
class MovedAction:
    """An action whose status differs between two days; `steps` are the periods that began since."""

    action: Action
    status_before: str
    move: Move | None
    steps: list[StatusPeriod]


@dataclass(frozen=True)
class TwoDays:
    """Counted actions on two days, as one edition tells both.

    `moves` counts those that moved, by direction; `newly_asked` those whose report is of a day
    between. `moved` has the keys of the actions that moved, with the status of the earlier day:
    those of one direction together, each in the order of its report.
    """

    seen: Viewpoint
    before: date
    counts_before: Counts
    counts_after: Counts
    moves: Counter[str]
    newly_asked: int
    moved: list[tuple[int, str]]

    @property
    def after(self) -> date:
        return self.seen.on

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
    def n_changed(self) -> int:
        """How many moved; to be looked at for the first time is no change of the matter."""
        return sum(self.moves.values()) - self.moves[Move.ASSESSED]

    @property
    def n_first_looked_at(self) -> int:
        return self.moves[Move.ASSESSED]

    @property
    def directions(self) -> list[tuple[Move, int]]:
        return [(direction, self.moves[direction]) for direction in Move if self.moves[direction]]

    def actions_of(self, moved: Iterable[tuple[int, str]]) -> list[MovedAction]:
        """Return some of those that moved, in their order (two queries)."""
        record, before = Record(self.seen), dict(moved)
        actions = record.actions().filter(pk__in=before).select_related("recommendation__report")
        found = {action.pk: action for action in actions}
        steps: dict[int, list[StatusPeriod]] = {pk: [] for pk in before}
        periods = record.periods().filter(action__in=before, starts_on__gt=self.before)
        for period in periods.select_related("update").order_by("starts_on"):
            steps[period.action_id].append(period)
        return [
            MovedAction(found[pk], status, move(status, found[pk].status), steps[pk])
            for pk, status in before.items()
        ]


def compare_days(filterset: RecommendationFilterSet, *, before: date, after: date) -> TwoDays:
    """Compare two days, of the actions that the filters keep on the later one (one query).

    `status` and `changed_since` ask for the status on the later day.
    """
    edition = filterset.viewpoint.edition
    seen = Viewpoint(on=after, as_of=after, edition=edition)
    actions = filterset.among(Record(seen).actions().counted())
    then = period_columns(Viewpoint(on=before, as_of=before, edition=edition), "action")
    rows = actions.order_by(*ActionQuerySet.REPORT_ORDER).values_list(
        "pk", then["status"], "status", "recommendation__report__published_on"
    )
    counted: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    by_direction: dict[Move, list[tuple[int, str]]] = {direction: [] for direction in Move}
    newly_asked = 0
    for pk, first, last, asked_on in rows.iterator():
        counted[1][last] += 1
        if asked_on > before:
            newly_asked += 1
            continue
        counted[0][first] += 1
        if direction := move(first, last):
            by_direction[direction].append((pk, first))
    return TwoDays(
        seen,
        before,
        Counts(counted[0]),
        Counts(counted[1]),
        Counter({str(direction): len(keys) for direction, keys in by_direction.items() if keys}),
        newly_asked,
        [one for keys in by_direction.values() for one in keys],
    )
