"""What an edition told, and what held on a day: of these all other sets of the past are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from recommendations.viewpoint import Viewpoint

from .names import (
    ACTION,
    AGAIN,
    BEGAN,
    ENDED,
    FROM,
    NO_DAY,
    OF,
    STATUS_PERIOD,
    UNTIL,
    UPDATE,
    VERIFIABILITY_PERIOD,
    YES,
    Values,
)
from .structure import Owners
from .view import View, key_of, union

Ordered = Iterable[tuple[str, BitMap]]


class ToldView(View):
    """The index up to an edition and a day. `_made` says what a set is made of."""

    def __init__(self, present: View, viewpoint: Viewpoint, owners_of: dict[str, Owners]) -> None:
        super().__init__(
            present.store, key_of(viewpoint), present.structure, present.owners, self._read
        )
        self.present, self.owners_of_history = present, owners_of
        self.on, self.number, self.viewpoint = viewpoint.on.isoformat(), viewpoint.number, viewpoint
        # Of a view of one report, its rows of each unit.
        self.only: dict[str, BitMap] = {}

    def _read(self, unit: str, name: str) -> Values:
        return self._once(unit, name, lambda: self._made(unit, name))

    def _made(self, unit: str, name: str) -> Values:
        raise NotImplementedError

    def _as_now(self, unit: str, name: str) -> Values:
        everything = self.rows(UPDATE, "told") if unit == UPDATE else self._begun(unit)
        return those_of(everything, self.present.values(unit, name).items())

    def editions(
        self, unit: str, name: str, hundred: int | None = None
    ) -> list[tuple[int, BitMap]]:
        """Return those up to the edition alone."""
        found = self.present.editions(unit, name, hundred)
        if self.number is None:
            return found
        if hundred is not None:
            return [(number, rows) for number, rows in found if number <= self.number]
        last = self.number // 100
        return [
            (one, rows if one < last else union(own for _n, own in self.editions(unit, name, one)))
            for one, rows in found
            if one <= last
        ]

    def actions_that_changed(self, *, after: int, since: date, until: date) -> BitMap:
        """Return those of which an edition after one told anything else, or a day after one."""
        found = self._of_editions(ACTION, after) | self._of_days(ACTION, "asked_on", since, until)
        counted = self._of_editions(VERIFIABILITY_PERIOD, after)
        periods = self._of_editions(STATUS_PERIOD, after)
        for name in (BEGAN, ENDED):
            periods |= self._of_days(STATUS_PERIOD, name, since, until)
        periods &= self.present.rows(STATUS_PERIOD, OF, ACTION)
        owners = self.owners_of_history
        found |= owners[VERIFIABILITY_PERIOD].of(counted)
        return found | owners[STATUS_PERIOD].of(periods)

    def _of_editions(self, unit: str, after: int) -> BitMap:
        """Return what an edition after one, up to this, told first or no longer told."""
        return union(
            rows
            for name in (FROM, UNTIL)
            for hundred, _rows in self.editions(unit, name)
            if hundred >= after // 100
            for number, rows in self.editions(unit, name, hundred)
            if number > after
        )

    def _of_days(self, unit: str, name: str, since: date, until: date) -> BitMap:
        days = self.present.values(unit, name)
        first, last = since.isoformat(), until.isoformat()
        return union(rows for day, rows in days.items() if first < day <= last)

    def _up_to_edition(self, unit: str, name: str) -> BitMap:
        return union(rows for _hundred, rows in self.editions(unit, name))

    def _begun(self, unit: str) -> BitMap:
        """Return what ever came into the record, or was ever said."""

        def make() -> BitMap:
            return self._own(unit, self._up_to_edition(unit, FROM))

        return self._set(unit, FROM, make)

    def _told(self, unit: str) -> BitMap:
        """Return what the edition told: what it no longer told had ended."""
        return self._set(
            unit, "told here", lambda: self._begun(unit) - self._up_to_edition(unit, UNTIL)
        )

    def _told_now(self, unit: str) -> BitMap:
        """Return what the newest edition tells."""
        return self._own(
            unit, self.present._once(unit, "told now", lambda: told_by(self.present, unit))
        )

    def _own(self, unit: str, rows: BitMap) -> BitMap:
        return rows & self.only[unit] if self.only else rows

    def _set(self, unit: str, name: str, make: Callable[[], BitMap]) -> BitMap:
        return self._once(unit, f"{name}, once", lambda: {YES: make()})[YES]

    def _by_day(self, unit: str, name: str) -> BitMap:
        """Return the rows with the day looked at, or one before."""
        days = self.present.values(unit, name)
        return union(rows for value, rows in days.items() if NO_DAY < value <= self.on)

    def _held(self, unit: str) -> BitMap:
        """Return the periods that the edition told and that held on the day."""
        return self._set(unit, "held", lambda: self._begun_by_day(unit) - self._by_day(unit, ENDED))

    def _begun_by_day(self, unit: str) -> BitMap:
        return self._set(unit, "begun by day", lambda: self._told(unit) & self._by_day(unit, BEGAN))

    def _in_record(self, unit: str) -> BitMap:
        return self._told(unit) & self._by_day(unit, "asked_on")

    @cached_property
    def _verifiable(self) -> BitMap:
        if self.number is None:
            return self.present.rows(ACTION, "verifiable")
        verifiable = self.present.rows(VERIFIABILITY_PERIOD, "verifiable")
        told = self._told(VERIFIABILITY_PERIOD)
        # Whether an action is verifiable seldom changes: of most it is as it is now.
        now = self._told_now(VERIFIABILITY_PERIOD)
        owners = self.owners_of_history[VERIFIABILITY_PERIOD]
        changed = owners.of(told ^ now)
        as_now = (self.present.rows(ACTION, "verifiable") & self._begun(ACTION)) - changed
        return as_now | owners.of((told - now) & verifiable)


def told_by(view: View, unit: str) -> BitMap:
    """Return what the newest edition of a view tells, by when it began and no longer was told."""
    begun, ended = (
        union(rows for _hundred, rows in view.editions(unit, name)) for name in (FROM, UNTIL)
    )
    return begun - ended


def those_of(rows: BitMap, values: Ordered) -> Values:
    """Return which of some rows have each value that any of them has, in the order given."""
    found = ((value, rows & own) for value, own in values)
    return {value: own for value, own in found if own}


def with_rest(values: Values, value: str, rows: BitMap) -> Values:
    if rows:
        values[value] = values.get(value, BitMap()) | rows
    return values


def once_each(values: Ordered) -> Values:
    """Return each row with the first of its values alone."""
    seen, found = BitMap(), dict[str, BitMap]()
    for value, rows in values:
        if new := rows - seen:
            found[value] = new
            seen |= new
    return found


def add_again(months: Values, month: str, rows: BitMap) -> None:
    """Note what happened in a month; a second time in the same month, as a second time."""
    while rows:
        known = months.get(month, BitMap())
        months[month] = known | rows
        month, rows = month + AGAIN, known & rows


def take_once(months: Values, month: str, rows: BitMap) -> None:
    """Take back what happened once in a month: of what happened again, the last time."""
    while (known := months.get(month)) is not None:
        again = months.get(month + AGAIN, BitMap())
        months[month] = (known - rows) | (again & rows)
        if not months[month]:
            del months[month]
        month, rows = month + AGAIN, rows & again
