"""The guarded tables themselves: columns, constraints, indexes, and who may do what with them.

What they should be is kept in files, one a kind of database, since no database can be asked what
it would make of the models without the right to make tables. tests/test_guarded_tables.py compares
the files with what the migrations make.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from recommendations import triggers
from recommendations.triggers import growing

from .difference import Difference

FILES = Path(__file__).with_name("guarded_tables")
Tables = dict[str, dict[str, str]]

CAST = re.compile(r"::(?:character varying|text|[a-z]+)(?:\(\d+\))?(?:\[\])?")
AROUND_ATOM = re.compile(r"(?<![\w\"])\(('(?:[^']|'')*'|\w+|ARRAY\[[^\[\]]*\])\)")

COLUMNS = """
    SELECT c.relname, 'column ' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(d.adbin, d.adrelid),
        nullif(a.attidentity, ''), nullif(a.attgenerated, ''))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE a.attnum > 0 AND NOT a.attisdropped
        AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
"""
CONSTRAINTS = """
    SELECT c.relname, 'constraint ' || k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype <> 'n'
        AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
"""
INDEXES = """
    SELECT c.relname, 'index ' || i.relname, pg_get_indexdef(x.indexrelid)
        || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
"""
STRANGE = """
    SELECT c.relname, CASE
        WHEN c.relkind <> 'r' OR c.relpersistence <> 'p' THEN 'kind'
        WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'row security'
        WHEN EXISTS (SELECT 1 FROM pg_inherits WHERE c.oid IN (inhrelid, inhparent)) THEN 'child'
        END
    FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(t)s)
    UNION SELECT c.relname, 'rule ' || r.rulename FROM pg_rewrite r JOIN pg_class c
        ON c.oid = r.ev_class
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(t)s)
    UNION SELECT c.relname, 'policy ' || p.polname FROM pg_policy p JOIN pg_class c
        ON c.oid = p.polrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(t)s)
    UNION SELECT c.relname, 'foreign key' FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE g.tgisinternal AND g.tgenabled NOT IN ('O', 'A')
        AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(t)s)
"""
# Who migrates owns the list of migrations, and everything else.
OWNERS = """
    WITH owner AS (SELECT relowner AS oid FROM pg_class WHERE relname = 'django_migrations'
        AND relnamespace = current_schema()::regnamespace)
    SELECT c.relname, c.relowner::regrole::text FROM pg_class c, owner
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%(t)s)
        AND c.relowner <> owner.oid
    UNION ALL SELECT p.proname, p.proowner::regrole::text FROM pg_proc p, owner
    WHERE p.pronamespace = current_schema()::regnamespace AND left(p.proname, %(n)s) = %(prefix)s
        AND p.proowner <> owner.oid
"""
RIGHTS = """
    SELECT c.relname, CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
        x.privilege_type
    FROM pg_class c CROSS JOIN LATERAL (
        SELECT (aclexplode(c.relacl)).*
        UNION ALL SELECT (aclexplode(a.attacl)).* FROM pg_attribute a WHERE a.attrelid = c.oid
    ) x
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
        AND x.grantee <> c.relowner AND (x.grantee = 0 OR x.is_grantable
            OR x.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
"""
# The service may read and write rows, and not become the owner.
BECOMES_OWNER = """
    SELECT current_user::text FROM pg_class c WHERE c.relname = 'django_migrations'
        AND c.relnamespace = current_schema()::regnamespace
        AND c.relowner::regrole <> current_user::regrole
        AND pg_has_role(current_user, c.relowner, 'MEMBER')
        AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""


def differences() -> Iterator[Difference]:
    expected, found = kept(), described()
    for table in sorted(expected.keys() | found.keys()):
        yield from _of_table(table, expected.get(table), found.get(table))
    if connection.vendor == "postgresql":
        yield from _strange(sorted(expected))
        yield from _owners(sorted(expected))


def _of_table(
    table: str, expected: dict[str, str] | None, found: dict[str, str] | None
) -> Iterator[Difference]:
    if not found or not expected:
        detail = _("is not of this release") if found else _("is missing")
        yield Difference("table", table, detail)
        return
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) == found.get(name):
            continue
        if name not in found:
            detail = _("%(name)s is missing") % {"name": name}
        elif name not in expected:
            detail = _("%(name)s is not of this release") % {"name": name}
        else:
            detail = _("%(name)s is not as this release makes it") % {"name": name}
        yield Difference("table", table, detail)


def _strange(tables: list[str]) -> Iterator[Difference]:
    details = {
        "kind": _("is no ordinary table"),
        "row security": _("has row security, which hides rows"),
        "child": _("has a child table, or is one"),
        "foreign key": _("has a foreign key that is switched off"),
    }
    for table, name in _rows(STRANGE, {"t": tables}):
        if name:
            detail = details.get(name) or _("%(name)s is not of this release") % {"name": name}
            yield Difference("table", table, detail)


def _owners(tables: list[str]) -> Iterator[Difference]:
    parameters = {"t": tables, "n": len(triggers.PREFIX), "prefix": triggers.PREFIX}
    for name, owner in _rows(OWNERS, parameters):
        detail = _("belongs to %(role)s, not to who migrates") % {"role": owner}
        yield Difference("table", name, detail)
    for table, role, right in _rows(RIGHTS, [tables]):
        detail = _("%(role)s has the right to %(right)s") % {"role": role, "right": right}
        yield Difference("table", table, detail)
    for (role,) in _rows(BECOMES_OWNER, []):
        yield Difference("table", role, _("may act as the owner of the tables"))


def kept() -> Tables:
    """Return what the tables of this release are."""
    file = FILES / f"{connection.vendor}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def described() -> Tables:
    """Return what the guarded tables of this database are."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    tables = sorted({*triggers.GUARDED_TABLES, *growing.tables(there)})
    found: Tables = {}
    for table, name, text in _parts(tables):
        found.setdefault(table, {})[name] = text
    return found


def _parts(tables: list[str]) -> Iterator[tuple[str, str, str]]:
    if connection.vendor == "sqlite":
        marks = ", ".join(["%s"] * len(tables))
        statement = (
            "SELECT tbl_name, type || ' ' || name, sql FROM sqlite_master "
            f"WHERE type IN ('table', 'view', 'index') AND sql <> '' AND tbl_name IN ({marks})"
        )
        for table, name, text in _rows(statement, tables):
            yield from _sqlite_parts(table, name, " ".join(text.split()))
        return
    [[schema]] = _rows("SELECT quote_ident(current_schema())", [])
    for statement in (COLUMNS, CONSTRAINTS, INDEXES):
        for table, name, text in _rows(statement, [tables]):
            yield table, name, plain(text.replace(f" {schema}.", " "))


def _sqlite_parts(table: str, name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """A migration that rebuilds a table may order its columns otherwise."""
    if not name.startswith("table "):
        yield table, name, text
        return
    opening = text.index("(")
    closing = text.rindex(")")
    yield table, name, text[:opening] + text[closing + 1 :]
    for part in _between_commas(text[opening + 1 : closing]):
        words = part.strip().split()
        kind, word = ("constraint", words[1]) if words[0] == "CONSTRAINT" else ("column", words[0])
        yield table, kind + " " + word.strip('"'), part.strip()


def _between_commas(text: str) -> list[str]:
    """Split at the commas that stand in no parentheses and no quoted text."""
    parts, depth, is_quoted = [""], 0, False
    for character in text:
        if character == "'":
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth and not is_quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def plain(text: str) -> str:
    """Return a definition without casts: a dump that was restored writes them elsewhere."""
    text = CAST.sub("", text)
    before = ""
    while before != text:
        before, text = text, AROUND_ATOM.sub(r"\1", text)
    return text


def _rows(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
