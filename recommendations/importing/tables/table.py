"""A spreadsheet as rows of text, and the limits within which one is read."""

from __future__ import annotations

import re
import zlib
from typing import Final, Literal

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from recommendations.importing.problems import ImportProblem

# Of the JSON. Another number, whenever what is kept under this one could not be read any more.
VERSION: Final = 1
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 50_000, 200, 1_000_000
MOST_SHEETS = 50
MOST_LETTERS = 20_000_000
# What Excel keeps in a cell.
LONGEST_CELL = 32_767
SHOWN = 80
# More of them say no more.
MOST_FAULTS = 2_000
LARGEST_UNPACKED = 200 * 1024 * 1024
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")

# Why the value of a cell cannot be taken: `no_value` of a formula that was never calculated,
# `error` of one that says so, `undecodable` bytes, `too_long`, `control` characters.
FaultKind = Literal["no_value", "error", "undecodable", "too_long", "control"]


class Fault(Struct, frozen=True, array_like=True):
    """A cell that cannot be read. `row` begins at 1, `column` at 0."""

    row: int
    column: int
    kind: FaultKind
    shown: str


class Sheet(Struct):
    """`rows` begin with that of number 1; empty cells at the end of a row are left out."""

    name: str
    rows: list[list[str]]
    faults: list[Fault] = []

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> str:
        """Return a cell by the number of its row, which begins at 1."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return cells[column] if column < len(cells) else ""


class Workbook(Struct):
    """`read_as` says in a few words how the file was read: its encoding and its separator."""

    version: Literal[1]
    kind: Literal["csv", "xlsx"]
    read_as: str
    sheets: list[Sheet]

    def sheet(self, name: str) -> Sheet:
        """Return the sheet with a name, else the first."""
        return next((sheet for sheet in self.sheets if sheet.name == name), self.sheets[0])


class UnreadableTable(Exception):
    """What was kept cannot be read, in a sentence that says what to do."""


def packed(workbook: Workbook) -> bytes:
    """Return a workbook for a column of bytes."""
    return zlib.compress(msgspec.json.encode(workbook), 6)


def unpacked(kept: bytes | memoryview) -> Workbook:
    """Return the workbook of what `packed()` gave. Raises UnreadableTable."""
    try:
        inflated = zlib.decompressobj().decompress(kept, LARGEST_UNPACKED)
        return msgspec.json.decode(inflated, type=Workbook)
    except (zlib.error, msgspec.DecodeError) as error:
        raise UnreadableTable(
            _("The table that was kept cannot be read any more. Give it up and upload it again.")
        ) from error


def letters_of(column: int) -> str:
    """Return 0 as "A", 25 as "Z", 26 as "AA": the name of a column in spreadsheets."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


class Cells:
    """Takes the cells of a sheet one by one, cleans them, and notes those that cannot be read."""

    def __init__(self, name: str) -> None:
        self.sheet = Sheet(name, [], [])
        self.n_cells = self.n_letters = 0

    def add_row(self, values: list[str]) -> None:
        """Add the next row. Raises ImportProblem where the file has more than can be taken."""
        number = len(self.sheet.rows) + 1
        row = [self._clean(value, number, column) for column, value in enumerate(values)]
        while row and not row[-1]:
            row.pop()
        self.n_cells += sum(map(bool, row))
        self.n_letters += sum(map(len, row))
        if len(row) > MOST_COLUMNS:
            raise too_wide(len(row))
        if row and number > MOST_ROWS:
            raise too_many_rows()
        if self.n_cells > MOST_CELLS or self.n_letters > MOST_LETTERS:
            raise too_full()
        # Far below the last row there may be others that are empty.
        if number <= MOST_ROWS:
            self.sheet.rows.append(row)

    def close(self) -> Sheet:
        while self.sheet.rows and not self.sheet.rows[-1]:
            self.sheet.rows.pop()
        return self.sheet

    def fault(self, row: int, column: int, kind: FaultKind, shown: str = "") -> None:
        if len(self.sheet.faults) < MOST_FAULTS:
            self.sheet.faults.append(Fault(row, column, kind, shown[:SHOWN]))

    def _clean(self, value: str, row: int, column: int) -> str:
        if value.isprintable() and len(value) < LONGEST_CELL and "_x" not in value:
            text = value.strip()
        else:
            text = self._cleaned(value, row, column)
        # Exports put this mark before what a spreadsheet would run.
        if text[:1] == "'" and text.lstrip("'")[:1] in FORMULAS:
            return text[1:]
        return text

    def _cleaned(self, value: str, row: int, column: int) -> str:
        text = LINE_ENDS.sub("\n", ESCAPED.sub(_character, value)).strip()
        if CONTROLS.search(text):
            text = CONTROLS.sub("\ufffd", text)
            self.fault(row, column, "control", text)
        if len(text) > LONGEST_CELL:
            self.fault(row, column, "too_long", text)
            text = text[:SHOWN] + "…"
        return text


def _character(escape: re.Match[str]) -> str:
    """Return the character of an escape of XLSX: _x000D_ ends a line, _x005F_ is a low line."""
    code = int(escape[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def too_many_rows() -> ImportProblem:
    return ImportProblem(
        _("The table has more than %(n)s rows. Import it in parts.") % {"n": f"{MOST_ROWS:,}"}
    )


def too_wide(columns: int) -> ImportProblem:
    return ImportProblem(
        _(
            "The table has %(columns)d columns; at most %(n)d can be read. Delete those that say "
            "nothing of recommendations."
        )
        % {"columns": columns, "n": MOST_COLUMNS}
    )


def too_full() -> ImportProblem:
    return ImportProblem(
        _(
            "The table has more than %(cells)s filled cells or %(letters)s characters. Delete "
            "columns that say nothing of recommendations, or import it in parts."
        )
        % {"cells": f"{MOST_CELLS:,}", "letters": f"{MOST_LETTERS:,}"}
    )
