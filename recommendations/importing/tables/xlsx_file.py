"""XLSX to rows: values as they were last calculated, true dates, merged cells filled.

The parts of the file are looked through before anything is built of them: how many rows, columns
and cells there are, which formulas have no value, and that it is as small as it says.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from recommendations.importing.problems import ImportProblem

from .table import (
    LARGEST_UNPACKED,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    VERSION,
    Cells,
    FaultKind,
    Sheet,
    Workbook,
    too_full,
    too_many_rows,
    too_wide,
)

CHUNK = 1024 * 1024
MOST_PARTS = 2_000
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
Value = int | float | str | bool | date | datetime | time | timedelta


def read_xlsx(data: bytes) -> Workbook:
    """Return the sheets that can be seen, with their rows. Raises ImportProblem."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_others(archive)
            _refuse_bomb(archive)
            looks = {name: _look(archive, part) for name, part in _parts(archive)}
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        sheets = [_sheet(book.get_sheet_by_name(name), look) for name, look in looks.items()]
    except (zipfile.BadZipFile, CalamineError, expat.ExpatError, KeyError, EOFError) as error:
        raise _damaged() from error
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise ImportProblem(_("The table is empty. Choose the file with the recommendations."))
    return Workbook(VERSION, "xlsx", "XLSX", sheets)


def _damaged() -> ImportProblem:
    return ImportProblem(
        _("This XLSX file is damaged. Open it in a spreadsheet program and save it again.")
    )


def _refuse_others(archive: zipfile.ZipFile) -> None:
    """Refuse what is packed as XLSX is, and is something else."""
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise ImportProblem(_("XLSB cannot be read. Save it as XLSX or CSV."))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ImportProblem(
            _("The file has macros in it, which are not read. Save it as XLSX without macros.")
        )
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(100):
        raise ImportProblem(_("ODS cannot be read. Save it as XLSX or CSV."))
    if WORKBOOK not in names:
        raise ImportProblem(
            _("This is no spreadsheet. Give CSV or XLSX; a text goes to “Import a report”.")
        )


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Unpack all parts without keeping them: what a file says of its size may be untrue."""
    total = 0
    if len(archive.infolist()) > MOST_PARTS:
        raise _too_large_unpacked()
    if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
        raise _too_large_unpacked()
    for part in archive.infolist():
        for chunk in _chunks(archive, part.filename):
            total += len(chunk)
            if total > LARGEST_UNPACKED:
                raise _too_large_unpacked()


def _too_large_unpacked() -> ImportProblem:
    return ImportProblem(
        _(
            "Unpacked, the file has more than %(n)d MB. Take pictures and sheets that are not "
            "needed out, or save it as CSV."
        )
        % {"n": LARGEST_UNPACKED // 1024 // 1024}
    )


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*args: object) -> None:
        # A spreadsheet declares no entities; a file that does so wants to grow.
        raise _damaged()

    parser.StartDoctypeDeclHandler = refuse
    return parser


# The parts of a workbook ------------------------------------------------------------------------


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and part of each sheet that can be seen."""
    found: list[tuple[str, str, str]] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            key = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            found.append((attributes.get("name", ""), key, attributes.get("state", "visible")))

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            targets[attributes.get("Id", "")] = part

    for name, handler in ((WORKBOOK, sheet), (RELATIONS, relation)):
        parser = _parser()
        parser.StartElementHandler = handler
        parser.Parse(archive.read(name), True)
    seen = [
        (name, targets[key]) for name, key, state in found if state == "visible" and key in targets
    ]
    if len(seen) > MOST_SHEETS:
        raise ImportProblem(
            _("The file has more than %(n)d sheets. Take those out that are not needed.")
            % {"n": MOST_SHEETS}
        )
    return seen


def _local(name: str) -> str:
    return name.rpartition(":")[2]


# A look through one sheet -----------------------------------------------------------------------


@dataclass
class _Look:
    """What a sheet has beside its values: cells with a fault, and how many are filled."""

    faults: list[tuple[int, int, FaultKind, str]] = field(default_factory=list)
    n_cells: int = 0
    row: int = 0
    column: int = -1


# Written by expressions instead of a parser of XML, which took twelve seconds for a million cells.
CELL = re.compile(
    rb"<(?:\w+:)?(?:(?P<row>row)(?P<of_row>\s[^>]*)?>|"
    rb"c(?P<of_cell>\s[^>]*?)?(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>))",
    re.DOTALL,
)
PLACE = re.compile(rb"\br=[\"']([A-Z]{0,3})(\d{1,7})[\"']")
KIND = re.compile(rb"\bt=[\"'](\w+)[\"']")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>([^<]+)<")


def _look(archive: zipfile.ZipFile, part: str) -> _Look:
    look, rest = _Look(), b""
    for chunk in _chunks(archive, part):
        rest = _look_at(look, rest + chunk)
    return look


def _look_at(look: _Look, xml: bytes) -> bytes:
    """Look through the cells that end in this piece, and return what is left for the next."""
    end = 0
    for found in CELL.finditer(xml):
        end = found.end()
        if found["row"]:
            number = PLACE.search(found["of_row"] or b"")
            look.row, look.column = int(number[2]) if number else look.row + 1, -1
            continue
        place = PLACE.search(found["of_cell"] or b"")
        look.row = int(place[2]) if place else look.row
        look.column = _column(place[1]) if place else look.column + 1
        if inside := found["inside"]:
            _look_into(look, found["of_cell"] or b"", inside)
    return xml[end:]


def _look_into(look: _Look, attributes: bytes, inside: bytes) -> None:
    value, kind = VALUE.search(inside), KIND.search(attributes)
    code = kind[1] if kind else b""
    if FORMULA.search(inside) and not value and code != b"str":
        look.faults.append((look.row, look.column, "no_value", ""))
    elif code == b"e":
        shown = value[1].decode("ascii", "replace") if value else ""
        look.faults.append((look.row, look.column, "error", shown))
    if not value:
        return
    look.n_cells += 1
    if look.column >= MOST_COLUMNS:
        raise too_wide(look.column + 1)
    if look.row > MOST_ROWS:
        raise too_many_rows()
    if look.n_cells > MOST_CELLS:
        raise too_full()


def _column(letters: bytes) -> int:
    """Return "A" as 0, "AA" as 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


# Values -----------------------------------------------------------------------------------------


def _sheet(sheet: CalamineSheet, look: _Look) -> Sheet:
    cells = Cells(sheet.name)
    for row in _filled(sheet):
        cells.add_row(row)
    for fault in look.faults:
        cells.fault(*fault)
    return cells.close()


def _filled(sheet: CalamineSheet) -> list[list[str]]:
    """Return the rows with the value of merged cells in each of them."""
    rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]
    return rows


def _text(value: Value) -> str:
    """Return a value as text. Dates are ISO 8601; a whole number has no decimal point."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return value.isoformat() if isinstance(value, date | time) else str(value)
