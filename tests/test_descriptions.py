"""What search engines and shared links say of each page, and the way to it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from recommendations.web.description import LEAST, MOST, described
from recommendations.web.structured_data import json_ld

from .factories import PolicyAreaFactory, RecommendationFactory, published_action
from .public_pages import FORMS, PAGES, REPORT

pytestmark = pytest.mark.run_once

OF_THE_RECORD = [page for page in PAGES if page.name not in FORMS]


def description_of(html: str) -> str:
    found = re.findall(r'<meta name="description" content="([^"]*)">', html)
    assert len(found) == 1, found
    return unescape(found[0])


def trails_of(html: str) -> list[Any]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return [one for one in map(json.loads, blocks) if one["@type"] == "BreadcrumbList"]


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_each_page_is_described_in_its_own_words_and_language(
    client: Client, whole_record: None, prefix: str
) -> None:
    found: dict[str, str] = {}
    for page in OF_THE_RECORD:
        text = description_of(client.get(prefix + page.address).content.decode())
        assert LEAST <= len(text) <= MOST, (page.address, text)
        assert text.endswith((".", "。", "…")), (page.address, text)
        assert bool(re.search("[ぁ-んァ-ン]", text)) == bool(prefix), (page.address, text)
        found[page.name] = text
    # The first page of the site is the dashboard of its report.
    del found["home"]
    assert len(set(found.values())) == len(found)


def test_a_dashboard_is_described_by_the_figures_that_it_shows(
    client: Client, whole_record: None
) -> None:
    html = client.get("/").content.decode()
    [heading] = re.findall(r"<h1>(.*?)</h1>", html, re.S)
    assert description_of(html).startswith(f"{' '.join(heading.split())}. The U.S.-Japan Alliance")


def test_descriptions_tell_of_the_day_that_is_looked_at(client: Client, baseline: None) -> None:
    html = client.get(f"{REPORT}/3.5/?as_of=2024-10-15").content.decode()
    assert "Not assessed" in description_of(html)
    assert "Not assessed" not in description_of(client.get(f"{REPORT}/3.5/").content.decode())


def test_a_description_takes_whole_sentences_as_long_as_there_is_room() -> None:
    first, second = "One of two is done.", "What became of it is told on this page, with sources."
    assert described(first, second, "x" * MOST) == f"{first} {second}"
    assert described("Without a full stop", second) == f"Without a full stop. {second}"
    assert described("", None or "", first, second) == f"{first} {second}"
    long = described("Word " * 50)
    assert len(long) <= MOST and long.endswith("Word…")
    assert len(described(first)) >= LEAST


def test_what_texts_say_ends_neither_attribute_nor_block(client: Client, db: None) -> None:
    hostile = '"><script>alert(1)</script>'
    area = PolicyAreaFactory(slug="area", name=f"Area {hostile}")
    recommendation = RecommendationFactory(headline=f"Do it {hostile}</script>")
    recommendation.areas.set([area])
    published_action(recommendation=recommendation)
    for address in (recommendation.get_absolute_url(), "/areas/area/"):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert hostile in description_of(html)
        [trail] = trails_of(html)
        assert hostile in trail["itemListElement"][-1]["name"]


def test_no_text_ends_a_block_of_data() -> None:
    text = "</script><!-- & \u2028"
    drawn = json_ld({"name": text})
    assert drawn.count("<") == 2 and "\u2028" not in drawn
    assert json.loads(drawn.partition(">")[2].rpartition("<")[0])["name"] == text


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_each_page_says_the_way_to_it(client: Client, whole_record: None, prefix: str) -> None:
    for page in OF_THE_RECORD:
        trails = trails_of(client.get(prefix + page.address).content.decode())
        if page.name == "home":
            assert not trails
            continue
        [trail] = trails
        items = trail["itemListElement"]
        assert [one["position"] for one in items] == [*range(1, len(items) + 1)]
        assert len(items) > 1 and all(one["name"] for one in items)
        assert items[0]["item"] == f"http://testserver{prefix}/"
        assert items[-1]["item"] == f"http://testserver{prefix}{page.address}"
        for one in items:
            assert client.get(one["item"]).status_code == 200


def test_a_recommendation_is_below_its_report(client: Client, baseline: None) -> None:
    [trail] = trails_of(client.get(f"{REPORT}/1.1/").content.decode())
    items = [one["item"].removeprefix("http://testserver") for one in trail["itemListElement"]]
    assert items == ["/", "/reports/", f"{REPORT}/", f"{REPORT}/1.1/"]


def test_what_is_not_listed_says_no_way(client: Client, baseline: None) -> None:
    assert not trails_of(client.get(f"{REPORT}/1.1/?as_of=2025-03-31").content.decode())
