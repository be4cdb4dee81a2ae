"""Files that are no report, told by their content, each with what to do instead."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from .problems import ImportProblem

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# One of these parts is in every workbook.
WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
SEPARATORS = ",;\t"
LINES, FEWEST_LINES, FEWEST_CELLS = 20, 2, 3
LONGEST_TITLE = 60
LOOKED_AT = 20_000


def refuse_other_files(data: bytes) -> None:
    """Raise ImportProblem for a workbook, and for a document of an old version of Word."""
    if data.startswith(OLD_OFFICE):
        raise ImportProblem(
            _("This file is of an old version of Word or Excel. Save it as DOCX or PDF.")
        )
    if data.startswith(b"PK\x03\x04") and _is_workbook(data):
        raise _table()


def refuse_table(text: str) -> None:
    """Raise ImportProblem for text in columns, such as CSV."""
    if _is_table(text[:LOOKED_AT]):
        raise _table()


def _table() -> ImportProblem:
    return ImportProblem(
        _(
            "This is a table, and a report is text. Tables of recommendations have a way in of "
            "their own: import it as a spreadsheet."
        )
    )


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").startswith(SPREADSHEET)
            return any(name in names for name in WORKBOOKS)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        # What it is instead is said by who reads it.
        return False


def _is_table(text: str) -> bool:
    """Whether the first lines have columns: titles, and below them as many cells in each line."""
    first = text.lstrip().split("\n", 1)[0]
    if first.startswith(("#", "---", "|", "<", "- ", "* ")):
        return False
    return any(_has_columns(text, separator) for separator in SEPARATORS if separator in first)


def _has_columns(text: str, separator: str) -> bool:
    try:
        rows = list(_rows(text, separator))
    except csv.Error:
        return False
    if len(rows) < FEWEST_LINES:
        return False
    titles = [cell.strip() for cell in rows[0]]
    are_titles = all(cell and len(cell) <= LONGEST_TITLE and not _ends(cell) for cell in titles)
    is_even = all(len(row) == len(titles) for row in rows)
    return len(titles) >= FEWEST_CELLS and are_titles and is_even


def _ends(cell: str) -> bool:
    """Whether a cell is a sentence; "No." is none."""
    return cell[-1] in ".。" and " " in cell


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    # The last line may be cut.
    whole = io.StringIO(text.rpartition("\n")[0] if len(text) >= LOOKED_AT else text)
    rows = csv.reader(whole, delimiter=separator)
    yield from islice((row for row in rows if any(map(str.strip, row))), LINES)
