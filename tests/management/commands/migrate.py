"""The tables of an SQLite database, made once and copied from then on.

Running all migrations takes ten seconds of each process of the suite, before its first test.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

KEPT = settings.BASE_DIR / ".pytest_cache" / "migrated"


class Command(migrate.Command):
    """Begins a new database with a copy. What is left to do to it is done as ever."""

    def handle(self, *args, **options) -> None:
        connection = connections[options["database"]]
        is_new = connection.vendor == "sqlite" and not connection.introspection.table_names()
        if not is_new or options["app_label"]:
            super().handle(*args, **options)
            return
        path = KEPT / f"{fingerprint()}.sqlite3"
        if path.exists():
            with closing(sqlite3.connect(path)) as kept:
                kept.backup(connection.connection)
        super().handle(*args, **options)
        if not path.exists():
            keep(connection.connection, path)


def keep(database: sqlite3.Connection, path: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = KEPT / f"{os.getpid()}.unfinished"
    with closing(sqlite3.connect(unfinished)) as copy:
        database.backup(copy)
    for stale in KEPT.glob("*.sqlite3"):
        stale.unlink(missing_ok=True)
    unfinished.replace(path)


def fingerprint() -> str:
    """Return what tells one state of the code from another, as far as tables are made of it."""
    told = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for path in sources():
        told.update(str(path).encode() + path.read_bytes())
    return told.hexdigest()[:20]


def sources() -> Iterator[Path]:
    yield settings.BASE_DIR / "requirements-dev.lock"
    yield settings.BASE_DIR / "tests" / "settings.py"
    for app in ("alliance", "recommendations"):
        yield from sorted((settings.BASE_DIR / app).rglob("*.py"))
