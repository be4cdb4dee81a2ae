"""The list of actions or recommendations as a sheet: the columns of its CSV, with plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from recommendations.text.languages import plain_texts

from .csv_export import Column, columns_of
from .csv_reading import RowReader
from .workbook import Sheet

# So many rows are in memory at once.
CHUNK = 2_000
COUNTED = "sources."


def list_sheet(reader: RowReader, keys: Sequence[int], *, name: str, as_of: date) -> Sheet:
    """Return the sheet, whose reader writes texts as they are."""
    columns = columns_of(reader)
    names = ["as_of", *(column.name for column in columns)]
    return Sheet(name, names, _rows(reader, keys, columns, as_of))


def _rows(
    reader: RowReader, keys: Sequence[int], columns: Sequence[Column], as_of: date
) -> Iterator[list[Any]]:
    values_of = attrgetter(*(column.attribute for column in columns))
    changed = [(n, change) for n, one in enumerate(columns) if (change := _change(one))]
    for start in range(0, len(keys), CHUNK):
        for row in reader.rows(keys[start : start + CHUNK]):
            values = list(values_of(row))
            for n, change in changed:
                values[n] = change(values[n])
            yield [as_of, *values]


def _change(column: Column) -> Callable[[Any], Any] | None:
    """Return what makes a value of what a row has, in the active language."""
    if column.kind:
        return plain_texts(column.kind)
    if column.labels:
        labels = {code: str(label) for code, label in column.labels.choices}
        return lambda code: labels.get(code, code)
    return int if column.attribute.startswith(COUNTED) else None
