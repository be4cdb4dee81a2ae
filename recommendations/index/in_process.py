"""What a process has read of an index and keeps: by digests, so that none of it can be outdated."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from recommendations.viewpoint import Viewpoint

from . import building, structure
from .names import EVIDENCE_PERIOD, STATUS_PERIOD, UPDATE, VERIFIABILITY_PERIOD, Values
from .past import PastView
from .store import Damaged, State, Store, unpacked
from .structure import Owners, Structure
from .view import View, key_of
from .words import Kept

# Viewpoints whose sets a process keeps in memory.
MOST_VIEWS = 8
# Whose owners are read once anybody looks at the past.
OF_HISTORY = (STATUS_PERIOD, EVIDENCE_PERIOD, VERIFIABILITY_PERIOD)

Name = tuple[str, str]


@dataclass
class InProcess:
    """Of one index, for all threads. Each reads a state of its own, which may not be the newest."""

    structure: tuple[str, Structure | None] = ("", None)
    owners: dict[str, Owners] = field(default_factory=dict)
    names: tuple[str, dict[Name, str]] = ("", {})
    loaded: dict[Name, tuple[str, Values]] = field(default_factory=dict)
    made: OrderedDict[tuple[str, str], dict[Name, Any]] = field(default_factory=OrderedDict)
    words: tuple[State | None, Kept] = (None, Kept())
    lock: RLock = field(default_factory=RLock)

    def view(self, store: Store, viewpoint: Viewpoint) -> View:
        with self.lock:
            view = self._present(store)
            if not viewpoint.is_present:
                owners = {unit: self._owners(store, unit) for unit in OF_HISTORY}
                view = PastView(view, viewpoint, owners)
            view.made = self._made(store, view.key)
        return view

    def kept_words(self, state: State) -> Kept:
        with self.lock:
            if self.words[0] != state:
                self.words = (state, Kept())
            return self.words[1]

    def _present(self, store: Store) -> View:
        names = self._names(store)
        view = View(
            store,
            key_of(Viewpoint.present()),
            self._structure(store),
            self._owners(store, UPDATE),
            lambda unit, name: self._values(store, names, unit, name),
        )
        view.made = self._made(store, view.key)
        return view

    def _owners(self, store: Store, unit: str) -> Owners:
        owners = self.owners.setdefault(unit, Owners(unit))
        owners.read(store)
        return owners

    def _structure(self, store: Store) -> Structure:
        digest, known = structure.digest(store), self.structure
        if known[1] is None or known[0] != digest:
            known = self.structure = (digest, structure.read(store))
        assert known[1] is not None
        return known[1]

    def _names(self, store: Store) -> dict[Name, str]:
        """Return the digest of the sets of each name."""
        digest = building.digest_of_sets(store)
        if self.names[0] != digest:
            if building.written_names(store) != digest:
                raise Damaged("the sets are not those that were written")
            rows = store.execute("SELECT unit, name, digest FROM names").fetchall()
            self.names = (digest, {(unit, name): own for unit, name, own in rows})
        return self.names[1]

    def _values(self, store: Store, names: dict[Name, str], unit: str, name: str) -> Values:
        digest = names.get((unit, name))
        if digest is None:
            return {}
        known = self.loaded.get((unit, name))
        if known is None or known[0] != digest:
            if building.written_values(store, unit, name) != digest:
                raise Damaged(f"the sets of {unit} {name} are not those that were written")
            rows = store.execute(
                "SELECT value, keys FROM sets WHERE unit = ? AND name = ?", (unit, name)
            )
            values = {value: unpacked(keys, unit, name, value) for value, keys in rows}
            known = self.loaded[unit, name] = (digest, values)
        return known[1]

    def _made(self, store: Store, key: str) -> dict[Name, Any]:
        """Return what was put together so far of the sets of a viewpoint as they are now."""
        named = (key, building.digest_of_sets(store))
        made = self.made.setdefault(named, {})
        self.made.move_to_end(named)
        while len(self.made) > MOST_VIEWS:
            self.made.popitem(last=False)
        return made


_of_indexes: OrderedDict[tuple[Path | None, str], InProcess] = OrderedDict()
_lock = RLock()


def known_of(path: Path, store: Store) -> InProcess:
    """Return what is kept of the index that a store reads from, and forget all others."""
    key = (path, store.made())
    with _lock:
        known = _of_indexes.get(key) or InProcess()
        _of_indexes.clear()
        _of_indexes[key] = known
    return known
