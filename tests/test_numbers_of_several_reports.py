"""With several reports: what files, pictures, charts and lists of the staff say of whose it is."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from docx import Document

from recommendations.models import Action

from .test_data_files import content_of
from .test_reports_side_by_side import FERRIES, SCHOOLS, published

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
ALLIANCE = {"": "The U.S.-Japan Alliance in 2024", "/ja": "2024年の日米同盟"}
each_language = pytest.mark.parametrize("prefix", ["", "/ja"])


@pytest.fixture
def one(db: None) -> Action:
    return published("ferries", FERRIES)


@pytest.fixture
def two(one: Action) -> list[Action]:
    return [one, published("schools", SCHOOLS)]


# Files -----------------------------------------------------------------------------------------


@each_language
def test_a_brief_for_word_processors_names_the_report_of_a_caveat(client, baseline, prefix) -> None:
    [alone] = caveats_of_brief(client, prefix)
    assert ALLIANCE[prefix] not in alone
    published("ferries", FERRIES)
    [named] = caveats_of_brief(client, prefix)
    assert named.startswith(ALLIANCE[prefix])
    assert caveats_of_brief(client, prefix, "?report=ferries") == []


def caveats_of_brief(client: Client, prefix: str, query: str = "") -> list[str]:
    document = Document(io.BytesIO(client.get(f"{prefix}/brief.docx{query}").content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    return [text for text in texts if "research alone" in text or "調査のみを根拠" in text]


@each_language
def test_a_workbook_says_what_its_own_rows_rest_on(client, baseline, prefix) -> None:
    [alone] = caveats_of_workbook(client, f"{prefix}/recommendations.xlsx")
    assert ALLIANCE[prefix] not in alone
    published("ferries", FERRIES)
    for address in ("/data/record.xlsx", "/recommendations.xlsx"):
        [caveat] = caveats_of_workbook(client, prefix + address)
        assert caveat.startswith(ALLIANCE[prefix]), address
        assert alone in caveat
    lists = f"{prefix}/recommendations.xlsx"
    for unit in ("", "&unit=recommendations"):
        [of_area] = caveats_of_workbook(client, f"{lists}?area=energy-and-climate{unit}")
        assert of_area.startswith(ALLIANCE[prefix])
        assert alone not in of_area
    assert caveats_of_workbook(client, f"{lists}?report=ferries") == []


def caveats_of_workbook(client: Client, address: str) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content_of(client.get(address))))
    rows = book.worksheets[0].iter_rows(values_only=True)
    return [str(row[1]) for row in rows if row[0] in ("Caveat", "注意")]
