"""The months of actions that are too many to fetch: added up from what began and ended in each.

They are the same as those of `months.history_of()`, which reads the periods of each action.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property

from recommendations.index.names import AGAIN
from recommendations.record import Record
from recommendations.statuses import Status

from .months import MOST_SEARCHES, FirstSearch, History, Step, added_up, month_ends, no_changes
from .scope import Scope

# The newest of them: so many actions change each month, and a page draws each change.
MOST_MONTHS = 36


@dataclass(frozen=True)
class MonthCounts:
    """The counted actions of a scope, month by month until the day looked at."""

    record: Record
    scope: Scope

    @cached_property
    def out(self) -> dict[date, int]:
        """How many actions are asked from which day on."""
        numbers = self.scope.numbers("asked_on", self.scope.rows)
        return {date.fromisoformat(day): n for day, n in numbers.items()}

    @property
    def last(self) -> date:
        return max(self.record.viewpoint.on, min(self.out))

    def history(self) -> History | None:
        """Return the newest MOST_MONTHS, with the days in them of most first searches."""
        if not self.out:
            return None
        steps = self._steps()[-MOST_MONTHS:]
        since = max(min(self.out), steps[0].on.replace(day=1))
        return History(since, steps, self._first_searches(since))

    def _steps(self) -> tuple[Step, ...]:
        """Add up what begins and ends in each month, as an action counts from its report on.

        It is not assessed until its first period, and between two of them.
        """
        ends = month_ends(min(self.out), self.last)
        changes, not_assessed = no_changes(ends), str(Status.NOT_ASSESSED)
        for day, n in self.out.items():
            changes[bisect_left(ends, day)][not_assessed] += n
        for status in Status:
            for name, sign in ((f"{status} began", 1), (f"{status} ended", -1)):
                for month, n in self._by_month(name):
                    changed = changes[bisect_left(ends, date.fromisoformat(f"{month}-01"))]
                    changed[status] += sign * n
                    changed[not_assessed] -= sign * n
        return added_up(ends, changes)

    def _by_month(self, name: str) -> list[tuple[str, int]]:
        """Return to how many actions something happened in each month."""
        numbers = self.scope.numbers(name, self.scope.rows)
        return [(value.rstrip(AGAIN), n) for value, n in numbers.items()]

    def _first_searches(self, since: date) -> tuple[FirstSearch, ...]:
        """Return the days on which the first finding of most was that nothing had been done."""
        found = self.scope.numbers("first_search", self.scope.rows)
        days = [(date.fromisoformat(day), n) for day, n in found.items()]
        days = [(day, n) for day, n in days if day >= since]
        most = sorted(days, key=lambda one: (-one[1], one[0]))[:MOST_SEARCHES]
        return tuple(FirstSearch(*day) for day in sorted(most))
