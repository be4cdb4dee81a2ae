"""Feeds as RFC 5005 has them: complete, each document leading to the next, and truly dated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance import services
from recommendations.figures.logged_updates import FedUpdates
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.models import Action, StatusUpdate, Translation
from recommendations.record import Record
from recommendations.site_row import USUAL_FEED_NAME
from recommendations.translating.record_texts import translate
from recommendations.viewpoint import Viewpoint
from recommendations.views import changes

from .factories import corrected, noon, published_action, published_update, retracted
from .test_feeds import ATOM, FEED, check_atom, entries

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

Links = dict[str, str]


def documents(client: Client, address: str) -> Iterator[tuple[str, ElementTree.Element, Links]]:
    """Yield the documents of a feed as a reader follows them, each with its links."""
    wanted = f"http://testserver{address}"
    for _n in range(20):
        content = client.get(wanted.removeprefix("http://testserver")).content
        feed = check_atom(content, at=wanted)
        links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
        yield wanted, feed, links
        if "next" not in links:
            return
        wanted = links["next"]
    raise AssertionError("It has no end.")


def ids_of(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]


# Complete --------------------------------------------------------------------------------------


def test_every_update_of_the_first_edition_is_reached(client: Client, baseline: None) -> None:
    found = list(documents(client, FEED))
    ids = [one for _at, feed, _links in found for one in ids_of(feed)]
    slugs = StatusUpdate.objects.published().values_list("slug", flat=True)
    assert len(ids) == len(set(ids)) == len(slugs) == 89
    assert set(ids) == {f"tag:{USUAL_FEED_NAME},2024:update:{slug}" for slug in slugs}
    assert len({feed.findtext(f"{ATOM}id") for _at, feed, _links in found}) == 1


def test_documents_name_the_first_the_last_and_their_neighbours(
    client: Client, baseline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ENTRIES", 40)
    found = list(documents(client, FEED))
    root = f"http://testserver{FEED}"
    assert [at for at, *_rest in found] == [root, f"{root}?page=2", f"{root}?page=3"]
    for n, (at, _feed, links) in enumerate(found):
        assert (links["first"], links["last"], links["self"]) == (root, found[-1][0], at)
        assert links.get("previous") == (found[n - 1][0] if n else None)
        assert links["license"] == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    "address",
    [
        f"{FEED}?status=rejected&status=in_progress",
        f"{FEED}?area=taiwan&as_of=2026-11-01&edition=1",
        f"/ja{FEED}?q=taiwan",
        "/reports/us-japan-alliance-2024/1.1/feed.atom?edition=1",
    ],
)
def test_further_documents_keep_filters_language_and_viewpoint(
    client: Client, baseline: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    [whole] = documents(client, address)
    monkeypatch.setattr(changes, "ENTRIES", 2)
    found = list(documents(client, address))
    assert len(found) > 1
    assert [one for _at, feed, _links in found for one in ids_of(feed)] == ids_of(whole[1])
    assert {feed.findtext(f"{ATOM}id") for _at, feed, _links in found} == {
        whole[1].findtext(f"{ATOM}id")
    }


def test_a_short_feed_leads_nowhere_else(client: Client) -> None:
    published_update(published_action())
    [(_at, _feed, links)] = documents(client, FEED)
    assert set(links) == {"alternate", "self", "license"}


def test_an_empty_feed_is_one(client: Client, baseline: None) -> None:
    [(_at, feed, links)] = documents(client, f"{FEED}?status=rejected&area=taiwan")
    assert ids_of(feed) == [] and "next" not in links


def test_what_ended_stands_with_the_edition_that_ended_it_in_every_document(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index gives the documents the very order that the database has."""
    actions = [published_action() for _n in range(4)]
    updates = [published_update(action) for action in actions]
    corrected(updates[0], status="partly", published_on=date(2026, 10, 5))
    retracted(updates[2], published_on=date(2026, 10, 9))
    published_update(actions[3], "stalled", published_on=date(2026, 10, 12))
    editions = [None, *Record(Viewpoint.present()).editions()]
    for edition in editions:
        viewpoint = Viewpoint(edition.published_on, edition=edition) if edition else None
        viewpoint = viewpoint or Viewpoint.present()
        wanted = list(Record(viewpoint).updates().for_feed())
        with opened_at(viewpoint) as index:
            filterset = RecommendationFilterSet(viewpoint=viewpoint)
            assert filterset.is_valid()
            fed = FedUpdates(Selection(filterset, index))
            assert len(fed) == len(wanted)
            for start in range(len(wanted)):
                for stop in range(start + 1, len(wanted) + 1):
                    assert fed[start:stop] == wanted[start:stop]


def test_a_far_document_asks_for_its_own_rows_alone(
    client: Client, baseline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ENTRIES", 10)
    counts = []
    for page in ("", "?page=2", "?page=8"):
        client.get(FEED + page)
        with CaptureQueriesContext(connection) as asked:
            client.get(FEED + page)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2] <= 20


# Named once ------------------------------------------------------------------------------------


def test_no_id_has_anything_of_the_request(client: Client, baseline: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for address in (f"{FEED}?area=taiwan", "/reports/us-japan-alliance-2024/1.1/feed.atom"):
        one, two = (
            feedparser.parse(client.get(address, headers={"host": host}, secure=secure).content)
            for host, secure in (("one.example", True), ("two.example", False))
        )
        assert one.feed.id == two.feed.id and one.feed.link != two.feed.link
        assert [entry.id for entry in one.entries] == [entry.id for entry in two.entries]
    calendars = [
        client.get("/deadlines.ics", headers={"host": host}).content.decode()
        for host in ("one.example", "two.example")
    ]
    uids = [{line for line in text.splitlines() if line[:3] == "UID"} for text in calendars]
    assert uids[0] == uids[1]
    assert all(line.endswith(f"@{USUAL_FEED_NAME}") for line in uids[0])


def test_a_setting_keeps_an_old_name(client: Client, baseline: None, settings: Any) -> None:
    settings.FEED_NAME = "old.example"
    parsed = feedparser.parse(client.get(FEED).content)
    assert all(entry.id.startswith("tag:old.example,2024:update:") for entry in parsed.entries)
    assert "@old.example" in client.get("/deadlines.ics").content.decode()


@pytest.mark.parametrize("name", ["https://old.example", "old example", "-x", "a/b"])
def test_a_name_that_no_tag_takes_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FEED_NAME", name)
    with pytest.raises(ImproperlyConfigured, match="FEED_NAME"):
        services.feed_name()


def test_two_filters_make_two_feeds_however_they_are_written(
    client: Client, baseline: None
) -> None:
    def feed_id(query: str) -> str:
        return feedparser.parse(client.get(f"{FEED}?{query}").content).feed.id

    first = feed_id("status=partly&area=taiwan")
    assert first == feed_id("area=taiwan&status=partly&utm_source=x")
    assert first != feed_id("area=taiwan") != feed_id("area=taiwan&edition=1")


def test_a_feed_says_its_rights(client: Client, baseline: None) -> None:
    rights = feedparser.parse(client.get(FEED).content).feed.rights
    assert rights == "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"


# True dates ------------------------------------------------------------------------------------


def updated(client: Client, update: StatusUpdate, address: str = FEED) -> datetime:
    entry = entries(client, address)[f"tag:{USUAL_FEED_NAME},2024:update:{update.slug}"]
    return datetime.fromisoformat(entry.updated)


@pytest.fixture
def action() -> Action:
    return published_action(title="Open talks")


@pytest.fixture
def update(action: Action) -> StatusUpdate:
    return published_update(action, "partly", on=date(2025, 6, 1), note="Talks opened.")


def test_an_entry_begins_with_its_publication(client: Client, update: StatusUpdate) -> None:
    assert updated(client, update) == update.published_at


def test_another_title_is_news_and_another_edit_is_none(
    client: Client, action: Action, update: StatusUpdate
) -> None:
    action.place = "p. 7"
    action.save()
    assert updated(client, update) == update.published_at
    action.title = "Open serious talks"
    action.save()
    edit = Action.history.filter(id=action.pk).latest("history_id")
    assert updated(client, update) == edit.history_date > update.published_at
    # What is worded as now is so in the feed of an old edition, too.
    then = f"{FEED}?edition={update.edition_id}"
    assert updated(client, update, then) == edit.history_date


def test_a_translation_is_news_in_its_language(client: Client, update: StatusUpdate) -> None:
    assert updated(client, update, f"/ja{FEED}") == update.published_at
    translate("Talks opened.", "statusupdate.note", "ja", "協議を開始。", by=None, at=None)
    row = Translation.objects.get(kind="statusupdate.note")
    assert updated(client, update, f"/ja{FEED}") == row.changed_at > update.published_at
    assert updated(client, update) == update.published_at


def test_an_end_is_news(client: Client, update: StatusUpdate) -> None:
    then = f"{FEED}?edition={update.edition_id}"
    retracted(update, published_on=date(2026, 10, 9))
    assert updated(client, update) == noon(date(2026, 10, 9))
    assert updated(client, update, then) == update.published_at


def test_another_status_before_it_is_news(
    client: Client, action: Action, update: StatusUpdate
) -> None:
    """What took effect earlier and is told later changes from which status it is a step."""
    then = f"{FEED}?edition={update.edition_id}"
    earlier = published_update(
        action, "in_progress", on=date(2025, 1, 1), published_on=date(2026, 10, 5)
    )
    assert updated(client, update) == earlier.published_at > update.published_at
    published_update(action, "stalled", on=date(2026, 1, 1), published_on=date(2026, 10, 7))
    assert updated(client, update) == earlier.published_at
    published_update(action, "no_action", on=date(2024, 12, 1), published_on=date(2026, 10, 8))
    assert updated(client, update) == earlier.published_at
    edition = retracted(earlier, published_on=date(2026, 10, 9))
    assert updated(client, update) == edition.published_at
    assert updated(client, update, then) == update.published_at


def test_dates_are_of_utc(client: Client, update: StatusUpdate) -> None:
    assert updated(client, update).utcoffset() == datetime.now(UTC).utcoffset()
