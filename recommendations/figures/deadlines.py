"""What the page of deadlines shows: actions by where they stand against theirs, and how many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pyroaring import BitMap

from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.filters.selection import Selection
from recommendations.index.names import ACTION, NO_DAY, Values
from recommendations.index.view import View
from recommendations.models import Action, Deadline
from recommendations.querysets import ActionQuerySet
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.statuses import SCHEDULE_DEFINITIONS, Schedule
from recommendations.viewpoint import Viewpoint

from .counts import ScheduleCounts, deadline_headline

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

# More of a state than one reads; the list has the rest, page by page.
SHOWN_ACTIONS = 20
# Beyond it no calendar is of use to anybody: it has the deadlines nearest to the day.
MOST_EVENTS = 250

DATED_ACTIONS: Prepared[ScheduledAction] = Prepared(
    lambda viewpoint: (
        _actions(viewpoint).with_schedule(on=viewpoint.on).for_deadlines(on=viewpoint.on)
    )
)
CALENDAR_ACTIONS: Prepared[ScheduledAction] = Prepared(
    lambda viewpoint: _actions(viewpoint).for_calendar(on=viewpoint.on)
)


def _actions(viewpoint: Viewpoint) -> ActionQuerySet:
    return Record(viewpoint).actions().filter(pk__among=Parameter("keys"))


STATES: dict[Schedule, Promise] = {
    Schedule.OVERDUE: gettext_lazy("Missed"),
    Schedule.DUE: gettext_lazy("To come"),
    Schedule.MET: gettext_lazy("Met"),
    Schedule.MET_LATE: gettext_lazy("Met late"),
    Schedule.CLOSED: gettext_lazy("Closed unmet"),
}


@dataclass(frozen=True)
class LinkedNumber:
    """A number of actions, and the query string of the list that has them."""

    label: str
    n: int
    query: str


@dataclass(frozen=True)
class ScheduleSection:
    """The actions of one state, the earliest deadline first. `all` counts those left out too."""

    schedule: Schedule
    actions: list[Action]
    all: LinkedNumber

    @property
    def title(self) -> str:
        return str(STATES[self.schedule])

    @property
    def definition(self) -> str:
        return str(SCHEDULE_DEFINITIONS[self.schedule])


@dataclass(frozen=True)
class ScheduleRow:
    """What shares a party or a policy area, as a row of a table."""

    slug: str
    label: str
    counts: ScheduleCounts
    numbers: list[LinkedNumber]


@dataclass(frozen=True)
class DeadlineOverview:
    """Figures and rows of the actions that the filters keep.

    Its figures are of every state: the filter `schedule` chooses which actions are listed.
    """

    selection: Selection

    @property
    def filterset(self) -> RecommendationFilterSet:
        return self.selection.filterset

    @cached_property
    def rows(self) -> BitMap:
        return self.selection.kept(without="schedule")

    @cached_property
    def states(self) -> dict[str, BitMap]:
        """The actions by where they stand against their deadlines."""
        values = self.selection.view.values(ACTION, "schedule", on=self.filterset.on)
        return {value: self.rows & own for value, own in values.items()}

    @cached_property
    def counts(self) -> ScheduleCounts:
        return ScheduleCounts({value: len(rows) for value, rows in self.states.items()})

    @property
    def headline(self) -> str:
        is_filtered = any(one.name != "schedule" for one in self.filterset.in_use)
        return deadline_headline(self.counts, is_filtered=is_filtered)

    @cached_property
    def chosen(self) -> list[Schedule]:
        chosen = self.filterset.values.get("schedule", STATES)
        return [schedule for schedule in STATES if schedule in chosen]

    @cached_property
    def sections(self) -> list[ScheduleSection]:
        """Return the states that have any actions (four queries, one fewer with none)."""
        view, none = self.selection.view, BitMap()
        first = {
            schedule: list(islice(earliest(view, self.states.get(schedule, none)), SHOWN_ACTIONS))
            for schedule in self.chosen
        }
        keys = list(chain.from_iterable(first.values()))
        found: dict[str, list[Action]] = {schedule: [] for schedule in self.chosen}
        for action in DATED_ACTIONS(self.filterset.viewpoint, keys=keys):
            found[action.schedule].append(action)
        return [
            ScheduleSection(schedule, found[schedule], self._linked(schedule, self.counts))
            for schedule in self.chosen
            if found[schedule]
        ]

    def _linked(self, schedule: Schedule, counts: ScheduleCounts, **only: Any) -> LinkedNumber:
        query = self.filterset.query(schedule=[schedule], sort=Sort.DEADLINE, **only)
        return LinkedNumber(str(STATES[schedule]), counts.n(schedule), query)

    @cached_property
    def by_party(self) -> list[ScheduleRow]:
        """An action of several parties stands in the row of each."""
        return self._table("party")

    @cached_property
    def by_area(self) -> list[ScheduleRow]:
        """An action in several policy areas stands in the row of each."""
        return self._table("area")

    def _table(self, parameter: str) -> list[ScheduleRow]:
        """Return a row for each value of a filter, or for each of those chosen."""
        one = self.filterset.any_of(parameter)
        chosen = set(self.filterset.asked_of(one))
        values = self.selection.view.values(ACTION, parameter)
        rows = [
            self._row(parameter, option.code, option.label, self._counts(values, option.keys))
            for option in one.options()
            if not chosen or option.code in chosen
        ]
        with_any = [row for row in rows if row.counts.with_deadline]
        with_any.sort(key=lambda row: (-row.counts.with_deadline, row.slug))
        return with_any

    def _counts(self, values: Values, keys: Collection[str]) -> ScheduleCounts:
        own = BitMap.union(BitMap(), *(values[key] for key in keys if key in values))
        numbers = {state: rows.intersection_cardinality(own) for state, rows in self.states.items()}
        return ScheduleCounts({state: n for state, n in numbers.items() if n})

    def _row(self, parameter: str, slug: str, label: str, counts: ScheduleCounts) -> ScheduleRow:
        only: Mapping[str, Any] = {parameter: [slug]}
        query = self.filterset.query
        numbers = [
            *(self._linked(schedule, counts, **only) for schedule in STATES),
            LinkedNumber(
                _("With a deadline"), counts.with_deadline, query(schedule=list(STATES), **only)
            ),
            LinkedNumber(_("All actions"), counts.total, query(schedule=None, **only)),
        ]
        return ScheduleRow(slug, label, counts, numbers)


def earliest(view: View, rows: BitMap) -> Iterator[int]:
    """Yield the actions that have a deadline, the earliest first, and of a day in their order."""
    for day, dated in view.days(ACTION, "due_on"):
        if day != NO_DAY and rows.intersect(dated):
            yield from view.structure.actions_in_order(rows & dated)


def nearest(view: View, rows: BitMap, on: date) -> Iterator[int]:
    """Yield the actions that have a deadline: those to come, then those passed, nearest first."""
    yield from earliest(view, rows & view.since(ACTION, "due_on", on))
    for day, dated in reversed(view.days(ACTION, "due_on")):
        if NO_DAY < day < on.isoformat() and rows.intersect(dated):
            yield from view.structure.actions_in_order(rows & dated)


def days_late(days: int) -> str:
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


@dataclass(frozen=True)
class Target:
    """A deadline of an action, and how far it lies from the one that decides the schedule."""

    deadline: Deadline
    days: int
    is_decisive: bool

    @property
    def drift(self) -> str:
        if self.days > 0:
            words = ngettext("%(n)d day later", "%(n)d days later", self.days)
        elif self.days < 0:
            words = ngettext("%(n)d day earlier", "%(n)d days earlier", -self.days)
        else:
            return _("the same day")
        return words % {"n": abs(self.days)}


def targets_of(action: ScheduledAction) -> list[Target]:
    """Return the deadlines of an action in the order in which they decide."""
    return [
        Target(deadline, (deadline.last_day - action.due_on).days, is_decisive=not place)
        for place, deadline in enumerate(action.stated_deadlines)
    ]
