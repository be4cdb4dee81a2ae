"""Two parties side by side, and a government alone told from all that ask something of it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.figures.two_parties import SHOWN_ACTIONS, TwoParties
from recommendations.index.keeping import opened_at
from recommendations.models import Action, Party
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .factories import published_action, published_update
from .reading import links_of, list_count, text_of
from .test_reports_side_by_side import FERRIES, published

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
PAGE = "/parties/compare/"
SEEN = ["", "&as_of=2025-03-31", "&as_of=2026-06-17&edition=1"]


def page_of(client, query: str = "?first=japan&second=united-states") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def compared(first: str, second: str) -> TwoParties:
    record = Record(Viewpoint.present())
    found = {one.slug: one for one in Party.objects.all()}
    with opened_at(record.viewpoint) as index:
        two = TwoParties.of(found[first], found[second], record=record, index=index)
        assert two.shares and two.areas is not None
        return two


@pytest.mark.parametrize("seen", SEEN)
def test_each_side_says_what_its_own_page_says(client, baseline, seen):
    shown = text_of(page_of(client, f"?first=japan&second=united-states{seen}"))
    for slug in ("japan", "united-states"):
        own = text_of(client.get(f"/parties/{slug}/?{seen[1:]}").content.decode())
        [sentence] = set(
            re.findall(r"\d+ of \d+ verifiable actions (?:is|are) implemented", own)[:1]
        )
        assert sentence in shown


def test_what_is_asked_of_each_alone_and_of_both_is_all(baseline):
    two = compared("japan", "united-states")
    counted = Action.objects.counted()
    of_japan = set(counted.filter(parties__slug="japan").values_list("pk", flat=True))
    of_america = set(counted.filter(parties__slug="united-states").values_list("pk", flat=True))
    expected = {
        "first": of_japan - of_america,
        "second": of_america - of_japan,
        "both": of_japan & of_america,
    }
    for name, keys in expected.items():
        share = two.shares[name]
        assert share.counts.total == len(keys)
        assert {one.pk for one in share.actions} <= keys
        assert len(share.actions) == min(len(keys), SHOWN_ACTIONS)


@pytest.mark.parametrize("seen", SEEN)
def test_numbers_of_areas_are_those_of_the_list(client, baseline, seen):
    html = page_of(client, f"?first=japan&second=united-states{seen}")
    links = {href.replace("&amp;", "&"): text for href, text in links_of(html)}
    of_areas = {href: text for href, text in links.items() if "area=" in href}
    assert len(of_areas) > 10
    for href, text in of_areas.items():
        assert list_count(client.get(href).content.decode())[0] == int(text), href


def test_without_parties_it_shows_the_two_that_most_is_asked_of(client, baseline):
    assert page_of(client, "").count("<h1>") == 1
    assert "Japan and United States side by side" in text_of(page_of(client, "")) or (
        "United States and Japan side by side" in text_of(page_of(client, ""))
    )


def test_in_japanese(client, baseline):
    response = client.get("/ja/parties/compare/?first=japan&second=united-states")
    assert "日本" in response.content.decode() and response.status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?first=atlantis", "“atlantis” is not a value of “first”."),
        ("?second=%00", "is not a value of “second”."),
        ("?first=japan&second=japan", "Give two different parties: both are “japan”."),
        ("?first=japan&first=taiwan", "“first” is given more than once."),
        ("?party=japan", "This page does not know the parameter “party”."),
        ("?as_of=2024-13-01", "is not a date that can be shown."),
        (f"?first={quote('日本' * 200)}", "is not a value of “first”."),
    ],
)
def test_what_cannot_be_is_refused_by_name(client, baseline, query, told):
    response = client.get(PAGE + query)
    assert response.status_code == 400
    assert told in text_of(response.content.decode())


def test_a_record_of_one_party_has_nothing_to_compare(client):
    published_action(parties=["japan"])
    assert "fewer than two parties" in page_of(client, "")


def test_of_many_actions_some_are_named_and_the_rest_is_counted(client):
    for _n in range(SHOWN_ACTIONS + 2):
        published_action(parties=["japan"])
    published_action(parties=["united-states"])
    html = text_of(page_of(client))
    assert "2 more are not named here." in html
    assert compared("japan", "united-states").shares["first"].rest == 2


def test_queries_do_not_grow_with_the_actions(client, baseline):
    page_of(client)
    with CaptureQueriesContext(connection) as few:
        page_of(client)
    for _n in range(5):
        published_update(published_action(parties=["japan"]))
    page_of(client)
    with CaptureQueriesContext(connection) as many:
        page_of(client)
    assert len(many) <= len(few)


# A government alone ------------------------------------------------------------------------------


def test_a_dashboard_tells_the_united_states_alone_from_all_that_is_asked_of_it(client, baseline):
    html = client.get("/").content.decode()
    assert "United States alone" in text_of(html)
    links = {text: href for href, text in links_of(html)}
    [words] = [
        text for text in links if text.startswith("United States, alone or with others: all ")
    ]
    n = int(re.findall(r"\d+", words)[0])
    assert links[words] == "/parties/united-states/"
    party = text_of(client.get("/parties/united-states/").content.decode())
    assert re.search(rf"of {n} verifiable actions", party)


def test_the_page_of_a_government_leads_to_what_is_asked_of_it_alone(client, baseline):
    html = client.get("/parties/united-states/").content.decode()
    [(href, text)] = [
        (href.replace("&amp;", "&"), text)
        for href, text in links_of(html)
        if "addressee=" in href and "actions" in text
    ]
    assert "United States alone" in text_of(html)
    n = list_count(client.get(href).content.decode())[0]
    assert text.startswith(f"{n} of ")
    of_alone = Action.objects.counted().filter(addressee="united_states").count()
    assert n == of_alone


def test_of_one_of_several_reports_the_number_leads_to_its_own_list(client):
    first = published_action(parties=["japan"])
    published_action(parties=["japan"])
    html = client.get(first.recommendation.report.get_absolute_url()).content.decode()
    [(href, text)] = [
        (href.replace("&amp;", "&"), text)
        for href, text in links_of(html)
        if "alone or with others" in text
    ]
    assert text == "Japan, alone or with others: all 1"
    assert list_count(client.get(href).content.decode())[0] == 1
    assert "report=" in href


def test_a_party_may_not_be_named_like_the_page(client, editor):
    client.force_login(editor)
    response = client.post(
        "/admin/recommendations/party/add/",
        {"slug": "compare", "name": "Compare", "kind": "group", "position": 1, "aliases": ""},
    )
    assert response.status_code == 200 and not Party.objects.filter(slug="compare").exists()


def test_the_report_of_an_action_stands_beside_its_title(client, baseline) -> None:
    published("ferries", FERRIES)
    first = re.search(r'<ul class="asked".*?</li>', page_of(client), re.DOTALL)
    assert first is not None
    beside = re.search(r"<span>\s*<a class=\"quiet\".*?</a>(.*?)</span>", first[0], re.DOTALL)
    assert beside is not None
    assert "The U.S.-Japan Alliance in 2024" in text_of(beside[1])
