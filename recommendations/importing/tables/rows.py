"""The rows of a table as they are read: text, dates and names, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, field

from .days import Day, day_of, in_period
from .heads import folded, heads_of
from .mapping import MARKS, Mapping, Role
from .table import FaultKind, Sheet

# `text` fits into a headline or a title; `name` is that of a report, a section or a body.
LONGEST_TEXT, LONGEST_NAME, LONGEST_NUMBER = 20_000, 200, 20
ProblemKind = (
    FaultKind
    | Literal[
        "no_date",
        "day_or_month_first",
        "whose_fiscal_year",
        "no_text",
        "no_report",
        "no_level",
        "unknown_level",
        "no_whole",
        "twice",
        "long_name",
        "long_number",
        "long_title",
        "unknown_area",
        "unknown_kind",
        "no_address",
        "date_to_come",
        "before_report",
        "impossible_year",
    ]
)
# What a row cannot do without: where such a cell is wrong, the row is.
NEEDED: frozenset[Role] = frozenset({"report", "number", "level", "recommendation", "action"})
# Such a cell is read all the same, in part.
IN_PART: frozenset[ProblemKind] = frozenset({"long_title"})
# What parts names of areas: commas stand in many of them.
AREA_MARKS = re.compile(r"[;；|\n]")
# What spreadsheets and programs write where there is nothing.
NOTHING = frozenset({"nan", "n/a", "#n/a", "none", "null", "-", "–", "—", "－", "なし", "該当なし"})


class Problem(NamedTuple):
    """What is wrong with a cell, or with a whole row where `column` is None.

    Without an `is_optional` cell the row can be read; else it is skipped or put right.
    """

    row: int
    column: int | None
    kind: ProblemKind
    shown: str
    is_optional: bool = False

    @property
    def group(self) -> str:
        """Alike problems of one column are decided on together."""
        return f"{'' if self.column is None else self.column}:{self.kind}"


class ReadRow(Struct):
    """What a row says. `due` and `since` are dates that can be read, with their words beside.

    `areas`, `kind` and `sources` are as they stand there, until they are looked up.
    """

    row: int
    report: str = ""
    section: str = ""
    number: str = ""
    level: str = ""
    recommendation: str = ""
    action_number: str = ""
    action: str = ""
    owners: list[str] = field(default_factory=list)
    due: Day | None = None
    due_words: str = ""
    status: str = ""
    since: Day | None = None
    since_words: str = ""
    response: str = ""
    areas: list[str] = field(default_factory=list)
    kind: str = ""
    sources: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    is_skipped: bool = False


class Reader:
    """Reads the rows of a sheet by a mapping, and collects what is wrong with them.

    Rows that are `skipped` are read all the same: others may go on with what stands in them.
    """

    def __init__(self, sheet: Sheet, mapping: Mapping, skipped: Collection[int] = ()) -> None:
        self.sheet, self.mapping, self.skipped = sheet, mapping, frozenset(skipped)
        self.heads = heads_of(sheet, mapping.head_row, mapping.head_rows)
        self.first_row = mapping.head_row + mapping.head_rows
        self.problems: list[Problem] = []
        self.unreadable: set[int] = set()
        self.faults = {(fault.row, fault.column): fault for fault in sheet.faults}
        self.columns: dict[str, list[int]] = {}
        for n, head in enumerate(self.heads):
            if role := mapping.columns.get(head):
                self.columns.setdefault(role, []).append(n)

    def rows(self, *, most: int | None = None) -> Iterator[ReadRow]:
        """Yield the rows below the heads that say anything in the columns that are read."""
        found = 0
        read = [column for columns in self.columns.values() for column in columns]
        for number in range(self.first_row, len(self.sheet.rows) + 1):
            cells = self.sheet.rows[number - 1]
            is_filled = any(cells[n] for n in read if n < len(cells))
            if not is_filled and not any((number, n) in self.faults for n in read):
                continue
            yield self._row(number)
            found += 1
            if found == most:
                return

    def _row(self, number: int) -> ReadRow:
        row = ReadRow(number, is_skipped=number in self.skipped)
        for role in ("report", "section", "number", "level", "action_number"):
            longest = LONGEST_NUMBER if role.endswith("number") else LONGEST_NAME
            setattr(row, role, self._short(number, role, longest))
        row.recommendation = self._text(number, "recommendation")
        row.action = self._text(number, "action")
        row.owners = self._owners(number)
        row.status = self._value(number, "status")
        row.due_words, row.due = self._date(number, "due")
        row.since_words, row.since = self._date(number, "since")
        if row.due and (precision := self._value(number, "due_precision")):
            row.due = in_period(row.due, precision)
        row.response = "\n\n".join(value for _head, value in self._several(number, "response"))
        row.areas = self._parts(number, "area", AREA_MARKS.split)
        row.kind = self._value(number, "kind")
        row.sources = self._parts(number, "source", _addresses)
        row.notes = self._several(number, "note")
        return row

    def wrong(self, row: int, column: int | None, kind: ProblemKind, shown: str = "") -> None:
        """Note what is wrong; of a row that cannot be read in any case, the first alone."""
        if row in self.skipped or (column is None and row in self.unreadable):
            return
        role = self.mapping.columns.get(self.heads[column]) if column is not None else None
        is_optional = column is not None and (role not in NEEDED or kind in IN_PART)
        if not is_optional:
            self.unreadable.add(row)
        self.problems.append(Problem(row, column, kind, shown[:80], is_optional))

    def column(self, role: Role) -> int | None:
        return next(iter(self.columns.get(role, ())), None)

    def _cell(self, row: int, column: int) -> str:
        if fault := self.faults.get((row, column)):
            self.wrong(row, column, fault.kind, fault.shown)
            return ""
        value = self.sheet.cell(row, column)
        return "" if value.casefold() in NOTHING else value

    def _value(self, row: int, role: Role) -> str:
        column = self.column(role)
        return "" if column is None else " ".join(self._cell(row, column).split())

    def _short(self, row: int, role: str, longest: int) -> str:
        value = self._value(row, role)  # type: ignore[arg-type]
        if len(value) <= longest:
            return value
        column = self.column(role)  # type: ignore[arg-type]
        self.wrong(row, column, "long_number" if role.endswith("number") else "long_name", value)
        return ""

    def _text(self, row: int, role: Role) -> str:
        column = self.column(role)
        text = "" if column is None else self._cell(row, column)
        if len(text) > LONGEST_TEXT:
            self.wrong(row, column, "too_long", text)
        return text[:LONGEST_TEXT]

    def _several(self, row: int, role: Role) -> list[tuple[str, str]]:
        columns = self.columns.get(role, ())
        return [(self.heads[n], value) for n in columns if (value := self._cell(row, n))]

    def _parts(self, row: int, role: Role, split: Callable[[str], list[str]]) -> list[str]:
        """Return the different parts of the cells in a role."""
        cells = (value for _head, value in self._several(row, role))
        parts = (" ".join(part.split()) for cell in cells for part in split(cell))
        return list(dict.fromkeys(part for part in parts if part))

    def _owners(self, row: int) -> list[str]:
        found: dict[str, str] = {}
        for column in self.columns.get("owner", ()):
            for name in self._names(self._cell(row, column)):
                if len(name) > LONGEST_NAME:
                    self.wrong(row, column, "long_name", name)
                elif name.casefold() not in NOTHING:
                    found.setdefault(folded(name), name)
        return list(found.values())

    def _names(self, cell: str) -> list[str]:
        mark = MARKS[self.mapping.owner_mark]
        parts = cell.split(mark) if mark else [cell]
        return [name for part in parts if (name := " ".join(part.split()))]

    def _date(self, row: int, role: Role) -> tuple[str, Day | None]:
        words, column = self._value(row, role), self.column(role)
        if not words or column is None:
            return "", None
        day = day_of(words, order=self.mapping.day_order, fiscal_year=self.mapping.fiscal_year)
        if isinstance(day, str):
            self.wrong(row, column, day, words)
            return words, None
        return words, day


def _addresses(cell: str) -> list[str]:
    """Return the addresses of a cell; of one that has none, all that it says."""
    return cell.split() if "://" in cell else [cell]


def samples(reader: Reader, role: Role) -> list[str]:
    """Return the different values of a role, as they are first met."""
    found: dict[str, str] = {}
    for column in reader.columns.get(role, ()):
        for row in reader.sheet.rows[reader.first_row - 1 :]:
            if column < len(row) and row[column] and row[column].casefold() not in NOTHING:
                found.setdefault(folded(row[column]), " ".join(row[column].split()))
    return list(found.values())


def names_in(rows: Sequence[ReadRow]) -> dict[str, tuple[str, int]]:
    """Return whoever is named as responsible, folded, with the spelling and how often."""
    found: dict[str, tuple[str, int]] = {}
    for row in rows:
        for name in row.owners:
            key = folded(name)
            spelling, n = found.get(key, (name, 0))
            found[key] = (spelling, n + 1)
    return found
