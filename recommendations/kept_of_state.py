"""What every page of one state of the record tells alike, kept until the record changes.

A list offers the same areas, bodies and reports whatever it is filtered by. Each page asked the
database for them again, which was a third of its work.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar

from django.utils.translation import get_language

from recommendations.index.keeping import State, database, opened_at, state_of_database
from recommendations.querysets.prepared import key_of
from recommendations.text.languages import stamp
from recommendations.viewpoint import Viewpoint

Made = TypeVar("Made")
# Viewpoints, in each language, of which something is kept.
MOST_KEPT = 16
_kept: OrderedDict[tuple[object, ...], dict[str, Any]] = OrderedDict()
_lock = Lock()


def kept_of_state(viewpoint: Viewpoint, name: str, make: Callable[[], Made]) -> Made:
    """Return what is kept by a name of the state that the record is in, or make it.

    Nothing is kept of what is not committed, nor what was made while the record changed. Nobody may
    change what is returned.
    """
    with opened_at(viewpoint) as index:
        if database().in_atomic_block or not index.state.token:
            return make()
        key = (index.state, key_of(viewpoint), get_language(), stamp())
        return _kept_or_made(index.state, _kept_by(*key), name, make)


# The state that the tag of the answer names which this thread makes.
_of_answer: ContextVar[State | None] = ContextVar("state of the answer", default=None)


@contextmanager
def answering(state: State | None) -> Iterator[None]:
    """Say which state an answer is of, as it was read for the tag of it."""
    before = _of_answer.set(state)
    try:
        yield
    finally:
        _of_answer.reset(before)


def kept_of_answer(viewpoint: Viewpoint, name: str, make: Callable[[], Made]) -> Made:
    """Return what is kept of the state that the tag of an answer names, or make it.

    It is for rows that no language changes: which edition is the newest, which hosts are listed.
    What has no tag, as all that people see who are signed in, is made each time.
    """
    state = _of_answer.get()
    if state is None or not state.token or database().in_atomic_block:
        return make()
    return _kept_or_made(state, _kept_by(state, key_of(viewpoint)), name, make)


def _kept_or_made(state: State, kept: dict[str, Any], name: str, make: Callable[[], Made]) -> Made:
    if name in kept:
        found: Made = kept[name]
        return found
    made = make()
    if state_of_database() == state:
        kept[name] = made
    return made


def _kept_by(*key: object) -> dict[str, Any]:
    with _lock:
        found = _kept.setdefault(key, {})
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found
