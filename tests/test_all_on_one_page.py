"""The whole list on one page, up to a limit."""

from __future__ import annotations

import re

import pytest

from recommendations.models import Action
from recommendations.views import recommendation_list

from .reading import links_of, list_count, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
ROW = re.compile(r'<tr[^>]*class="item"')


def rows(html: str) -> int:
    return len(ROW.findall(html))


def test_a_list_of_several_pages_leads_to_all_of_it_on_one(client, baseline):
    html = client.get("/recommendations/?party=japan").content.decode()
    links = {text: href.replace("&amp;", "&") for href, text in links_of(html)}
    assert links["All on one page"] == "/recommendations/?party=japan&rows=all"
    whole = client.get(links["All on one page"]).content.decode()
    assert rows(html) == 25
    assert rows(whole) == list_count(whole)[0] > 25
    assert "All on one page" not in whole


def test_all_of_it_keeps_the_viewpoint_and_its_order(client, baseline):
    query = "?sort=status&rows=all&as_of=2025-03-31&edition=1"
    html = client.get(f"/recommendations/{query}").content.decode()
    assert rows(html) == list_count(html)[0]
    assert (
        "/ja/recommendations/?sort=status&amp;as_of=2025-03-31&amp;edition=1&amp;rows=all" in html
    )


def test_beyond_the_limit_it_says_so_and_offers_the_file(client, baseline, monkeypatch):
    monkeypatch.setattr(recommendation_list, "MOST_ROWS", 30)
    first = client.get("/recommendations/").content.decode()
    assert "30 on one page" in text_of(first)
    html = client.get("/recommendations/?rows=all").content.decode()
    total = Action.objects.counted().count()
    assert rows(html) == 30
    assert f"A page shows up to 30 of these {total}." in text_of(html)
    links = {text: href.replace("&amp;", "&") for href, text in links_of(html)}
    assert links["Next page"] == "/recommendations/?page=2&rows=all"
    assert links["CSV"] == "/recommendations.csv"


@pytest.mark.parametrize("query", ["rows=", "rows=1000", "rows=all&rows=all", "rows=%00"])
def test_other_numbers_of_rows_are_refused(client, baseline, query):
    response = client.get(f"/recommendations/?{query}")
    assert response.status_code == 400
    assert "“rows”" in text_of(response.content.decode())
    assert client.get(f"/recommendations.csv?{query}").status_code == 400


def test_a_short_list_offers_no_such_page(client, baseline):
    assert "All on one page" not in client.get("/recommendations/?status=rejected").content.decode()
