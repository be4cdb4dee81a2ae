"""Compares what is read in a spreadsheet with what stands here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from recommendations.importing.tables.breakdown import ReadRecommendation
from recommendations.models import Action, DeliveryRow, Recommendation

from .changes import changes_of, said_by
from .matching import Known, Matches, known_of, match

if TYPE_CHECKING:
    from .plan import Plan


def compare(plan: Plan) -> None:
    """Find what the table has of each report, what it says otherwise, and what it has no more."""
    by_report: dict[str, list[ReadRecommendation]] = defaultdict(list)
    for one in plan.recommendations:
        by_report[one.report].append(one)
    for named in plan.reports:
        if named.report is None:
            continue
        known = plan.known[named.key] = known_of(named.report)
        ones = by_report[named.key]
        matches = plan.matches[named.key] = match(known, ones, plan.decisions.same)
        for one in ones:
            _compare_actions(plan, known, matches, one)
        there = {action.pk for action in matches.part.values()}
        asked = {one.found.pk for one in matches.likely if isinstance(one.found, Action)}
        asked_whole = {
            one.found.pk for one in matches.likely if isinstance(one.found, Recommendation)
        }
        plan.gone += [
            action
            for whole, actions in known.actions.items()
            for action in actions
            if action.pk not in there | asked and whole not in asked_whole
        ]


def _compare_actions(plan: Plan, known: Known, matches: Matches, one: ReadRecommendation) -> None:
    seen: set[str] = set()
    for read in one.actions:
        if action := matches.part.get(read.said.row):
            said = said_by(one, read, plan.addressees(read.said))
            last: DeliveryRow | None = known.last.get(action.pk)
            for change in changes_of(action, said, last, row=read.said.row):
                if change.key not in seen:
                    plan.changes.append(change)
                    seen.add(change.key)
