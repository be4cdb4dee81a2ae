"""Each link to a page of ours leads on from the same viewpoint, but for those that mean not to."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.urls import resolve

from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint

from .public_pages import PAGES, REPORT, addresses
from .reading import links_of

pytestmark = pytest.mark.run_once

SEEN = {"as_of": "2025-06-30", "edition": "1"}
# What the examples of the pages do not show: other units, empty lists, refusals, what errors say.
MORE = [
    "/recommendations/?unit=recommendations&sort=deadline",
    "/recommendations/?page=2&party=japan",
    "/recommendations/?q=nothing-has-this-word&party=japan",
    "/recommendations/?status=nonsense",
    "/changes/?party=japan",
    "/changes/compare/?from=2025-01-01&to=2025-06-30",
    "/deadlines/?party=japan",
    f"{REPORT}/text/?show=not-implemented",
    "/ja/",
]
# To the same page from elsewhere; files that name the viewpoint themselves.
LEAVE = {"Return to today", "See it as of today", "BibTeX", "RIS"}
# A program, the same at every viewpoint.
LEAVE |= {"Program to check it (Python)", "検証プログラム（Python）"}
LEAVE |= {"本日に戻る", "本日の時点で見る"}
STAFF = re.compile(r"(/ja)?/(admin|accounts)/")


def leaves_on_purpose(page: str, href: str, text: str, seen: dict[str, str]) -> bool:
    if text in LEAVE or STAFF.match(href):
        return True
    if re.search(r"/editions/\d+/", page) and re.fullmatch(r"(/ja)?/\?edition=\d+", href):
        return True  # To the tracker as that edition told it.
    path, asked = urlsplit(href).path, parse_qs(urlsplit(href).query)
    # The table of months leads to the list as of each, told by the same edition.
    is_of_month = path.endswith("/recommendations/") and asked["as_of"] != [seen["as_of"]]
    return is_of_month and asked["edition"] == [seen["edition"]]


def inside(html: str) -> list[tuple[str, str]]:
    return [(href, text) for href, text in links_of(html) if href.startswith("/")]


def lost(page: str, html: str, seen: dict[str, str] = SEEN) -> list[str]:
    """Return the links of a page that forget a part of its viewpoint, or say it twice."""
    return [
        href
        for href, text in inside(html)
        if any(parse_qs(urlsplit(href).query).get(name) != [value] for name, value in seen.items())
        and not leaves_on_purpose(page, href, text, seen)
    ]


@pytest.mark.parametrize("page", [*addresses(PAGES), *MORE])
def test_every_link_keeps_the_viewpoint(client, baseline, page):
    html = client.get(page, {**parse_qs(urlsplit(page).query), **SEEN}).content.decode()
    assert len(inside(html)) > 10
    assert lost(page, html) == []


def test_the_part_of_the_list_that_htmx_swaps_keeps_the_viewpoint(client, baseline):
    query = {**SEEN, "party": "japan"}
    part = client.get("/recommendations/", query, headers={"HX-Request": "true"}).content.decode()
    assert len(inside(part)) > 10
    assert lost("/recommendations/", part) == []


def test_links_of_a_record_with_everything_keep_the_viewpoint(client, small_corpus):
    """Follow links from the first page, up to three pages a view."""
    seen = {"as_of": "2025-06-30", "edition": str(Edition.objects.count())}
    views: Counter[str] = Counter()
    pages = [f"/?{urlencode(seen)}"]
    for page in pages:
        html = client.get(page).content.decode()
        assert lost(page, html, seen) == []
        for href, text in inside(html):
            if text == "日本語" or leaves_on_purpose(page, href, text, seen):
                continue
            found = resolve(urlsplit(href).path)
            is_page = found.url_name in {one.name for one in PAGES} and href not in pages
            if is_page and views[found.url_name] < 3:
                views[found.url_name] += 1
                pages.append(href)
    assert {"detail", "edition", "area", "text", "compare", "report_error"} <= views.keys()


@pytest.mark.parametrize("page", addresses(PAGES))
def test_from_the_present_links_say_no_viewpoint(client, baseline, page):
    for href, text in inside(client.get(page).content.decode()):
        asked = parse_qs(urlsplit(href).query).keys()
        is_elsewhere = text in LEAVE or "as_of" in asked or href == "/?edition=1"
        assert is_elsewhere or not asked & SEEN.keys(), href


# Where links are made -----------------------------------------------------------------------------

# Templates of staff, of an error that knows no request, and of feeds, whose entries lead elsewhere.
OF_NO_VIEWPOINT = re.compile(r"^(admin|account|mfa|socialaccount|allauth)/|/work_|^500\.html$")
TO_ELSEWHERE = {
    # To the tracker as that edition told it.
    (
        "recommendations/edition.html",
        '{% url "recommendations:home" %}?edition={{ edition.number }}',
    ),
    # To the same page as of today.
    ("components/as_of.html", "{{ request.path }}"),
    ("components/too_early.html", "{{ request.path }}"),
}
PLAIN_ADDRESS = (
    r'\{% url "recommendations:.*?%\}|\{\{ (?:[\w.]*get_absolute_url|request\.path).*?\}\}'
)
PLAIN_LINK = re.compile(rf'<a\b(?:[^>"]|"[^"]*"|\{{%.*?%\}})*?\bhref="((?:{PLAIN_ADDRESS})[^"]*)"')


def test_no_template_makes_a_link_that_forgets_the_viewpoint():
    folder = Path(settings.BASE_DIR) / "templates"
    found = {
        (str(path.relative_to(folder)), href)
        for path in folder.rglob("*.html")
        if not OF_NO_VIEWPOINT.search(str(path.relative_to(folder)))
        for href in PLAIN_LINK.findall(path.read_text())
    }
    assert found == TO_ELSEWHERE


class Row:
    def get_absolute_url(self) -> str:
        return "/a/#b"


def seen_from(**seen: object) -> Viewpoint:
    return Viewpoint(on=date(2025, 6, 30), **seen)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/a/", "/a/?as_of=2025-06-30&edition=7"),
        ("/a/#b", "/a/?as_of=2025-06-30&edition=7#b"),
        ("/a/?q=x#b", "/a/?q=x&as_of=2025-06-30&edition=7#b"),
        ("/a/?as_of=2024-05-01&q=x", "/a/?q=x&as_of=2025-06-30&edition=7"),
        ("/a/?", "/a/?as_of=2025-06-30&edition=7"),
    ],
)
def test_an_address_has_its_own_parameters_and_then_the_viewpoint(address, expected):
    seen = seen_from(as_of=date(2025, 6, 30), edition=Edition(number=7))
    assert seen.address(address) == expected
    assert seen_from().address(address) == address


def shown(source: str, viewpoint: Viewpoint | None = None, **values: object) -> str:
    request = RequestFactory().get("/")
    if viewpoint:
        request.viewpoint = viewpoint
    template = Template("{% load addresses %}" + source)
    return unescape(template.render(RequestContext(request, values)))


def test_a_named_page_takes_arguments_a_scope_and_parameters():
    source = '{% page "recommendations:list" filters=scope status="partly" %}'
    assert shown(source, scope="report=a") == "/recommendations/?report=a&status=partly"
    assert shown(source, scope="?q=x+y") == "/recommendations/?q=x+y&status=partly"
    assert shown('{% page "recommendations:area" "b" %}') == "/areas/b/"
    then = seen_from(as_of=date(2025, 6, 30))
    assert shown('{% page "recommendations:area" "b" %}', then) == "/areas/b/?as_of=2025-06-30"


def test_rows_and_paths_lead_on_from_the_viewpoint():
    then = seen_from(edition=Edition(number=7))
    assert shown("{% address row %}", then, row=Row()) == "/a/?edition=7#b"
    assert shown('{% address "/a/" "?q=x" %}', then) == "/a/?q=x&edition=7"
    assert shown("{% address row %}", row=Row()) == "/a/#b"


def test_an_address_is_escaped_once():
    source = "{% load addresses %}{% address path %}"
    request = RequestFactory().get("/")
    html = Template(source).render(RequestContext(request, {"path": '/a/?x="&y=<b>'}))
    assert html == "/a/?x=&quot;&amp;y=&lt;b&gt;"


def test_without_a_request_there_is_no_viewpoint():
    assert Template("{% load addresses %}{% address row %}").render(Context({"row": Row()})) == (
        "/a/#b"
    )
