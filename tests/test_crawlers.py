"""What search engines are told: what they may read, which pages there are, and which to leave."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from recommendations.figures import crawled_pages
from recommendations.models import Edition, Recommendation
from recommendations.viewpoint import today
from recommendations.web.citation import ABOUT, CITABLE

from .factories import (
    PolicyAreaFactory,
    RecommendationFactory,
    moment,
    published_action,
    published_actions,
    published_update,
    retracted,
    set_verifiable,
    withdraw,
)
from .public_pages import REPORT

pytestmark = pytest.mark.run_once

HOST = "http://testserver"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
FEWEST = 3_000


# Robots --------------------------------------------------------------------------------------


@pytest.mark.run_once
def test_robots_are_kept_from_the_staffs_pages_alone(client: Client, db: None) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /ja/admin/",
        "Disallow: /ja/accounts/",
        "",
        f"Sitemap: {HOST}/sitemap.xml",
    ]


@pytest.mark.run_once
def test_what_robots_may_not_read_is_where_the_staff_is(client: Client, db: None) -> None:
    for language in ("en", "ja"):
        with translation.override(language):
            paths = [reverse("admin:index"), reverse("account_login")]
        assert all(f"Disallow: {path}" in robots(client) for path in map(folder_of, paths))


def robots(client: Client) -> str:
    return client.get("/robots.txt").content.decode()


def folder_of(path: str) -> str:
    found = re.match(r"(/ja)?/(admin|accounts)/", path)
    assert found
    return found[0]


# Sitemaps ------------------------------------------------------------------------------------


def files_of(client: Client) -> list[str]:
    tree = ElementTree.fromstring(body(client, "/sitemap.xml"))
    return [found.text or "" for found in tree.findall("s:sitemap/s:loc", SPACES)]


def entries_of(client: Client) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the last day and the languages of each address in all files."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for address in files_of(client):
        tree = ElementTree.fromstring(body(client, address.removeprefix(HOST)))
        entries = tree.findall("s:url", SPACES)
        assert 0 < len(entries) <= 50_000
        for one in entries:
            links = {
                link.attrib["hreflang"]: link.attrib["href"]
                for link in one.findall("x:link", SPACES)
            }
            address = one.findtext("s:loc", "", SPACES)
            assert address not in found
            found[address] = one.findtext("s:lastmod", "", SPACES), links
    return found


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return b"".join(response).decode()


def test_each_page_of_a_kind_is_listed_in_each_language_and_answers(
    client: Client, whole_record: None
) -> None:
    entries = entries_of(client)
    kinds = set()
    for address, (_day, languages) in entries.items():
        response = client.get(address)
        assert response.status_code == 200, address
        kinds.add(response.resolver_match.view_name)
        html = response.content.decode()
        assert canonical_of(html) == address
        assert alternates_of(html) == languages
        assert set(languages) == {"en", "ja", "x-default"}
        assert all(other in entries for other in languages.values())
    # Each page that can be cited, and none that nobody told search engines of.
    assert kinds == (CITABLE | ABOUT) - {"recommendations:earlier"}


def canonical_of(html: str) -> str:
    found = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    assert len(found) == 1
    return found[0].replace("&amp;", "&")


def alternates_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))


def last_days(client: Client) -> dict[str, str]:
    """Return the last days of all pages by their English paths."""
    return {
        address.removeprefix(HOST): day
        for address, (day, _languages) in entries_of(client).items()
        if not address.startswith(f"{HOST}/ja/")
    }


def test_a_page_was_changed_last_by_the_edition_that_said_something_of_it(
    client: Client, db: None
) -> None:
    said, ended = date(2026, 10, 5), date(2026, 10, 9)
    quiet, loud = published_action(), published_action(on=date(2026, 6, 21))
    update = published_update(loud, published_on=said)
    assert last_days(client)[quiet.recommendation.get_absolute_url()] == "2026-06-20"
    assert last_days(client)[loud.recommendation.get_absolute_url()] == "2026-10-05"
    assert last_days(client)["/editions/3/"] == "2026-10-05"
    assert last_days(client)["/corrections/"] == "2026-06-20"
    retracted(update, published_on=ended)
    after = last_days(client)
    assert after[quiet.recommendation.get_absolute_url()] == "2026-06-20"
    assert after[loud.recommendation.get_absolute_url()] == "2026-10-09"
    assert after[loud.recommendation.report.get_absolute_url()] == "2026-10-09"
    assert after["/editions/2/"] == "2026-06-21"
    # It says since then that an update of it no longer counts.
    assert after["/editions/3/"] == after["/editions/4/"] == after["/corrections/"] == "2026-10-09"
    assert after["/changes/"] == after["/"] == "2026-10-09"
    assert after["/methodology/"] == after["/accessibility/"] == ""


def test_areas_and_parties_were_changed_by_what_changed_their_actions(
    client: Client, db: None
) -> None:
    of_defence = published_action(recommendation=recommendation_of("defence"))
    of_trade = published_action(recommendation=recommendation_of("trade"), on=date(2026, 6, 21))
    published_update(of_trade, published_on=date(2026, 10, 5))
    days = last_days(client)
    assert (days["/areas/defence/"], days["/areas/trade/"]) == ("2026-06-20", "2026-10-05")
    set_verifiable(of_defence, is_verifiable=False, reason="A wish.", now=moment(date(2026, 10, 7)))
    days = last_days(client)
    assert (days["/areas/defence/"], days["/areas/trade/"]) == ("2026-10-07", "2026-10-05")
    path = of_defence.recommendation.get_absolute_url()
    assert days[path] == days[of_defence.recommendation.report.get_absolute_url()] == "2026-10-07"
    withdraw(of_trade, reason="Twice.", now=moment(date(2026, 10, 8)))
    assert last_days(client)["/areas/trade/"] == "2026-10-08"


def recommendation_of(area: str) -> Recommendation:
    found = RecommendationFactory()
    found.areas.set([PolicyAreaFactory(slug=area)])
    return found


def test_no_last_day_is_today_unless_something_was_published_today(
    client: Client, whole_record: None
) -> None:
    published = {f"{at:%Y-%m-%d}" for at in Edition.objects.values_list("published_at", flat=True)}
    assert {day for day, _languages in entries_of(client).values()} <= published | {""}


def test_drafts_and_labels_that_nothing_has_are_in_no_file(client: Client, db: None) -> None:
    action = published_action()
    draft = RecommendationFactory(report=action.recommendation.report)
    PolicyAreaFactory(slug="of-nothing")
    listed = last_days(client)
    assert action.recommendation.get_absolute_url() in listed
    assert draft.get_absolute_url() not in listed
    assert "/areas/of-nothing/" not in listed


def test_pages_beyond_one_file_are_in_more_of_them(
    client: Client, whole_record: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, n_files = entries_of(client), len(files_of(client))
    monkeypatch.setattr(crawled_pages, "KEYS_A_FILE", 5)
    assert entries_of(client) == before
    assert len(files_of(client)) > n_files + 3


def test_a_file_asks_the_same_however_many_pages_it_has(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    for n in (1, 4):
        published_actions(n, on=date(2026, 6, 20 + n))
        [address] = [one for one in files_of(client) if "-recommendations-" in one]
        with django_assert_max_num_queries(14):
            body(client, address.removeprefix(HOST))


@pytest.mark.parametrize(
    "name",
    ["recommendations-99", "recommendations-9999999999999", "actions-0", "updates-0", "areas-1"],
)
def test_a_file_that_is_not_there_is_not_found(client: Client, baseline: None, name: str) -> None:
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


@pytest.mark.run_once
@pytest.mark.parametrize(
    "address", ["/robots.txt?x=1", "/sitemap.xml?as_of=2025-01-01", "/sitemap-pages.xml?page=2"]
)
def test_what_they_do_not_know_they_refuse(client: Client, baseline: None, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_an_empty_record_has_the_pages_of_which_there_is_one(client: Client, db: None) -> None:
    assert files_of(client) == [f"{HOST}/sitemap-pages.xml"]
    assert f"{HOST}/ja/methodology/" in entries_of(client)


# What is left out ----------------------------------------------------------------------------


def robots_of(html: str) -> list[str]:
    return re.findall(r'<meta name="robots" content="([^"]+)">', html)


@pytest.mark.run_once
@pytest.mark.parametrize(
    "address",
    [
        "/?as_of=2025-03-31",
        "/?edition=1",
        "/recommendations/?status=implemented",
        "/recommendations/?page=2",
        "/recommendations/?unit=recommendations",
        "/changes/?page=1&status=no_action",
        "/changes/compare/?from=2025-01-01",
        "/deadlines/?party=japan",
        f"{REPORT}/1.1/?as_of=2025-03-31&edition=1",
        f"{REPORT}/text/?show=not-implemented",
    ],
)
def test_what_is_filtered_or_of_the_past_is_not_listed_but_read(
    client: Client, baseline: None, address: str
) -> None:
    html = client.get(address).content.decode()
    assert robots_of(html) == ["noindex, follow"]


@pytest.mark.run_once
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?utm_source=x&fbclid=y",
        "/recommendations/?sort=report",
        f"{REPORT}/1.1/",
        "/editions/1/",
    ],
)
def test_what_is_the_page_itself_is_listed(client: Client, baseline: None, address: str) -> None:
    html = client.get(address).content.decode()
    assert robots_of(html) == []
    assert canonical_of(html) == HOST + address.partition("?")[0]


@pytest.mark.run_once
def test_today_by_its_date_is_known_by_the_address_without(client: Client, baseline: None) -> None:
    newest = Edition.objects.order_by("-number")[0].number
    for query in (f"as_of={today()}", f"as_of={today()}&edition={newest}&utm_source=x"):
        html = client.get(f"{REPORT}/1.1/?{query}").content.decode()
        assert canonical_of(html) == f"{HOST}{REPORT}/1.1/"
        assert alternates_of(html)["ja"] == f"{HOST}/ja{REPORT}/1.1/"
    yesterday = today() - timedelta(days=1)
    html = client.get(f"{REPORT}/1.1/?as_of={yesterday}").content.decode()
    assert canonical_of(html) == f"{HOST}{REPORT}/1.1/?as_of={yesterday}"


@pytest.mark.run_once
@pytest.mark.parametrize(
    "address",
    [
        "/recommendations.csv",
        "/changes/feed.atom",
        "/deadlines.ics",
        "/cite.bib?page=/changes/",
        "/sitemap.xml",
        "/editions/1/record.json",
    ],
)
def test_files_are_listed_by_their_pages_alone(
    client: Client, baseline: None, address: str
) -> None:
    assert client.get(address)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/")


# The walk ------------------------------------------------------------------------------------


class Walk:
    """Follow what a search engine would, breadth first: each link but those marked nofollow."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.waiting: deque[tuple[str, str]] = deque([("/", ""), ("/ja/", "")])
        self.seen = {"/", "/ja/"}
        self.anchors: dict[str, set[str]] = {}
        self.fragments: set[tuple[str, str, str]] = set()
        self.dead: list[str] = []

    def go(self, most: int) -> None:
        while self.waiting and len(self.seen) < most:
            address, source = self.waiting.popleft()
            self._visit(address, source)
        self.dead += [
            f"{path}#{anchor} (on {source})"
            for path, anchor, source in sorted(self.fragments)
            if path in self.anchors and anchor not in self.anchors[path]
        ]

    def _visit(self, address: str, source: str) -> None:
        response = self.client.get(address)
        if response.status_code != 200:
            self.dead.append(f"{address}: {response.status_code} (on {source})")
            return
        if not response["Content-Type"].startswith("text/html"):
            return
        page = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
        self.anchors[address] = {one.get("id") for one in page.iter() if one.get("id")}
        for path, anchor in links_to_follow(page, address):
            if anchor:
                self.fragments.add((path, anchor, address))
            if path not in self.seen:
                self.seen.add(path)
                self.waiting.append((path, address))


def links_to_follow(page: Any, address: str) -> Iterator[tuple[str, str]]:
    for one in page.iter():
        href = one.get("href")
        rel = (one.get("rel") or "").split()
        if one.tag.rpartition("}")[2] not in ("a", "link") or not href or "nofollow" in rel:
            continue
        # What a page names for programs that embed it is no page.
        if one.get("type") == "application/json+oembed":
            continue
        parts = urlsplit(urljoin(HOST + address, href))
        if f"{parts.scheme}://{parts.netloc}" != HOST or parts.path.startswith("/static/"):
            continue
        query = f"?{parts.query}" if parts.query else ""
        yield parts.path + query, parts.fragment


@pytest.mark.run_once
def test_a_walk_that_follows_no_nofollow_ends_and_finds_nothing_dead(
    client: Client, whole_record: None
) -> None:
    walk = Walk(client)
    walk.go(FEWEST)
    assert not walk.waiting
    assert not walk.dead
    # As many as a report has pages, and no more: nothing filtered, nothing of the past.
    assert 100 < len(walk.seen) < FEWEST
    variants = {
        address
        for address in walk.seen
        # What a page names for readers of feeds is no page.
        if not address.split("?")[0].endswith(".atom")
        and {name for name, _value in parse_qsl(urlsplit(address).query)} - {"page"}
    }
    assert not variants
    assert "/recommendations/?page=2" in walk.seen
    assert f"/ja{REPORT}/1.1/" in walk.seen
