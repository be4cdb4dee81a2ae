"""Indexes of what is not committed, kept as long as nothing is written.

The product makes such an index anew for each answer. Most tests ask for several pages of a record
that none of them changes, and those that begin with the baseline begin with the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from recommendations.index import building, keeping
from recommendations.index.in_process import InProcess
from recommendations.index.keeping import Index
from recommendations.index.store import State, Store
from recommendations.index.view import key_of
from recommendations.viewpoint import Viewpoint

READS = re.compile(r"\s*(SELECT|EXPLAIN)\b", re.I)
HELD = "the baseline that is held"
make_in_memory = keeping._in_memory


class Indexes:
    def __init__(self) -> None:
        self.kept: dict[tuple[object, ...], tuple[Store, InProcess]] = {}
        self.begin("")

    def begin(self, owner: str) -> None:
        """Begin a test: `owner` is what its record is told by, until something is written."""
        self.owner, self.writes = owner, 0

    def end(self) -> None:
        for key in [key for key in self.kept if key[:2] != (HELD, 0)]:
            self.kept.pop(key)[0].close()

    def count(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not READS.match(sql):
            self.writes += 1
        return execute(sql, params, many, context)

    @contextmanager
    def at(self, viewpoint: Viewpoint, state: State) -> Iterator[Index]:
        if not keeping.database().in_atomic_block:
            with make_in_memory(viewpoint, state) as index:
                yield index
            return
        key = (self.owner, self.writes, key_of(viewpoint), viewpoint.on, state)
        if key not in self.kept:
            store = Store(None)
            with store.writing(), keeping.unless_it_moves(state):
                is_past = not viewpoint.is_present
                building.begin(store, state, with_words=False, with_history=is_past)
            self.kept[key] = (store, InProcess())
        yield keeping._index(*self.kept[key], viewpoint)
