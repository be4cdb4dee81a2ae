"""What the list does not understand it names, says what it would understand, and shows no rows."""

import pytest

from tests.factories import (
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    published_actions,
)

from .reading import text_of

pytestmark = pytest.mark.run_once

LIST, EXPORT = "/recommendations/", "/recommendations.csv"

REFUSED = {
    "status=zzz": ("“zzz” is not a value of “status”", "implemented, partly, in_progress"),
    "status=": ("“” is not a value of “status”", "implemented, partly"),
    "status=implemented&status=zzz": ("“zzz” is not a value of “status”", "rejected"),
    "addressee=us": ("“us” is not a value of “addressee”", "united_states, japan, both"),
    "schedule=late": ("“late” is not a value of “schedule”", "overdue, due"),
    "review=soon": ("“soon” is not a value of “review”", "needs_review, up_to_date, unconfirmed"),
    "kind=law": ("“law” is not a value of “kind”", "legislation"),
    "origin=x": ("“x” is not a value of “origin”", "listed, running_text"),
    "report=none": ("“none” is not a value of “report”", "the-report"),
    "section=none": ("“none” is not a value of “section”", "the-section"),
    "party=none": ("“none” is not a value of “party”", "united-states"),
    "area=none": ("“none” is not a value of “area”", "nothing yet"),
    "body=none": ("“none” is not a value of “body”", "nothing yet"),
    "sort=size": ("“size” is not a value of “sort”", "report, status, deadline"),
    "sort=": ("“” is not a value of “sort”", "report, status"),
    "unit=reports": ("“reports” is not a value of “unit”", "actions, recommendations"),
    "changed_since=2026-02-30": ("“2026-02-30” is not a date for “changed_since”", "2026-06-17"),
    "published_since=2026-02-30": ("is not a date for “published_since”", "2026-06-17"),
    "published_since=2026-01-01&published_since=2026-01-01": ("more than once", "published_since"),
    "changed_since=yesterday": ("“yesterday” is not a date for “changed_since”", "year-month-day"),
    "changed_since=20260101": ("“20260101” is not a date", "year-month-day"),
    "changed_since=2026-1-1": ("“2026-1-1” is not a date", "year-month-day"),
    "changed_since=２０２６-01-01": ("is not a date", "year-month-day"),
    "sort=report&sort=status": ("“sort” is given more than once", "one value"),
    "q=one&q=two": ("“q” is given more than once", "one value"),
    "statu=implemented": ("does not know the parameter “statu”", "status"),
    "since=2026-01-01": ("does not know the parameter “since”", "changed_since"),
    "status__in=implemented": ("does not know the parameter “status__in”", "status"),
    "q=" + "a" * 10_000: ("“q” has 10000 characters", "up to 200"),
    "q=a%00b": ("“a�b” has characters in “q”", "no text contains"),
    "q=%ED%A0%80": ("has characters in “q”", "no text contains"),
    "status=%00": ("“�” is not a value of “status”", "implemented"),
    "status=" + "a" * 10_000: ("aaa…” is not a value of “status”", "implemented"),
    "status=%3Cscript%3E": ("“<script>” is not a value of “status”", "implemented"),
}
PAGES = {
    "page=0": "“0” is not a page number",
    "page=-1": "“-1” is not a page number",
    "page=": "“” is not a page number",
    "page=two": "“two” is not a page number",
    "page=²": "“²” is not a page number",
    "page=9999999999999": "is not a page number",
    "page=1&page=2": "“1, 2” is not a page number",
    "page=3": "There is no page 3: the last one is 2.",
}
ODD_SEARCHES = ["' or 1=1", '"', '"a', "-", "NEAR(", "a*", "%", "\\", "a:b", "AND OR", "同", "𠮷"]


@pytest.fixture
def record(db):
    section = SectionFactory(report=ReportFactory(slug="the-report"), slug="the-section")
    return published_actions(
        30, recommendation=RecommendationFactory(report=section.report, section=section)
    )


def without_rows(html: str) -> bool:
    return "Do thing" not in html and "Headline" not in html


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_understood_is_named_with_what_would_be(client, record, query):
    named, allowed = REFUSED[query]
    response = client.get(f"{LIST}?{query}")
    html = response.content.decode()
    assert response.status_code == 400
    assert named in text_of(html).replace("&lt;", "<").replace("&gt;", ">")
    assert allowed in html
    assert "<h1" in html
    assert without_rows(html)


@pytest.mark.parametrize("query", REFUSED)
def test_the_export_refuses_the_same_in_plain_text(client, record, query):
    named, allowed = REFUSED[query]
    response = client.get(f"{EXPORT}?{query}")
    text = response.content.decode()
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert named in text
    assert allowed in text
    assert without_rows(text)


@pytest.mark.parametrize("query", PAGES)
def test_a_page_that_is_not_there_is_refused(client, record, query):
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert PAGES[query] in text_of(response.content.decode())
    assert without_rows(response.content.decode())


def test_the_export_has_no_pages(client, record):
    response = client.get(f"{EXPORT}?page=1")
    assert response.status_code == 400
    assert "page" in response.content.decode()


def test_more_parameters_than_a_form_has_are_refused(client, record):
    query = "&".join(["status=implemented"] * 1_001)
    for address in (LIST, EXPORT):
        assert client.get(f"{address}?{query}").status_code == 400


def test_htmx_gets_the_refusal_too(client, record):
    response = client.get(f"{LIST}?status=zzz", headers={"HX-Request": "true"})
    assert response.status_code == 400
    assert "HX-Push-Url" not in response


@pytest.mark.parametrize("text", ODD_SEARCHES)
def test_any_search_is_answered(client, record, text):
    for address in (LIST, EXPORT):
        assert client.get(address, {"q": text}).status_code == 200


def test_empty_fields_of_the_form_ask_for_nothing(client, record):
    html = client.get(f"{LIST}?q=&changed_since=&sort=report").content.decode()
    assert "30 of 30 verifiable actions" in text_of(html)


def test_marks_of_other_sites_are_ignored_and_not_passed_on(client, record):
    html = client.get(f"{LIST}?utm_source=x&fbclid=y&gclid=z").content.decode()
    assert "30 of 30 verifiable actions" in text_of(html)
    assert "utm_source" not in html
    assert client.get(f"{EXPORT}?utm_source=x&gclid=z").status_code == 200
