"""What a process has read of an index and keeps: by digests, so that none of it can be outdated."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from . import building, structure
from .store import Damaged, State, Store
from .structure import Structure, UpdateOwners
from .view import Values, View
from .words import Kept

# Viewpoints whose sets a process keeps in memory.
MOST_LOADED = 8

Loaded = dict[tuple[str, str], Values]


@dataclass
class InProcess:
    """Of one index, for all threads. Each reads a state of its own, which may not be the newest."""

    structure: tuple[str, Structure | None] = ("", None)
    owners: UpdateOwners = field(default_factory=UpdateOwners)
    loaded: OrderedDict[tuple[str, str], Loaded] = field(default_factory=OrderedDict)
    words: tuple[State | None, Kept] = (None, Kept())
    lock: RLock = field(default_factory=RLock)

    def view(self, store: Store, key: str) -> View:
        with self.lock:
            self.owners.read(store)
            view = View(store, key, self._structure(store), self.owners)
            view.loaded = self._sets(store, key)
        return view

    def kept_words(self, state: State) -> Kept:
        with self.lock:
            if self.words[0] != state:
                self.words = (state, Kept())
            return self.words[1]

    def _structure(self, store: Store) -> Structure:
        digest, known = structure.digest(store), self.structure
        if known[1] is None or known[0] != digest:
            known = self.structure = (digest, structure.read(store))
        assert known[1] is not None
        return known[1]

    def _sets(self, store: Store, key: str) -> Loaded:
        """Return the sets of a view that were loaded so far."""
        named = (key, building.view_digest(store, key))
        if named not in self.loaded:
            if building.written_sets(store, key) != named[1]:
                raise Damaged(f"the sets of {key} are not those that were written")
            self.loaded[named] = {}
        self.loaded.move_to_end(named)
        while len(self.loaded) > MOST_LOADED:
            self.loaded.popitem(last=False)
        return self.loaded[named]


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
