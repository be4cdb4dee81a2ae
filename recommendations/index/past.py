"""The index from a day or an edition of the past, put together from what the record said when.

`querysets/action_columns.py` says the same of single rows in the database, and tests compare both
with a slow retelling.
"""

from __future__ import annotations

from collections.abc import Callable

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


class PastView(PastReviews):
    """Sets of a day or an edition, each put together when it is first asked for.

    Wording and grouping are those of now.
    """

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
            (ACTION, "unconfirmed"): lambda: {YES: self._unreviewed & self._ever_reviewed},
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
        found = those_of(self.actions_in_record, self.values(ACTION, name).items())
        return {value: self.structure.owners_of(rows) for value, rows in found.items()}
