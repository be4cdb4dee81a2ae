"""With several reports: what files, pictures, charts and lists of the staff say of whose it is."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from django.db.models import Model
from django.test import Client
from docx import Document

from recommendations.models import Action
from recommendations.publishing import touch

from .factories import (
    INCLUDED_ON,
    ActionBodyFactory,
    ActionFactory,
    AssignmentFactory,
    BodyFactory,
    CodingFactory,
    ReaderReportFactory,
    RetractionRequestFactory,
    StructureRequestFactory,
    include,
    moment,
    published_update,
    submitted_update,
)
from .reading import text_of
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


# Pictures and charts ---------------------------------------------------------------------------


@each_language
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/reports/ferries/headline.svg", FERRIES),
        ("/reports/ferries/history.svg", FERRIES),
        ("/reports/ferries/1.1/headline.svg", FERRIES),
        ("/reports/ferries/1.1/history.svg", FERRIES),
        ("/recommendations/headline.svg?report=ferries", FERRIES),
        ("/areas/transport/history.svg", "Transport"),
    ],
)
def test_the_name_of_a_picture_says_what_it_is_of(client, two, prefix, address, words) -> None:
    assert words in name_of_picture(client, prefix + address)


def test_the_name_of_a_picture_says_nothing_twice(client, two) -> None:
    assert name_of_picture(client, "/areas/transport/headline.svg").count("Transport") == 1


def name_of_picture(client: Client, address: str) -> str:
    """Return what is read out of a picture, whose drawn words are not."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.search(r'role="img".*?><title>(.*?)</title>', answer.content.decode())[1]


@each_language
@pytest.mark.parametrize("address", ["/areas/transport/", "/parties/united-states/"])
def test_a_square_of_many_reports_says_of_which_it_is(client, two, prefix, address) -> None:
    for action in two:
        ActionBodyFactory(action=action, body=BodyFactory(slug="harbour", name="Harbour Office"))
    touch(None)
    html = client.get(prefix + address).content.decode()
    assert f"1.1a Act at once · {FERRIES}" in squares_by_body(html)
    assert f"1.1a Act at once · {SCHOOLS}" in squares_by_body(html)


def test_a_square_on_the_page_of_a_report_does_not_repeat_it(client, two) -> None:
    ActionBodyFactory(action=two[0], body=BodyFactory(name="Harbour Office"))
    touch(None)
    squares = squares_by_body(client.get("/reports/ferries/").content.decode())
    assert "1.1a Act at once: " in squares
    assert FERRIES not in squares


def squares_by_body(html: str) -> str:
    """Return the chart of the row of the body."""
    return re.search(r'(?s)Harbour Office\s*</th><td class="bar">(.*?)</td>', html)[1]


# Sources ---------------------------------------------------------------------------------------


@each_language
def test_each_action_beside_a_source_has_its_report_where_one_is_of_another(
    client, two, prefix
) -> None:
    ferries, schools = two
    others = [ActionFactory(recommendation=ferries.recommendation, number=n) for n in (2, 3)]
    include(actions=others, now=moment(INCLUDED_ON))
    law = {"kind": "primary", "url": "https://example.org/law", "title": "The law"}
    for action in others:
        published_update(action, evidence=[law])
    page = f"{prefix}/reports/ferries/1.1/"
    assert reports_beside(client, page) == []
    published_update(schools, "in_progress", on=date(2025, 4, 1), evidence=[law])
    assert sorted(reports_beside(client, page)) == [FERRIES, SCHOOLS]


def reports_beside(client: Client, address: str) -> list[str]:
    """Return the reports of the other actions for which the first source of a page is cited."""
    text = text_of(client.get(address).content.decode())
    cited = re.search(r"(?:Also cited for|ほかの引用先：?)(.*?)(?: \.|。)", text)[1]
    return [one.strip() for one in re.findall(r"[(（]([^)）]+)[)）]", cited)]


# Sections --------------------------------------------------------------------------------------


@each_language
def test_a_section_that_reports_share_says_of_how_many_it_is(client, two, prefix) -> None:
    def told(query: str) -> str:
        html = client.get(f"{prefix}/recommendations/?section=conclusion{query}").content.decode()
        return text_of(re.search(r'(?s)<div class="chips">.*?</div>', html)[0])

    both = {"": "in 2 reports", "/ja": "報告書2件"}[prefix]
    assert re.search(r"Conclusion on \w+ / Conclusion on \w+", told(""))
    assert both in told("")
    for slug, other in (("ferries", "schools"), ("schools", "ferries")):
        alone = told(f"&report={slug}")
        assert f"Conclusion on {slug}" in alone
        assert f"Conclusion on {other}" not in alone
        assert both not in alone


def test_a_section_of_one_report_is_called_by_its_title(client, one) -> None:
    picture = client.get("/recommendations/headline.svg?section=conclusion").content.decode()
    assert "Section: Conclusion on ferries<" in picture


# The staff -------------------------------------------------------------------------------------


def test_lists_and_forms_of_the_staff_name_the_report_of_each_row(
    client, two, admin_user, analyst
) -> None:
    rows: dict[str, list[Model]] = {}
    for action in two:
        update = submitted_update(action, "implemented")
        rows.setdefault("statusupdate", []).append(update)
        rows.setdefault("coding", []).append(CodingFactory(action=action))
        rows.setdefault("assignment", []).append(AssignmentFactory(action=action, analyst=analyst))
        rows.setdefault("retractionrequest", []).append(
            RetractionRequestFactory(update=action.updates.get(review_state="published"))
        )
        rows.setdefault("structurerequest", []).append(StructureRequestFactory(actions=[action]))
    client.force_login(admin_user)
    for name, (first, second) in rows.items():
        address = f"/admin/recommendations/{name}/"
        cells = re.findall(
            r'class="field-of_report[^>]*>([^<]+)<', client.get(address).content.decode()
        )
        assert {FERRIES, SCHOOLS} <= set(cells), name
        for row, report in ((first, FERRIES), (second, SCHOOLS)):
            form = client.get(f"{address}{row.pk}/change/").content.decode()
            assert f" · {report}</h2>" in re.sub(r"\s+</h2>", "</h2>", form), name


def test_lists_of_the_staff_have_no_column_of_the_only_report(client, one, admin_user) -> None:
    client.force_login(admin_user)
    for name in ("action", "statusupdate"):
        html = client.get(f"/admin/recommendations/{name}/").content.decode()
        assert "field-of_report" not in html


@each_language
def test_pages_of_one_number_for_the_staff_name_its_report(client, two, admin_user, prefix) -> None:
    ferries = two[0]
    draft = submitted_update(ferries, "implemented", by=admin_user)
    sent = ReaderReportFactory(recommendation=ferries.recommendation)
    client.force_login(admin_user)
    for address in (
        f"/admin/log/confirm/{ferries.pk}/",
        f"/admin/log/{draft.slug}/recall/",
        f"/admin/reader-reports/{sent.pk}/",
    ):
        text = text_of(client.get(prefix + address).content.decode())
        assert FERRIES in text, address
        assert SCHOOLS not in text, address


def test_the_form_of_a_source_names_the_report_of_each_number(client, two, admin_user) -> None:
    [source] = {item.source for item in two[0].updates.get().evidence.all()}
    client.force_login(admin_user)
    address = f"/admin/recommendations/source/{source.pk}/change/"
    assert f"1.1a ({FERRIES})" in client.get(address).content.decode()
