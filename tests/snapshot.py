"""The record of the baseline, loaded once a process and then put back row by row.

Loading asks thousands of questions of its file; a test that only reads the record need not wait
for them. test_loading.py and test_baseline_fixture.py load it for real.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from recommendations import triggers

Rows = tuple[list[str], list[tuple[Any, ...]]]


def _models() -> list[Any]:
    return [
        model
        for model in apps.get_app_config("recommendations").get_models(include_auto_created=True)
        if model._meta.managed
    ]


def take() -> dict[str, Rows]:
    """Return the rows of every table of the record."""
    found = {}
    with connection.cursor() as cursor:
        for model in _models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")
            if rows := cursor.fetchall():
                found[table] = ([column[0] for column in cursor.description], rows)
    return found


def put_back(snapshot: dict[str, Rows]) -> None:
    """Write the rows into empty tables. The triggers, which refuse that, step aside meanwhile."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for table, (columns, rows) in snapshot.items():
            names = ", ".join(connection.ops.quote_name(column) for column in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
    triggers.install(connection)
