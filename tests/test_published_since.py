"""What was published here since a day, whenever it took effect: beside “changed since”."""

from __future__ import annotations

from datetime import date

import feedparser
import pytest
from django.http import QueryDict
from django.test import Client

from recommendations.filters import RecommendationFilterSet
from recommendations.models import Action
from recommendations.viewpoint import Viewpoint

from .factories import corrected, published_action, published_update, retracted
from .indexed import listed
from .reading import csv_rows, links_of, text_of

FIRST, THEN = date(2026, 10, 2), date(2026, 10, 5)
LIST, LOG, COMPARE = "/recommendations/", "/changes/", "/changes/compare/"

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture
def talks() -> Action:
    """Of August 2026, and told of on 2 October."""
    action = published_action(title="Open talks")
    published_update(action, "in_progress", on=date(2026, 8, 1), published_on=FIRST)
    return action


@pytest.fixture
def law(talks: Action) -> Action:
    """Of January 2025, and told of on 5 October 2026."""
    action = published_action(title="Pass a law")
    published_update(action, "implemented", on=date(2025, 1, 20), published_on=THEN)
    return action


def found(query: str, viewpoint: Viewpoint | None = None) -> set[int]:
    filterset = RecommendationFilterSet(QueryDict(query), viewpoint=viewpoint)
    keys = listed(filterset)
    assert keys == [row.pk for row in filterset.qs]
    return set(keys)


def test_a_day_of_publication_finds_what_took_effect_long_before(law: Action, talks: Action):
    assert found("published_since=2026-10-05") == {law.pk}
    assert found("changed_since=2026-08-01") == {talks.pk}
    assert found("published_since=2026-10-02") == {law.pk, talks.pk}
    assert found("published_since=2026-10-06") == set()


def test_both_days_can_be_asked_for_at_once(law: Action, talks: Action):
    assert found("published_since=2026-10-02&changed_since=2026-08-01") == {talks.pk}


def test_recommendations_are_found_by_one_of_their_actions(law: Action, talks: Action):
    query = "unit=recommendations&published_since=2026-10-05"
    assert found(query) == {law.recommendation_id}
    # Of one and the same action.
    assert found(f"{query}&kind={law.kind}") == {law.recommendation_id}


def test_what_was_taken_back_was_not_published_since(law: Action, talks: Action):
    retracted(law.updates.get(), published_on=date(2026, 10, 6))
    assert found("published_since=2026-10-05") == set()
    corrected(talks.updates.get(), status="partly", published_on=date(2026, 10, 7))
    assert found("published_since=2026-10-07") == {talks.pk}


def test_an_edition_and_a_day_know_what_they_told(law: Action, talks: Action):
    first = talks.updates.get()
    corrected(first, status="partly", published_on=date(2026, 10, 7))
    then = Viewpoint(THEN, edition=law.updates.get().edition)
    assert found("published_since=2026-10-02", then) == {law.pk, talks.pk}
    assert found("published_since=2026-10-05", then) == {law.pk}
    day = date(2026, 7, 31)
    assert found("published_since=2026-10-02", Viewpoint(day, as_of=day)) == {law.pk}


def test_list_log_feed_csv_and_comparison_ask_alike(client: Client, law: Action, talks: Action):
    query = "published_since=2026-10-05"
    page = text_of(client.get(f"{LIST}?{query}").content.decode())
    assert "Pass a law" in page and "Open talks" not in page
    rows = csv_rows(client.get(f"/recommendations.csv?{query}"))
    assert [row["action"] for row in rows] == ["Pass a law"]
    log = text_of(client.get(f"{LOG}?{query}").content.decode())
    assert "1 update." in log and "Pass a law" in log
    feed = feedparser.parse(client.get(f"/changes/feed.atom?{query}").content)
    assert ["Pass a law" in entry.title for entry in feed.entries] == [True]
    compared = text_of(client.get(f"{COMPARE}?{query}&from=2024-06-01").content.decode())
    assert "Pass a law" in compared and "Open talks" not in compared


def test_the_log_asks_of_an_update_itself(client: Client, law: Action):
    published_update(law, "stalled", on=date(2026, 10, 2), published_on=date(2026, 10, 7))
    log = text_of(client.get(f"{LOG}?published_since=2026-10-06").content.decode())
    assert "1 update." in log
    # Taken back, it is still something that was published.
    retracted(law.updates.latest("pk"), published_on=date(2026, 10, 8))
    log = text_of(client.get(f"{LOG}?published_since=2026-10-06").content.decode())
    assert "1 update." in log


@pytest.mark.parametrize(
    ("prefix", "labels"),
    [
        ("", ("Status changed since", "Published here since")),
        ("/ja", ("状況の変化（この日以降）", "このサイトでの公表（この日以降）")),
    ],
)
@pytest.mark.parametrize("address", [LIST, LOG, COMPARE])
def test_forms_and_chips_say_which_day_is_which(
    client: Client, law: Action, prefix: str, labels: tuple[str, str], address: str
):
    query = "changed_since=2025-01-01&published_since=2026-10-05&as_of=2026-10-08"
    html = client.get(f"{prefix}{address}?{query}").content.decode()
    for name, label in zip(("changed_since", "published_since"), labels, strict=True):
        assert html.count(f'name="{name}"') == 1
        assert text_of(html).count(label) == 2
    chips = [href for href, text in links_of(html) if labels[1] in text]
    assert len(chips) == 1
    assert "changed_since=2025-01-01" in chips[0] and "as_of=2026-10-08" in chips[0]
    assert "published_since" not in chips[0]


def test_the_page_of_deadlines_keeps_it(client: Client, law: Action):
    html = client.get("/deadlines/?published_since=2026-10-05").content.decode()
    assert 'type="hidden" name="published_since" value="2026-10-05"' in html
