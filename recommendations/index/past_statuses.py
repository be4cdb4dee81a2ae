"""Statuses of a day or an edition of the past, and what they rested on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pyroaring import BitMap

from recommendations.statuses import EvidenceStrength, Status

from .names import (
    ACTION,
    BEGAN,
    ENDED,
    EVIDENCE_PERIOD,
    NO_DAY,
    OF,
    STATUS_PERIOD,
    Values,
)
from .past_told import (
    Ordered,
    ToldView,
    add_again,
    once_each,
    take_once,
    those_of,
    with_rest,
)
from .view import union


class PastStatuses(ToldView):
    def _statuses(self, unit: str) -> Values:
        of_unit = self.present.rows(STATUS_PERIOD, OF, unit)
        held = self._held(STATUS_PERIOD) & of_unit
        now = self._held_now(STATUS_PERIOD) & of_unit
        statuses = self.present.values(STATUS_PERIOD, "status").items()
        as_now = self.present.values(unit, "status")
        found = self._owners_at(unit, STATUS_PERIOD, held, now, statuses, as_now)
        return self._completed(unit, found, Status.NOT_ASSESSED)

    def _since_when(self, unit: str) -> Values:
        held = self._held(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, unit)
        days = self.present.values(STATUS_PERIOD, BEGAN).items()
        return self._completed(unit, self._owners_by(STATUS_PERIOD, held, days), NO_DAY)

    def _evidence(self) -> Values:
        held, now = self._held(EVIDENCE_PERIOD), self._held_now(EVIDENCE_PERIOD)
        kinds = self.present.values(EVIDENCE_PERIOD, "kind").items()
        as_now = self.present.values(ACTION, "evidence")
        found = self._owners_at(ACTION, EVIDENCE_PERIOD, held, now, kinds, as_now)
        return self._completed(ACTION, found, EvidenceStrength.NONE)

    def _held_now(self, periods: str) -> BitMap:
        """Return the periods that the newest edition tells and that hold today."""

        def make() -> BitMap:
            return self._told_now(periods) - union(self.present.values(periods, ENDED).values())

        return self._set(periods, "held now", make)

    def _owners_by(self, periods: str, held: BitMap, values: Ordered) -> Values:
        """Return the owners of periods by what these have."""
        owners = self.owners_of_history[periods]
        return {value: owners.of(rows) for value, rows in those_of(held, values).items()}

    def _owners_at(
        self, unit: str, periods: str, held: BitMap, now: BitMap, values: Ordered, as_now: Values
    ) -> Values:
        """Return the same, from what it is now where fewer periods differ than held."""
        if len(held ^ now) >= len(held):
            return self._owners_by(periods, held, values)
        changed = self.owners_of_history[periods].of(held ^ now)
        found = those_of(self._begun(unit) - changed, as_now.items())
        for value, rows in self._owners_by(periods, held - now, values).items():
            found[value] = found.get(value, BitMap()) | rows
        return found

    def _completed(self, unit: str, found: Values, otherwise: str) -> Values:
        """Give those without a period another value."""
        return with_rest(found, otherwise, self._begun(unit) - union(found.values()))

    def _first_search(self) -> Values:
        """On which day most first searches found that nothing had been done."""
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        owners = self.owners_of_history[STATUS_PERIOD]
        first = once_each(
            (day, owners.of(rows))
            for day, rows in those_of(told, self.present.days(STATUS_PERIOD, BEGAN)).items()
        )
        searches = self.present.rows(STATUS_PERIOD, "status", Status.NO_ACTION) & told
        began = self.present.values(STATUS_PERIOD, BEGAN)
        found = {day: rows & owners.of(began[day] & searches) for day, rows in first.items()}
        return {day: rows for day, rows in found.items() if rows}

    def _months(self, name: str) -> Values:
        """In which months a status began or ended, from the day that a report was out on."""
        return self._months_as_now(name) if self.number is None else self._months_told(name)

    def _months_as_now(self, name: str) -> Values:
        """Return those of now until the day, less what happened later in its month."""
        last = self.on[:7]
        found = {
            month: rows
            for month, rows in self.present.values(ACTION, name).items()
            if month[: len(last)] <= last
        }
        status, _space, which = name.rpartition(" ")
        of_status = self.present.rows(STATUS_PERIOD, "status", status)
        told = self._told(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION) & of_status
        later = (
            periods & told
            for day, periods in self.present.values(STATUS_PERIOD, which).items()
            if day > self.on and day.startswith(last)
        )
        owners = self.owners_of_history[STATUS_PERIOD]
        for periods in later:
            take_once(found, last, owners.of(periods))
        return those_of(self.only[ACTION], found.items()) if self.only else found

    def _months_told(self, name: str) -> Values:
        """Return those that an edition told, put together from its periods."""
        status, _space, which = name.rpartition(" ")
        told = self._begun_by_day(STATUS_PERIOD) & self.present.rows(STATUS_PERIOD, OF, ACTION)
        told = told & self.present.rows(STATUS_PERIOD, "status", status)
        if which == ENDED:
            told = told & self._by_day(STATUS_PERIOD, ENDED)
        owners, found = self.owners_of_history[STATUS_PERIOD], dict[str, BitMap]()
        for day, periods in those_of(told, self.present.days(STATUS_PERIOD, which)).items():
            rows = owners.of(periods)
            for month, own in self._from_report_on(day[:7], rows):
                add_again(found, month, own)
        return found

    def _from_report_on(self, month: str, rows: BitMap) -> Iterator[tuple[str, BitMap]]:
        """Yield rows by the month of what happened, or by that of their report if it was later."""
        for asked_in, own in self._asked_by_month:
            if asked_in <= month:
                break
            if early := rows & own:
                yield asked_in, early
                rows = rows - own
        if rows:
            yield month, rows

    @cached_property
    def _asked_by_month(self) -> list[tuple[str, BitMap]]:
        """Actions by the month in which their report was out, the last first."""
        found: dict[str, BitMap] = {}
        for day, rows in self.present.days(ACTION, "asked_on"):
            found[day[:7]] = found.get(day[:7], BitMap()) | rows
        return sorted(found.items(), reverse=True)
