"""The months of actions that are too many to fetch: added up from counts by month.

They are the same as those of `months.history_of()`, which reads the periods of each action.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, Exists, F, OuterRef
from django.db.models.functions import Cast, Greatest, Substr
from django.utils.functional import cached_property

from recommendations.querysets import ActionQuerySet, PeriodQuerySet
from recommendations.record import Record
from recommendations.statuses import Status

from .months import MOST_SEARCHES, FirstSearch, History, Step, added_up, month_ends, no_changes

OUT_ON = "recommendation__report__published_on"
# The newest of them: so many actions change each month, and a page draws each change.
MOST_MONTHS = 36


@dataclass(frozen=True)
class MonthCounts:
    """The counted actions of a queryset, month by month until a day (four queries)."""

    record: Record
    actions: ActionQuerySet
    on: date

    @cached_property
    def out(self) -> dict[date, int]:
        """How many actions are asked from which day on."""
        return dict(self.actions.counted().order_by().values_list(OUT_ON).annotate(n=Count("pk")))

    @property
    def last(self) -> date:
        return max(self.on, min(self.out))

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
        for column, sign in (("starts_on", 1), ("ends_on", -1)):
            for status, month, n in self._by_month(column):
                changed = changes[bisect_left(ends, date.fromisoformat(f"{month}-01"))]
                changed[status] += sign * n
                changed[not_assessed] -= sign * n
        return added_up(ends, changes)

    def _by_month(self, column: str) -> Iterator[tuple[str, str, int]]:
        """Return how many periods begin or end in each month: none before its report was out."""
        out = f"action__{OUT_ON}"
        # What a report to come will ask has no month yet; what ends later has not ended.
        kept = self._periods().filter(**{f"{out}__lte": self.last, f"{column}__lte": self.last})
        rows = kept.order_by().annotate(month=_month_of(Greatest(F(column), F(out))))
        yield from rows.values_list("status", "month").annotate(n=Count("pk"))

    def _periods(self) -> PeriodQuerySet:
        return self.record.periods().filter(action__in=self.actions.counted().values("pk"))

    def _first_searches(self, since: date) -> tuple[FirstSearch, ...]:
        """Return the days on which the first finding of most was that nothing had been done."""
        earlier = self.record.periods().filter(
            action=OuterRef("action"), starts_on__lt=OuterRef("starts_on")
        )
        found = self._periods().filter(~Exists(earlier), status=Status.NO_ACTION)
        found = found.filter(starts_on__gte=since)
        days = found.order_by().values_list("starts_on").annotate(n=Count("pk"))
        most = days.order_by("-n", "starts_on")[:MOST_SEARCHES]
        return tuple(FirstSearch(*day) for day in sorted(most))


def _month_of(day: Greatest) -> Substr:
    """Return the month of a date as text, "2026-06", which both databases cut by themselves."""
    return Substr(Cast(day, output_field=CharField()), 1, 7)
