"""One refusal of the database, as SQLite and PostgreSQL write it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX = "recommendations_guard_"
EDITIONS = "recommendations_edition"
NEWEST = f"(SELECT MAX(number) FROM {EDITIONS})"
NO_REPLACEMENT = "A row of the record is never replaced by another."


@dataclass(frozen=True, slots=True)
class Guard:
    """One refusal: an event on a table, when the condition holds of its OLD or NEW row."""

    table: str
    event: str
    condition: str
    message: str
    rule: str = ""

    @property
    def name(self) -> str:
        table = self.table.removeprefix("recommendations_")
        return PREFIX + "_".join(filter(None, [table, self.event.lower(), self.rule]))


def replacement(table: str, event: str, condition: str) -> Guard:
    # Unqualified columns are those of the row in the way.
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"
    return Guard(table, event, there, NO_REPLACEMENT, rule="replace")


def columns_of(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """Return the columns of a table in their order, as a migration has left them."""
    with connection.cursor() as cursor:
        # Django's own description reads the whole statement that made the table, which takes long.
        cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
        return [column[0] for column in cursor.description]
