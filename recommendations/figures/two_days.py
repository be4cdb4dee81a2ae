"""Two days side by side: the counts of each, and what rose, fell, lapsed or was reopened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from pyroaring import BitMap

from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.index.view import View
from recommendations.models import Action, StatusPeriod
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
    moved: Sequence[tuple[int, str]]

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


@contextmanager
def compared_days(
    filterset: RecommendationFilterSet, *, before: date, after: date
) -> Iterator[TwoDays]:
    """Compare two days, of the actions that the filters keep on the later one (one query).

    `status`, `changed_since` and `q` ask for what holds on the later day.
    """
    edition = filterset.viewpoint.edition
    seen = Viewpoint(on=after, as_of=after, edition=edition)
    with (
        opened_at(seen) as now,
        opened_at(Viewpoint(on=before, as_of=before, edition=edition)) as then,
    ):
        yield _compared(Selection(filterset, now), then.view, seen, before)


def _compared(selection: Selection, then: View, seen: Viewpoint, before: date) -> TwoDays:
    now, rows = selection.view, selection.kept()
    reports = Record(seen).reports().filter(published_on__gt=before).order_by()
    newer = (now.rows(ACTION, "report", str(pk)) for pk in reports.values_list("pk", flat=True))
    asked = rows - BitMap.union(BitMap(), *newer)
    first = {status: asked & then.rows(ACTION, "status", status) for status in Status}
    last = {status: rows & now.rows(ACTION, "status", status) for status in Status}
    directions: dict[Move, BitMap] = {direction: BitMap() for direction in Move}
    for one, earlier in first.items():
        for other, later in last.items():
            if direction := move(one, other):
                directions[direction] |= earlier & later
    return TwoDays(
        seen,
        before,
        Counts({status: len(keys) for status, keys in first.items()}),
        Counts({status: len(keys) for status, keys in last.items()}),
        Counter({str(one): len(keys) for one, keys in directions.items() if keys}),
        len(rows) - len(asked),
        MovedKeys(now, list(directions.values()), first),
    )


class MovedKeys(Sequence[tuple[int, str]]):
    """Actions that moved, with the status of the earlier day: those of one direction together."""

    def __init__(self, view: View, groups: list[BitMap], first: dict[Status, BitMap]) -> None:
        self.view, self.groups, self.first = view, groups, first

    def __len__(self) -> int:
        return sum(map(len, self.groups))

    def __getitem__(self, part: Any) -> Any:
        """Return those of a slice."""
        ordered = map(self.view.structure.actions_in_order, self.groups)
        keys = islice(chain.from_iterable(ordered), part.start, part.stop)
        return [(pk, self._status_before(pk)) for pk in keys]

    def _status_before(self, pk: int) -> str:
        return next(str(status) for status, rows in self.first.items() if pk in rows)
