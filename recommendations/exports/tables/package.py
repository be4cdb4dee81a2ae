"""The tables as a Frictionless Data Package: datapackage.json, with the schema of each table.

It follows version 1 of the specification, which all its readers know (specs.frictionlessdata.io).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.exports.plain_cells import SEPARATOR
from recommendations.kept_of_state import kept_of_state
from recommendations.text.licence import LICENCE_ID, LICENCE_TITLE, LICENCE_URL

from .fields import Field, fields_of
from .reading import Pinned
from .registry import TABLES, Table
from .source import Source

# Keys of two fields, beside those that fields say themselves.
FURTHER_KEYS: dict[str, list[dict[str, Any]]] = {
    "actions": [
        {
            "fields": ["report", "recommendation_number"],
            "reference": {
                "resource": "recommendations",
                "fields": ["report", "recommendation_number"],
            },
        }
    ]
}


def data_package(
    pinned: Pinned, *, path_of: Callable[[str], str], home: str, title: str = ""
) -> dict[str, Any]:
    """Return the descriptor of the CSV files of tables, which `path_of` tells by their names."""
    edition, viewpoint = pinned.edition, pinned.source.record.viewpoint
    is_of_day = viewpoint.as_of is not None
    return {
        "profile": "tabular-data-package",
        "name": slugify(site_name(), allow_unicode=False) or "tracker",
        "id": home,
        "title": title or site_name(),
        "description": description(),
        "homepage": home,
        "version": str(pinned.number or 0),
        "created": edition.published_at.isoformat().replace("+00:00", "Z") if edition else None,
        "edition": pinned.number,
        "digest": pinned.digest or None,
        "as_of": viewpoint.on.isoformat(),
        "licenses": [{"name": LICENCE_ID, "title": LICENCE_TITLE, "path": LICENCE_URL}],
        "contributors": [{"title": site_name(), "role": "publisher"}],
        "sources": sources_of(pinned.source),
        "resources": [
            _resource(table, path_of(table.name), is_of_day=is_of_day) for table in TABLES.values()
        ],
    }


def description() -> str:
    return _(
        "What became of the recommendations of policy reports: each action with its status, since "
        "when, and on what evidence; every update, source and edition of the tracker."
    )


def sources_of(source: Source) -> list[dict[str, str]]:
    """Return the reports that are tracked (two queries, once for a state of the record)."""

    def named() -> list[dict[str, str]]:
        reports = source.record.reports().out().order_by("published_on", "slug")
        return [
            {"title": one.full_title, "path": one.url} if one.url else {"title": one.full_title}
            for one in reports
        ]

    return kept_of_state(source.record.viewpoint, "reports by title", named)


def _resource(table: Table, path: str, *, is_of_day: bool) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": str(table.title),
        "description": str(table.description),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
        "schema": schema_of(table, is_of_day=is_of_day),
    }


# On a day of the past, what an update corrected may have been said of a later day.
NOT_ON_A_DAY = [("updates", "replaces")]


def schema_of(table: Table, *, is_of_day: bool = False) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    left_out = NOT_ON_A_DAY if is_of_day else []
    own = [
        _foreign_key(table, one)
        for one in fields_of(table.row)
        if is_key(one) and (table.name, one.name) not in left_out
    ]
    return {
        "fields": [_field(one) for one in fields_of(table.row)],
        "missingValues": [""],
        "primaryKey": "id",
        "foreignKeys": [*own, *FURTHER_KEYS.get(table.name, [])],
    }


def is_key(one: Field) -> bool:
    """Whether it is the id of one row: Table Schema knows no list of them."""
    return bool(one.table) and one.kind != "list"


def _foreign_key(table: Table, one: Field) -> dict[str, Any]:
    # The table itself is named by nothing.
    other = "" if one.table == table.name else one.table
    return {"fields": one.name, "reference": {"resource": other, "fields": "id"}}


def _field(one: Field) -> dict[str, Any]:
    is_list = one.kind == "list"
    found: dict[str, Any] = {
        "name": one.name,
        "type": "string" if is_list else one.kind,
        "description": one.description,
    }
    if is_list:
        found["separator"] = SEPARATOR
    if one.kind == "boolean":
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    if one.vocabulary:
        found["vocabulary"] = one.vocabulary
    if constraints := _constraints(one):
        found["constraints"] = constraints
    return found


def _constraints(one: Field) -> dict[str, bool]:
    """Say what is always there. A text may be empty, which a CSV does not tell from nothing."""
    if one.name == "id":
        return {"required": True, "unique": True}
    is_there = one.kind not in ("string", "list") or is_key(one)
    return {"required": True} if is_there and not one.may_be_null else {}
