"""Columns of many rows, written at once with values of its own for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def write_columns(model: type[Model], columns: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the same columns of each row, by primary key (one query).

    bulk_update() spells out a case for every value, and takes longer than all that leads to them.
    """
    if not columns:
        return
    names = list(next(iter(columns.values())))
    fields = [_field(model, name) for name in [*names, "pk"]]
    rows = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, [*(said[name] for name in names), pk], strict=True)
        ]
        for pk, said in columns.items()
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = [list(values) for values in zip(*rows, strict=True)]
            cursor.execute(_from_arrays(model, fields), arrays)
        else:
            cursor.executemany(_of_one_row(model, fields), rows)


def _field(model: type[Model], name: str) -> Field:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _of_one_row(model: type[Model], fields: Sequence[Field]) -> str:
    """Return the statement for one row, whose key comes last."""
    *assigned, key = (f"{_quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {', '.join(assigned)} WHERE {key}"


def _from_arrays(model: type[Model], fields: Sequence[Field]) -> str:
    """Return the statement for all rows, which takes the values of each column as an array."""
    table = _quoted(model._meta.db_table)
    names = [_quoted(field.column) for field in fields]
    arrays = ", ".join(f"(%s)::{field.db_type(connection)}[]" for field in fields)
    assigned = ", ".join(f"{name} = told.{name}" for name in names[:-1])
    return (
        f"UPDATE {table} SET {assigned} FROM UNNEST({arrays}) AS told({', '.join(names)}) "
        f"WHERE {table}.{names[-1]} = told.{names[-1]}"
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
