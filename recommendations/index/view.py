"""The index as a viewpoint sees it: sets of rows by what is true of them there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from pyroaring import BitMap

from recommendations.statuses import Schedule
from recommendations.viewpoint import Viewpoint

from .names import ACTION, NO_DAY, RECOMMENDATION, UNTIL, UPDATE, YES, Values, within
from .store import Store
from .structure import Owners, Structure

NOTHING = BitMap()
Read = Callable[[str, str], Values]
Made = TypeVar("Made")


def key_of(viewpoint: Viewpoint) -> str:
    """Return the name of a viewpoint: the present, or its day and edition."""
    if viewpoint.is_present:
        return "present"
    return f"{viewpoint.on.isoformat()}/{viewpoint.number or ''}"


class View:
    """Sets of the present, each read when it is first asked for.

    `read` gives those of a unit and a name as they are written; `made` keeps what is put together
    from them, as long as they are the same.
    """

    def __init__(
        self, store: Store, key: str, structure: Structure, owners: Owners, read: Read
    ) -> None:
        self.store, self.key, self.structure, self.owners = store, key, structure, owners
        self.read = read
        self.made: dict[tuple[str, str], Any] = {}

    def of_report(self, pk: int) -> View:
        """Return a view that is right of one report, whatever it says of others.

        Of the past it is put together in a fraction of the time.
        """
        return self

    def values(self, unit: str, name: str, *, on: date | None = None) -> Values:
        """Return the rows that have each value of something.

        What stands against a deadline or a review depends on the day, `on`.
        """
        if name == "schedule":
            return self._schedule(unit, on or date.max)
        if name == "review":
            return self._review(unit, on or date.max)
        return self.read(unit, name)

    def rows(self, unit: str, name: str, value: str = YES) -> BitMap:
        return self.values(unit, name).get(value, NOTHING)

    def sizes(self, unit: str, name: str, *, on: date | None = None) -> dict[str, int]:
        """Return how many of all that is counted have each value of something."""
        of_actions = unit == ACTION

        def make() -> dict[str, int]:
            counted = self.counted_actions if of_actions else self.counted_recommendations
            values = self.values(unit, name, on=on).items()
            return {value: rows.intersection_cardinality(counted) for value, rows in values}

        return self._once(unit, f"sizes of {name} on {on}", make)

    def days(self, unit: str, name: str) -> list[tuple[str, BitMap]]:
        """Return the rows by a day, the earliest first; those without one come before all."""
        values = self.values(unit, name)
        return list(
            self._once(unit, f"{name} in order", lambda: dict(sorted(values.items()))).items()
        )

    def since(self, unit: str, name: str, day: date) -> BitMap:
        """Return the rows with this day or a later one."""
        wanted = day.isoformat()
        return union(rows for value, rows in self.values(unit, name).items() if value >= wanted)

    def before(self, unit: str, name: str, day: date) -> BitMap:
        """Return the rows with an earlier day."""
        limit = day.isoformat()
        return union(
            rows for value, rows in self.values(unit, name).items() if NO_DAY < value < limit
        )

    def editions(
        self, unit: str, name: str, hundred: int | None = None
    ) -> list[tuple[int, BitMap]]:
        """Return the rows by hundreds of editions, or by the editions of one, the newest first."""
        values = self.values(unit, name if hundred is None else within(name, hundred))
        return sorted(((int(value), rows) for value, rows in values.items()), reverse=True)

    def all_editions(self, unit: str, name: str) -> Iterator[tuple[int, BitMap]]:
        """Yield the rows by edition, the newest first; those of a hundred are read at a time."""
        for hundred, _rows in self.editions(unit, name):
            yield from self.editions(unit, name, hundred)

    def ended_updates(self) -> BitMap:
        """Return the updates that were corrected or retracted."""
        ended = union(rows for _hundred, rows in self.editions(UPDATE, UNTIL))
        return ended & self.rows(UPDATE, "told")

    def actions_published_since(self, day: date) -> BitMap:
        """Return the actions of which an edition of this day or a later one said what counts."""
        return self.owners.of(self.updates & self.since(UPDATE, "published_on", day))

    def _once(self, unit: str, name: str, make: Callable[[], Made]) -> Made:
        """Return what is put together once."""
        if (unit, name) not in self.made:
            self.made[unit, name] = make()
        made: Made = self.made[unit, name]
        return made

    def _schedule(self, unit: str, on: date) -> Values:
        def make() -> Values:
            found = dict(self.values(unit, "schedule, whatever the day"))
            found[Schedule.OVERDUE] = self.before(unit, "open_due_on", on)
            found[Schedule.DUE] = self.since(unit, "open_due_on", on)
            return found

        return self._once(unit, f"schedule on {on}", make)

    def _review(self, unit: str, on: date) -> Values:
        def make() -> Values:
            return {
                "needs_review": self.before(unit, "review_due_on", on),
                "up_to_date": self.since(unit, "review_due_on", on),
                "unconfirmed": self.rows(unit, "unconfirmed"),
            }

        return self._once(unit, f"review on {on}", make)

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
        """Those that count, whose words are searched."""
        return self.rows(UPDATE, "counting")


def union(sets: Iterable[BitMap]) -> BitMap:
    return BitMap.union(NOTHING, *sets)
