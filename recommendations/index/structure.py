"""The order in which the record is read, and which actions are of which recommendation."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby

from pyroaring import BitMap

from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .past import narrowed
from .store import Damaged, Store, digest_of, sealed, unsealed

# A key of the database, in as many bytes as a set holds.
KEY = "I"
# As many are put in order quicker than all are walked through.
FEW = 20_000
# What is kept of each report, in the order of a structure's parts.
COLUMNS = ("recommendations", "sizes", "actions")


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
        found: list[int] = []
        for one in recommendations:
            found += self.actions_of(one)
        return BitMap(found)

    @cached_property
    def owner(self) -> array[int]:
        """The recommendation of each action, by its key."""
        owners = array(KEY, bytes(4 * (max(self.actions, default=0) + 1)))
        for place, recommendation in enumerate(self.recommendations):
            for action in self.actions[self.starts[place] : self.starts[place + 1]]:
                owners[action] = recommendation
        return owners

    def owners_of(self, actions: BitMap) -> BitMap:
        return _looked_up(self.owner, actions)

    def actions_in_order(self, keys: BitMap) -> Iterator[int]:
        return _in_order(keys, self.actions, lambda: self.place_of_action)

    def recommendations_in_order(self, keys: BitMap) -> Iterator[int]:
        return _in_order(keys, self.recommendations, lambda: self.place_of_recommendation)


class UpdateOwners:
    """The action of each published update, which never changes: what is new is read alone."""

    def __init__(self) -> None:
        self.written, self.owner = 0, array(KEY)

    def read(self, store: Store) -> None:
        rows = store.execute(
            "SELECT report, written, updates, actions FROM updates WHERE written > ?",
            [self.written],
        ).fetchall()
        for report, written, updates, actions in rows:
            keys, owners = array(KEY), array(KEY)
            keys.frombytes(unsealed(updates, report, written))
            owners.frombytes(unsealed(actions, report, written))
            missing = max(keys, default=0) + 1 - len(self.owner)
            self.owner.frombytes(bytes(4 * max(missing, 0)))
            for key, owner in zip(keys, owners, strict=True):
                self.owner[key] = owner
        # Several rows are written as one.
        self.written = max((row[1] for row in rows), default=self.written)

    def of(self, updates: BitMap) -> BitMap:
        """Return the actions of updates."""
        return _looked_up(self.owner, updates)


def _looked_up(owner: array[int], keys: BitMap) -> BitMap:
    """Return the owners of keys, each of which has one."""
    try:
        found = set(map(owner.__getitem__, keys.to_array()))
    except IndexError:
        found = {0}
    if 0 in found:
        raise Damaged("it is not known whose some rows are")
    return BitMap(found)


def _in_order(keys: BitMap, order: array[int], places: Callable[[], array[int]]) -> Iterator[int]:
    if len(keys) == len(order):
        return iter(order)
    if len(keys) <= FEW:
        return iter(sorted(keys, key=places().__getitem__))
    return (key for key in order if key in keys)


def _places(order: array[int]) -> array[int]:
    # What has no place is beyond all places.
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


def write_updates(store: Store, reports: set[int] | None = None) -> None:
    """Keep the actions of the published updates of all reports, or of some."""
    rows = Record(Viewpoint.present()).all_updates()
    if reports is not None:
        rows = rows.filter(action__recommendation__report__in=reports)
    report = "action__recommendation__report_id"
    told = rows.order_by(report).values_list(report, "pk", "action_id")
    row = store.execute("SELECT coalesce(max(written), 0) + 1 FROM updates").fetchone()
    for key, of_report in groupby(told.iterator(), key=lambda one: one[0]):
        updates, actions = array(KEY), array(KEY)
        for _report, pk, action in of_report:
            updates.append(pk)
            actions.append(action)
        store.execute(
            "REPLACE INTO updates VALUES (?, ?, ?, ?)",
            (key, row[0], *(sealed(one.tobytes(), key, row[0]) for one in (updates, actions))),
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
