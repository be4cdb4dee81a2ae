"""Feeds that readers and validators accept, with ids that stay."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest

from recommendations.site_row import USUAL_FEED_NAME

from .factories import (
    corrected,
    published_action,
    published_update,
    retracted,
)
from .test_moves import text_of

FEED = "/changes/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MUST = {"id", "title", "updated"}


def check_atom(content: bytes, *, at: str) -> ElementTree.Element:
    """Check what RFC 4287 says of each element that we write."""
    feed = ElementTree.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    check_element(feed)
    assert len(feed.findall(f"{ATOM}author")) == 1
    [own] = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == at
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for entry in feed.findall(f"{ATOM}entry"):
        check_element(entry)
        [summary] = entry.findall(f"{ATOM}summary")
        assert summary.get("type") == "html"
    newest = max(
        (entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")), default=None
    )
    assert newest is None or feed.findtext(f"{ATOM}updated") == newest
    parsed = feedparser.parse(content)
    assert not parsed.bozo, parsed.bozo_exception
    assert len(parsed.entries) == len(ids)
    return feed


def check_element(element: ElementTree.Element) -> None:
    """Exactly one id, title and date; absolute addresses; at most one alternate of a type."""
    for name in MUST:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    identity = element.findtext(f"{ATOM}id")
    assert urlsplit(identity).scheme in ("http", "https", "tag") and " " not in identity
    for name in ("updated", "published"):
        for stamp in element.findall(f"{ATOM}{name}"):
            assert DATE_TIME.fullmatch(stamp.text)
            datetime.fromisoformat(stamp.text)
    links = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert len(links) == 1
    assert all(urlsplit(link.get("href")).netloc for link in element.findall(f"{ATOM}link"))


@pytest.mark.parametrize(
    "address",
    [
        FEED,
        f"{FEED}?status=implemented",
        f"{FEED}?area=taiwan&party=japan",
        f"{FEED}?as_of=2025-06-30&edition=1",
        f"{FEED}?status=rejected&area=taiwan",
        "/reports/us-japan-alliance-2024/1.1/feed.atom",
        f"/ja{FEED}",
    ],
)
def test_feeds_are_valid_atom(client, baseline, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    check_atom(response.content, at=f"http://testserver{address}")


def test_the_same_record_makes_the_same_bytes(client, baseline):
    for address in (FEED, f"{FEED}?status=rejected&area=taiwan"):
        assert client.get(address).content == client.get(address).content


def entries(client, address: str = FEED) -> dict[str, dict]:
    parsed = feedparser.parse(client.get(address).content)
    return {entry.id: entry for entry in parsed.entries}


@pytest.mark.django_db
def test_ids_stay_whatever_happens_to_the_update(client):
    action = published_action(title="Open talks")
    first = published_update(action, "in_progress", on=date(2025, 1, 1), note="Talks opened.")
    before = entries(client)
    [identity] = before
    corrected(first, status="partly", published_on=date(2026, 10, 9))
    after = entries(client)
    assert identity in after and len(after) == 2
    assert after[identity].title.startswith("Corrected: ")
    assert after[identity].updated > before[identity].updated
    assert after[identity].published == before[identity].published
    assert "The source was misread." in after[identity].summary


def test_both_languages_have_the_same_entries_in_their_own_words(client, baseline):
    for address in (f"{FEED}?status=rejected", "/reports/us-japan-alliance-2024/1.1/feed.atom"):
        english, japanese = (
            feedparser.parse(client.get(prefix + address).content) for prefix in ("", "/ja")
        )
        assert (english.feed.language, japanese.feed.language) == ("en", "ja")
        assert (english.feed.id, japanese.feed.id) == (
            f"tag:{USUAL_FEED_NAME},2024:feed:en:{address}",
            f"tag:{USUAL_FEED_NAME},2024:feed:ja:{address}",
        )
        assert english.feed.title != japanese.feed.title
        assert japanese.feed.link.startswith("http://testserver/ja/")
        assert [one.id for one in english.entries] == [one.id for one in japanese.entries]
        assert all("/ja/" in one.link and "：" in one.title for one in japanese.entries)


def test_the_digest_of_an_edition_stands_in_the_brackets_of_the_language(client, baseline):
    for prefix, written in (("", "edition 1 (SHA-256 "), ("/ja", "第1版（SHA-256 ")):
        [entry, *_more] = feedparser.parse(client.get(prefix + FEED).content).entries
        assert written in " ".join(text_of(entry.summary).split())


@pytest.mark.django_db
def test_a_retraction_brings_an_old_entry_to_the_top(client):
    one, two = published_action(), published_action()
    first = published_update(one, "in_progress", published_on=date(2026, 10, 1))
    published_update(two, "in_progress", published_on=date(2026, 10, 5))
    retracted(first, published_on=date(2026, 10, 9))
    newest = feedparser.parse(client.get(FEED).content).entries[0]
    assert newest.title.startswith("Retracted: ")
    then = feedparser.parse(client.get(FEED, {"edition": first.edition_id}).content).entries
    assert [entry.title.startswith("Retracted") for entry in then] == [False]


@pytest.mark.django_db
def test_entries_say_who_what_when_and_why(client):
    action = published_action(title="A <b>bold</b> & odd title")
    published_update(action, "partly", on=date(2025, 3, 1), note="Half of <it> & more.")
    [entry] = entries(client).values()
    assert entry.title == f"{action}: Not assessed → Partly implemented"
    assert entry.link == f"http://testserver{action.updates.get().get_absolute_url()}"
    text = text_of(entry.summary)
    assert "Took effect: 1 Mar 2025" in text and "edition 2" in text
    assert "Half of &lt;it&gt; &amp; more." in text and "<it>" not in entry.summary


@pytest.mark.django_db
def test_feed_of_one_recommendation_has_its_own_changes_alone(client):
    one, two = published_action(), published_action()
    published_update(one, "partly")
    published_update(two, "partly")
    address = f"{one.recommendation.get_absolute_url()}feed.atom"
    assert len(entries(client, address)) == 1
    draft = client.get(f"{one.recommendation.report.get_absolute_url()}999/feed.atom")
    assert draft.status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "status=zzz",
        "sort=status",
        "page=3",
        "page=0",
        "page=x",
        "as_of=2999-01-01",
        "zzz=1",
        "status=",
    ],
)
def test_bad_addresses_of_feeds_are_refused_in_plain_text(client, baseline, query):
    response = client.get(f"{FEED}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def alternates(html: str) -> list[str]:
    return re.findall(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]*)"', html
    )


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", FEED),
        ("/changes/?status=partly", f"{FEED}?status=partly"),
        ("/recommendations/?area=taiwan", f"{FEED}?area=taiwan"),
        ("/areas/taiwan/", f"{FEED}?area=taiwan"),
        ("/parties/japan/", f"{FEED}?party=japan"),
        (
            "/reports/us-japan-alliance-2024/1.1/",
            "/reports/us-japan-alliance-2024/1.1/feed.atom",
        ),
        ("/?as_of=2025-06-30", f"{FEED}?as_of=2025-06-30"),
    ],
)
def test_pages_say_where_their_feed_is(client, baseline, page, feed):
    found = alternates(client.get(page).content.decode())
    assert feed in found
    assert all(client.get(address.replace("&amp;", "&")).status_code == 200 for address in found)
