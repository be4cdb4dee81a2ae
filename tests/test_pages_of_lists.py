"""Long lists come page by page: each is found by its keys, and leads to a few of the others."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from recommendations.models import Edition
from recommendations.templatetags.addresses import page_numbers
from recommendations.views import editions, reports
from recommendations.web.parameters import page_of

from .factories import ReportFactory, include, published_action, published_update
from .reading import links_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_editions(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "EDITIONS_A_PAGE", 1)
    action = published_action()
    published_update(action, "partly", on=date(2025, 3, 1))
    published_update(action, "implemented", on=date(2025, 4, 1))


def test_rows_of_a_page_are_found_by_their_keys(three_editions) -> None:
    rows = Edition.objects.order_by("-number").with_numbers()
    with CaptureQueriesContext(connection) as queries:
        page = page_of(RequestFactory().get("/?page=2"), rows, size=1)
        assert [one.number for one in page.object_list] == [2]
    assert len(queries) == 3
    assert "OFFSET" in queries[1]["sql"] and "COUNT" not in queries[1]["sql"]
    assert "OFFSET" not in queries[2]["sql"]
    assert (page.start_index(), page.end_index(), page.has_next()) == (2, 2, True)


def test_pages_have_all_rows_in_order(client: Client, three_editions) -> None:
    found = []
    for number in (1, 2, 3):
        html = client.get("/editions/", {"page": number}).content.decode()
        found += re.findall(r'<h2 class="what"><a href="/editions/(\d)/', html)
    assert found == ["3", "2", "1"]


def test_links_to_other_pages_keep_the_viewpoint(client: Client, three_editions) -> None:
    html = client.get("/editions/", {"edition": 2}).content.decode()
    assert ("?edition=2&page=2", "2") in links_of(html)
    assert "Edition 3" not in text_of(html.split("<main")[1].split("Cite this page")[0])


def test_of_many_pages_some_are_left_out() -> None:
    def numbers(n: int, here: int) -> list[int | None]:
        return page_numbers(Paginator(range(n), 1).page(here))

    assert numbers(10, 5) == list(range(1, 11))
    assert numbers(1600, 800) == [1, 2, 3, None, 798, 799, 800, 801, 802, None, 1598, 1599, 1600]


def test_reports_come_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "REPORTS_A_PAGE", 2)
    some = [ReportFactory(slug=f"plan-{n}", published_on=date(2020 + n, 1, 1)) for n in range(3)]
    include(reports=some)
    first, second = (client.get("/reports/", {"page": n}).content.decode() for n in (1, 2))
    assert re.findall(r'<h2 id="report-([\w-]+)"', first) == ["plan-2", "plan-1"]
    assert re.findall(r'<h2 id="report-([\w-]+)"', second) == ["plan-0"]
    assert client.get("/reports/?page=3").status_code == 400
    assert ", page 2" in second.split("</title>")[0]
