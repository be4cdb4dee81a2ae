"""What answers consist of, as JSON Schema, told by the typed rows themselves."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext

from recommendations.exports.tables.fields import fields_of
from recommendations.exports.tables.registry import TABLES, Table

from ..answers import Listing, Single
from ..problems import Problem

REFERENCE = "#/components/schemas/{name}"
# Of what stands around rows the names are made of two.
KINDS: dict[Any, str] = {Listing: "List", Single: "Row"}


def schemas(*, vocabularies: str, tables: dict[str, str]) -> dict[str, Any]:
    """Return all components. `vocabularies` and `tables` are addresses that fields point to."""
    found: dict[str, Any] = {}
    for table in TABLES.values():
        found[table.row.__name__] = _of_row(table, vocabularies, tables)
        for kind, ending in KINDS.items():
            found[f"{table.row.__name__}{ending}"] = _around(kind, table)
    return {**found, **_problems()}


def _problems() -> dict[str, Any]:
    _reference, found = msgspec.json.schema_components([Problem], ref_template=REFERENCE)
    said = {
        "Problem": gettext("Why a request was refused; “type” leads to what is said of it."),
        "Fault": gettext("What is wrong with a parameter, and what it can be."),
    }
    return {name: {**one, "description": said[name]} for name, one in found.items()}


def _of_row(table: Table, vocabularies: str, tables: dict[str, str]) -> dict[str, Any]:
    schema = _schema_of(table.row)
    schema["description"] = str(table.description)
    for field in fields_of(table.row):
        own = schema["properties"][field.name]
        if field.vocabulary:
            own["x-vocabulary"] = f"{vocabularies}?vocabulary={field.vocabulary}"
        if field.table:
            own["x-table"] = tables[field.table]
    return schema


def _around(kind: Any, table: Table) -> dict[str, Any]:
    schema = _schema_of(kind[table.row])
    schema["title"] = f"{table.row.__name__}{KINDS[kind]}"
    schema["description"] = str(table.title)
    return schema


def _schema_of(kind: Any) -> dict[str, Any]:
    """Return the schema of a struct alone, without those that it leads to."""
    [reference], found = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    schema = dict(found[reference["$ref"].rpartition("/")[2]])
    return _said(schema)


def _said(found: Any) -> Any:
    """Return a schema whose descriptions are in the active language."""
    if isinstance(found, dict):
        return {
            name: gettext(value)
            if name == "description" and isinstance(value, str)
            else _said(value)
            for name, value in found.items()
        }
    return [_said(one) for one in found] if isinstance(found, list) else found
