"""CSV and XLSX to rows, and what is refused or named as unreadable."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest

from recommendations.importing.problems import ImportProblem
from recommendations.importing.tables import csv_file, table, xlsx_file
from recommendations.importing.tables.reading import read_table
from recommendations.importing.tables.sandbox import read_safely
from recommendations.importing.tables.table import Fault, letters_of, packed, unpacked

from .table_desk import csv_bytes
from .test_import_reading import given_up_after

pytestmark = pytest.mark.run_once

JAPANESE = [["番号", "提言", "担当"], ["1", "ソの橋を直すこと。", "国土府、県"]]
WESTERN = [["No", "Text"], ["1", "Créer l’été – où"], ["2", "Zoë’s “naïve” plan"]]


def rows_of(data: bytes, **said: str) -> list[list[str]]:
    return read_table(data, **said).sheets[0].rows  # type: ignore[arg-type]


def faults_of(data: bytes) -> list[Fault]:
    return read_table(data).sheets[0].faults


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_japanese_csv_is_read_in_each_encoding_and_separator(encoding: str, mark: str) -> None:
    assert rows_of(csv_bytes(JAPANESE, encoding=encoding, mark=mark)) == JAPANESE


def test_western_csv_is_told_from_japanese() -> None:
    assert rows_of(csv_bytes(WESTERN, encoding="cp1252")) == WESTERN


def test_an_encoding_that_is_said_is_believed() -> None:
    data = csv_bytes([["a", "b"], ["1", "ﾃｽﾄ"]], encoding="cp932")
    assert rows_of(data, encoding="cp932") == [["a", "b"], ["1", "ﾃｽﾄ"]]


def test_a_separator_that_the_file_declares_is_believed() -> None:
    assert rows_of(b"sep=;\r\na,b;c\r\nd,e;f\r\n") == [["a,b", "c"], ["d,e", "f"]]


@pytest.mark.parametrize(
    ("main", "other", "name"),
    [
        ("utf-8", "cp932", "Shift_JIS (cp932)"),
        ("cp932", "utf-8", "UTF-8"),
        ("cp1252", "cp932", "Shift_JIS (cp932)"),
    ],
)
def test_a_cell_in_another_encoding_is_named(main: str, other: str, name: str) -> None:
    text = {"utf-8": "日本語の橋", "cp932": "日本語の橋", "cp1252": "naïve café"}[main]
    data = csv_bytes([["No", "Text"], ["1", text], ["2", text]], encoding=main)
    data += csv_bytes([["3", "港を開く"]], encoding=other)
    (fault,) = faults_of(data)
    assert (fault.row, fault.column, fault.kind) == (4, 1, "undecodable")
    assert fault.shown == f"“港を開く” in {name}"


def test_line_breaks_and_quotation_marks_stay_in_their_cells() -> None:
    rows = [["No", "Text"], ["1", 'Two\nlines, "quoted"'], ["2", "x"]]
    assert rows_of(csv_bytes(rows)) == rows


def test_a_quotation_mark_that_is_not_closed_is_named_by_its_row() -> None:
    with pytest.raises(ImportProblem, match="Row 3 cannot be read"):
        rows_of(b'No,Text\n1,a\n2,"b\n3,c\n')


def test_the_mark_of_our_exports_is_taken_off() -> None:
    assert rows_of(csv_bytes([["a", "b"], ["'=1+1", "'tis"]])) == [["a", "b"], ["=1+1", "'tis"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\r\n \r\n", "The file is empty"),
        (b",,\n,,\n", "The table is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old XLS file, or an XLSX with a pass"),
        (b"%PDF-1.7 x", "This is no spreadsheet"),
        (b"<!doctype html><table><tr><td>1", "This is no spreadsheet"),
        (b"a,b\n1,\0\n", "This is no table"),
        (b"PK\x03\x04 broken", "This XLSX file is damaged"),
        (b"a,b\n" + b"1,2\n" * 50_001, "more than 50,000 rows"),
        (b",".join([b"x"] * 300) + b"\n", "300 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        read_table(data)


def test_a_cell_of_a_megabyte_is_named_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    data = csv_bytes([["No", "Text"], ["1", "x" * 1_000_000], ["2", "y"]])
    (fault,) = faults_of(data)
    assert (fault.row, fault.column, fault.kind) == (2, 1, "too_long")
    assert len(rows_of(data)[1][1]) < 100


def test_control_characters_are_named() -> None:
    (fault,) = faults_of(b"a,b\n1,x\x07y\n2,z\n")
    assert (fault.row, fault.column, fault.kind) == (2, 1, "control")


def test_more_text_than_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_LETTERS", 100)
    with pytest.raises(ImportProblem, match="filled cells"):
        read_table(csv_bytes([["a", "x" * 200]]))


# XLSX ------------------------------------------------------------------------------------------


def xlsx(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def book_of(*rows: list[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def test_values_of_xlsx_are_read_as_they_are_seen() -> None:
    book = book_of(
        ["No", "Text", "Due"],
        [1, "two_x000D_\nlines", date(2026, 3, 31)],
        [1.5, "  spaces  ", datetime(2026, 4, 1, 12, 30)],
        [True, None, None],
    )
    assert rows_of(xlsx(book)) == [
        ["No", "Text", "Due"],
        ["1", "two\nlines", "2026-03-31"],
        ["1.5", "spaces", "2026-04-01"],
        ["TRUE"],
    ]


def test_merged_cells_have_their_value_in_each_of_them() -> None:
    book = book_of(["Who", None, "What"], ["Lead", "Others", None], ["A", "B", "C"])
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C1:C2")
    assert rows_of(xlsx(book))[:2] == [["Who", "Who", "What"], ["Lead", "Others", "What"]]


def test_a_formula_without_a_value_is_named_and_one_with_an_error() -> None:
    book = book_of(["No", "Sum"], [1, "=1+1"], [2, "#REF!"])
    kinds = {
        (fault.row, fault.column): (fault.kind, fault.shown) for fault in faults_of(xlsx(book))
    }
    assert kinds == {(2, 1): ("no_value", ""), (3, 1): ("error", "#REF!")}


def test_a_formula_is_read_by_its_value_also_one_of_another_file() -> None:
    data = with_sheet(
        '<row r="1"><c r="A1" t="str"><f>"x"</f><v>Owner</v></c></row>'
        '<row r="2"><c r="A2"><f>[1]Other!A1</f><v>4</v></c></row>'
    )
    workbook = read_table(data)
    assert workbook.sheets[0].rows == [["Owner"], ["4"]]
    assert workbook.sheets[0].faults == []


def test_sheets_that_are_hidden_or_empty_are_left_out() -> None:
    book = book_of(["a", "b"])
    book.active.title = "Plan"
    book.create_sheet("Hidden").append(["x"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("Empty")
    book.create_sheet("Second").append(["y"])
    assert [sheet.name for sheet in read_table(xlsx(book)).sheets] == ["Plan", "Second"]


def with_sheet(rows: str, *more: tuple[str, bytes], without: str = "") -> bytes:
    """Return a workbook whose first sheet has these rows of XML."""
    data, made = io.BytesIO(), xlsx(book_of(["x"]))
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                content = (
                    f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
                ).encode()
            if part.filename != without:
                new.writestr(part.filename, content, zipfile.ZIP_DEFLATED)
        for name, content in more:
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


CELL = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (with_sheet(f'<row r="1000000">{CELL.format("A1000000")}</row>'), "more than 50,000 rows"),
        (with_sheet(f'<row r="1">{CELL.format("KN1")}</row>'), "300 columns"),
        (with_sheet("", ("xl/vbaProject.bin", b"x")), "macros"),
        (with_sheet("", ("xl/workbook.bin", b"x")), "XLSB"),
        (with_sheet("", without="xl/workbook.xml"), "This is no spreadsheet"),
        (with_sheet(""), "The table is empty"),
        (with_sheet("", ("xl/media/big", b"0" * (201 * 1024 * 1024))), "more than 200 MB"),
    ],
)
def test_hostile_workbooks_are_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        read_table(data)


def a_million_rows() -> bytes:
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    return with_sheet("".join(row.format(n) for n in range(1, 1_000_001)))


@pytest.mark.parametrize(
    "make", [a_million_rows, lambda: b"No,Text\n" + b"1,x\n" * 1_000_000], ids=["XLSX", "CSV"]
)
def test_a_million_rows_are_refused_before_they_are_kept(make: Callable[[], bytes]) -> None:
    data = make()
    with given_up_after(60), pytest.raises(ImportProblem, match="more than 50,000 rows"):
        read_safely(data)


def test_ods_is_refused_by_its_name() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(ImportProblem, match="ODS cannot be read"):
        read_table(data.getvalue())


def test_a_size_that_a_file_is_untrue_about_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_sheet("", ("xl/media/big", b"0" * 500_000))
    # Said in the directory of the archive: 500,000 is 0x07a120.
    small = data.replace((500_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    monkeypatch.setattr(xlsx_file, "LARGEST_UNPACKED", 100_000)
    with pytest.raises(ImportProblem):
        read_table(small)


def test_a_workbook_that_declares_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    data = with_sheet("", ("xl/workbook.xml", bomb), without="xl/workbook.xml")
    with pytest.raises(ImportProblem, match="damaged"):
        read_table(data)


# The confined child ----------------------------------------------------------------------------


def test_the_child_answers_with_the_rows_or_the_refusal() -> None:
    assert unpacked(read_safely(csv_bytes(JAPANESE, encoding="cp932"))).sheets[0].rows == JAPANESE
    with pytest.raises(ImportProblem, match="old XLS file"):
        read_safely(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)


def test_what_is_packed_is_unpacked_alike() -> None:
    workbook = read_table(csv_bytes(JAPANESE))
    assert unpacked(packed(workbook)) == workbook
    with pytest.raises(table.UnreadableTable):
        unpacked(b"nothing of the kind")


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR")])
def test_columns_have_their_letters(column: int, letters: str) -> None:
    assert letters_of(column) == letters


def test_a_line_of_each_encoding_votes_once() -> None:
    assert csv_file.encoding_of("港\n".encode("cp932") * 2 + "港\n".encode()) == "cp932"
