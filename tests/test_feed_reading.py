"""Feeds are read in their kinds, within limits, by a process that can open nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from recommendations.capturing.adapters import AdapterProblem, adapter_of
from recommendations.capturing.answers import Exchange, Fetched
from recommendations.capturing.feed_reading import read_feed
from recommendations.capturing.feed_texts import day_of, plain
from recommendations.capturing.feeds import (
    LONGEST_TEXT,
    MOST_ITEMS,
    Adapter,
    Fault,
    FeedAnswer,
    FeedRead,
    FeedUnread,
    Kind,
    Unreadable,
)
from recommendations.capturing.json_feeds import read_api

pytestmark = pytest.mark.run_once

FEED = "https://news.example.org/feed.xml"


def fetched(body: bytes | str, content_type: str = "application/xml") -> Fetched:
    body = body.encode() if isinstance(body, str) else body
    at = datetime(2026, 6, 1, tzinfo=UTC)
    fields = (("Content-Type", content_type),)
    return Fetched(FEED, (Exchange(FEED, "", at, "GET", "/", (), 200, "OK", fields, body),))


def read(body: bytes | str, kind: Kind, adapter: Adapter | None = None, **said: Any) -> FeedAnswer:
    return read_feed(fetched(body, **said), kind, adapter)


def rss(*items: str, head: str = '<?xml version="1.0"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'


def item(n: int | str = 1, more: str = "") -> str:
    return f"<item><title>Item {n}</title><link>https://news.example.org/{n}</link>{more}</item>"


def told(answer: FeedAnswer) -> list[tuple[str, str, date | None, str]]:
    assert isinstance(answer, FeedRead)
    return [(one.title, one.address, one.published_on, one.text) for one in answer.items]


# Kinds -------------------------------------------------------------------------------------------


def test_rss_has_title_address_day_and_words() -> None:
    more = (
        "<guid>tag:7</guid><pubDate>Mon, 01 Jun 2026 23:30:00 +0900</pubDate>"
        "<description>&lt;p&gt;Ten &lt;b&gt;bridges&lt;/b&gt; &amp;amp; a port.&lt;/p&gt;"
        "</description>"
    )
    assert told(read(rss(item(7, more)), "rss")) == [
        ("Item 7", "https://news.example.org/7", date(2026, 6, 1), "Ten bridges & a port.")
    ]


def test_rss_of_a_japanese_ministry_is_read_in_its_letters() -> None:
    head = '<?xml version="1.0" encoding="Shift_JIS"?>'
    body = (
        f'{head}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<item rdf:about="/press/1.html"><title>港湾法の改正</title><link>/press/1.html</link>'
        "<dc:date>2026-05-30T10:00:00+09:00</dc:date></item></rdf:RDF>"
    ).encode("shift_jis")
    expected = ("港湾法の改正", "https://news.example.org/press/1.html", date(2026, 5, 30), "")
    assert told(read(body, "rss")) == [expected]


def test_atom_has_the_alternate_link_and_words_of_markup() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>'
        '<title type="html">Ten &lt;i&gt;bridges</title><id>tag:1</id>'
        '<link rel="self" href="/self"/><link href="/a"/><updated>2026-06-02T00:00:00Z</updated>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">All <b>open</b></div>'
        "</content></entry></feed>"
    )
    [(title, address, day, text)] = told(read(body, "atom"))
    assert (title, address, day) == ("Ten bridges", "https://news.example.org/a", date(2026, 6, 2))
    assert text == "All open"


def test_json_feed() -> None:
    row = {
        "id": "7", "url": "/7", "title": "Ten bridges", "content_html": "<p>All open</p>",
        "date_published": "2026-06-03T08:00:00+09:00",
    }  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [row, {"id": "8"}]})
    assert told(read(body, "json")) == [
        ("Ten bridges", "https://news.example.org/7", date(2026, 6, 3), "All open")
    ]


def test_an_api_is_read_by_an_adapter_that_is_data() -> None:
    adapter = adapter_of(
        {
            "items": "data.bills",
            "title": "names.0",
            "address": "https://example.org/bills/{congress}/{number}",
            "published": "introduced",
            "key": "number",
        }
    )
    row = {"names": ["A bill"], "congress": 119, "number": "HR 7/8", "introduced": "20260604"}
    lacking = {"names": ["Without a number"], "congress": 119}
    body = json.dumps({"data": {"bills": [row, lacking, None, 5]}})
    address = "https://example.org/bills/119/HR%207%2F8"
    assert told(read(body, "api", adapter)) == [("A bill", address, date(2026, 6, 4), "")]


@pytest.mark.parametrize("place", ["7", "00000000000007", "9" * 80, "-1", "²"])
def test_a_place_that_a_list_lacks_is_nothing(place: str) -> None:
    row = {"names": ["A bill"], "url": "https://example.org/1"}
    adapter = Adapter(title=f"names.{place}", address="url")
    with pytest.raises(Unreadable) as raised:
        read_api(json.dumps([row]).encode(), adapter, content_type="", address="")
    assert raised.value.fault is Fault.NO_ITEMS


def test_the_same_item_has_the_same_key_whatever_it_says() -> None:
    first, second = (
        read(rss(f"<item><guid>7</guid><title>{t}</title><link>{u}</link></item>"), "rss")
        for t, u in (("Old", "https://a.example/1"), ("New", "https://a.example/2"))
    )
    assert isinstance(first, FeedRead) and isinstance(second, FeedRead)
    assert first.items[0].key == second.items[0].key


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://news.example.org/1", "", "mailto:a@example.org"]
)
def test_what_no_reader_can_follow_is_no_item(address: str) -> None:
    body = rss(f"<item><title>Item</title><link>{address}</link></item>", item(2))
    assert [title for title, *_rest in told(read(body, "rss"))] == ["Item 2"]


def test_what_no_database_takes_is_no_item() -> None:
    rows = [
        {"id": "1", "title": "Zero", "url": "https://news.example.org/\x00"},
        {"id": "2\x00", "title": "Ze\x00ro", "url": "/2"},
    ]
    assert [one[:2] for one in told(read(json.dumps({"items": rows}), "json"))] == [
        ("Ze ro", "https://news.example.org/2")
    ]


def test_markup_is_never_kept() -> None:
    assert plain("<script>alert(1)</script>A<style>b{}</style> <img onerror=x>word") == "A word"
    assert plain("Ten\x00 &lt;b&gt; &amp; one") == "Ten <b> & one"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sat, 30 May 2026 10:00:00 GMT", date(2026, 5, 30)),
        ("2026/05/30", date(2026, 5, 30)),
        ("2026-02-30", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_are_taken_as_they_are_written(written: str, day: date | None) -> None:
    assert day_of(written) == day


# Limits ------------------------------------------------------------------------------------------


def fault_of(answer: FeedAnswer) -> Fault:
    assert isinstance(answer, FeedUnread), answer
    assert answer.sentence
    return answer.fault


def test_of_five_thousand_items_the_first_thousand_are_taken() -> None:
    found = read(rss(*map(item, range(5000))), "rss")
    assert isinstance(found, FeedRead)
    assert (len(found.items), found.is_cut) == (MOST_ITEMS, True)
    assert found.items[0].title == "Item 0"
    rows = [{"id": str(n), "url": f"/{n}", "title": f"Item {n}"} for n in range(5000)]
    of_json = read(json.dumps({"items": rows}), "json")
    assert isinstance(of_json, FeedRead)
    assert (len(of_json.items), of_json.is_cut) == (MOST_ITEMS, True)


def test_a_long_text_is_cut() -> None:
    more = f"<description>{'word ' * 100_000}</description>"
    assert len(told(read(rss(item(1, more)), "rss"))[0][3]) <= LONGEST_TEXT


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'
FILE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, FILE])
def test_a_feed_with_entities_of_its_own_is_refused(head: str) -> None:
    body = rss("<item><title>&l9;&x;</title></item>", head=head)
    assert fault_of(read(body, "rss")) == Fault.ENTITIES


@pytest.mark.parametrize(
    ("body", "kind", "fault"),
    [
        ("<html><body>Not found</body></html>", "rss", Fault.NO_FEED),
        (rss(item()), "atom", Fault.NO_FEED),
        ("{}", "json", Fault.NO_FEED),
        ("Not found", "rss", Fault.NO_FEED),
        (rss(item())[:-9], "rss", Fault.BROKEN),
        (f"<rss>{'<a>' * 5000}", "rss", Fault.BROKEN),
        ("[" * 100_000, "json", Fault.BROKEN),
        (b"\xff\xfe\x00", "json", Fault.BROKEN),
    ],
)
def test_what_cannot_be_read_is_named(body: bytes | str, kind: Kind, fault: Fault) -> None:
    assert fault_of(read(body, kind)) == fault


def test_an_adapter_that_leads_nowhere_is_named() -> None:
    adapter = Adapter("title", "url", items="data")
    assert fault_of(read('{"results": []}', "api", adapter)) == Fault.NO_LIST
    assert fault_of(read('{"data": [{"name": "A"}]}', "api", adapter)) == Fault.NO_ITEMS
    assert told(read('{"data": []}', "api", adapter)) == []


def test_the_process_ends_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from recommendations.capturing import feed_reading

    monkeypatch.setattr(feed_reading, "CHILD", ("-c", "while True: pass"))
    answer = read_feed(fetched(rss(item())), "rss", seconds=1)
    assert fault_of(answer) == Fault.TOO_LARGE


# Adapters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"title": "name"},
        {"title": "name", "address": "url", "command": "rm"},
        {"title": "name", "address": 7},
        {"title": "", "address": "url"},
        {"title": "a..b", "address": "url"},
        {"title": "a b", "address": "url"},
        {"title": "name", "address": "http://example.org/{id}"},
        {"title": "name", "address": "https://example.org/{id"},
        {"title": "name", "address": "https://example.org/{}"},
        {"title": "{name}", "address": "url"},
    ],
)
def test_an_adapter_is_read_strictly(said: Any) -> None:
    with pytest.raises(AdapterProblem):
        adapter_of(said)
