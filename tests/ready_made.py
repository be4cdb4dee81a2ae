"""The least record that tests begin with, included once a process and put back from then on.

Including an action asks two hundred questions, and every other test begins with one. The rows are
those that publishing wrote, in the same process, into the same database.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from django.db import connection, models, transaction

from recommendations.models import Action, ContentChange, EditionDigest, TrackerState

from .as_migrated import as_migrated, tables_with_rows
from .snapshot import Rows, insert, models_of_the_record, reset_keys, take

# Above the keys of what a test made before, and below those of what it makes then.
FIRST_KEY, KEY_AFTER = 1_000_000, 2_000_000
# Tables of the record that may have rows: what is noted of people who do something.
OF_PEOPLE = {'"recommendations_act"', '"recommendations_preference"'}
# A step is asked for first, and decided later.
PENDING = {
    "outcome": "pending",
    "edition_id": None,
    "note": "",
    "decided_by_id": None,
    "decided_at": None,
}


class ReadyMade:
    def __init__(self) -> None:
        self.records: dict[int, dict[str, Rows]] = {}

    def make(self, n: int, publish: Callable[[], Any]) -> None:
        """Keep what is written for so many actions, and write nothing."""
        with transaction.atomic():
            go_on_with_keys(FIRST_KEY + 1_000 * n)
            publish()
            # An edition takes items until it has its digest.
            last = connection.ops.quote_name(EditionDigest._meta.db_table)
            tables = take()
            self.records[n] = {**tables, last: tables.pop(last)}
            transaction.set_rollback(True)
        reset_keys()

    def begin_with(self, n: int) -> list[Action]:
        """Return so many actions in the record, or none where there is a record already."""
        if n not in self.records or is_record_there():
            return []
        with transaction.atomic():
            for table, rows in self.records[n].items():
                if table == '"recommendations_structurerequest"':
                    insert_and_decide(table, rows)
                else:
                    insert(table, rows)
        if connection.vendor == "postgresql":
            go_on_with_keys(KEY_AFTER)
        self._tell_it_from_others()
        return list(Action.objects.order_by("pk"))

    def _tell_it_from_others(self) -> None:
        """Give what is kept of a test's record a mark that no other test's record has."""
        token = token_hex(8)
        TrackerState.objects.update(content_token=token)
        ContentChange.objects.update(token=token)


def is_record_there() -> bool:
    tables = {table for table in tables_with_rows() if table.startswith('"recommendations_')}
    return bool(tables - set(as_migrated.rows) - OF_PEOPLE)


def insert_and_decide(table: str, rows: Rows) -> None:
    names, [decided] = rows
    pending = [PENDING.get(name, value) for name, value in zip(names, decided, strict=True)]
    insert(table, (names, [tuple(pending)]))
    values = dict(zip(names, decided, strict=True))
    columns = ", ".join(f"{name} = %s" for name in PENDING)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {columns}", [values[name] for name in PENDING])


def go_on_with_keys(first: int) -> None:
    """Have every table of the record give keys from this one on."""
    tables = [
        (model._meta.db_table, model._meta.pk.column)
        for model in models_of_the_record()
        if isinstance(model._meta.pk, models.AutoField)
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Never back: a key that was given may be that of a row.
            names = [f"pg_get_serial_sequence('{table}', '{key}')" for table, key in tables]
            calls = [f"setval({name}, greatest(nextval({name}), {first}))" for name in names]
            cursor.execute(f"SELECT {', '.join(calls)}")
        else:
            rows = [(table, first) for table, _key in tables]
            cursor.executemany("DELETE FROM sqlite_sequence WHERE name = %s AND seq < %s", rows)
            cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", rows)


ready_made = ReadyMade()
