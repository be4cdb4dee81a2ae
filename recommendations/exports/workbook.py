"""Tables as the sheets of an XLSX workbook, written row by row into a file.

Texts are texts: no formula, number or link is guessed from them. Signs that XML refuses are written
as Excel writes them (`_x0007_`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .plain_cells import plain

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# A workbook of more takes longer than a reader waits, and most programs longer than they like.
MOST_ROWS = 200_000
# So many a cell holds, as Excel counts: a sign beyond the first plane is two.
MOST_LETTERS = 32_767
# Rows by which the widths of columns are judged.
ROWS_MEASURED = 200
NARROWEST, WIDEST = 8, 60
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass
class Book:
    """A workbook whose first sheet says what the others are, in pairs of a name and a value."""

    path: Path
    title: str
    about: list[tuple[str, str]]
    made_at: datetime
    # How many texts do not fit into a cell.
    n_cut: int = field(default=0, init=False)

    def write(self, sheets: Iterable[Sheet]) -> None:
        # Here, since only who is asked for a workbook needs it: 2 MB.
        from xlsxwriter import Workbook

        with Workbook(str(self.path), {**OPTIONS, "tmpdir": str(self.path.parent)}) as book:
            book.set_properties(
                {
                    "title": self.title,
                    "comments": "\n".join(f"{name}: {value}" for name, value in self.about),
                    "created": self.made_at.replace(tzinfo=None),
                }
            )
            head = book.add_format({"bold": True})
            first = book.add_worksheet(_("About"))
            for sheet in sheets:
                self._sheet(book.add_worksheet(sheet.name), sheet, head)
            self._first(first, head)

    def _first(self, page: Worksheet, head: Any) -> None:
        about = [*self.about]
        if self.n_cut:
            longer = _("%(n)d texts are longer than a cell may be. The CSV has them whole.")
            about.append((_("Shortened"), longer % {"n": self.n_cut}))
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 100)
        page.write_string(0, 0, self.title, head)
        for place, (name, value) in enumerate(about, start=2):
            page.write_string(place, 0, name, head)
            page.write_string(place, 1, value)

    def _sheet(self, page: Worksheet, sheet: Sheet, head: Any) -> None:
        rows = iter(sheet.rows)
        measured = list(islice(rows, ROWS_MEASURED))
        for place, width in enumerate(_widths(sheet.columns, measured)):
            page.set_column(place, place, width)
        page.freeze_panes(1, 0)
        for place, name in enumerate(sheet.columns):
            page.write_string(0, place, name, head)
        last = 0
        for last, row in enumerate(chain(measured, rows), start=1):
            self._row(page, last, row)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)

    def _row(self, page: Worksheet, number: int, row: Sequence[Any]) -> None:
        for place, value in enumerate(row):
            if isinstance(value, bool):
                page.write_boolean(number, place, value)
            elif isinstance(value, int):
                page.write_number(number, place, value)
            elif text := value if isinstance(value, str) else plain(value):
                fits = len(text) <= MOST_LETTERS // 2
                page.write_string(number, place, text if fits else self._fitting(text))

    def _fitting(self, text: str) -> str:
        """Return a text that a cell holds: of a longer one the beginning, which says so."""
        if _length(text) <= MOST_LETTERS:
            return text
        self.n_cut += 1
        # No part of a sign is left over where it counts twice.
        end = " " + _("[The text goes on: the CSV has it whole.]")
        units = text.encode("utf-16-le")[: 2 * (MOST_LETTERS - len(end))]
        return units.decode("utf-16-le", errors="ignore") + end


def _length(text: str) -> int:
    if len(text) <= MOST_LETTERS // 2:
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterable[int]:
    for place, name in enumerate(columns):
        longest = max((len(plain(row[place])) for row in rows), default=0)
        yield min(max(longest, len(name) + 3, NARROWEST), WIDEST)
