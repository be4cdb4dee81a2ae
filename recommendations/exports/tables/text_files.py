"""Rows as CSV and as JSON Lines, some at a time.

A CSV has its cells as the list of actions has: UTF-8, lines that end in CRLF, a byte order mark
where the language is not English, an apostrophe before what a spreadsheet would take for a formula.
JSON Lines have every text as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from recommendations.exports.csv_export import LINE_END, mark_of
from recommendations.exports.csv_rows import Cell, cell_of
from recommendations.exports.plain_cells import PLAIN, SEPARATOR

from .reading import Pinned
from .registry import TABLES
from .rows import Row

_encoder = msgspec.json.Encoder()


def csv_parts(pinned: Pinned, name: str) -> Iterator[str]:
    """Yield the text of a CSV: its head, then some rows at a time."""
    fields = TABLES[name].row.__struct_fields__
    yield f"{mark_of(pinned.source.language)}{','.join(fields)}{LINE_END}"
    for rows in pinned.chunks(name):
        yield csv_lines(rows)


def csv_lines(rows: Sequence[Row]) -> str:
    return "".join(
        f"{','.join([written(value) for value in msgspec.structs.astuple(row)])}{LINE_END}"
        for row in rows
    )


def json_parts(pinned: Pinned, name: str) -> Iterator[bytes]:
    """Yield the lines of a file of JSON Lines, some at a time."""
    for rows in pinned.chunks(name):
        yield _encoder.encode_lines(rows)


def written(value: Any) -> Cell:
    """Return a value as the cell of a CSV."""
    return WRITING[type(value)](value)


WRITING: dict[type, Callable[[Any], Cell]] = {
    **PLAIN,
    str: cell_of,
    list: lambda values: cell_of(SEPARATOR.join(values)),
}
