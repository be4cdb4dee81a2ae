"""The index from a day or an edition of the past, put together from what the record said when.

`querysets/action_columns.py` says the same of single rows in the database, and tests compare both
with a slow retelling.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pyroaring import BitMap

from .names import (
    ACTION,
    BEGAN,
    ENDED,
    HAVING,
    RECOMMENDATION,
    UPDATE,
    YES,
    Values,
)
from .past_reviews import PastReviews
from .past_told import those_of
from .structure import rows_of_report
from .view import View

# Reports whose own sets a viewpoint keeps.
MOST_REPORTS = 16


class OfReport(NamedTuple):
    """The rows of a report, and what was put together of them so far."""

    only: dict[str, BitMap]
    made: dict[tuple[str, str], Any]


class PastView(PastReviews):
    """Sets of a day or an edition, each put together when it is first asked for.

    Wording and grouping are those of now.
    """

    def of_report(self, pk: int) -> View:
        kept: dict[int, OfReport] = self._once("report", "alone", dict)
        if pk not in kept:
            if len(kept) >= MOST_REPORTS:
                kept.clear()
            kept[pk] = OfReport(self._only(pk), {})
        alone = PastView(self.present, self.viewpoint, self.owners_of_history)
        alone.key = f"{self.key}/report {pk}"
        alone.only, alone.made = kept[pk]
        return alone

    def _only(self, report: int) -> dict[str, BitMap]:
        only = {
            unit: self.present.rows(unit, "report", str(report))
            for unit in (ACTION, RECOMMENDATION)
        }
        for unit in (UPDATE, *self.owners_of_history):
            only[unit] = rows_of_report(self.store, unit, report)
        return only

    def _made(self, unit: str, name: str) -> Values:
        if unit == HAVING:
            return self._having(name)
        if name.endswith(f" {BEGAN}") or name.endswith(f" {ENDED}"):
            return self._months(name)
        makers: dict[tuple[str, str], Callable[[], Values]] = {
            (ACTION, "told"): lambda: {YES: self._begun(ACTION)},
            (ACTION, "counted"): lambda: {YES: self._in_record(ACTION) & self._verifiable},
            (ACTION, "uncounted"): lambda: {YES: self._in_record(ACTION) - self._verifiable},
            (RECOMMENDATION, "counted"): lambda: {YES: self._in_record(RECOMMENDATION)},
            (ACTION, "status"): lambda: self._statuses(ACTION),
            (RECOMMENDATION, "status"): lambda: self._statuses(RECOMMENDATION),
            (ACTION, "status_since"): lambda: self._since_when(ACTION),
            (RECOMMENDATION, "status_since"): lambda: self._since_when(RECOMMENDATION),
            (ACTION, "evidence"): self._evidence,
            (ACTION, "due_on"): self._due_on,
            (ACTION, "open_due_on"): self._open_due_on,
            (ACTION, "schedule, whatever the day"): self._schedule_apart_from_the_day,
            (ACTION, "last_reviewed_on"): self._last_reviewed_on,
            (ACTION, "review_due_on"): self._review_due_on,
            (ACTION, "unreviewed"): lambda: {YES: self._unreviewed},
            (ACTION, "unconfirmed"): lambda: {YES: self._unconfirmed},
            (ACTION, "first_search"): self._first_search,
            (RECOMMENDATION, "due_on"): self._due_on_of_recommendations,
            (RECOMMENDATION, "last_reviewed_on"): self._last_reviewed_on_of_recommendations,
            (UPDATE, "told"): lambda: {
                YES: self._begun(UPDATE) & self._by_day(UPDATE, "effective_day")
            },
            (UPDATE, "counting"): lambda: {
                YES: self._counting & self._by_day(UPDATE, "effective_day")
            },
        }
        make = makers.get((unit, name))
        return make() if make else self._as_now(unit, name)

    def _having(self, name: str) -> Values:
        """Return the recommendations that have an action in the record of which something holds."""
        if name == "counted":
            return {YES: self._having_counted()}
        found = those_of(self.actions_in_record, self.values(ACTION, name).items())
        return {value: self.structure.owners_of(rows) for value, rows in found.items()}

    def _having_counted(self) -> BitMap:
        """Return those that have a counted action, by way of those that have one now."""
        then, now = self.counted_actions, self._own(ACTION, self.present.counted_actions)
        owners_of = self.structure.owners_of
        if len(then ^ now) > len(then):
            return owners_of(then)
        lacking = owners_of(now - then)
        rest = self.structure.actions_of_all(lacking) & then
        having = self._own(RECOMMENDATION, self.present.rows(HAVING, "counted"))
        return (having - lacking) | owners_of(rest) | owners_of(then - now)
