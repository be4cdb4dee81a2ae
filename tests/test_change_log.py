"""The change log: filters that it shares with the list, and search."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from .factories import (
    PolicyAreaFactory,
    published_action,
    published_update,
    retracted,
)
from .reading import links_of, text_of

pytestmark = pytest.mark.run_once

LOG = "/changes/"


def titles(html: str) -> list[str]:
    return [text for href, text in links_of(html) if "#u-" in href]


@pytest.fixture
def record(db):
    """Three updates of two actions: a law passed, and one that was in progress and fell."""
    law, talks = published_action(title="Pass a law"), published_action(title="Open talks")
    law.recommendation.areas.add(PolicyAreaFactory(slug="energy"))
    talks.recommendation.areas.add(PolicyAreaFactory(slug="trade"))
    published_update(law, "implemented", on=date(2025, 3, 1))
    published_update(talks, "partly", on=date(2025, 1, 1))
    published_update(talks, "in_progress", on=date(2025, 6, 1))
    return law, talks


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 3),
        ("status=implemented", 1),
        ("status=implemented&status=partly", 2),
        ("area=trade", 2),
        ("area=trade&status=in_progress", 1),
        ("changed_since=2025-03-01", 2),
        ("q=talks", 2),
        ("party=united-states", 3),
        ("status=rejected", 0),
        ("status=&area=&party=&q=", 3),
    ],
)
def test_log_is_filtered_like_the_list(client, record, query, n):
    html = client.get(f"{LOG}?{query}").content.decode()
    assert len(titles(html)) == n
    assert f"{n} update" in text_of(html)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("status=zzz", "is not a value of “status”"),
        ("area=zzz", "is not a value of “area”"),
        ("sort=status", "does not know the parameter “sort”"),
        ("unit=actions", "does not know the parameter “unit”"),
    ],
)
def test_bad_filters_are_refused_with_what_can_be_asked(client, record, query, reason):
    response = client.get(f"{LOG}?{query}")
    assert response.status_code == 400
    assert reason in unescape(response.content.decode())


def test_a_filter_asks_for_the_status_of_the_update_not_of_today(client, record):
    html = client.get(f"{LOG}?status=partly").content.decode()
    assert "Partly implemented" in text_of(html) and len(titles(html)) == 1


def test_what_fell_is_marked(client, record):
    entry = client.get(f"{LOG}?status=in_progress").content.decode()
    assert "In progress Fell" in text_of(entry)
    assert "Fell" not in text_of(client.get(f"{LOG}?status=implemented").content.decode())


def test_chips_drop_one_filter_and_keep_the_others(client, record):
    html = client.get(f"{LOG}?area=trade&status=partly&as_of=2025-12-31").content.decode()
    chips = {text: href for href, text in links_of(html) if "remove this filter" in text}
    [area] = [href for text, href in chips.items() if text.startswith("Policy area")]
    assert "status=partly" in area and "area=" not in area and "as_of=2025-12-31" in area


def test_filters_are_kept_from_page_to_page(client, record, monkeypatch):
    monkeypatch.setattr("recommendations.views.changes.ROWS_A_PAGE", 1)
    html = client.get(f"{LOG}?area=trade").content.decode()
    assert ("?area=trade&page=2", "Next page") in links_of(html)


def test_the_log_of_the_past_leaves_out_what_came_later(client, record):
    assert len(titles(client.get(LOG, {"as_of": "2025-03-31"}).content.decode())) == 2


def test_number_of_queries_does_not_depend_on_the_rows(
    client, record, django_assert_max_num_queries
):
    client.get(LOG)
    with django_assert_max_num_queries(17) as few:
        client.get(LOG)
    for _n in range(3):
        published_update(published_action(), "partly")
    client.get(LOG)
    with django_assert_max_num_queries(17) as many:
        client.get(LOG)
    assert len(few) == len(many)


def test_what_ended_stays_visible_and_says_why(client, record):
    law, _talks = record
    retracted(law.updates.get())
    html = client.get(f"{LOG}?status=implemented").content.decode()
    assert 'class="ended"' in html and "It names the wrong law." in html
