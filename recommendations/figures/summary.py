"""The figures of a dashboard or a scorecard whose actions are too many to show one by one.

They are what `dashboard.Overview` counts from its rows, counted by the index instead: what a page
costs depends on what it shows, not on how many actions there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from pyroaring import BitMap

from recommendations.addressee_groups import groups
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, NO_DAY, RECOMMENDATION
from recommendations.models import Body, PolicyArea, Report, Section
from recommendations.querysets import RecommendationQuerySet
from recommendations.record import Label, Record
from recommendations.statuses import STRONG, Status
from recommendations.text.languages import plain

from .counts import Counts, Group, ScheduleCounts, firmness
from .dashboard import LISTED_DEADLINES, DeadlineGroup, RecommendationRow
from .deadlines import DATED_ACTIONS, STATES, earliest
from .scope import Scope

if TYPE_CHECKING:
    from recommendations.rows import ScheduledAction

# Reports with a bar each; the list has the rest.
MOST_REPORTS = 12
# Recommendations of a report that its dashboard names, if it has no more than these.
MOST_NAMED = 60


@dataclass
class Summary:
    """Figures of the actions of a scope as of a day, each asked for once."""

    record: Record
    scope: Scope

    is_listed = False

    @property
    def on(self) -> date:
        return self.record.viewpoint.on

    @cached_property
    def counts(self) -> Counts:
        return self._counts(self.scope.rows)

    def _counts(self, rows: BitMap) -> Counts:
        return Counts(self.scope.numbers("status", rows))

    @cached_property
    def by_addressee(self) -> list[Group]:
        addressees = self.scope.among("addressee")
        return [
            Group(one.code, one.row_label, of_all=self._counts(rows))
            for one in groups()
            if (rows := addressees.get(one.code))
        ]

    @cached_property
    def by_body(self) -> list[Group]:
        """An action with several lead bodies stands in the row of each."""
        return self._by_label("body", Body)

    @cached_property
    def by_area(self) -> list[Group]:
        """An action in several policy areas stands in the row of each."""
        return self._by_label("area", PolicyArea)

    def _by_label(self, name: str, model: type[Label]) -> list[Group]:
        rows = self.scope.among(name)
        labels = self.record.labels(model, [int(key) for key in rows])
        kind = f"{model._meta.model_name}.name"
        return _largest_first(
            Group(one.slug, plain(one.name, kind), of_all=self._counts(rows[str(one.pk)]))
            for one in labels
        )

    @cached_property
    def of_reports(self) -> dict[int, BitMap]:
        """The actions by the key of their report."""
        return {int(key): rows for key, rows in self.scope.among("report").items()}

    @property
    def n_reports(self) -> int:
        return len(self.of_reports)

    @cached_property
    def by_report(self) -> list[Group]:
        """Those with most actions, MOST_REPORTS at most."""
        most = sorted(self.of_reports, key=lambda pk: (-len(self.of_reports[pk]), pk))
        reports = self.record.reports().in_bulk(most[:MOST_REPORTS])
        return _largest_first(
            Group(report.slug, report.full_title, of_all=self._counts(self.of_reports[pk]))
            for pk, report in reports.items()
        )

    @cached_property
    def reports(self) -> list[Report]:
        """All of them, if a page can name them; else none."""
        if self.n_reports > MOST_REPORTS:
            return []
        return list(self.record.reports().filter(pk__in=self.of_reports))

    @cached_property
    def schedules(self) -> ScheduleCounts:
        return ScheduleCounts(self.scope.numbers("schedule", self.scope.rows))

    @property
    def n_with_deadline(self) -> int:
        return self.schedules.with_deadline

    @cached_property
    def deadlines(self) -> list[DeadlineGroup]:
        """The states that have any, each with its earliest deadlines (four queries)."""
        states, none = self.scope.among("schedule"), BitMap()
        first = {
            state: islice(earliest(self.scope.view, states.get(state, none)), LISTED_DEADLINES)
            for state in STATES
        }
        keys = list(chain.from_iterable(first.values()))
        found: dict[str, list[ScheduledAction]] = {}
        for action in DATED_ACTIONS(self.record.viewpoint, keys=keys):
            found.setdefault(action.schedule, []).append(action)
        return [
            DeadlineGroup(schedule, self.schedules.n(schedule), found.get(schedule, []))
            for schedule in STATES
            if self.schedules.n(schedule)
        ]

    @property
    def last_reviewed_on(self) -> date | None:
        for day, rows in reversed(self.scope.view.days(ACTION, "last_reviewed_on")):
            if day != NO_DAY and rows.intersect(self.scope.rows):
                return date.fromisoformat(day)
        return None

    @property
    def needing_review(self) -> int:
        overdue = self.scope.view.values(ACTION, "review", on=self.on)["needs_review"]
        return self.scope.rows.intersection_cardinality(overdue)

    @property
    def firmness(self) -> str:
        """The sentence on how many of the implemented rest on a primary or official source."""
        view = self.scope.view
        strong = BitMap.union(
            BitMap(), *(view.rows(ACTION, "evidence", str(kind)) for kind in STRONG)
        )
        firm = strong & view.rows(ACTION, "status", Status.IMPLEMENTED)
        return firmness(self.scope.rows.intersection_cardinality(firm), self.counts)


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.counts.total, group.slug))


@dataclass
class SectionSummary:
    """A section of a report, as a column of its dashboard; the rows have no squares."""

    section: Section
    counts: Counts
    n: int
    rows: list[RecommendationRow]

    has_squares = False


def section_summaries(
    record: Record, recommendations: RecommendationQuerySet, scope: Scope
) -> list[SectionSummary]:
    """Return the sections of a report that have recommendations (at most two queries).

    Its recommendations are named where there are no more than MOST_NAMED.
    """
    view = scope.view
    of_report = view.counted_recommendations & view.rows(RECOMMENDATION, "report", str(scope.key))
    numbers = {
        int(key): n
        for key, rows in view.values(RECOMMENDATION, "section").items()
        if (n := rows.intersection_cardinality(of_report))
    }
    actions = scope.among("section")
    rows: dict[int, list[RecommendationRow]] = {pk: [] for pk in numbers}
    if sum(numbers.values()) <= MOST_NAMED:
        for one in recommendations.select_related("report").order_by("position"):
            rows[one.section_id].append(RecommendationRow(one, []))
    sections = record.sections().filter(pk__in=numbers).order_by("position")
    return [
        SectionSummary(
            one,
            Counts(scope.numbers("status", actions.get(str(one.pk), BitMap()))),
            numbers[one.pk],
            rows[one.pk],
        )
        for one in sections
    ]


def counts_by_report_of(record: Record) -> list[Group]:
    """Return the counts of each report, where there are several (one query then, else none)."""
    with opened_at(record.viewpoint) as index:
        figures = Summary(record, Scope(index, record))
        return figures.by_report if figures.n_reports > 1 else []
