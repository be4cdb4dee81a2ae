"""The name by which many know a report, where readers look, and words that were unclear."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from recommendations.models import Report
from recommendations.statuses import Status

from .factories import RecommendationFactory, ReportFactory, published_action, published_update
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
NAME = "The U.S.-Japan Alliance in 2024 (Armitage-Nye reports, no. 6)"
JAPANESE = "2024年の日米同盟（第6次アーミテージ・ナイ報告書）"


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/reports/us-japan-alliance-2024/",
        "/recommendations/",
        "/reports/us-japan-alliance-2024/1.1/",
    ],
)
def test_page_and_title_name_the_report_as_it_is_known(client, baseline, page):
    for prefix, name in (("", NAME), ("/ja", JAPANESE)):
        html = client.get(prefix + page).content.decode()
        title, body = html.split("<body")[0], html.split("<main")[1]
        assert name in text_of(title)
        assert name in re.sub("※", "", text_of(body))


@pytest.mark.parametrize(
    ("series", "number", "expected"),
    [
        ("", None, "Otters"),
        ("", 3, "Otters"),
        ("Otter papers", None, "Otters (Otter papers)"),
        ("Otter papers", 3, "Otters (Otter papers, no. 3)"),
    ],
)
def test_a_report_is_known_by_its_series_as_far_as_it_has_one(series, number, expected):
    report = Report(title="Otters", subtitle="A tale", series=series, number_in_series=number)
    assert report.known_as == expected
    with translation.override("ja"):
        assert "第3次Otter papers" in report.known_as or "3" not in expected


def test_the_list_of_several_reports_names_one_only_where_it_is_of_one(client):
    first, second = published_action(), published_action()
    name = first.recommendation.report.known_as
    page = client.get("/recommendations/").content.decode()
    assert name not in page.split('id="found"')[0].split("<h1>")[0].split("<main")[1]
    page = client.get(
        f"/recommendations/?report={first.recommendation.report.slug}"
    ).content.decode()
    assert name in page.split("<h1>")[0].split("<main")[1]
    assert second.recommendation.report.known_as not in page.split("<h1>")[0]


def test_a_status_that_says_nothing_yet_is_followed_by_what_its_squares_are(client):
    report = ReportFactory(is_featured=True)
    recommendation = RecommendationFactory(report=report)
    published_update(published_action(recommendation=recommendation), status="rejected")
    published_action(recommendation=recommendation)
    html = text_of(client.get("/").content.decode())
    recommendation.refresh_from_db()
    assert recommendation.status == Status.NOT_ASSESSED
    assert "1 not assessed, 1 rejected" in html or "1 rejected, 1 not assessed" in html


def test_what_is_said_of_an_action_has_its_label(client, baseline):
    html = text_of(client.get("/reports/us-japan-alliance-2024/1.2/").content.decode())
    assert "How it is asked: Direct ask" in html
    assert "Kind: Organisation" in html
    assert "would have to act" not in html


def test_the_sentence_comes_with_what_an_action_is(client, baseline):
    assert "The 81 are single steps, split from 24 recommendations." in text_of(
        client.get("/").content.decode()
    ) or "The 83 are single steps, split from 24 recommendations." in text_of(
        client.get("/").content.decode()
    )
