"""Statements that PostgreSQL plans once for each connection.

Django sends a statement with its values put in, which is another text each time and is planned
anew: of a query with a dozen subqueries that takes ten times as long as to run it. What is asked
here is sent with its values beside it, and planned without regard to them: by keys, any plan for
one of them is the plan for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# How the driver calls the form in which values are told.
TEXT = 0
PLAN_ONCE = "SET plan_cache_mode = force_generic_plan"


def are_kept_by(connection: BaseDatabaseWrapper) -> bool:
    """Say whether a database keeps plans. Behind a pool of transactions, none finds its own."""
    is_shared = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    return connection.vendor == "postgresql" and not is_shared


@cache
def _preparing() -> Any:
    """Return the class of cursors that prepare: the driver is not there on SQLite alone."""
    import psycopg

    class Preparing(psycopg.RawCursor):
        def execute(self, query: Any, params: Any = (), **options: Any) -> Any:
            sql = _numbered(query, len(params))
            answer = super().execute(sql, params, **{**options, "prepare": True})
            # Where Django looks for what it logs; the driver forgets it of a statement it prepared.
            self._query: Any = SimpleNamespace(query=str(query).encode())
            return answer

    return Preparing


@lru_cache(maxsize=1_024)
def _numbered(sql: str, n: int) -> bytes:
    """Return a statement with its places numbered, as the server asks for.

    The driver would look for them each time where a statement is long.
    """
    return (sql % tuple(f"${place}" for place in range(1, n + 1))).encode()


def answer_of(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement without values, prepared where plans are kept."""
    if are_kept_by(connection):
        return rows_of(connection, sql, ())
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@cache
def _quick_times(base: type) -> type:
    """Return what reads times in UTC, as the server writes them, by a function of C."""

    class QuickTimes(base):
        def load(self, data: Any) -> datetime:
            try:
                return datetime.fromisoformat(str(data, "ascii"))
            except (ValueError, TypeError):
                return super().load(data)

    return QuickTimes


def _prepare(connection: Any) -> None:
    """Have a connection plan once, and read quickly what pages have by the hundred."""
    raw = connection.connection
    with connection.wrap_database_errors, raw.cursor() as cursor:
        cursor.execute(PLAN_ONCE)
    # Django has the driver prepare nothing. Its own cursors put values in, and never are.
    raw.prepare_threshold = 0
    if connection.timezone is UTC and not getattr(raw, "has_quick_times", False):
        kind = raw.adapters.types["timestamptz"].oid
        raw.adapters.register_loader(kind, _quick_times(raw.adapters.get_loader(kind, TEXT)))
        raw.has_quick_times = True
    # Of a transaction, it is taken back where that is.
    raw.plans_once = not connection.in_atomic_block


def rows_of(connection: Any, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, which is prepared where it has not been yet.

    It is counted, logged and refused as any other query of Django.
    """
    connection.ensure_connection()
    raw = connection.connection
    if not getattr(raw, "plans_once", False):
        _prepare(connection)
    with connection._prepare_cursor(_preparing()(raw)) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
