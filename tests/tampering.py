"""Rewriting the record by SQL, one column or row at a time, and who notices it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from recommendations import integrity, triggers
from recommendations.digests import comparison, notes, verification, wording
from recommendations.models import ActionBody, Deadline
from recommendations.triggers import growing

# What the row is that is tampered with, where a table has rows of several kinds.
PICKS = {
    "recommendations_statusupdate": {
        "published": "review_state = 'published' AND replaces_id IS NULL "
        "AND ended_in_edition_id IS NULL AND NOT is_baseline",
        "corrected": "end_reason = 'corrected'",
        "retracted": "end_reason = 'retracted'",
        "correction": "replaces_id IS NOT NULL",
        "research": "is_baseline",
    },
    "recommendations_edition": {
        "of a step": "kind = 'structure'",
        "of updates": "kind = 'updates'",
        "of research": "kind = 'research'",
    },
    "recommendations_editionitem": {
        "sealed": "nonce <> ''",
        "wording": "key LIKE 'text/%%'",
        "other": "nonce = '' AND key NOT LIKE 'text/%%'",
    },
    "recommendations_action": {
        "counted": "until_edition_id IS NULL AND from_edition_id IS NOT NULL",
        "withdrawn": "until_edition_id IS NOT NULL",
    },
    "recommendations_retractionrequest": {
        "confirmed": "outcome = 'confirmed'",
        "declined": "outcome = 'declined'",
    },
    "recommendations_structurerequest": {
        "confirmed": "outcome = 'confirmed'",
        "declined": "outcome = 'declined'",
        "taken back": "outcome = 'recalled'",
    },
    "recommendations_verifiabilityperiod": {
        "open": "until_edition_id IS NULL",
        "closed": "until_edition_id IS NOT NULL",
    },
}
PICKS[growing.CAPTURES] = {"kept": "removed_at IS NULL", "removed": "removed_at IS NOT NULL"}
PICKS[growing.REMOVALS] = {
    "confirmed": "outcome = 'confirmed'",
    "declined": "outcome = 'declined'",
}
OF_STEP = "structurerequest_id IN (SELECT id FROM recommendations_structurerequest WHERE {})"
for _table in growing.LINK_TABLES:
    PICKS[_table] = {"confirmed": OF_STEP.format("outcome = 'confirmed'")}
PICKS["recommendations_structurerequest_actions"]["declined"] = OF_STEP.format(
    "outcome = 'declined'"
)


@dataclass(frozen=True)
class Row:
    """A row of the record, or (`of`) one of its kind."""

    model: Any
    of: str
    values: dict[str, Any]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        name = self.table.removeprefix("recommendations_")
        return f"{name} ({self.of})" if self.of else name

    @property
    def key(self) -> Any:
        return self.model._meta.pk


@dataclass(frozen=True)
class Case:
    """One way to tamper with a row: another value of a column, or the row gone or doubled."""

    row: Row
    what: str
    column: str
    tamper: Callable[[], None]

    @property
    def name(self) -> str:
        return f"{self.row.name}: {self.what}"


def cases(row: Row) -> Iterator[Case]:
    for field in row.model._meta.concrete_fields:
        yield Case(row, field.column, field.column, partial(change, row, field))
    yield Case(row, "deleted", "", partial(delete, row))
    yield Case(row, "inserted", "", partial(insert, row))


def tables() -> list[str]:
    """Every table that a guard is on, or that is digested."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    texts = [apps.get_model("recommendations", kind.model) for kind in wording.KINDS.values()]
    lists = [
        model._meta.get_field(name).remote_field.through
        for kind, model in zip(wording.KINDS.values(), texts, strict=True)
        for name in kind.lists
    ]
    successors = [apps.get_model("recommendations", "Action").successors.through]
    digested = [*texts, *lists, *successors, ActionBody, Deadline]
    named = [*triggers.GUARDED_TABLES, *growing.tables(there)]
    return list(dict.fromkeys([*named, *(model._meta.db_table for model in digested)]))


def rows() -> list[Row]:
    """One row of each kind of each table: the first that there is."""
    every = apps.get_app_config("recommendations").get_models(include_auto_created=True)
    by_table = {model._meta.db_table: model for model in every}
    found = []
    for table in tables():
        model = by_table[table]
        key = model._meta.pk.column
        history = table.startswith(growing.HISTORY) and key == "history_id"
        picks = PICKS.get(table) or (last_and_earlier(model) if history else {"": "TRUE"})
        for of, condition in picks.items():
            columns = [field.column for field in model._meta.concrete_fields]
            listed = ", ".join(f'"{name}"' for name in columns)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {listed} FROM {table} WHERE {condition.replace('%%', '%')} "
                    f'ORDER BY "{key}" LIMIT 1'
                )
                row = cursor.fetchone()
            assert row, f"the record has no {table} {of}"
            found.append(Row(model, of, dict(zip(columns, row, strict=True))))
    return found


def last_and_earlier(model: Any) -> dict[str, str]:
    table = model._meta.db_table
    last = f"history_id IN (SELECT MAX(history_id) FROM {table} GROUP BY id)"
    return {"last line": last, "earlier line": f"NOT {last}"}


# Another value -----------------------------------------------------------------------------------


def others(field: models.Field, value: Any) -> Iterator[Any]:
    """Yield values that the column takes, the most plausible first, as the database writes them."""
    if isinstance(field, models.ForeignKey):
        there = field.related_model._default_manager.exclude(pk=value).order_by("-pk")
        yield from there.values_list("pk", flat=True)[:20]
        yield 29_000
    elif field.choices:
        yield from (one for one, _label in field.flatchoices if one != value)
    elif isinstance(field, models.JSONField):
        yield json.dumps({"action": 1})
    else:
        for one in beside(field, value):
            yield field.get_db_prep_save(one, connection)


def beside(field: models.Field, value: Any) -> Iterator[Any]:
    match field:
        case models.BooleanField():
            yield not value
        case models.DateTimeField():
            at = datetime.fromisoformat(str(value or "2026-10-02 12:00:00"))
            yield at.replace(tzinfo=at.tzinfo or UTC) + timedelta(hours=1)
        case models.DateField():
            yield date.fromisoformat(str(value or "2025-03-01")) + timedelta(days=1)
        case models.IntegerField():
            yield from ((value or 0) + more for more in (1, 100, 29_000))
        case _:
            yield another_text(field, value or "")


def another_text(field: models.Field, text: str) -> str:
    """Return one of the same form: an address, a digest, canonical JSON."""
    if len(text) >= 16 and set(text) <= set("0123456789abcdef"):
        return text[1:] + ("0" if text[0] != "0" else "1")
    if text.startswith('{"'):
        return text.replace(':"', ':"Another. ', 1) if ':"' in text else '{"another":1}'
    if field.name == "url":
        return "https://example.org/another"
    return "another"[: field.max_length or 100]


# Three ways to tamper ----------------------------------------------------------------------------


def change(row: Row, field: models.Field) -> None:
    statement = f'UPDATE {row.table} SET "{field.column}" = %s WHERE "{row.key.column}" = %s'
    key = row.values[row.key.column]
    with_the_first(
        lambda value: execute(statement, value, key), others(field, row.values[field.column])
    )


def delete(row: Row) -> None:
    execute(f'DELETE FROM {row.table} WHERE "{row.key.column}" = %s', row.values[row.key.column])


def insert(row: Row) -> None:
    """Write the row once more, under another key and other values where it has to be unique."""
    names = ", ".join(f'"{name}"' for name in row.values)
    marks = ", ".join(["%s"] * len(row.values))
    statement = f"INSERT INTO {row.table} ({names}) VALUES ({marks})"
    alike = unique_with(row.model)
    values = {
        field.column: list(others(field, row.values[field.column]))
        for field in row.model._meta.concrete_fields
        # Nothing is like what is empty.
        if field.name in alike and row.values[field.column] not in (None, "")
    }
    copies = (
        row.values | {name: there[min(n, len(there) - 1)] for name, there in values.items()}
        for n in range(max(map(len, values.values())))
    )
    with_the_first(lambda copy: execute(statement, *copy.values()), copies)


def unique_with(model: Any) -> set[str]:
    """The key, and the last column of whatever has to be unique."""
    constraints = [
        one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)
    ]
    together = [*model._meta.unique_together, *(one.fields for one in constraints)]
    alone = {field.name for field in model._meta.concrete_fields if field.unique}
    return alone | {names[-1] for names in together if names}


def with_the_first(write: Callable[[Any], None], values: Iterator[Any]) -> None:
    """Write the first value that nothing is in the way of; raise what is in the way of the last."""
    error: DatabaseError | None = None
    for value in values:
        try:
            with transaction.atomic():
                return write(value)
        except DatabaseError as one:
            error = one
    assert error
    raise error


def execute(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount == 1, statement


# Who notices it ----------------------------------------------------------------------------------


def head() -> notes.Head:
    newest = verification.newest()
    assert newest
    return notes.Head("tracker.example.org", newest.edition_id, newest.digest)


def named(kept: notes.Head) -> str:
    """Return the first that verification or the check of integrity says; or nothing.

    That guards are away and constraints differ does not count: the owner puts them back.
    """
    found: Iterator[object] = chain(
        verification.everything(),
        comparison.with_head(kept),
        integrity.record.differences(),
        integrity.texts.differences(),
        integrity.copies.differences(),
        integrity.digested.differences(),
        integrity.derived.differences(),
    )
    return str(next(found, ""))


def rebuild() -> None:
    """Derive everything again, as far as the damage lets it."""
    try:
        with transaction.atomic():
            integrity.rebuild()
    except (DatabaseError, LookupError, ValueError, AssertionError, AttributeError, TypeError):
        pass


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def value_of(row: Row, column: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{column}" FROM {row.table} WHERE "{row.key.column}" = %s',
            [row.values[row.key.column]],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def outcome(case: Case, kept: notes.Head, *, role: str = "") -> str:
    """Return what comes of it: refused, named, derived again, or silent."""
    with undone():
        try:
            with transaction.atomic():
                if role:
                    with connection.cursor() as cursor:
                        cursor.execute(f"SET LOCAL ROLE {role}")
                case.tamper()
                if role:
                    with connection.cursor() as cursor:
                        cursor.execute("RESET ROLE")
        except DatabaseError as error:
            return f"refused: {error}"
        rebuild()
        if said := named(kept):
            return f"named: {said}"
        is_back = case.column and value_of(case.row, case.column) == case.row.values[case.column]
        return "derived again" if is_back else "silent"
