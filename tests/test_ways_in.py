"""Ways into the record: search in the head, entries of the front page, topics that editors keep."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations import integrity
from recommendations.models import Edition, Recommendation, Topic, TrackerState, Translation

from .factories import (
    DeadlineFactory,
    PolicyAreaFactory,
    ReportFactory,
    TopicFactory,
    published_action,
    published_update,
)
from .public_pages import PAGES, addresses
from .reading import links_of, list_count, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
FIXTURE = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
WAYS = re.compile(r'<section class="block ways.*?</form></section></div></section>', re.S)
HEAD = re.compile(r'<header class="site-head">.*?</header>', re.S)


def ways(client: Client, query: str = "", path: str = "/") -> str:
    page = client.get(path + query).content.decode()
    found = WAYS.search(page)
    return found[0] if found else ""


def numbers(html: str) -> dict[str, int]:
    """Return the numbers beside links, by the words of the link."""
    pairs = re.findall(r"<a [^>]*>([^<]*)</a> <span class=\"n num\">(\d+)</span>", html)
    return {label.strip(): int(n) for label, n in pairs}


# Search in the head ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", addresses(PAGES))
def test_every_page_has_one_search_of_the_whole_record(client, baseline, page):
    html = client.get(page).content.decode()
    assert html.count('role="search"') == 1
    assert ('id="head-q"' in html) == (not page.startswith("/recommendations/"))


def test_search_of_the_head_goes_to_the_list_from_the_same_viewpoint(client, baseline):
    html = client.get("/methodology/?as_of=2025-03-31&edition=1").content.decode()
    [head] = HEAD.findall(html)
    assert 'method="get" action="/recommendations/"' in head
    assert '<label class="vh" for="head-q">' in head
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', head))
    assert fields == {"as_of": "2025-03-31", "edition": "1"}


def test_a_page_that_is_not_there_has_its_own_search_alone(client, baseline):
    html = client.get("/reports/nothing/").content.decode()
    assert html.count('role="search"') == 1 and 'id="head-q"' not in html


# Entries of the front page -----------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?as_of=2025-03-31", "?as_of=2026-06-17&edition=1"])
def test_each_number_is_that_of_the_page_behind_it(client, baseline, query):
    html = ways(client, query)
    paths = {label: href for href, label in links_of(html)}
    found = numbers(html)
    assert found
    for label, n in found.items():
        path = paths[label].replace("&amp;", "&")
        page = client.get(path)
        assert page.status_code == 200, path
        if path.startswith(("/areas/", "/parties/", "/reports/")):
            assert re.search(
                rf"\d+ of {n} verifiable actions (is|are) implemented",
                text_of(page.content.decode()),
            )
        if path.startswith("/deadlines/"):
            listed = client.get(path.replace("/deadlines/", "/recommendations/"))
            assert list_count(listed.content.decode())[0] == n


def test_what_readers_look_for_stands_on_the_front_page(client, baseline):
    html = ways(client)
    topics = html.split('class="topics"')[1].split("</ul>")[0]
    found = re.findall(
        r'<a href="([^"]*)" rel="nofollow">(.*?) <span class="num">(\d+)</span></a>', topics
    )
    assert [label for _href, label, _n in found] == [
        "Command structure",
        "Intelligence",
        "Trade",
        "G7 expansion",
    ]
    for href, _label, n in found:
        page = client.get(href.replace("&amp;", "&")).content.decode()
        assert list_count(page)[0] == int(n)
    assert dict((label, n) for _href, label, n in found)["G7 expansion"] == "2"


def test_the_permanent_address_of_the_front_page_shows_the_same(client, baseline):
    seen = "?as_of=2025-03-31&edition=1"
    then = ways(client, seen, path="/reports/us-japan-alliance-2024/")
    assert then == ways(client, seen) and numbers(then)


def test_what_changed_leads_to_the_edition_and_to_the_last_30_days(client, baseline):
    links = {
        label: urlsplit(href.replace("&amp;", "&"))
        for href, label in links_of(ways(client, "?as_of=2026-06-17"))
    }
    assert links["In the last 30 days"].path == "/changes/"
    assert parse_qs(links["In the last 30 days"].query)["published_since"] == ["2026-05-18"]
    assert any(one.path.startswith("/editions/") for one in links.values())


def test_of_many_areas_and_reports_some_are_named(client):
    for n in range(15):
        action = published_action(recommendation__report=ReportFactory(title=f"Report {n}"))
        action.recommendation.areas.add(PolicyAreaFactory(name=f"Area {n}"))
        published_update(action)
    html = ways(client)
    shown = numbers(html)
    assert len([one for one in shown if one.startswith("Area")]) == 12
    assert len([one for one in shown if one.startswith("Report")]) == 5
    assert "All reports" in html and "All policy areas, in the list" in html


def test_queries_do_not_grow_with_the_record(client, baseline):
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/")
    for n in range(3):
        action = published_action(recommendation__report=ReportFactory(title=f"Report {n}"))
        action.recommendation.areas.add(PolicyAreaFactory())
        DeadlineFactory(action=action)
        published_update(action)
    client.get("/")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


# Topics ------------------------------------------------------------------------------------------


def test_a_record_that_had_no_topics_gets_those_that_ship_and_nothing_else(client, whole_record):
    front_page = ways(client)
    Topic.objects.all().delete()
    Translation.objects.filter(kind="topic.name").delete()
    recommendation = Recommendation.objects.get(number="1.1")
    recommendation.headline = "Worded otherwise by an editor"
    recommendation.save()
    assert "G7 expansion" not in ways(client)
    editions = Edition.objects.count()
    call_command("load_report", str(FIXTURE), keep_edits=True, verbosity=0)
    assert ways(client) == front_page
    assert "G7拡大" in ways(client, path="/ja/")
    recommendation.refresh_from_db()
    assert recommendation.headline == "Worded otherwise by an editor"
    assert Edition.objects.count() == editions
    assert not list(integrity.differences())


def test_a_topic_that_the_list_does_not_know_is_left_out(client, baseline):
    TopicFactory(name="Gone", query="area=nowhere")
    TopicFactory(name="Odd", query="colour=red")
    TopicFactory(name="Empty", query="q=zebra")
    TopicFactory(name="Done", query="status=implemented")
    html = ways(client)
    assert "Done" in html
    assert not {"Gone", "Odd", "Empty"} & set(text_of(html).split())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("area=nowhere", "“nowhere” is not a value of “area”."),
        ("colour=red", "“colour” is no filter of the list."),
        ("as_of=2025-01-01&q=x", "“as_of” is no filter of the list."),
        ("sort=status", "“sort” is no filter of the list."),
        ("q=", "These filters leave nothing out."),
        ("q=%00", "has characters in “q” that no text contains."),
    ],
)
def test_what_the_list_would_refuse_no_topic_has(client, editor, query, told):
    client.force_login(editor)
    address = reverse("admin:recommendations_topic_add")
    response = client.post(address, {"slug": "a", "name": "A", "query": query, "position": 1})
    assert response.status_code == 200
    assert told in text_of(response.content.decode())
    assert not Topic.objects.filter(slug="a").exists()


def test_an_editor_gives_the_address_of_a_list_and_pages_are_made_anew(client, editor):
    published_action(title="Otters")
    client.force_login(editor)
    before = TrackerState.objects.get().content_token
    client.post(
        reverse("admin:recommendations_topic_add"),
        {
            "slug": "otters",
            "name": "Otters",
            "query": "https://tracker.example/recommendations/?q=otters",
            "position": 1,
        },
    )
    topic = Topic.objects.get(slug="otters")
    assert topic.query == "q=otters"
    assert TrackerState.objects.get().content_token != before
    before = TrackerState.objects.get().content_token
    client.post(reverse("admin:recommendations_topic_delete", args=[topic.pk]), {"post": "yes"})
    assert not Topic.objects.filter(slug="otters").exists()
    assert TrackerState.objects.get().content_token != before
