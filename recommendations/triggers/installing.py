"""Puts the guards into the database as triggers, and says which do not stand as they should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation
from django.utils.translation import gettext as _

from .guard import PREFIX, Guard
from .record import GUARDED_TABLES, guards


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, also those that are there in another form."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        for guard in guards(connection):
            for statement in _statements(connection, guard):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop all that has the prefix, so that an earlier release leaves nothing behind."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor], [len(PREFIX), PREFIX])
        for (name,) in cursor.fetchall():
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER "{name}"')
            else:
                cursor.execute(f"DROP FUNCTION {name} CASCADE")


@contextmanager
def lifted(connection: BaseDatabaseWrapper, name: str) -> Iterator[None]:
    """Go without one guard until the end of a transaction, which only an owner of tables may."""
    [guard] = [guard for guard in guards(connection) if guard.name == name]
    drop = f'DROP TRIGGER "{name}"'
    if connection.vendor == "postgresql":
        drop = f'DROP FUNCTION "{name}" CASCADE'
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(drop)
        yield
        for statement in _statements(connection, guard):
            cursor.execute(statement)


def faults(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Yield the name of each trigger that does not guard as it should, and why."""
    stored = _stored(connection)
    schema = "" if connection.vendor == "sqlite" else _schema(connection)
    expected = {guard.name: guard for guard in guards(connection)}
    for name, guard in expected.items():
        texts = {text for table, text in stored.get(name, ()) if table == guard.table}
        if not texts:
            yield name, _("is missing")
        elif "disabled" in texts:
            yield name, _("is disabled")
        elif texts != {_stored_form(connection, guard, schema)}:
            yield name, _("is not as this release installs it")
    guarded = {*GUARDED_TABLES, *(guard.table for guard in expected.values())}
    for name in sorted(stored):
        for table, _text in stored[name]:
            if name in expected and table == expected[name].table:
                continue
            if table in guarded or name.startswith(PREFIX):
                yield name, _("is on %(table)s, and not of this release") % {"table": table}


def around(operations: Sequence[Operation]) -> list[Operation]:
    """Wrap the operations of a migration that alters a guarded table: remove, alter, install."""
    return [RunPython(_remove, _install), *operations, installation()]


def installation() -> RunPython:
    return RunPython(_install, _remove)


def _install(apps, schema_editor) -> None:
    install(schema_editor.connection)


def _remove(apps, schema_editor) -> None:
    remove(schema_editor.connection)


def _statements(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    if connection.vendor == "sqlite":
        return [_sqlite_trigger(guard)]
    level = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    return [
        _postgresql_function(guard, _schema(connection)),
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON {guard.table} '
        f'FOR EACH {level} EXECUTE FUNCTION "{guard.name}"()',
    ]


def _postgresql_function(guard: Guard, schema: str) -> str:
    # pg_temp would else be searched first, and a temporary table could pose as the record.
    return (
        f'CREATE FUNCTION "{guard.name}"() RETURNS trigger LANGUAGE plpgsql '
        f"SET search_path = {schema}, pg_temp AS $guard${_postgresql_body(guard)}$guard$"
    )


def _schema(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return cursor.fetchone()[0]


def _stored_form(connection: BaseDatabaseWrapper, guard: Guard, schema: str) -> str:
    """Return the text that the database itself gives of the trigger and its function."""
    if connection.vendor == "sqlite":
        return _sqlite_trigger(guard)
    level = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    bare = schema.replace('"', "")
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {schema}.{guard.table} "
        f"FOR EACH {level} EXECUTE FUNCTION {guard.name}()\n"
        f"CREATE OR REPLACE FUNCTION {schema}.{guard.name}()\n RETURNS trigger\n"
        f" LANGUAGE plpgsql\n SET search_path TO '{bare}', 'pg_temp'\n"
        f"AS $function${_postgresql_body(guard)}$function$\n"
    )


def _sqlite_trigger(guard: Guard) -> str:
    return (
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON {guard.table}\n'
        f"WHEN {guard.condition}\nBEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql_body(guard: Guard) -> str:
    passed = "OLD" if guard.event == "DELETE" else "NEW"
    if guard.event == "TRUNCATE":
        passed = "NULL"
    return (
        f"\nBEGIN\n    IF {guard.condition} THEN\n"
        f"        RAISE EXCEPTION USING MESSAGE = '{guard.message}',\n"
        "            ERRCODE = 'integrity_constraint_violation';\n"
        f"    END IF;\n    RETURN {passed};\nEND\n"
    )


NAMES = {
    "sqlite": """
        SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s
    """,
    "postgresql": """
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND left(proname, %s) = %s
    """,
}
STORED = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT t.tgname, c.relname, CASE
            WHEN t.tgenabled NOT IN ('O', 'A') THEN 'disabled'
            ELSE pg_get_triggerdef(t.oid) || E'\\n' || pg_get_functiondef(t.tgfoid) END
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
    """,
}


def _stored(connection: BaseDatabaseWrapper) -> dict[str, list[tuple[str, str]]]:
    """Return by name the table and the text of each trigger, on PostgreSQL its function's too."""
    found: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STORED[connection.vendor])
        for name, table, text in cursor.fetchall():
            found.setdefault(name, []).append((table, text))
    return found
