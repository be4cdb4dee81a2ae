"""How a dashboard or a scorecard shows its actions: one by one, or, of many, in numbers alone.

The figures are the same. What is drawn of each action has a limit, so that a page of all actions of
a party costs about as much as one of a few.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from recommendations.models import Report
from recommendations.record import Record

from .caveats import Caveat, caveats_of, counted_caveats
from .dashboard import (
    MOST_SQUARES,
    Overview,
    SectionGroup,
    listed_overview,
    recommendations_of,
    section_groups,
)
from .month_counts import MonthCounts
from .months import History, SideBySide, Told, history_of, side_by_side, told_spans
from .scope import Scope
from .summary import SectionSummary, Summary, section_summaries


@dataclass
class Few:
    """Actions that are fetched, and all that is counted from them."""

    record: Record
    scope: Scope

    @cached_property
    def figures(self) -> Overview:
        return listed_overview(self.record.viewpoint, self.scope.rows)

    @cached_property
    def spans(self) -> Told:
        return told_spans(self.record, self.scope.rows)

    @cached_property
    def history(self) -> History | None:
        return history_of(self.figures.actions, self.spans, on=self.figures.on)

    @property
    def reports(self) -> Collection[Report]:
        return {action.recommendation.report for action in self.figures.actions}

    def caveats(self) -> list[Caveat]:
        return caveats_of(self.record, self.figures.actions)

    def sections(self, report: Report) -> list[SectionGroup]:
        recommendations = recommendations_of(self.record.viewpoint, report)
        return section_groups(recommendations, self.figures.actions)

    def multiples(self, parameter: str) -> SideBySide:
        assert self.history
        groups = self.figures.by_addressee if parameter == "addressee" else self.figures.by_area
        return side_by_side(groups, self.spans, on=self.figures.on, since=self.history.since)


@dataclass
class Many:
    """Actions that are counted by the index."""

    record: Record
    scope: Scope

    @cached_property
    def figures(self) -> Summary:
        return Summary(self.record, self.scope)

    @cached_property
    def history(self) -> History | None:
        return MonthCounts(self.record, self.scope).history()

    @property
    def reports(self) -> Collection[Report]:
        """Those whose own events a chart can name; of more, it has what concerns them all."""
        return self.figures.reports

    def caveats(self) -> list[Caveat]:
        return counted_caveats(self.record, self.scope.view, self.scope.rows)

    def sections(self, report: Report) -> Sequence[SectionSummary]:
        recommendations = self.record.recommendations().counted().filter(report=report)
        return section_summaries(self.record, recommendations, self.scope)

    def multiples(self, parameter: str) -> SideBySide:
        """Return none: each would draw as many changes as the chart of all."""
        return SideBySide()


def figures_of(scope: Scope) -> Few | Many:
    """Return what shows the actions of a scope: up to MOST_SQUARES one by one."""
    kind = Few if len(scope.rows) <= MOST_SQUARES else Many
    return kind(scope.record, scope)
