"""A first look is no event: charts mark it, pages of a day before it and comparisons tell it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from recommendations.charts.time import DatedStatus, marks, month_ticks, time_line
from recommendations.figures.months import FirstSearch, first_searches, month_ends
from recommendations.models import Action

from .factories import published_action, published_actions, published_update
from .reading import text_of

pytestmark = pytest.mark.django_db

SEARCHED_ON = date(2025, 6, 17)


@pytest.fixture
def actions() -> list[Action]:
    """Two of which a first search found nothing, one with a step, one that nobody looked at."""
    found = published_actions(4)
    for action in found[:2]:
        published_update(
            action,
            "no_action",
            on=SEARCHED_ON,
            searched_on=SEARCHED_ON,
            search_note="The gazette was searched.",
        )
    published_update(found[2], "partly", on=date(2025, 3, 1))
    return found


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_a_first_finding_of_nothing_is_a_first_search() -> None:
    day, later = date(2025, 1, 1), date(2025, 2, 1)
    histories = [
        [("no_action", day, None)],
        [("no_action", day, later), ("partly", later, None)],
        [("no_action", later, None), ("partly", day, later)],
        [("stalled", day, None)],
        [],
    ]
    assert first_searches(histories) == (FirstSearch(day, 2),)


def test_chart_marks_the_day_and_says_how_many(client: Client, actions) -> None:
    html = page(client, "/")
    [chart] = re.findall(r'<div class="over-time">.*?</div>', html, re.S)
    assert chart.count('class="searched"') == 1
    assert re.search(r">\s*A\s*</text>", chart)
    text = text_of(html)
    assert "Dashed lines: first searched." in text
    assert "17 Jun 2025 : 2 actions" in text


def test_chart_without_first_searches_has_no_mark(client: Client) -> None:
    published_update(published_action(), "partly", on=date(2025, 3, 1))
    html = page(client, "/")
    assert 'class="searched"' not in html
    assert "first searched" not in html


def test_letters_stand_at_their_months() -> None:
    days = month_ends(date(2025, 1, 1), date(2025, 12, 31))
    placed = marks([date(2025, 4, 1), date(2025, 7, 1)], days, names="AB")
    assert [(mark.x, mark.numbers) for mark in placed] == [("25%", "A"), ("50%", "B")]
    assert month_ticks(days)


def test_strip_marks_it_for_the_eye_and_for_the_ear(client: Client, actions) -> None:
    html = page(client, actions[0].recommendation.get_absolute_url())
    strips = html.split('<div class="strips">')[1]
    assert strips.count('class="searched"') == 2
    assert "No action found from 17 Jun 2025, when it was first searched" in html
    assert "Partly implemented from 1 Mar 2025, when" not in html


def test_line_without_a_first_search_has_no_mark() -> None:
    days = month_ends(date(2025, 1, 1), date(2025, 12, 31))
    changes = [DatedStatus("no_action", date(2025, 4, 1))]
    assert time_line(["no_action"] * 12, days, changes=changes, name="1.1a").searched_at == ""


def test_page_of_a_day_before_the_first_search_says_so(client: Client, actions) -> None:
    said = "Nothing was searched before 17 Jun 2025"
    for address in ("/", "/recommendations/", actions[0].recommendation.get_absolute_url()):
        assert said in text_of(page(client, f"{address}?as_of=2025-06-16")), address
        assert said not in text_of(page(client, f"{address}?as_of=2025-06-17")), address
        assert said not in text_of(page(client, address)), address


def test_embeds_and_pictures_of_such_a_day_say_so_too(client: Client, actions) -> None:
    one = actions[0].recommendation
    report, detail = one.report.get_absolute_url(), one.get_absolute_url()
    said = "Nothing was searched before 17 Jun 2025"
    embeds = [f"/embed{report}", f"/embed{report}history/", f"/embed{detail}"]
    files = [f"{report}headline.svg", f"{detail}headline.svg", "/recommendations/headline.svg"]
    for address in (*embeds, "/embed/recommendations/", *files):
        assert said in text_of(page(client, f"{address}?as_of=2025-06-16")), address
        assert said not in text_of(page(client, f"{address}?as_of=2025-06-17")), address
        assert said not in text_of(page(client, address)), address
    card = text_of(page(client, "/card.svg?as_of=2025-06-16"))
    assert said not in card and "independent record" in card


def test_comparison_tells_first_looked_at_from_changed(client: Client, actions) -> None:
    text = text_of(page(client, "/changes/compare/?from=2025-01-01&to=2025-07-01"))
    assert "1 of 4 verifiable actions changed its status: 1 rose, 0 fell" in text
    assert "2 more were looked at for the first time in between, and no progress was found" in text
    before = text_of(page(client, "/changes/compare/?from=2025-01-01&to=2025-06-01"))
    assert "more were looked at" not in before


def test_comparison_with_first_looks_alone_is_none_of_a_change(client: Client) -> None:
    action = published_action()
    published_update(
        action,
        "no_action",
        on=SEARCHED_ON,
        searched_on=SEARCHED_ON,
        search_note="The gazette was searched.",
    )
    text = text_of(page(client, "/changes/compare/?from=2025-01-01&to=2025-07-01"))
    assert "None of 1 verifiable actions changed its status" in text
    assert "1 more was looked at for the first time in between" in text
