"""Who writes to the record takes turns, in the order in which they came.

Neither database sees to that by itself. SQLite's writers ask again after pauses that grow, so that
whoever has just written is the first to write again. PostgreSQL lets whoever comes at the right
moment take a row for which others wait.

On PostgreSQL a lock of the server, which has a queue, is taken before the row. On SQLite there is
a file beside the database, in which each writer locks the place after the last, and waits until
the one before it is free. What a writer locked is free as soon as it ends, however it ends. The
turn decides the order alone: that only one writes is up to the database, as ever.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from django.db import connection, transaction

SUFFIX = "-turns"
# Seconds until a writer asks again whether the one before it is done.
PAUSE = 0.002
# The lock of the server. No other of this database has its number.
ADVISORY_KEY = 0x7475726E
# Of the file: the number of the last place that was taken, and behind it the places.
NUMBER = struct.Struct("<Q")
PLACES = 64
# What fcntl() is told of a lock: its kind, from where it starts, where, how long, and nothing.
LOCK = struct.Struct("hhqqi4x")
# Locks that belong to a descriptor: threads of one process wait for each other too.
CAN_QUEUE = hasattr(fcntl, "F_OFD_SETLK")


@contextmanager
def transaction_in_turn() -> Iterator[None]:
    """Begin a transaction as soon as those that came before are done.

    Within another transaction there is nothing to wait for: it may write already.
    """
    with ExitStack() as stack:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            stack.enter_context(_turn_on_file())
        stack.enter_context(transaction.atomic())
        yield


def wait_for_turn() -> None:
    """Wait, within a transaction and until its end, for those that came before (a query).

    On SQLite the transaction has waited when it began.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_KEY])


@contextmanager
def _turn_on_file() -> Iterator[None]:
    """Wait at most as long as the database would. Without the file, the database alone waits."""
    descriptor = _opened(str(connection.settings_dict["NAME"]))
    if descriptor is None:
        yield
        return
    seconds = connection.settings_dict["OPTIONS"].get("timeout", 5)
    try:
        with suppress(OSError):
            _wait_for(descriptor, take_place(descriptor) - 1, until=time.monotonic() + seconds)
        yield
    finally:
        os.close(descriptor)


def _opened(database: str) -> int | None:
    """Open the file beside a database, which whoever may write to the one may write to."""
    if not CAN_QUEUE:
        return None
    with suppress(OSError):
        of_database = os.stat(database)
        descriptor = os.open(f"{database}{SUFFIX}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(OSError):
            os.fchmod(descriptor, of_database.st_mode & 0o666)
            os.fchown(descriptor, of_database.st_uid, of_database.st_gid)
        return descriptor
    return None


def take_place(descriptor: int) -> int:
    """Take the place after the last, until the descriptor is closed, and return its number."""
    _lock(descriptor, 0, NUMBER.size, wait=True)
    last = last_place(descriptor)
    _lock(descriptor, PLACES + last + 1)
    os.pwrite(descriptor, NUMBER.pack(last + 1), 0)
    _lock(descriptor, 0, NUMBER.size, kind=fcntl.F_UNLCK)
    return last + 1


def last_place(descriptor: int) -> int:
    said = os.pread(descriptor, NUMBER.size, 0).ljust(NUMBER.size, b"\0")
    return NUMBER.unpack(said)[0]


def _wait_for(descriptor: int, place: int, *, until: float) -> None:
    """Wait until whoever took a place has left it."""
    while time.monotonic() < until:
        with suppress(BlockingIOError, PermissionError):
            _lock(descriptor, PLACES + place)
            return
        time.sleep(PAUSE)


def _lock(
    descriptor: int, start: int, length: int = 1, *, kind: int = fcntl.F_WRLCK, wait: bool = False
) -> None:
    command = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    fcntl.fcntl(descriptor, command, LOCK.pack(kind, os.SEEK_SET, start, length, 0))
