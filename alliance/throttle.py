"""How often something may come from one place, counted in the shared cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.cache import cache
from django.db import DatabaseError, connections
from django.utils.crypto import salted_hmac

from alliance.circuit import circuit

# Who reads waits no longer for who writes, in milliseconds: of SQLite, where one writes at a time.
PATIENCE = 200


def seconds_to_wait(name: str, source: str, *, limit: int, period: int, now: datetime) -> int:
    """Take one of `limit` slots for `period` seconds and return 0.

    Where all are taken, return after how many seconds one is free. The source is kept as a keyed
    hash alone. Slots are taken by `add`, which is one step in every cache of Django's; `incr` is
    two in its database cache, and forgets there when the count was to end.
    """
    key = _key_of(name, source)
    second = int(now.timestamp())
    slots = [f"throttle:{name}:{key}:{n}" for n in range(limit)]
    if any(cache.add(slot, second + period, period) for slot in slots):
        return 0
    return max(1, min(cache.get_many(slots).values(), default=second) - second)


def times_within(name: str, source: str, *, period: int, now: datetime) -> int | None:
    """Count and return how often something came from one place in this stretch of `period` seconds.

    One step of the cache, whatever the number. It is for what readers ask: where it cannot be
    counted at once nobody waits, and it is None.
    """
    if circuit.is_open:
        return None
    stretch = int(now.timestamp()) // period
    key = f"times:{name}:{_key_of(name, source)}:{stretch}"
    try:
        with _hurried():
            return _counted(key, period)
    except DatabaseError:
        return None


def seconds_left(*, period: int, now: datetime) -> int:
    """Return after how many seconds the next stretch begins."""
    return period - int(now.timestamp()) % period


def _counted(key: str, period: int) -> int:
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, period) else cache.incr(key)


@contextmanager
def _hurried() -> Iterator[None]:
    connection = connections["default"]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _key_of(name: str, source: str) -> str:
    return salted_hmac(f"throttle:{name}", source, algorithm="sha256").hexdigest()
