"""What nobody has confirmed says what it rests on: on each page, in each file, at each edition."""

from __future__ import annotations

import csv
import io

import feedparser
import pytest
from django.test import Client
from icalendar import Calendar

from recommendations import publishing
from recommendations.loading import load
from recommendations.models import Action, Deadline, Recommendation, Report

from .factories import UserFactory, published_action
from .test_loading import ACTION_KEY, text_of
from .test_research_editions import (
    FIRST_AT,
    METHOD,
    OTHER_KEY,
    SECOND_AT,
    THIRD_AT,
    baseline,
    body,
    correction,
    found,
    research,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

BASELINE_WORDS = "desk research by one person"
RESEARCH_WORDS = f"{METHOD}; evidence to 17 Jun 2026; no person has confirmed it"


@pytest.fixture(autouse=True)
def second_coding() -> None:
    entries = baseline()
    for entry in entries:
        if entry["model"] == "recommendations.report":
            entry["fields"]["baseline_note"] = BASELINE_WORDS
        if entry["model"] == "recommendations.statusupdate":
            entry["fields"]["searched_on"] = "2026-06-17"
    load(text_of(entries), now=FIRST_AT)
    confirmation = found("other-2", "in_progress", action=OTHER_KEY)
    load(research(correction(), confirmation), now=SECOND_AT)


def pages() -> list[str]:
    report = Report.objects.get(slug="small")
    detail = Recommendation.objects.get().get_absolute_url()
    return [
        "/",
        report.get_absolute_url(),
        detail,
        "/recommendations/",
        "/changes/",
        "/deadlines/",
        "/corrections/",
        "/editions/",
        "/parties/japan/",
        "/reports/",
    ]


def plain_words(html: str) -> str:
    return html.replace('<time datetime="2026-06-17">', "").replace("</time>", "")


def test_every_page_says_what_its_statuses_rest_on(client: Client) -> None:
    for path in pages():
        html = plain_words(body(client, path))
        assert f"2 of 2 verifiable actions rest on research alone: {RESEARCH_WORDS}." in html, path


def test_a_page_of_the_first_edition_says_what_that_rested_on(client: Client) -> None:
    for path in pages():
        html = body(client, path, edition="1", as_of=SECOND_AT.date().isoformat())
        assert f"2 of 2 verifiable actions rest on research alone: {BASELINE_WORDS}." in html, path
        assert METHOD not in html, path


def test_japanese_pages_say_it_in_japanese(client: Client) -> None:
    html = body(client, "/ja/recommendations/")
    assert "検証可能な2項目のうち2項目" in html
    assert "2026年6月17日" in html


def csv_rows(client: Client, **query: str) -> list[dict[str, str]]:
    answer = client.get("/recommendations.csv", query)
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


@pytest.mark.about_databases
def test_each_row_of_the_export_says_it(client: Client) -> None:
    assert {row["caveat"] for row in csv_rows(client)} == {RESEARCH_WORDS}
    before = csv_rows(client, edition="1", as_of=SECOND_AT.date().isoformat())
    assert {row["caveat"] for row in before} == {BASELINE_WORDS}
    [row] = csv_rows(client, unit="recommendations")
    assert (row["caveat"], row["actions_awaiting_review"]) == (RESEARCH_WORDS, "2")


def test_feed_and_calendar_say_it(client: Client) -> None:
    action = Action.objects.get_by_natural_key(*ACTION_KEY)
    Deadline.objects.create(action=action, origin="report", on=THIRD_AT.date())
    publishing.settle_wording(Recommendation.objects.all())
    entries = feedparser.parse(client.get("/changes/feed.atom").content).entries
    said = {entry.id.rpartition(":")[2]: entry.summary for entry in entries}
    assert RESEARCH_WORDS in said["act-again"]
    assert BASELINE_WORDS in said["second-act-2025-05-01"]
    calendar = Calendar.from_ical(client.get("/deadlines.ics").content)
    [event] = calendar.walk("VEVENT")
    assert RESEARCH_WORDS in event["description"]


def test_what_a_reviewer_has_confirmed_is_under_no_caveat(client: Client) -> None:
    people = UserFactory(), UserFactory()
    action = Action.objects.get_by_natural_key(*ACTION_KEY)
    draft = publishing.confirm(
        action,
        by=people[0],
        search_note="The gazette was searched.",
        searched_on=THIRD_AT.date(),
        now=THIRD_AT,
    )
    publishing.publish([draft], reviewer=people[1], now=THIRD_AT)
    html = body(client, "/recommendations/")
    assert "1 of 2 verifiable actions rests on research alone" in html
    said = {row["action_number"]: row["caveat"] for row in csv_rows(client)}
    assert said == {"1.1a": "", "1.1b": RESEARCH_WORDS}


def test_a_report_without_research_has_no_caveat(client: Client) -> None:
    other = published_action(on=THIRD_AT.date())
    html = body(client, other.recommendation.get_absolute_url())
    assert "rest on research" not in html
    assert "rests on research" not in html


def test_pages_on_several_reports_name_each(client: Client) -> None:
    entries = baseline()
    for entry in entries:
        fields = entry["fields"]
        for name, value in fields.items():
            if isinstance(value, list) and value and value[0] == "small":
                fields[name] = ["other", *value[1:]]
        if entry["model"] == "recommendations.report":
            fields |= {"slug": "other", "title": "Another report", "is_featured": False}
        if entry["model"] == "recommendations.statusupdate":
            fields |= {"slug": f"other-{fields['slug']}", "searched_on": "2026-06-17"}
        if entry["model"] == "recommendations.evidence":
            fields["update"] = [f"other-{fields['update'][0]}"]
    load(text_of(entries), now=THIRD_AT)
    html = body(client, "/recommendations/")
    assert html.count("2 of 2 verifiable actions rest on research alone") == 2
    assert "Another report:" in html
