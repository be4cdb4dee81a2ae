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
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from alliance import replica
from alliance.prepared_statements import answer_of
from recommendations.models import ContentChange, Recommendation, TrackerState
from recommendations.text import spelling, tokens
from recommendations.viewpoint import Viewpoint

from . import building, frequent
from .builder import start_builder
from .in_process import InProcess, known_of
from .store import (
    LONG_PATIENCE,
    PATIENCE,
    UNREADABLE,
    State,
    Store,
    is_damage,
    opened,
    thrown_away,
)
from .view import View, key_of
from .words import Words

logger = logging.getLogger(__name__)
Made = TypeVar("Made")

# With more recommendations than these an index is made by a process of its own, while readers are
# told to come back.
MOST_AT_ONCE = 6_000
# Of a large one, as many recommendations are brought up to date while a reader waits.
MOST_TOUCHED = 2_000
# How often an answer is made anew because something was published meanwhile.
ATTEMPTS = 20
# What this thread has open.
_opened = threading.local()


class BeingMade(Exception):
    """There is no index yet that could answer."""


class Unsettled(BeingMade):
    """What was read does not fit together: something else was published, or the file damaged."""


@dataclass(frozen=True, slots=True)
class Index:
    """What answers at one viewpoint, in one state of the record."""

    state: State
    view: View
    words: Words


def of_one_state(viewpoint: Viewpoint, make: Callable[[Index], Made]) -> Made:
    """Return what is made of an index and of the database, both in the same state.

    Where something is published while it is made, it is made again, also if it failed.
    """
    for _attempt in range(ATTEMPTS):
        state = None
        try:
            with opened_at(viewpoint) as index:
                state = index.state
                made = make(index)
                if state_of_database() == state:
                    return made
        except Unsettled as error:
            logger.info("An answer is made again: %s", error)
        except Exception:
            if state is None or database().in_atomic_block or state_of_database() == state:
                raise
    raise BeingMade("the record changes quicker than it can be read")


@contextmanager
def opened_at(viewpoint: Viewpoint) -> Iterator[Index]:
    """Give the index as it is in the state that the database is in. Raises BeingMade.

    Within another, one of the same viewpoint is that one, and one of another viewpoint is of the
    same state.
    """
    mine: dict[str, Index] = _opened.__dict__.setdefault("indexes", {})
    key = key_of(viewpoint)
    if key in mine:
        yield mine[key]
        return
    outer = next(iter(mine.values()), None)
    with _opened_anew(viewpoint) as index:
        if outer and index.state != outer.state:
            raise Unsettled("something was published between two looks")
        mine[key] = index
        try:
            yield index
        finally:
            del mine[key]


@contextmanager
def _opened_anew(viewpoint: Viewpoint) -> Iterator[Index]:
    if database().in_atomic_block:
        with _in_memory(viewpoint, state_of_database()) as index:
            yield index
        return
    path = path_of_index()
    with ExitStack() as stack:
        found = _brought_up(path, viewpoint, stack)
        if isinstance(found, State):
            yield stack.enter_context(_in_memory(viewpoint, found))
            return
        with _refusing_damage(path):
            yield found


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    """Throw away a file in which something is not what was written: the next answer makes it."""
    try:
        yield
    except UNREADABLE as error:
        logger.warning("The index %s cannot be read: %s", path, error)
        if is_damage(error):
            thrown_away(path)
        raise Unsettled("the index cannot be read") from error


STATE = f"SELECT content_revision, content_token FROM {TrackerState._meta.db_table}"


def state_of_database() -> State:
    """Return the state that is there now (one query)."""
    rows = answer_of(database(), STATE)
    return State(*rows[0]) if rows else State(0, "")


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


def _brought_up(path: Path, viewpoint: Viewpoint, reading: ExitStack) -> Index | State:
    """Return an index that reads the state of the database until `reading` ends.

    Where there is none, or no file can be written, return the state itself.
    """
    for _attempt in range(ATTEMPTS):
        state = state_of_database()
        if not state.token:
            return state
        try:
            store = opened(path)
            with ExitStack() as attempt:
                attempt.enter_context(store.reading())
                if store.state() == state:
                    index = _index(store, known_of(path, store), viewpoint)
                    reading.push(attempt.pop_all())
                    return index
            bring_up(store)
        except UNREADABLE as error:
            logger.warning("The index %s cannot be read or written: %s", path, error)
            if not is_damage(error):
                return _unless_large(state)
            thrown_away(path)
        except OSError as error:
            logger.warning("The index %s cannot be opened: %s", path, error)
            return _unless_large(state)
        except Unsettled as error:
            logger.info("The index is brought up again: %s", error)
    raise BeingMade("the record changes quicker than it can be indexed")


def _unless_large(state: State) -> State:
    """Return the state that an index in memory is made of, unless it took too long to make."""
    if is_large():
        raise BeingMade("no index can be written")
    return state


def bring_up(store: Store, *, however_large: bool = False) -> None:
    """Bring a store up to the state of the database."""
    store.wait_for_others(LONG_PATIENCE if however_large else PATIENCE)
    if not however_large:
        # Before the lock, which whoever makes a large one holds for minutes.
        _refuse_what_takes_long(touched_since(store.state()))
    with store.writing():
        for _attempt in range(ATTEMPTS):
            state = state_of_database()
            with unless_it_moves(state):
                _bring_to(store, state, however_large)
            if state_of_database() == state:
                return
        raise Unsettled("the record changes quicker than it can be read")


def renew_frequent_words(store: Store) -> None:
    """Write the sets of frequent words anew where they are of no use any more."""
    with store.writing():
        if frequent.are_worn(store):
            frequent.write(store)


@contextmanager
def unless_it_moves(state: State) -> Iterator[None]:
    """Raise Unsettled where a row is missed because it came or went between two queries."""
    try:
        yield
    except LookupError as error:
        if state_of_database() == state:
            raise
        raise Unsettled("something was published meanwhile") from error


def _refuse_what_takes_long(touched: Collection[int] | None) -> None:
    """Leave to a process of its own what of a large record no reader can wait for."""
    if (touched is None or len(touched) > MOST_TOUCHED) and is_large():
        start_builder()
        raise BeingMade("the index is being made")


def _bring_to(store: Store, state: State, however_large: bool) -> None:
    mine = store.state()
    touched = touched_since(mine)
    if not however_large:
        _refuse_what_takes_long(touched)
    if touched is None:
        building.begin(store, state)
    elif mine != state:
        building.renew(store, state, touched)


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
        with store.writing(), unless_it_moves(state):
            is_past = not viewpoint.is_present
            building.begin(store, state, with_words=False, with_history=is_past)
        yield _index(store, InProcess(), viewpoint)
    finally:
        store.close()


def _index(store: Store, known: InProcess, viewpoint: Viewpoint) -> Index:
    state = store.state()
    assert state is not None
    view = known.view(store, viewpoint)
    return Index(state, view, Words(view, known.kept_words(state)))
