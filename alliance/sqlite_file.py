"""Keeps the connection to an SQLite file between requests, as long as it is the same file.

To open one and set it up takes ten times as long as a page that is kept. Who puts a backup in the
place of a file replaces it: a connection to the one before would go on reading and writing what
nobody else sees any more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

Identity = tuple[int, int]
_opened: WeakKeyDictionary[BaseDatabaseWrapper, Identity | None] = WeakKeyDictionary()


def connect() -> None:
    connection_created.connect(remember)
    request_started.connect(leave_what_was_replaced)


def remember(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        _opened[connection] = _identity(connection)


def leave_what_was_replaced(**kwargs: Any) -> None:
    """Close connections whose file is another one, or gone: the next query opens what is there."""
    for connection in connections.all(initialized_only=True):
        is_idle = connection in _opened and not connection.in_atomic_block
        if is_idle and _identity(connection) != _opened[connection]:
            connection.close()


def _identity(connection: BaseDatabaseWrapper) -> Identity | None:
    """Return what tells a file from others; None of a database in memory."""
    with suppress(OSError):
        found = os.stat(connection.settings_dict["NAME"])
        return found.st_dev, found.st_ino
    return None
