"""The index as a viewpoint sees it: sets of rows by what is true of them there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from recommendations.statuses import Schedule
from recommendations.viewpoint import Viewpoint

from .facts import ACTION, NO_DAY, RECOMMENDATION, UPDATE, YES
from .store import Store, unpacked
from .structure import Structure, UpdateOwners

Values = dict[str, BitMap]
NOTHING = BitMap()


def key_of(viewpoint: Viewpoint) -> str:
    """Return the name of a viewpoint: the present, or its day and edition."""
    if viewpoint.is_present:
        return "present"
    return f"{viewpoint.on.isoformat()}/{viewpoint.number or ''}"


class View:
    """Sets of one viewpoint, each read from the store when it is first asked for."""

    def __init__(self, store: Store, key: str, structure: Structure, owners: UpdateOwners) -> None:
        self.store, self.key, self.structure, self.owners = store, key, structure, owners
        self.loaded: dict[tuple[str, str], Values] = {}

    def values(self, unit: str, name: str, *, on: date | None = None) -> Values:
        """Return the rows that have each value of something.

        What stands against a deadline or a review depends on the day, `on`.
        """
        if name == "schedule":
            return self._schedule(unit, on or date.max)
        if name == "review":
            return self._review(unit, on or date.max)
        found = self.loaded.get((unit, name))
        if found is None:
            rows = self.store.execute(
                "SELECT value, keys FROM sets WHERE view = ? AND unit = ? AND name = ?",
                (self.key, unit, name),
            )
            found = self.loaded[unit, name] = {
                value: unpacked(keys, self.key, unit, name, value) for value, keys in rows
            }
        return found

    def rows(self, unit: str, name: str, value: str = YES) -> BitMap:
        return self.values(unit, name).get(value, NOTHING)

    def days(self, unit: str, name: str) -> list[tuple[str, BitMap]]:
        """Return the rows by a day, the earliest first; those without one come before all."""
        kept = self.loaded.get((unit, f"{name} in order"))
        if kept is None:
            kept = dict(sorted(self.values(unit, name).items()))
            self.loaded[unit, f"{name} in order"] = kept
        return list(kept.items())

    def since(self, unit: str, name: str, day: date) -> BitMap:
        """Return the rows with this day or a later one."""
        wanted = day.isoformat()
        return _union(rows for value, rows in self.values(unit, name).items() if value >= wanted)

    def before(self, unit: str, name: str, day: date) -> BitMap:
        """Return the rows with an earlier day."""
        limit = day.isoformat()
        return _union(
            rows for value, rows in self.values(unit, name).items() if NO_DAY < value < limit
        )

    def everything_but(self, unit: str, name: str, value: str) -> BitMap:
        """Return the rows that have another value."""
        return _union(rows for own, rows in self.values(unit, name).items() if own != value)

    def _schedule(self, unit: str, on: date) -> Values:
        key = (unit, f"schedule on {on}")
        if key not in self.loaded:
            found = dict(self.values(unit, "schedule, whatever the day"))
            found[Schedule.OVERDUE] = self.before(unit, "open_due_on", on)
            found[Schedule.DUE] = self.since(unit, "open_due_on", on)
            self.loaded[key] = found
        return self.loaded[key]

    def _review(self, unit: str, on: date) -> Values:
        key = (unit, f"review on {on}")
        if key not in self.loaded:
            self.loaded[key] = {
                "needs_review": self.before(unit, "review_due_on", on),
                "up_to_date": self.since(unit, "review_due_on", on),
                "unconfirmed": self.rows(unit, "unconfirmed"),
            }
        return self.loaded[key]

    @cached_property
    def counted_actions(self) -> BitMap:
        return self.rows(ACTION, "counted")

    @cached_property
    def uncounted_actions(self) -> BitMap:
        return self.rows(ACTION, "uncounted")

    @cached_property
    def actions_in_record(self) -> BitMap:
        return self.counted_actions | self.uncounted_actions

    @cached_property
    def counted_recommendations(self) -> BitMap:
        return self.rows(RECOMMENDATION, "counted")

    @cached_property
    def updates(self) -> BitMap:
        """Those whose words are searched."""
        return self.rows(UPDATE, "counting")


def _union(sets: Iterable[BitMap]) -> BitMap:
    return BitMap.union(NOTHING, *sets)
