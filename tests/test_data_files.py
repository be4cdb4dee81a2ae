"""Files of the record: what is in them is what the tables say, in each format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from recommendations.exports.plain_cells import plain
from recommendations.exports.tables.registry import TABLES
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint

from .test_tables import read, told_by


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.SITE_URL = ""
    return settings.DATA_DIR


def content_of(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unmarked(cell: str) -> str:
    """Take the mark of a formula off, as the codebook says."""
    if cell.startswith("'") and cell.lstrip("'")[:1] in set("=+-@\t\r\n＝＋－＠"):
        return cell[1:]
    return cell


def plain_rows(rows: list[Any]) -> list[dict[str, str]]:
    return [{name: plain(getattr(row, name)) for name in row.__struct_fields__} for row in rows]


def test_csv_and_json_lines_of_each_table_say_what_the_table_says(client, whole_record) -> None:
    for viewpoint in (Viewpoint.present(), told_by(1)):
        for name, table in TABLES.items():
            expected = read(name, viewpoint)
            query = f"?{viewpoint.query}"
            text = content_of(client.get(f"/data/{name}.csv{query}")).decode()
            found = [
                {field: unmarked(cell) for field, cell in row.items()} for row in rows_of_csv(text)
            ]
            assert found == plain_rows(expected), name
            lines = content_of(client.get(f"/data/{name}.jsonl{query}")).splitlines()
            assert [msgspec.json.decode(line, type=table.row) for line in lines] == expected


def test_the_zip_of_an_edition_has_all_that_it_takes_to_read_it(client, whole_record) -> None:
    with ZipFile(io.BytesIO(content_of(client.get("/data/editions/1.zip")))) as archive:
        names = set(archive.namelist())
        package = json.loads(archive.read("datapackage.json"))
        text = archive.read("updates.csv").decode()
    assert {f"{name}.{ending}" for name in TABLES for ending in ("csv", "jsonl")} <= names
    assert {"codebook.en.md", "codebook.ja.md", "LICENSE.txt", "README.md"} <= names
    assert (
        package["version"] == "1" and package["digest"] == Edition.objects.get(pk=1).digested.digest
    )
    assert len(rows_of_csv(text)) == len(read("updates", told_by(1)))
    assert date.fromisoformat(package["as_of"])


@pytest.mark.parametrize(
    "address",
    [
        "/data/",
        "/data/record.xlsx",
        "/data/codebook.md",
        "/data/codebook.csv",
        "/data/datapackage.json",
        "/data/catalog.jsonld",
        "/recommendations.xlsx",
        "/recommendations.jsonl",
    ],
)
@pytest.mark.parametrize("query", ["", "?as_of=2025-03-31", "?edition=1"])
def test_files_answer_in_both_languages(client, whole_record, address: str, query: str) -> None:
    for prefix in ("", "/ja"):
        assert content_of(client.get(f"{prefix}{address}{query}"))
