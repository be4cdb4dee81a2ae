"""The database as the migrations left it, put back after each test that commits.

Django's flush empties every table, on PostgreSQL by making some five hundred files anew, and has
content types, permissions and roles written again. Most tests leave rows in a few tables.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from recommendations import triggers

from .snapshot import Rows, guards_lifted, insert, rows_of


class AsMigrated:
    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {}

    def remember(self) -> None:
        """Take the rows that came with the tables. Nothing else was written yet."""
        self.rows = {table: rows_of(table) for table in tables_with_rows()}

    @transaction.atomic
    def put_back(self) -> None:
        with guards_lifted():
            tables = {*tables_with_rows(), *self.rows}
            changed = {table for table in tables if rows_of(table) != self.rows.get(table)}
            with connection.cursor() as cursor:
                for table in changed:
                    cursor.execute(f"DELETE FROM {table}")
            for table in changed & set(self.rows):
                insert(table, self.rows[table])
        # A test may have taken them away, or put others in their place.
        if any(triggers.faults(connection)):
            triggers.install(connection)
        ContentType.objects.clear_cache()


def tables_with_rows() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {table})" for n, table in enumerate(quoted)
            )
        )
        return [quoted[n] for (n,) in cursor.fetchall()]


as_migrated = AsMigrated()
