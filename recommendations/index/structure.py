"""The order in which the record is read, and which actions are of which recommendation."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, groupby, repeat

from django.db.models import QuerySet
from pyroaring import BitMap

from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .history import judgements
from .names import (
    EVIDENCE_PERIOD,
    JUDGEMENT,
    KEY,
    STATUS_PERIOD,
    UPDATE,
    VERIFIABILITY_PERIOD,
    narrowed,
)
from .store import Damaged, Store, digest_of, sealed, unsealed

# As many are put in order quicker than all are walked through.
FEW = 20_000
# Of as many the owners are looked up in a list.
MANY = 20_000
# What is kept of each report, in the order of a structure's parts.
COLUMNS = ("recommendations", "sizes", "actions")
# Beyond all places: of what has none.
NOWHERE = 2**32 - 1


class Structure:
    """Recommendations in reading order, each with its actions in theirs."""

    def __init__(self, recommendations: array[int], sizes: array[int], actions: array[int]) -> None:
        self.recommendations, self.actions = recommendations, actions
        # Where the actions of each recommendation begin, and where the last ones end.
        self.starts = array(KEY, [0])
        for size in sizes:
            self.starts.append(self.starts[-1] + size)

    @cached_property
    def place_of_action(self) -> array[int]:
        return _places(self.actions)

    @cached_property
    def place_of_recommendation(self) -> array[int]:
        return _places(self.recommendations)

    def actions_of(self, recommendation: int) -> array[int]:
        place = self.place_of_recommendation[recommendation]
        return self.actions[self.starts[place] : self.starts[place + 1]]

    def actions_of_all(self, recommendations: BitMap) -> BitMap:
        found = array(KEY)
        for one in recommendations:
            found += self.actions_of(one)
        return BitMap(found)

    @cached_property
    def owned(self) -> OwnedRows:
        """The recommendation of each action."""
        owned = OwnedRows()
        for place, recommendation in enumerate(self.recommendations):
            actions = self.actions[self.starts[place] : self.starts[place + 1]]
            owned.add(actions, repeat(recommendation, len(actions)))
        return owned

    def owners_of(self, actions: BitMap) -> BitMap:
        return self.owned.of(actions)

    def actions_in_order(self, keys: BitMap) -> Iterator[int]:
        return _in_order(keys, self.actions, lambda: self.place_of_action)

    def recommendations_in_order(self, keys: BitMap) -> Iterator[int]:
        return _in_order(keys, self.recommendations, lambda: self.place_of_recommendation)

    def actions_after(self, key: int, keys: BitMap) -> Iterator[int]:
        """Return those of some actions that come after one in the order."""
        return _after(key, keys, self.actions, self.place_of_action)

    def recommendations_after(self, key: int, keys: BitMap) -> Iterator[int]:
        return _after(key, keys, self.recommendations, self.place_of_recommendation)


class OwnedRows:
    """Whose each row is, by its key.

    Of few rows the owners are looked up in an array, which takes the least memory; of many in a
    list besides, in which each number is there once: it takes half as long.
    """

    def __init__(self) -> None:
        self.owner = array(KEY)
        self._listed: list[int] = []

    def add(self, keys: array[int], owners: Iterable[int]) -> None:
        missing = max(keys, default=0) + 1 - len(self.owner)
        self.owner.frombytes(bytes(4 * max(missing, 0)))
        # What was listed stays as it is: somebody may be reading it.
        listed = self._listed
        listed += [0] * max(missing, 0) if listed else []
        for key, owner in zip(keys, owners, strict=True):
            self.owner[key] = owner
            if listed:
                listed[key] = owner

    def of(self, rows: BitMap) -> BitMap:
        """Return the owners of rows, each of which has one."""
        try:
            keys = rows.to_array()
            owner = self._read_by(len(keys))
            # A list first: an array of it takes a quarter less than one of an iterator.
            found = BitMap(array(KEY, [owner[key] for key in keys]))
        except IndexError:
            found = BitMap([0])
        if 0 in found:
            raise Damaged("it is not known whose some rows are")
        return found

    def of_each(self, keys: array[int]) -> Iterator[int]:
        """Return the owner of each row, in their order."""
        return map(self._read_by(len(keys)).__getitem__, keys)

    def _read_by(self, n: int) -> Sequence[int]:
        """Return the owners by their rows, in the form in which so many are read the soonest."""
        return self.owner if n < MANY else self._as_list()

    def _as_list(self) -> list[int]:
        listed = self._listed
        if len(listed) != len(self.owner):
            once: dict[int, int] = {}
            listed = self._listed = [once.setdefault(owner, owner) for owner in self.owner]
        return listed


class Owners(OwnedRows):
    """The actions of published updates, or the actions and recommendations of periods.

    They never change: what is new is read alone.
    """

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit, self.written = unit, 0

    def read(self, store: Store) -> None:
        found = list(_owned(store, self.unit, after=self.written))
        for keys, owners, _written in found:
            self.add(keys, owners)
        # Several rows are written as one.
        self.written = max((written for *_parts, written in found), default=self.written)

    def owned_by(self, owners: BitMap, rows: BitMap) -> BitMap:
        """Return which of some rows belong to some owners."""
        keys = rows.to_array()
        is_theirs = map(owners.__contains__, self.of_each(keys))
        return BitMap(array(KEY, compress(keys, is_theirs)))


def rows_of_report(store: Store, unit: str, report: int) -> BitMap:
    """Return the updates or periods of a report."""
    found = BitMap()
    for keys, _owners, _written in _owned(store, unit, report=report):
        found.update(keys)
    return found


def judged(store: Store, by: BitMap) -> BitMap:
    """Return the findings of research that some updates judge."""
    return BitMap([finding for finding, update in judgements_in(store) if update in by])


def judgements_in(store: Store) -> set[tuple[int, int]]:
    """Return pairs of a finding and an update that judges it."""
    found: set[tuple[int, int]] = set()
    for findings, updates, _written in _owned(store, JUDGEMENT):
        found.update(zip(findings, updates, strict=True))
    return found


def _owned(
    store: Store, unit: str, *, after: int = 0, report: int | None = None
) -> Iterator[tuple[array[int], array[int], int]]:
    """Yield keys, their owners, and when they were written, by report."""
    wanted = "SELECT report, written, keys, owners FROM owners WHERE unit = ? AND written > ?"
    if report is None:
        rows = store.execute(wanted, (unit, after)).fetchall()
    else:
        rows = store.execute(f"{wanted} AND report = ?", (unit, after, report)).fetchall()
    for report, written, *stored in rows:
        keys, owners = array(KEY), array(KEY)
        for part, content in zip((keys, owners), stored, strict=True):
            part.frombytes(unsealed(content, unit, report, written))
        yield keys, owners, written


def _in_order(keys: BitMap, order: array[int], places: Callable[[], array[int]]) -> Iterator[int]:
    if len(keys) == len(order):
        return iter(order)
    if len(keys) <= FEW:
        return iter(sorted(keys, key=places().__getitem__))
    return (key for key in order if key in keys)


def _after(key: int, keys: BitMap, order: array[int], places: array[int]) -> Iterator[int]:
    """Yield keys behind another. Of one that nobody knows it is not known what is behind it."""
    place = places[key] if 0 <= key < len(places) else NOWHERE
    if len(keys) <= FEW:
        return iter(sorted((k for k in keys if places[k] > place), key=places.__getitem__))
    return (order[n] for n in range(place + 1, len(order)) if order[n] in keys)


def _places(order: array[int]) -> array[int]:
    places = array(KEY, b"\xff" * (4 * (max(order, default=0) + 1)))
    for place, key in enumerate(order):
        places[key] = place
    return places


# From the database, and to and from the store ----------------------------------------------------


def write(store: Store, reports: Iterable[int] | None = None) -> None:
    """Keep the order of all reports, and of what belongs to some of them, as it is now."""
    record = Record(Viewpoint.present())
    places = {pk: n for n, pk in enumerate(record.reports().values_list("pk", flat=True))}
    if reports is None:
        store.execute("DELETE FROM reports")
        changed = set(places)
    else:
        changed = set(reports) & set(places)
    for pk, parts in _of_reports(record, None if reports is None else changed):
        store.execute("REPLACE INTO reports VALUES (?, ?, ?, ?, ?)", (pk, places[pk], *parts))
    for pk, place in store.execute("SELECT report, place FROM reports").fetchall():
        if pk not in places:
            store.execute("DELETE FROM reports WHERE report = ?", [pk])
        elif place != places[pk]:
            store.execute("UPDATE reports SET place = ? WHERE report = ?", (places[pk], pk))
    store.execute("UPDATE state SET structure = ?", [written(store)])


Parts = tuple[bytes, bytes, bytes]


def _of_reports(record: Record, reports: set[int] | None) -> Iterator[tuple[int, Parts]]:
    recommendations = narrowed(record.recommendations(), reports, "report")
    actions = narrowed(record.actions(), reports, "recommendation__report")
    owned = actions.order_by(*actions.REPORT_ORDER).values_list("recommendation_id", "pk")
    rest = groupby(owned.iterator(), key=lambda row: row[0])
    sizes: dict[int, list[int]] = {owner: [pk for _o, pk in rows] for owner, rows in rest}
    ordered = recommendations.order_by(*recommendations.REPORT_ORDER)
    for report, rows in groupby(
        ordered.values_list("report_id", "pk").iterator(), key=lambda row: row[0]
    ):
        keys = array(KEY, [pk for _report, pk in rows])
        of_each = [sizes.get(pk, []) for pk in keys]
        lengths = array(KEY, map(len, of_each))
        own = array(KEY, [pk for one in of_each for pk in one])
        parts = (sealed(one.tobytes(), report) for one in (keys, lengths, own))
        yield report, (next(parts), next(parts), next(parts))


Told = Iterable[tuple[int, int, int]]


def write_owners(store: Store, reports: set[int] | None = None) -> None:
    """Keep the actions of the published updates of all reports, or of some."""
    rows = Record(Viewpoint.present()).all_updates()
    path = "action__recommendation__report"
    _write_owners(store, UPDATE, _pairs(rows, reports, path, "action_id"))


def write_owners_of_history(store: Store, reports: set[int] | None = None) -> None:
    """Keep whose the periods are, and which updates judge which finding of research."""
    record = Record(Viewpoint.present())
    path = "action__recommendation__report"
    periods = record.periods_of_all_editions()
    _write_owners(
        store,
        STATUS_PERIOD,
        [
            *_pairs(periods.filter(action__isnull=False), reports, path, "action_id"),
            *_pairs(
                periods.filter(recommendation__isnull=False),
                reports,
                "recommendation__report",
                "recommendation_id",
            ),
        ],
    )
    evidence, verifiability = record.evidence_periods_of_all_editions(), record.verifiability()
    _write_owners(store, EVIDENCE_PERIOD, _pairs(evidence, reports, path, "action_id"))
    _write_owners(store, VERIFIABILITY_PERIOD, _pairs(verifiability, reports, path, "action_id"))
    _write_owners(store, JUDGEMENT, judgements(record, reports))


def _pairs(rows: QuerySet, reports: set[int] | None, path: str, owner: str) -> Told:
    told = narrowed(rows, reports, path).order_by()
    return told.values_list(f"{path}_id", "pk", owner).iterator()


def _write_owners(store: Store, unit: str, told: Told) -> None:
    row = store.execute("SELECT coalesce(max(written), 0) + 1 FROM owners").fetchone()
    parts: dict[int, tuple[array[int], array[int]]] = {}
    for report, key, owner in told:
        keys, owners = parts.setdefault(report, (array(KEY), array(KEY)))
        keys.append(key)
        owners.append(owner)
    for report, both in parts.items():
        names = (unit, report, row[0])
        store.execute(
            "REPLACE INTO owners VALUES (?, ?, ?, ?, ?)",
            (*names, *(sealed(one.tobytes(), *names) for one in both)),
        )


def digest(store: Store) -> str:
    """Return what changes with the order or the ownership of rows."""
    return store.execute("SELECT structure FROM state").fetchone()[0]


def written(store: Store) -> str:
    """Return the digest of what is there, of which the state keeps a copy."""
    parts = ", ".join(f"substr({name}, 1, 4)" for name in COLUMNS)
    rows = store.execute(f"SELECT report, place, {parts} FROM reports ORDER BY place, report")
    return digest_of(rows)


def read(store: Store) -> Structure:
    if digest(store) != written(store):
        raise Damaged("the order is not what was written")
    found = (array(KEY), array(KEY), array(KEY))
    columns = ", ".join(COLUMNS)
    for report, *row in store.execute(f"SELECT report, {columns} FROM reports ORDER BY place"):
        for one, part in zip(found, row, strict=True):
            one.frombytes(unsealed(part, report))
    return Structure(*found)
