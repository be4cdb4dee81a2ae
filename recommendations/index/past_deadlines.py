"""Deadlines as they were known on a day, and where actions stood against them."""

from __future__ import annotations

from functools import cached_property

from pyroaring import BitMap

from recommendations.statuses import ENDS, Schedule, Status

from .names import (
    ACTION,
    BEGAN,
    NO_DAY,
    OF,
    RECOMMENDATION,
    STATUS_PERIOD,
    Values,
)
from .past_statuses import PastStatuses
from .past_told import once_each, those_of, with_rest
from .view import union


class PastDeadlines(PastStatuses):
    @cached_property
    def _dated(self) -> BitMap:
        """Actions whose deadline was known by then."""
        always = self.present.rows(ACTION, "deadline since", NO_DAY)
        return self._begun(ACTION) & (always | self._by_day(ACTION, "deadline since"))

    def _due_on(self) -> Values:
        days = self.present.values(ACTION, "due_on").items()
        found = those_of(self._dated, ((day, rows) for day, rows in days if day != NO_DAY))
        return with_rest(found, NO_DAY, self._begun(ACTION) - self._dated)

    @cached_property
    def _implemented_on(self) -> Values:
        """Since when each action was first implemented, the earliest day first."""
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        told = told & self.present.rows(STATUS_PERIOD, "status", Status.IMPLEMENTED)
        owners = self.owners_of_history[STATUS_PERIOD]
        days = those_of(told, self.present.days(STATUS_PERIOD, BEGAN)).items()
        return once_each((day, owners.of(rows)) for day, rows in days)

    def _schedule_apart_from_the_day(self) -> Values:
        done = union(self._implemented_on.values()) & self._dated
        late = self._late(done)
        ends = union(self.values(ACTION, "status").get(str(one), BitMap()) for one in ENDS)
        found = {
            str(Schedule.NO_DEADLINE): self._begun(ACTION) - self._dated,
            str(Schedule.MET): done - late,
            str(Schedule.MET_LATE): late,
            str(Schedule.CLOSED): (self._dated & ends) - done,
        }
        return {value: rows for value, rows in found.items() if rows}

    def _late(self, done: BitMap) -> BitMap:
        """Return what was implemented after its deadline."""
        due_on = self.values(ACTION, "due_on")
        passed = sorted(day for day in due_on if day != NO_DAY)
        late, due, n = BitMap(), BitMap(), 0
        for day, rows in self._implemented_on.items():
            while n < len(passed) and passed[n] < day:
                due |= due_on[passed[n]]
                n += 1
            late |= rows & due
        return late & done

    def _open_due_on(self) -> Values:
        closed = union(self.values(ACTION, "schedule, whatever the day").values())
        return those_of(self._dated - closed, self.values(ACTION, "due_on").items())

    def _due_on_of_recommendations(self) -> Values:
        """Return the next deadline of the counted actions of each."""
        return self._earliest_of_actions("due_on")

    def _earliest_of_actions(self, name: str) -> Values:
        days = those_of(self.counted_actions, self.days(ACTION, name)).items()
        owners_of = self.structure.owners_of
        found = once_each((day, owners_of(rows)) for day, rows in days if day != NO_DAY)
        return with_rest(found, NO_DAY, self._begun(RECOMMENDATION) - union(found.values()))
