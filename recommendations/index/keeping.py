"""Opens the index in the state that the database is in, and brings it there if need be.

The database keeps a table of what changed, each change with a token that no other has. An index
knows of which state it is: if that state stands in the table it is brought up to date by what
changed since; if not, the database is another one, or an older copy of it, and the index is made
anew. What is not committed is never written to the file: within a transaction an index is made in
memory, for one answer.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from alliance import replica
from recommendations.models import ContentChange, Recommendation, TrackerState
from recommendations.text import spelling, tokens
from recommendations.viewpoint import Viewpoint

from . import building, structure
from .builder import start_builder
from .store import Damaged, State, Store, opened, thrown_away
from .structure import Structure, UpdateOwners
from .view import Values, View, key_of
from .words import Kept, Words

logger = logging.getLogger(__name__)
Made = TypeVar("Made")

# With more recommendations than these an index is made by a process of its own, while readers are
# told to come back.
MOST_AT_ONCE = 6_000
# Of a large one, as many recommendations are brought up to date while a reader waits.
MOST_TOUCHED = 2_000
# How often an answer is made anew because something was published meanwhile.
ATTEMPTS = 5
# Viewpoints whose sets a process keeps in memory.
MOST_LOADED = 8


class BeingMade(Exception):
    """There is no index yet that could answer."""


class Moved(Exception):
    """Something was published between two looks."""


@dataclass(frozen=True, slots=True)
class Index:
    """What answers at one viewpoint, in one state of the record."""

    state: State
    view: View
    words: Words


@dataclass
class InProcess:
    """What this process has read of an index."""

    generation: int = 0
    structure: Structure | None = None
    owners: UpdateOwners = field(default_factory=UpdateOwners)
    views: OrderedDict[tuple[str, int], dict[tuple[str, str], Values]] = field(
        default_factory=OrderedDict
    )
    kept: tuple[State | None, Kept] = (None, Kept())


_in_process: dict[tuple[Path, int], InProcess] = {}
# What this thread has open.
_opened = threading.local()


def of_one_state(viewpoint: Viewpoint, make: Callable[[Index], Made]) -> Made:
    """Return what is made of an index and of the database, both in the same state.

    Where something is published while it is made, it is made again.
    """
    for _attempt in range(ATTEMPTS):
        try:
            with opened_at(viewpoint) as index:
                made = make(index)
                if state_of_database() == index.state:
                    return made
        except Moved:
            continue
        except (Damaged, sqlite3.DatabaseError) as error:
            logger.warning("The index cannot be read and is made anew: %s", error)
            thrown_away(path_of_index())
    raise BeingMade("the record changes quicker than it can be read")


@contextmanager
def opened_at(viewpoint: Viewpoint) -> Iterator[Index]:
    """Give the index as it is in the state that the database is in. Raises BeingMade.

    Within another, one of the same viewpoint is that one; one of another viewpoint is of the same
    state, or raises Moved.
    """
    opened_before: dict[str, Index] = _opened.__dict__.setdefault("indexes", {})
    key = key_of(viewpoint)
    if key in opened_before:
        yield opened_before[key]
        return
    outer = next(iter(opened_before.values()), None)
    with _opened_anew(viewpoint, outer) as index:
        if outer and index.state != outer.state:
            raise Moved
        opened_before[key] = index
        try:
            yield index
        finally:
            del opened_before[key]


@contextmanager
def _opened_anew(viewpoint: Viewpoint, outer: Index | None) -> Iterator[Index]:
    state = state_of_database()
    store = None
    if not database().in_atomic_block and state.token:
        if outer:
            outer.view.store.let_go()
        store = _brought_up(path_of_index(), state, viewpoint)
    if store is None:
        with _in_memory(viewpoint, state) as index:
            yield index
        return
    if outer:
        # The outermost ends it.
        store.begin_reading()
        yield _index(store, _known(path_of_index(), store), viewpoint)
        return
    with store.reading():
        yield _index(store, _known(path_of_index(), store), viewpoint)


def state_of_database() -> State:
    row = TrackerState.objects.values_list("content_revision", "content_token").first()
    return State(*row) if row else State(0, "")


def path_of_index() -> Path:
    """Return the file of this database and of this way of indexing."""
    told = database().settings_dict
    where = [str(told.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME")]
    folder = hashlib.sha256(repr(where).encode()).hexdigest()[:16]
    return Path(settings.INDEX_DIR) / folder / f"{way_of_indexing()}.sqlite3"


def database() -> BaseDatabaseWrapper:
    """Return the connection that is read. A replica behind the primary has an index of its own."""
    return connections[replica.being_read()]


@cache
def way_of_indexing() -> str:
    """Return what changes when another release would write another index."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(tokens.__file__)]
    files.append(Path(spelling.__file__))
    digest = hashlib.sha256(version("snowballstemmer").encode())
    digest.update(version("pyroaring").encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _brought_up(path: Path, state: State, viewpoint: Viewpoint) -> Store | None:
    """Return the store in this state or a later one; None where no file can be written.

    A file that cannot be read is made anew.
    """
    for is_last in (False, True):
        try:
            store = opened(path)
            if not _is_current(store, state, viewpoint):
                bring_up(store, viewpoint)
            return store
        except (Damaged, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.OperationalError) or is_last:
                logger.warning("The index %s cannot be written: %s", path, error)
                break
            logger.warning("The index %s is damaged and is made anew: %s", path, error)
            thrown_away(path)
        except OSError as error:
            logger.warning("The index %s cannot be opened: %s", path, error)
            break
    if is_large():
        raise BeingMade(str(path))
    return None


def _is_current(store: Store, state: State, viewpoint: Viewpoint) -> bool:
    with store.reading():
        mine = store.state()
        return mine == state and building.view_state(store, key_of(viewpoint)) == state


def bring_up(store: Store, viewpoint: Viewpoint, *, however_large: bool = False) -> None:
    """Bring a store, and the view from a viewpoint, up to the state of the database."""
    with store.writing():
        for _attempt in range(ATTEMPTS):
            state = state_of_database()
            _bring_to(store, state, viewpoint, however_large)
            if state_of_database() == state:
                return
        raise BeingMade("the record changes quicker than it can be read")


def _bring_to(store: Store, state: State, viewpoint: Viewpoint, however_large: bool) -> None:
    mine = store.state()
    touched = touched_since(mine)
    if touched is None:
        if is_large() and not however_large:
            start_builder()
            raise BeingMade("the index is being made")
        building.begin(store, state)
    elif mine != state:
        if len(touched) > MOST_TOUCHED and is_large() and not however_large:
            start_builder()
            raise BeingMade("the index is being brought up to date")
        building.renew(store, state, touched)
    seen = building.view_state(store, key_of(viewpoint))
    changed = touched_since(seen)
    if changed is None:
        building.make_view(store, state, viewpoint)
    elif seen != state:
        building.renew_view(store, state, viewpoint, changed)


def touched_since(mine: State | None) -> set[int] | None:
    """Return the recommendations that changed after a state; None where it may be all of them."""
    if mine is None:
        return None
    changes = ContentChange.objects.filter(revision__gte=mine.revision).order_by("revision")
    rows = list(changes.values_list("token", "recommendations"))
    if not rows or rows[0][0] != mine.token:
        return None
    touched: set[int] = set()
    for _token, recommendations in rows[1:]:
        if recommendations is None:
            return None
        touched.update(recommendations)
    return touched


def is_large() -> bool:
    return Recommendation.objects.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


@contextmanager
def _in_memory(viewpoint: Viewpoint, state: State) -> Iterator[Index]:
    store = Store(None)
    try:
        with store.writing():
            building.begin(store, state, with_words=False)
            building.make_view(store, state, viewpoint)
        yield _index(store, InProcess(), viewpoint)
    finally:
        store.close()


def _known(path: Path, store: Store) -> InProcess:
    key = (path, store.inode)
    if key not in _in_process:
        _in_process.clear()
        _in_process[key] = InProcess()
    return _in_process[key]


def _index(store: Store, known: InProcess, viewpoint: Viewpoint) -> Index:
    state = store.state()
    assert state is not None
    generation = store.structure_generation()
    if known.structure is None or known.generation != generation:
        known.structure, known.generation = structure.read(store), generation
    known.owners.read(store)
    key = key_of(viewpoint)
    view = View(store, key, known.structure, known.owners)
    row = store.execute("SELECT generation FROM views WHERE view = ?", [key]).fetchone()
    view.loaded = known.views.setdefault((key, row[0]), {})
    known.views.move_to_end((key, row[0]))
    while len(known.views) > MOST_LOADED:
        known.views.popitem(last=False)
    if known.kept[0] != state:
        known.kept = (state, Kept())
    return Index(state, view, Words(view, known.kept[1]))
