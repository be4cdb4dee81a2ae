"""Recompute everything derived from the published updates, and name or repair differences."""

from collections.abc import Iterator

from django.db import connection

from recommendations import triggers

from . import copies, derived, digested, record, schema, texts
from .derived import rebuild
from .difference import Difference

__all__ = ["Difference", "copies", "damage", "derived", "differences", "rebuild"]


def differences() -> Iterator[Difference]:
    """Yield every difference between what is stored and what the record implies."""
    yield from damage()
    yield from derived.differences()


def damage() -> Iterator[Difference]:
    """Yield what nothing can derive again: it is found out, and never rebuilt away."""
    for name, fault in triggers.faults(connection):
        yield Difference("trigger", name, fault)
    yield from schema.differences()
    yield from record.differences()
    yield from texts.differences()
    yield from copies.differences()
    yield from digested.differences()
