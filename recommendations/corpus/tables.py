"""Rows of a table as plain values: what bulk_create would ask of models, without making any."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import models

Row = dict[str, Any]
# No text has it: what stands for NULL in what PostgreSQL copies.
NULL = "\x01"


class Table:
    """The columns of a model with their defaults.

    A key is numbered by who makes rows, where other rows or digests name it; else it is left to
    the database.
    """

    def __init__(self, model: Any, *, is_numbered: bool) -> None:
        fields = model._meta.concrete_fields
        if not is_numbered and isinstance(model._meta.pk, models.AutoField):
            fields = [field for field in fields if not field.primary_key]
        self.model = model
        self.name = model._meta.db_table
        self.key = model._meta.pk.attname
        self.defaults: Row = {field.attname: _plain(field.get_default()) for field in fields}
        self.columns = [field.column for field in fields]
        self._special = [
            (field.attname, type(field)) for field in fields if isinstance(field, SPECIAL)
        ]

    def row(self, values: Mapping[str, Any]) -> Row:
        row = {**self.defaults, **values}
        if len(row) != len(self.columns):
            raise KeyError(self.name, *(row.keys() - self.defaults.keys()))
        return row

    def tuples(self, rows: list[Row], *, vendor: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows as the database takes them. The rows themselves are used up."""
        special = [(name, _conversion(kind, vendor)) for name, kind in self._special]
        for row in rows:
            for name, convert in special:
                if row[name] is not None:
                    row[name] = convert(row[name])
            yield tuple(row.values())


def _plain(default: Any) -> Any:
    """Return the text of a choice, as it comes from the database."""
    return str(default) if isinstance(default, str) else default


SPECIAL = (models.DateField, models.BooleanField, models.JSONField)


def _conversion(kind: type[models.Field], vendor: str) -> Callable[[Any], Any]:
    if issubclass(kind, models.DateTimeField):
        return str if vendor == "postgresql" else _naive
    if issubclass(kind, models.DateField):
        return date.isoformat
    return json.dumps if issubclass(kind, models.JSONField) else int


def _naive(moment: datetime) -> str:
    return str(moment.astimezone(UTC).replace(tzinfo=None))


@cache
def table_of(model: Any, *, is_numbered: bool = False) -> Table:
    return Table(model, is_numbered=is_numbered)


def lines_to_copy(rows: Iterator[tuple[Any, ...]]) -> bytes:
    """Return rows as COPY of PostgreSQL reads them, with NULL for what is none."""
    lines = []
    for row in rows:
        line = "\t".join([NULL if value is None else str(value) for value in row])
        if "\n" in line or line.count("\t") >= len(row):
            raise ValueError(line)
        lines.append(line.replace("\\", "\\\\"))
    return "".join(f"{line}\n" for line in lines).encode()
