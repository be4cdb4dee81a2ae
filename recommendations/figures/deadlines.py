"""What the page of deadlines shows: actions by where they stand against theirs, and how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.models import Action, Deadline
from recommendations.querysets import ActionQuerySet
from recommendations.statuses import SCHEDULE_DEFINITIONS, Schedule
from recommendations.text.languages import plain

from .counts import ScheduleCounts, deadline_headline

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

# More of a state than one reads; the list has the rest, page by page.
SHOWN_ACTIONS = 25

STATES: dict[Schedule, Promise] = {
    Schedule.OVERDUE: gettext_lazy("Missed"),
    Schedule.DUE: gettext_lazy("To come"),
    Schedule.MET: gettext_lazy("Met"),
    Schedule.MET_LATE: gettext_lazy("Met late"),
    Schedule.CLOSED: gettext_lazy("Closed unmet"),
}


KINDS = {"party": "party.name", "area": "policyarea.name"}


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

    filterset: RecommendationFilterSet

    @cached_property
    def rows(self) -> ActionQuerySet:
        return self.filterset.actions(without="schedule").with_schedule(on=self.filterset.on)

    @cached_property
    def counts(self) -> ScheduleCounts:
        found = self.rows.order_by().values_list("schedule").annotate(n=Count("pk"))
        return ScheduleCounts(dict(found))

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
        found: dict[str, list[Action]] = {schedule: [] for schedule in self.chosen}
        kept = self.rows.filter(schedule__in=self.chosen)
        for action in kept.first_of_each_schedule(SHOWN_ACTIONS).for_deadlines(
            on=self.filterset.on
        ):
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
        return self._table("party", "parties")

    @cached_property
    def by_area(self) -> list[ScheduleRow]:
        """An action in several policy areas stands in the row of each."""
        return self._table("area", "recommendation__areas")

    def _table(self, parameter: str, path: str) -> list[ScheduleRow]:
        """Return a row for each value of a filter, or for each of those chosen (one query)."""
        numbers: dict[tuple[str, str], dict[str, int]] = {}
        of_value = self.rows.order_by().values_list(f"{path}__slug", f"{path}__name", "schedule")
        for slug, name, schedule, n in of_value.annotate(n=Count("pk", distinct=True)):
            numbers.setdefault((slug, name), {})[schedule] = n
        chosen = set(self.filterset.asked_of(self.filterset.filters[parameter]))
        rows = [
            self._row(parameter, slug, plain(name, KINDS[parameter]), ScheduleCounts(found))
            for (slug, name), found in numbers.items()
            if slug and (not chosen or slug in chosen)
        ]
        with_any = (row for row in rows if row.counts.with_deadline)
        return sorted(with_any, key=lambda row: (-row.counts.with_deadline, row.slug))

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
