"""The brief of a list: a page a recommendation, on the web and as DOCX, against the record."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from docx.oxml.ns import qn

from recommendations.figures import brief as briefs
from recommendations.models import Action, Recommendation
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    DeadlineFactory,
    ListedHostFactory,
    ReportFactory,
    published_action,
    published_update,
)
from .reading import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
HOSTILE = "Otters \x0b\x00<b>&amp;</b> \ufffe \U0001f9a6 カワウソ"


def docx_of(client, query: str = "", prefix: str = ""):
    response = client.get(f"{prefix}/brief.docx{query}")
    assert response.status_code == 200
    return Document(BytesIO(response.content))


def headings(document, level: int) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def pages(client, query: str = "", prefix: str = "") -> list[str]:
    html = client.get(f"{prefix}/brief/{query}").content.decode()
    return re.findall(r'<article class="block brief-page">.*?</article>', html, re.S)


@pytest.mark.parametrize("query", ["", "?as_of=2025-03-31", "?as_of=2026-06-17&edition=1"])
def test_each_recommendation_has_a_page_that_says_what_its_own_says(client, baseline, query):
    found = pages(client, query)
    document = docx_of(client, query)
    numbers = list(Recommendation.objects.counted().values_list("number", flat=True))
    assert len(found) == len(headings(document, 1)) == len(numbers) == 24
    tables = iter(document.tables)
    for page, heading in zip(found, headings(document, 1), strict=True):
        number = heading.partition(" ")[0]
        own = unescape(
            text_of(
                client.get(f"/reports/us-japan-alliance-2024/{number}/{query}").content.decode()
            )
        )
        shown = unescape(text_of(page))
        [verdict] = re.findall(
            r"Why (?:It has no verifiable action\.|Of \d+ verifiable actions?: [^.]*\.)", shown
        )
        assert verdict.removeprefix("Why ") in own
        labels = re.findall(r'<td class="num">([^<]*)</td>', page)
        if labels:
            table = next(tables)
            rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
            assert [row[0] for row in rows] == labels
            for row in rows:
                assert row[1] in shown and row[2] in [str(one.label) for one in Status]


def test_statuses_of_the_file_are_those_of_the_record_on_that_day(client, baseline):
    seen = Viewpoint(on=date(2025, 3, 31), as_of=date(2025, 3, 31))
    expected = {
        one.label: str(Status(one.status).label)
        for one in Record(seen).actions().counted().select_related("recommendation")
    }
    document = docx_of(client, "?as_of=2025-03-31")
    told = {
        row.cells[0].text: row.cells[2].text for table in document.tables for row in table.rows[1:]
    }
    assert told == expected


def test_each_page_says_of_which_day_it_is(client, baseline):
    """Printed, it has neither the head of the site nor a today."""
    for query, day in (("", today()), ("?as_of=2025-03-31", date(2025, 3, 31))):
        assert all(f"Status on {day:%-d %b %Y}" in text_of(one) for one in pages(client, query))


def test_a_list_of_actions_gives_the_brief_of_their_recommendations(client, baseline):
    keys = Action.objects.counted().filter(status="implemented").values("recommendation")
    expected = Recommendation.objects.filter(pk__in=keys).count()
    assert len(pages(client, "?status=implemented")) == expected
    own = Recommendation.objects.counted().filter(status="partly").count()
    assert len(pages(client, "?status=partly&unit=recommendations")) == own


def test_beyond_the_limit_it_says_what_is_left_out(client, baseline, monkeypatch):
    monkeypatch.setattr(briefs, "MOST_PAGES", 5)
    html = text_of(client.get("/brief/").content.decode())
    told = "19 more are left out: a brief has up to 5. Narrow the list or take its CSV."
    assert told in html and "5 of 24 recommendations, a page each." in html
    document = docx_of(client)
    assert len(headings(document, 1)) == 5
    assert told in [one.text for one in document.paragraphs]


def test_the_file_says_what_it_is(client, baseline):
    document = docx_of(client, "?as_of=2026-06-17&edition=1&area=trade-and-investment")
    known, text = document.core_properties, "\n".join(one.text for one in document.paragraphs)
    assert known.language == "en-GB" and "brief" in known.title
    assert known.created.date() == date(2026, 6, 17)
    assert "Record as of 17 Jun 2026, edition 1" in text
    assert "Policy area: Trade and investment" in text
    assert "rest on research alone" in text
    links = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert "https://creativecommons.org/licenses/by/4.0/" in links
    [own] = [one for one in links if "/brief/" in one]
    assert "area=trade-and-investment&as_of=2026-06-17&edition=1" in own
    assert client.get(own.removeprefix("http://testserver")).status_code == 200
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.5)


def test_it_has_real_headings_lists_and_tables(client, baseline):
    document = docx_of(client, "?area=trade-and-investment")
    assert headings(document, 2)[:2] == ["Actions", "Sources"]
    assert any(one.style.name == "List Bullet" for one in document.paragraphs)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[0].cells[0].text == "No."


def test_in_japanese_word_knows_the_language_and_the_font(client, baseline):
    document = docx_of(client, "?area=trade-and-investment", prefix="/ja")
    normal = document.styles["Normal"].element.rPr
    assert normal.rFonts.get(qn("w:eastAsia")) == "Yu Gothic"
    assert normal.find(qn("w:lang")).get(qn("w:eastAsia")) == "ja-JP"
    assert document.core_properties.language == "ja-JP"
    assert "出典" in headings(document, 2)
    assert len(pages(client, "?area=trade-and-investment", prefix="/ja")) == len(
        headings(document, 1)
    )


def test_hostile_texts_break_neither_page_nor_file(client, unguarded):
    action = published_action()
    update = published_update(action, status="partly")
    Recommendation.objects.filter(pk=action.recommendation_id).update(
        headline=HOSTILE.replace("\x00", ""), summary=HOSTILE.replace("\x00", "")
    )
    Action.objects.filter(pk=action.pk).update(title="=cmd() \x1b[31m" + "長" * 200)
    item = update.evidence.first()
    type(item).objects.filter(pk=item.pk).update(
        title="\x07<script>", url='https://x.example/"><script>?a=1&b=\x08'
    )
    document = docx_of(client)
    [heading] = headings(document, 1)
    assert "<b>&amp;</b> \ufffd" in heading and "カワウソ" in heading and "\x0b" not in heading
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert any(text.startswith("=cmd() \ufffd[31m") for text in cells)
    [page] = pages(client)
    assert "<script>" not in page and "&lt;b&gt;" in page
    with ZipFile(BytesIO(client.get("/brief.docx").content)) as archive:
        assert archive.testzip() is None


def test_a_source_whose_host_is_never_evidence_is_no_link(client, unguarded):
    ListedHostFactory(host="host.example")
    action = published_action()
    update = published_update(action, status="partly")
    [item] = update.evidence.all()
    type(item).objects.filter(pk=item.pk).update(url="https://host.example/x")
    [page] = pages(client)
    assert "https://host.example/x" not in page and "never evidence" in page
    links = [one.target_ref for one in docx_of(client).part.rels.values() if one.is_external]
    assert "https://host.example/x" not in links


def test_of_many_sources_some_are_named(client, monkeypatch, baseline):
    monkeypatch.setattr(briefs, "MOST_SOURCES", 1)
    assert any("more on the page" in text_of(page) for page in pages(client))
    assert any(one.text.endswith("more on the page.") for one in docx_of(client).paragraphs)


@pytest.mark.parametrize("page", ["/brief/", "/brief.docx"])
@pytest.mark.parametrize("query", ["?area=nowhere", "?colour=red", "?page=2", "?as_of=1999-01-01"])
def test_what_the_list_refuses_is_refused(client, baseline, page, query):
    assert client.get(page + query).status_code == 400


def test_nothing_found_is_said(client, baseline):
    assert (
        "No recommendation meets all of these filters"
        in client.get("/brief/?q=zebra").content.decode()
    )
    assert headings(docx_of(client, "?q=zebra"), 1) == []


def test_the_list_leads_to_its_brief_and_that_to_the_file(client, baseline):
    html = client.get("/recommendations/?area=taiwan&as_of=2025-03-31").content.decode()
    links = {text: href.replace("&amp;", "&") for href, text in links_of(html)}
    assert links["Brief for print"] == "/brief/?area=taiwan&as_of=2025-03-31"
    html = client.get(links["Brief for print"]).content.decode()
    links = {text: href.replace("&amp;", "&") for href, text in links_of(html)}
    assert client.get(links["The same for word processors (DOCX)"]).status_code == 200


def test_queries_do_not_grow_with_the_recommendations(client):
    for _n in range(2):
        published_update(published_action())
    client.get("/brief/")
    with CaptureQueriesContext(connection) as few:
        client.get("/brief/")
    report = ReportFactory()
    for n in range(4):
        action = published_action(recommendation__report=report, recommendation__number=f"{n + 1}")
        DeadlineFactory(action=action)
        published_update(action)
    client.get("/brief/")
    with CaptureQueriesContext(connection) as many:
        client.get("/brief/")
    assert len(many) <= len(few)
