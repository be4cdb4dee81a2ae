"""The report in its order with its record in the margin."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations.models import Mark, Passage, Recommendation, Report, ReportText

from .factories import (
    RecommendationFactory,
    SectionFactory,
    published_actions,
    published_update,
)
from .reading import text_of

pytestmark = pytest.mark.run_once

BASELINE = "/reports/us-japan-alliance-2024/text/"


def main_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def test_without_a_text_our_summaries_stand_in_the_order_of_the_report(client, baseline):
    html = main_of(client, BASELINE)
    assert "These are our summaries in the report’s order, not its text." in text_of(html)
    anchors = [
        f'id="r-{recommendation.number}"'
        for recommendation in Recommendation.objects.counted().order_by(
            "section__position", "position"
        )
    ]
    places = [html.index(anchor) for anchor in anchors]
    assert len(places) == 24
    assert places == sorted(places)


def test_each_recommendation_leads_to_its_place_and_back(client, baseline):
    page = main_of(client, "/reports/us-japan-alliance-2024/2.3/")
    assert f'href="{BASELINE}#r-2.3"' in page
    assert 'href="/reports/us-japan-alliance-2024/2.3/"' in main_of(client, BASELINE)


def test_statuses_are_those_of_the_day(client, baseline):
    then = main_of(client, f"{BASELINE}?as_of=2024-06-30")
    now = main_of(client, BASELINE)
    entry = 'href="/reports/us-japan-alliance-2024/1.1/#action-1">1.1a</a> '
    assert f"{entry}Not assessed" in then.replace("?as_of=2024-06-30", "")
    assert f"{entry}Implemented" in now


def test_what_is_implemented_can_be_left_out(client, baseline):
    html = text_of(main_of(client, f"{BASELINE}?show=not-implemented"))
    assert "1.1b In progress" in html
    assert "1.1a Implemented" not in html


@pytest.mark.parametrize("query", ["show=all", "show=not-implemented&show=not-implemented"])
def test_another_choice_is_refused_with_what_can_be_given(client, baseline, query):
    response = client.get(f"{BASELINE}?{query}")
    assert response.status_code == 400
    assert "be “not-implemented” once" in response.content.decode()


@pytest.fixture
def imported(db) -> Report:
    """A report with a heading, running text, one recommendation with a mark, and a note."""
    section = SectionFactory(title="Harbours", slug="harbours")
    recommendation = RecommendationFactory(
        report=section.report, section=section, number="1", headline="Dredge the harbour"
    )
    [action] = published_actions(1, recommendation=recommendation, parties=["japan"])
    published_update(action, "in_progress", on=date(2025, 6, 1))
    report = recommendation.report
    text = ReportText.objects.create(
        report=report, version=1, file_name="a.md", checksum="0" * 64, imported_at=timezone.now()
    )

    def passage(position: int, words: str, kind: str = "paragraph", **fields) -> Passage:
        return Passage.objects.create(
            report_text=text,
            position=position,
            anchor=f"p-{position}",
            kind=kind,
            html=words,
            text=words,
            **fields,
        )

    passage(1, "Harbours", "heading", level=2, section=section)
    passage(2, "Silt has been a <em>problem</em> for years.")
    asked = passage(3, "The port should dredge it.", recommendation=recommendation)
    passage(4, "Nothing else was looked at.")
    Mark.objects.create(passage=asked, action=action, start=4, end=15)
    return report


def read(client, report: Report, rights: str, query: str = "") -> str:
    Report.objects.filter(pk=report.pk).update(text_rights=rights)
    return main_of(client, f"/reports/{report.slug}/text/{query}")


def test_the_full_text_is_shown_where_it_may_be(client, imported):
    html = read(client, imported, "full")
    assert "Silt has been a <em>problem</em> for years." in html
    assert '<mark><a href="' in html
    assert ">port should<svg" in html
    assert "Serif type is the report." in html
    assert 'id="p-4"' in html


def test_excerpts_are_what_stands_around_the_recommendations(client, imported):
    html = read(client, imported, "excerpts")
    assert "dredge it." in html
    assert "Silt" not in html
    assert "Nothing else" not in html
    assert "Excerpts: what stands around the recommendations." in text_of(html)


def test_without_rights_nothing_of_the_text_is_shown(client, imported):
    html = read(client, imported, "none")
    assert "dredge it." not in html
    assert "Silt" not in html
    assert "These are our summaries" in text_of(html)


def test_text_without_anything_open_is_left_out_when_only_that_is_asked_for(client, imported):
    html = read(client, imported, "full", "?show=not-implemented")
    assert "dredge it." in html
    assert "Silt" not in html


def test_the_newest_version_is_read(client, imported):
    ReportText.objects.create(
        report=imported,
        version=2,
        file_name="b.md",
        checksum="1" * 64,
        imported_at=timezone.now(),
    )
    assert "dredge it." not in read(client, imported, "full")


def test_a_recommendation_that_stands_nowhere_in_the_text_follows_its_section(client, imported):
    other = RecommendationFactory(
        report=imported, section=imported.sections.get(), number="2", headline="Light the pier"
    )
    published_actions(1, recommendation=other, parties=["japan"])
    html = read(client, imported, "full")
    assert html.index("Nothing else") < html.rindex(">Light the pier</a></h3>")


def test_queries_do_not_grow_with_the_text(client, imported):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            read(client, imported, "full")
        return len(found)

    before = queries()
    text = imported.texts.get()
    for position in range(10, 30):
        Passage.objects.create(
            report_text=text,
            position=position,
            anchor=f"p-{position}",
            kind="paragraph",
            html="More.",
            text="More.",
        )
    assert queries() == before
