"""Recompute everything derived from the published updates, and name or repair differences."""

from collections.abc import Iterator

from django.db import connection

from recommendations import triggers

from . import derived, record
from .derived import rebuild
from .difference import Difference

__all__ = ["Difference", "differences", "rebuild"]


def differences() -> Iterator[Difference]:
    """Yield every difference between what is stored and what the record implies."""
    for name, fault in triggers.faults(connection):
        yield Difference("trigger", name, fault)
    yield from record.differences()
    yield from derived.differences()
