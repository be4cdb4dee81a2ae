"""What does not answer is left alone for some seconds, so that not each request waits for it."""

from __future__ import annotations

import time

from django.db import DatabaseError, connections

# As long a server that is away is not asked again; then one request tries.
SECONDS = 5


class Circuit:
    """Open after a first failure."""

    def __init__(self) -> None:
        self.open_until = 0.0

    def open(self) -> None:
        self.open_until = time.monotonic() + SECONDS

    def close(self) -> None:
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.open_until


# Of the database that is written to.
circuit = Circuit()


def is_away(alias: str) -> bool:
    """Whether there is no connection. A locked file of SQLite has one."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return False
    try:
        return connection.connection is None or not connection.is_usable()
    except DatabaseError:
        return True
