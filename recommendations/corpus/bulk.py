"""Writes many rows at once, and takes off meanwhile what would look at each of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from recommendations import triggers

from .reports import Batch
from .tables import NULL

# For the time of a load: sorting indexes, and pages of SQLite.
MEMORY_OF_POSTGRESQL, KILOBYTES_OF_SQLITE = "256MB", 400_000
CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = ANY(%s) AND conrelid = ANY(%s::regclass[])
    ORDER BY conrelid::regclass::text, conname
"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE NOT indisprimary AND indrelid = ANY(%s::regclass[])
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indrelid::regclass::text, indexrelid::regclass::text
"""
INDEXES_OF_SQLITE = """
    SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(%s))
    ORDER BY tbl_name, name
"""


def write(batch: Batch) -> None:
    columns = ", ".join(connection.ops.quote_name(name) for name in batch.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            options = f"FORMAT text, NULL E'\\x{ord(NULL):02x}'"
            sql = f"COPY {batch.table} ({columns}) FROM STDIN WITH ({options})"
            with cursor.copy(sql) as copy:
                copy.write(batch.rows)
        else:
            values = ", ".join(["%s"] * len(batch.columns))
            sql = f"INSERT INTO {batch.table} ({columns}) VALUES ({values})"
            cursor.executemany(sql, batch.rows)


@contextmanager
def one_transaction() -> Iterator[None]:
    """Write all or nothing. SQLite looks once, at the end, whether all keys point to something."""
    is_off = connection.vendor == "sqlite" and connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            yield
            if is_off:
                connection.check_constraints()
    finally:
        if is_off:
            connection.enable_constraint_checking()


@contextmanager
def unguarded() -> Iterator[None]:
    """Go without the guards of the database, in a transaction that would put them back."""
    _check_what_waits()
    triggers.remove(connection)
    yield
    _check_what_waits()
    triggers.install(connection)


def _check_what_waits() -> None:
    """PostgreSQL alters no table that has rows to be checked yet."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def without_indexes(tables: Collection[str]) -> Iterator[None]:
    """Go without indexes and foreign keys but for primary keys, and make them anew at the end."""
    pairs = list(_postgresql(tables) if connection.vendor == "postgresql" else _sqlite(tables))
    with connection.cursor() as cursor:
        for drop, _make in pairs:
            cursor.execute(drop)
        yield
        _check_what_waits()
        for _drop, make in reversed(pairs):
            cursor.execute(make)


def _postgresql(tables: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield how each is dropped and made. Keys are the last to be made: they need the indexes."""
    _check_what_waits()
    with connection.cursor() as cursor:
        for setting in ("maintenance_work_mem", "work_mem"):
            cursor.execute(f"SET LOCAL {setting} = '{MEMORY_OF_POSTGRESQL}'")
        for kind in ("f", "u"):
            cursor.execute(CONSTRAINTS, [[kind], list(tables)])
            yield from cursor.fetchall()
        cursor.execute(INDEXES, [list(tables)])
        yield from cursor.fetchall()


def _sqlite(tables: Collection[str]) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA cache_size = -{KILOBYTES_OF_SQLITE}")
        cursor.execute(INDEXES_OF_SQLITE, [json.dumps(sorted(tables))])
        yield from cursor.fetchall()
