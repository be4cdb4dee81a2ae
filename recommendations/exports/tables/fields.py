"""What the fields of a table are, read from the types of its rows."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from recommendations.exports.plain_cells import SEPARATOR

from .rows import Row

# The types of values, as the codebook and Table Schema call them.
KINDS: dict[object, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    date: "date",
    datetime: "datetime",
    list[str]: "list",
}


@dataclass(frozen=True)
class Field:
    """`table` is the table whose `id` its values are, `vocabulary` that of its codes."""

    name: str
    kind: str
    may_be_null: bool
    said: str
    table: str
    vocabulary: str

    @property
    def description(self) -> str:
        """What it means, in the active language."""
        return gettext(self.said)


@cache
def fields_of(row: type[Row]) -> tuple[Field, ...]:
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(_field(name, hints[name]) for name in row.__struct_fields__)


def _field(name: str, hint: object) -> Field:
    kind, meta = typing.get_args(hint)
    assert isinstance(meta, msgspec.Meta)
    may_be_null = isinstance(kind, types.UnionType)
    if may_be_null:
        [kind] = [one for one in typing.get_args(kind) if one is not type(None)]
    extra = meta.extra or {}
    return Field(
        name,
        KINDS[kind],
        may_be_null,
        meta.description or "",
        extra.get("table", ""),
        extra.get("vocabulary", ""),
    )


# How values of each type are written, for the codebook.
WRITTEN: dict[str, str] = {
    "string": _("Text. Empty where there is nothing."),
    "integer": _("A whole number."),
    "boolean": _("true or false."),
    "date": _("A day, as in 2025-03-24."),
    "datetime": _("A moment in UTC, as in 2025-03-24T12:00:00Z."),
    "list": _("Any number of texts: a list in JSON, in CSV and XLSX with “; ” between them."),
}
assert SEPARATOR in WRITTEN["list"]
