"""The record of the baseline: loaded once a process, then held open or put back row by row.

Loading asks thousands of questions of its file; a test that only reads the record need not wait
for them. test_loading.py and test_baseline_fixture.py load it for real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, transaction

from recommendations import triggers
from recommendations.models import Feed, ListedHost, SearchAlias, Site, Translation

# Their rows come with the migrations, and are there before any record.
SHIPPED = {Feed, ListedHost, SearchAlias, SearchAlias.history.model, Site, Site.history.model}

TRANSLATIONS = connection.ops.quote_name(Translation._meta.db_table)

Rows = tuple[list[str], list[tuple[Any, ...]]]


def models_of_the_record() -> list[Any]:
    """Return the models of the record, and first the people that it names."""
    return [User] + [
        model
        for model in apps.get_app_config("recommendations").get_models(include_auto_created=True)
        if model._meta.managed and model not in SHIPPED
    ]


def take() -> dict[str, Rows]:
    """Return the rows of every table of the record."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models_of_the_record()]
    found = {table: rows_of(table) for table in tables}
    found[TRANSLATIONS] = without_shipped(*found[TRANSLATIONS])
    return {table: rows for table, rows in found.items() if rows[1]}


def rows_of(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        rows = cursor.fetchall()
        return [column[0] for column in cursor.description], rows


def without_shipped(names: list[str], rows: list[tuple[Any, ...]]) -> Rows:
    """Return translations without those that come with the migrations: of the site."""
    kind = names.index("kind")
    return names, [row for row in rows if not row[kind].startswith("site.")]


def insert(table: str, rows: Rows) -> None:
    names = ", ".join(connection.ops.quote_name(column) for column in rows[0])
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows[1])


@contextmanager
def guards_lifted() -> Iterator[None]:
    """Within a transaction, write what the triggers refuse."""
    if connection.vendor == "postgresql" and is_superuser():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
    else:
        triggers.remove(connection)
        yield
        triggers.install(connection)


def is_superuser() -> bool:
    connection.ensure_connection()
    return connection.connection.info.parameter_status("is_superuser") == "on"


def reset_keys() -> None:
    """Have each table give the key after its greatest, where the database has to be told."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_of_the_record()):
            cursor.execute(statement)


@transaction.atomic
def put_back(snapshot: dict[str, Rows]) -> None:
    """Write the rows into empty tables. The triggers, which refuse that, step aside meanwhile."""
    with guards_lifted():
        for table, rows in snapshot.items():
            insert(table, rows)
    reset_keys()


class Snapshots:
    """Records that tests begin with, each made once a process and copied from then on.

    They come before anything else that a test makes.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Rows]] = {}

    def begin_with(self, name: str, make: Callable[[], None]) -> None:
        if name in self.rows:
            put_back(self.rows[name])
        else:
            make()
            self.rows[name] = take()


class Held:
    """A record that stays in the database from one test to the next.

    It lies in a transaction around those of the tests, which are savepoints meanwhile, and goes
    before the first test that does not begin with it.
    """

    def __init__(self) -> None:
        self.blocker: Any = None
        self.is_wanted = False
        self.around: transaction.Atomic | None = None

    def hold(self, make: Callable[[], None]) -> None:
        if self.around or self.blocker is None:
            return
        with self.blocker.unblock():
            self.around = transaction.atomic()
            self.around.__enter__()
            try:
                make()
            except BaseException:
                self.release()
                raise

    def release(self) -> None:
        around, self.around = self.around, None
        if around:
            with self.blocker.unblock():
                # A test that closed the connection has ended the transaction with it.
                if connection.in_atomic_block:
                    transaction.set_rollback(True)
                    around.__exit__(None, None, None)

    @property
    def is_there(self) -> bool:
        return self.around is not None


def is_transactional(item: pytest.Item) -> bool:
    """Whether a test commits what it does, so that nothing may be open around it."""
    fixtures = {"transactional_db", "live_server", "django_db_reset_sequences"}
    marks = item.iter_markers("django_db")
    return bool(fixtures & set(item.fixturenames)) or any(  # type: ignore[attr-defined]
        mark.kwargs.get("transaction") for mark in marks
    )


def begins_with_baseline(item: pytest.Item) -> bool:
    return "baseline" in getattr(item, "fixturenames", ()) and not is_transactional(item)
