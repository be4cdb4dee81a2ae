"""What a dashboard or a scorecard shows: the figures of a set of counted actions.

Everything is counted from one list of actions, so that no two figures of a page can disagree. Of
more than a page can draw, `summary` has the figures alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from pyroaring import BitMap

from recommendations.addressee_groups import groups
from recommendations.index.names import UPDATE
from recommendations.models import Action, Recommendation, Report, Section
from recommendations.querysets.fetched import fetched
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.record import Record
from recommendations.statuses import Schedule, Status
from recommendations.viewpoint import Viewpoint

from .caveats import is_unconfirmed
from .counts import Counts, Group, firmly_implemented, firmness, grouped
from .deadlines import STATES
from .scope import Scope

if TYPE_CHECKING:
    from recommendations.rows import ListedAction, LoggedUpdate, ScheduledAction

LATEST = 6
LISTED_DEADLINES = 4
# So many of the newest updates are looked at first.
LOOKED_AT = 100
MORE = 16
# With more actions than this, a page counts them by what they share instead of drawing each.
MOST_SQUARES = 120


@dataclass
class RecommendationRow:
    recommendation: Recommendation
    actions: list[ListedAction]

    @property
    def status(self) -> str:
        """The derived status, which the actions bring along from where they are seen."""
        return self.actions[0].recommendation_status if self.actions else self.recommendation.status

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def fell_from(self) -> str:
        row = self.actions[0] if self.actions else None
        return row.recommendation_fell_from if row else self.recommendation.fell_from


@dataclass
class SectionGroup:
    """A section with recommendations, as a column of the dashboard shows it."""

    section: Section
    rows: list[RecommendationRow]

    has_squares = True

    @property
    def n(self) -> int:
        return len(self.rows)

    @cached_property
    def counts(self) -> Counts:
        return Counts.of(action.status for row in self.rows for action in row.actions)


@dataclass(frozen=True)
class ReportGroup:
    """The recommendations of one report, among those of a page."""

    report: Report
    rows: list[RecommendationRow]


@dataclass(frozen=True)
class DeadlineGroup:
    """The actions of one schedule state: how many, and those with the earliest deadlines."""

    schedule: Schedule
    n: int
    actions: Sequence[ListedAction | ScheduledAction]

    @property
    def title(self) -> str:
        return str(STATES[self.schedule])


@dataclass
class Overview:
    """Figures and rows of a set of actions as of a day. `summary.Summary` has those of many."""

    actions: list[ListedAction]
    on: date

    is_listed = True

    @cached_property
    def counts(self) -> Counts:
        return Counts.of(action.status for action in self.actions)

    @cached_property
    def recommendations(self) -> list[RecommendationRow]:
        """In the order of the actions; a recommendation without verifiable actions has no row."""
        return [
            RecommendationRow(recommendation, list(actions))
            for recommendation, actions in groupby(
                self.actions, key=lambda action: action.recommendation
            )
        ]

    @property
    def of_reports(self) -> list[ReportGroup]:
        """The same by report: their numbers could be those of another."""
        rows = groupby(self.recommendations, key=lambda row: row.recommendation.report)
        return [ReportGroup(report, list(found)) for report, found in rows]

    @cached_property
    def by_addressee(self) -> list[Group]:
        by_code: dict[str, list[Action]] = {}
        for action in self.actions:
            by_code.setdefault(action.addressee, []).append(action)
        return [
            Group(one.code, one.row_label, actions=by_code[one.code])
            for one in groups()
            if one.code in by_code
        ]

    @cached_property
    def by_body(self) -> list[Group]:
        """An action with several lead bodies stands in the row of each."""
        return _largest_first(
            ((body.slug, str(body)), action)
            for action in self.actions
            for body in fetched(action, "bodies")
        )

    @cached_property
    def by_area(self) -> list[Group]:
        """An action in several policy areas stands in the row of each."""
        return _largest_first(
            ((area.slug, str(area)), action)
            for action in self.actions
            for area in fetched(action.recommendation, "areas")
        )

    @cached_property
    def with_deadline(self) -> list[ListedAction]:
        return [action for action in self.actions if action.schedule != Schedule.NO_DEADLINE]

    @property
    def n_with_deadline(self) -> int:
        return len(self.with_deadline)

    @cached_property
    def deadlines(self) -> list[DeadlineGroup]:
        groups = ((schedule, self.scheduled(schedule)) for schedule in STATES)
        return [
            DeadlineGroup(schedule, len(found), found[:LISTED_DEADLINES])
            for schedule, found in groups
            if found
        ]

    def scheduled(self, schedule: str) -> list[ListedAction]:
        """Return the actions of one schedule state, the soonest or longest overdue first."""
        found = [action for action in self.actions if action.schedule == schedule]
        return sorted(found, key=lambda action: action.due_on or date.max)

    @cached_property
    def last_reviewed_on(self) -> date | None:
        return max((a.last_reviewed_on for a in self.actions if a.last_reviewed_on), default=None)

    @cached_property
    def unconfirmed(self) -> int:
        """Assessed actions that no reviewer has confirmed yet."""
        return sum(is_unconfirmed(action) for action in self.actions)

    @cached_property
    def firmness(self) -> str:
        """The sentence on how many of the implemented rest on a primary or official source."""
        return firmness(firmly_implemented(self.actions), self.counts)

    @cached_property
    def needing_review(self) -> int:
        return sum(1 for a in self.actions if a.review_due_on < self.on)


def _largest_first(pairs: Iterable[tuple[tuple[str, str], Action]]) -> list[Group]:
    return sorted(grouped(pairs), key=lambda group: (-len(group.actions), group.slug))


def listed_overview(viewpoint: Viewpoint, keys: Iterable[int]) -> Overview:
    """Return that of counted actions whose keys are known (four queries)."""
    return Overview(SCORECARD_ACTIONS(viewpoint, keys=keys), viewpoint.on)


def recommendations_of(viewpoint: Viewpoint, report: Report) -> list[Recommendation]:
    """Return the recommendations of a report with their sections (one query)."""
    return RECOMMENDATIONS_OF_REPORT(viewpoint, report=report)


SCORECARD_ACTIONS: Prepared[ListedAction] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .actions()
        .filter(pk__among=Parameter("keys"))
        .for_scorecard(on=viewpoint.on)
    )
)
ACTIONS_OF_REPORT: Prepared[ListedAction] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .actions()
        .filter(recommendation__report=Parameter("report"))
        .counted()
        .for_scorecard(on=viewpoint.on)
    )
)
RECOMMENDATIONS_OF_REPORT: Prepared[Recommendation] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .recommendations()
        .counted()
        .filter(report=Parameter("report"))
        .select_related("section", "report")
    )
)


def section_groups(
    recommendations: Iterable[Recommendation], actions: Iterable[ListedAction]
) -> list[SectionGroup]:
    """Return the recommendations of a report by section, each with its counted actions."""
    by_recommendation: dict[int, list[ListedAction]] = {}
    for action in actions:
        by_recommendation.setdefault(action.recommendation_id, []).append(action)
    rows = [RecommendationRow(r, by_recommendation.get(r.pk, [])) for r in recommendations]
    rows.sort(key=lambda row: (row.recommendation.section.position, row.recommendation.position))
    return [
        SectionGroup(section, list(of_section))
        for section, of_section in groupby(rows, key=lambda row: row.recommendation.section)
    ]


def latest_steps(scope: Scope) -> list[LoggedUpdate]:
    """Return the newest updates of a scope in which something happened.

    Two queries, and two more each time that too few of the newest updates were steps.
    """
    wanted = LOOKED_AT
    while True:
        newest = _newest_updates(scope, wanted)
        found = LATEST_STEPS(scope.record.viewpoint, keys=newest)
        if len(found) == LATEST or len(newest) < wanted:
            return found
        wanted *= MORE


LATEST_STEPS: Prepared[LoggedUpdate] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .updates()
        .counting()
        .filter(pk__among=Parameter("keys"))
        .for_latest()[:LATEST]
    )
)


def _newest_updates(scope: Scope, n: int) -> BitMap:
    """Return the updates of the newest days, whole days, until they are at least so many."""
    found, owner = BitMap(), scope.view.owners.owner
    for _day, updates in reversed(scope.view.days(UPDATE, "effective_day")):
        found.update(pk for pk in updates if owner[pk] in scope.rows)
        if len(found) >= n:
            break
    return found
