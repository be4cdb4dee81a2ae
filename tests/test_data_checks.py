"""Files of the record, read back by programs that others use: not a sign is lost or changed."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone

from recommendations.exports.plain_cells import plain
from recommendations.exports.tables.registry import TABLES
from recommendations.exports.workbook import MOST_LETTERS, Book, Sheet
from recommendations.models import Action, Edition, Evidence, StatusUpdate
from recommendations.models.translation import Translation
from tests.factories import published_actions, published_update, rewrite

from .test_data_files import content_of, plain_rows, rows_of_csv, unmarked
from .test_tables import read, told_by

# What programs are known to take for something else, or to lose.
HOSTILE = [
    "=1+1",
    "'=1+1",
    "''=1+1",
    "+81 3 1234",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "'",
    'She said "no", and; left',
    "two\nlines",
    "two\r\nlines",
    "a\rreturn",
    "\ttab",
    "ends in a tab\t",
    " blanks ",
    "0012",
    "1E5",
    "1.10",
    "2025-03",
    "3/4",
    "TRUE",
    "NaN",
    "null",
    "NA",
    "12345678901234567890",
    "_x0007_",
    "bell \x07 and escape \x1b",
    "\u202eright to left\u202c",
    "𠮷野家 \U0001f5fe",
    "e\u0301 and \u00e9",
    "\ufeffmark",
    "http://example.org/?a=1&b=2",
    "<b>&amp;</b>",
    "\u2028\u0085",
]


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.SITE_URL = ""
    return settings.DATA_DIR


@pytest.fixture
def hostile(db: None) -> None:
    """A record with each of these texts in titles, notes, sources and translations."""
    actions = published_actions(len(HOSTILE))
    update = published_update(actions[0], "implemented", on=date(2025, 3, 1))

    def write() -> None:
        for action, text in zip(actions, HOSTILE, strict=True):
            Action.objects.filter(pk=action.pk).update(title=text, place=text)
        item = Evidence.objects.filter(update=update)
        item.update(title="=1+1", quotation="\r\n".join(HOSTILE[:8]), page="0012")
        StatusUpdate.objects.filter(pk=update.pk).update(note="\n".join(HOSTILE))

    rewrite(write)
    Translation(kind="action.title", original="0012", language="ja", text="＝和訳").save()


def package_of(client: Any, number: int, folder: Path) -> Path:
    with ZipFile(io.BytesIO(content_of(client.get(f"/data/editions/{number}.zip")))) as archive:
        archive.extractall(folder)
    return folder


def test_csv_has_every_hostile_text_once_its_mark_is_off(client, hostile) -> None:
    for name in TABLES:
        text = content_of(client.get(f"/data/{name}.csv")).decode()
        found = [{one: unmarked(cell) for one, cell in row.items()} for row in rows_of_csv(text)]
        assert found == plain_rows(read(name)), name


def test_a_workbook_read_by_openpyxl_equals_the_record(client, hostile) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.utils.escape import unescape

    book = openpyxl.load_workbook(io.BytesIO(content_of(client.get("/data/record.xlsx"))))
    assert book.sheetnames[1:] == list(TABLES)
    for name in TABLES:
        head, *found = book[name].iter_rows()
        assert all(cell.data_type in "snb" for row in found for cell in row)
        values = [
            {
                title.value: unescape(cell.value) if isinstance(cell.value, str) else cell.value
                for title, cell in zip(head, row, strict=True)
            }
            for row in found
        ]
        assert [
            {one: _written(value) for one, value in row.items()} for row in values
        ] == plain_rows(read(name)), name
        assert book[name].freeze_panes == "A2" and book[name].auto_filter.ref


def _written(value: Any) -> str:
    return plain(int(value) if isinstance(value, float) else value)


def test_the_list_as_a_workbook_has_the_columns_of_its_csv(client, hostile) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.utils.escape import unescape

    for unit in ("actions", "recommendations"):
        text = content_of(client.get(f"/recommendations.csv?unit={unit}")).decode()
        answer = content_of(client.get(f"/recommendations.xlsx?unit={unit}"))
        [_about, sheet] = openpyxl.load_workbook(io.BytesIO(answer)).worksheets
        head, *found = sheet.iter_rows(values_only=True)
        rows = [dict(zip(head, map(_text, row), strict=True)) for row in found]
        listed = [{one: unmarked(cell) for one, cell in row.items()} for row in rows_of_csv(text)]
        assert [{one: unescape(cell) for one, cell in row.items()} for row in rows] == listed


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def test_duckdb_reads_the_csv_of_an_edition_as_it_is_described(client, hostile, tmp_path) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = package_of(client, 2, tmp_path)
    for name, table in TABLES.items():
        fields = table.row.__struct_fields__
        rows = duckdb.sql(
            f"SELECT * FROM read_csv('{folder / name}.csv', header = true, all_varchar = true, "
            "delim = ',', quote = '\"', escape = '\"', nullstr = 'nothing is this', "
            "new_line = '\\r\\n')"
        )
        assert rows.columns == list(fields)
        found = [
            {one: unmarked(cell or "") for one, cell in zip(fields, row, strict=True)}
            for row in rows.fetchall()
        ]
        assert found == plain_rows(read(name, told_by(2))), name


def test_duckdb_reads_json_lines_without_being_told_anything(
    client, whole_record, tmp_path
) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = package_of(client, 3, tmp_path)
    path = folder / "actions.jsonl"
    [(n, counted)] = duckdb.sql(
        f"SELECT count(*), count(*) FILTER (is_verifiable AND NOT is_withdrawn) FROM '{path}'"
    ).fetchall()
    assert (n, counted) == (87, 81)
    [(days,)] = duckdb.sql(
        f"SELECT count(*) FROM '{path}' WHERE deadline >= DATE '2025-03-31'"
    ).fetchall()
    assert days == 2


def test_pandas_reads_csv_and_json_lines_of_an_edition(client, hostile, tmp_path) -> None:
    """As docs/data.md tells how to read them."""
    pandas = pytest.importorskip("pandas")
    folder = package_of(client, 2, tmp_path)
    for name in TABLES:
        expected = plain_rows(read(name, told_by(2)))
        frame = pandas.read_csv(f"{folder / name}.csv", dtype=str, keep_default_na=False)
        assert rows_of_frame(frame) == expected, name
        lines = pandas.read_json(f"{folder / name}.jsonl", lines=True, dtype=False)
        assert [str(one) for one in lines.get("id", [])] == [row["id"] for row in expected], name
    actions = read("actions", told_by(2))
    lines = pandas.read_json(folder / "actions.jsonl", lines=True, dtype=False)
    assert list(lines["action"]) == list(lines["place"]) == [row.action for row in actions]


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_pandas_reads_the_list_with_a_byte_order_mark_and_without(client, hostile, prefix) -> None:
    pandas = pytest.importorskip("pandas")
    data = content_of(client.get(f"{prefix}/recommendations.csv"))
    frame = pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    head, *_rows = rows = rows_of_csv(data.decode("utf-8-sig"))
    assert list(frame.columns) == list(head)
    assert rows_of_frame(frame) == [
        {one: unmarked(cell) for one, cell in row.items()} for row in rows
    ]


def rows_of_frame(frame: Any) -> list[dict[str, str]]:
    return [{one: unmarked(cell) for one, cell in row.items()} for row in frame.to_dict("records")]


@pytest.mark.parametrize("number", [1, 3])
def test_frictionless_finds_the_package_of_an_edition_valid(
    client, whole_record, tmp_path, number: int
) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = package_of(client, number, tmp_path)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
    assert {task.name for task in report.tasks} == set(TABLES)
    package = frictionless.Package(str(folder / "datapackage.json"))
    for name in TABLES:
        rows = package.get_resource(name).read_rows()
        ids = [str(one.id) for one in read(name, told_by(number))]
        assert [str(row["id"]) for row in rows] == ids


def test_frictionless_misses_a_row_that_is_gone(client, whole_record, tmp_path) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = package_of(client, 1, tmp_path)
    head, _first, *rest = (folder / "updates.csv").read_bytes().split(b"\r\n")
    (folder / "updates.csv").write_bytes(b"\r\n".join([head, *rest]))
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert {error.type for task in report.tasks for error in task.errors} == {"foreign-key"}


def test_a_text_that_no_cell_holds_says_so_and_stands_in_the_csv(tmp_path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path, long = tmp_path / "long.xlsx", "𠮷" * MOST_LETTERS
    book = Book(path, "Long", [], timezone.now())
    book.write([Sheet("texts", ["text"], [[long], ["x" * MOST_LETTERS]])])
    about, sheet = openpyxl.load_workbook(path).worksheets
    [_head, (cut,), (fitting,)] = sheet.iter_rows(values_only=True)
    assert cut.endswith("[The text goes on: the CSV has it whole.]")
    assert len(cut.encode("utf-16-le")) <= 2 * MOST_LETTERS and fitting == "x" * MOST_LETTERS
    said = [value for row in about.iter_rows(values_only=True) for value in row if value]
    assert "1 texts are longer than a cell may be. The CSV has them whole." in said


@pytest.mark.parametrize("address", ["/data/record.xlsx", "/recommendations.xlsx"])
def test_a_workbook_of_too_many_rows_is_refused_with_the_way_to_the_csv(
    client, baseline, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("recommendations.views.data_files.MOST_ROWS", 50)
    response = client.get(address)
    assert response.status_code == 400 and response["Content-Type"].startswith("text/plain")
    said = response.content.decode()
    assert "rows are more than the 50 that a workbook takes" in said
    assert ("/recommendations.csv" if "recommendations" in address else "/data/") in said


def test_the_descriptor_tells_what_the_files_are(client, whole_record) -> None:
    package = json.loads(content_of(client.get("/data/datapackage.json?edition=2")))
    assert package["version"] == "2" and package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["digest"] == Edition.objects.get(pk=2).digested.digest
    [updates] = [one for one in package["resources"] if one["name"] == "updates"]
    assert updates["path"] == "http://testserver/data/updates.csv?edition=2"
    assert updates["schema"]["primaryKey"] == "id"
    keys = {key["fields"]: key["reference"] for key in updates["schema"]["foreignKeys"]}
    assert keys["action"] == {"resource": "actions", "fields": "id"}
    assert keys["replaces"] == {"resource": "", "fields": "id"}
