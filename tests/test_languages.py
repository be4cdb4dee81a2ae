"""Every page leads to itself in the other language, and says under which address it is known."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Action

from .public_pages import PAGES as SHOWN
from .public_pages import REPORT, addresses
from .reading import links_of

pytestmark = pytest.mark.run_once

PAGES = [
    *addresses(SHOWN),
    f"{REPORT}/T7/?as_of=2025-06-30&edition=1",
    "/recommendations/?area=taiwan&area=trade-and-investment&page=1&q=defence",
    "/recommendations/?page=2&sort=deadline",
    "/parties/japan/?edition=1",
    "/changes/?page=1&status=implemented&status=no_action",
    "/changes/compare/?from=2025-01-01&to=2026-01-01",
    "/deadlines/?party=japan",
]


def asked_of(address: str) -> tuple[str, list[str]]:
    path, _mark, query = address.replace("&amp;", "&").partition("?")
    return path, sorted(part for part in query.split("&") if part and part != "page=1")


def switch_of(html: str) -> str:
    [address] = [href for href, text in links_of(html) if text in ("English", "日本語")]
    return address


def links_in_head(html: str, rel: str) -> dict[str, str]:
    """Return the addresses by their language, that of the page itself by ""."""
    found = re.findall(rf'<link rel="{rel}"(?: hreflang="([^"]+)")? href="([^"]+)">', html)
    return {language: address.replace("&amp;", "&") for language, address in found}


@pytest.mark.parametrize("page", PAGES)
def test_the_switch_leads_to_the_same_page_and_back(client, baseline, page):
    english = client.get(page).content.decode()
    assert '<a class="lang"' in english and 'lang="ja" hreflang="ja">日本語</a>' in english
    address = switch_of(english)
    assert asked_of(address) == asked_of(f"/ja{page}")
    japanese = client.get(address.replace("&amp;", "&"))
    assert japanese.status_code == 200
    html = japanese.content.decode()
    assert 'lang="en" hreflang="en">English</a>' in html
    assert asked_of(switch_of(html)) == asked_of(page)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/nowhere/", "/ja/"),
        ("/ja/nowhere/", "/"),
        (f"{REPORT}/9.9/", f"/ja{REPORT}/9.9/"),
        ("/recommendations/?status=zzz&x=1", "/ja/recommendations/?status=zzz&x=1"),
        ("/ja/changes/?page=99", "/changes/?page=99"),
    ],
)
def test_an_error_page_has_a_way_into_the_other_language(client, baseline, page, address):
    response = client.get(page)
    assert response.status_code in (400, 404)
    html = response.content.decode()
    assert switch_of(html) == address
    assert 'rel="canonical"' not in html


def test_no_address_leads_to_another_host(client, db):
    html = client.get("/", PATH_INFO="//evil.example/").content.decode()
    assert "Page not found" in html
    assert switch_of(html) == "/ja/"


def test_what_htmx_swaps_carries_the_switch(client, baseline):
    response = client.get(
        "/recommendations/?q=&status=partly&sort=report", headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert '<li class="lang-item" id="language-ja" data-hx-swap-oob="true">' in html
    assert response["HX-Push-Url"] == "/recommendations/?status=partly"
    assert switch_of(html) == "/ja/recommendations/?status=partly"
    assert 'id="language-ja">' in client.get("/recommendations/").content.decode()


def test_staff_pages_have_the_switch(client, baseline, admin_user):
    client.force_login(admin_user)
    action = Action.objects.get(slug="jjoc-established")
    pages = [
        "/admin/",
        f"/admin/log/?action={action.pk}",
        "/admin/review/",
        "/admin/recommendations/action/?q=treaty",
        f"/admin/recommendations/report/{action.recommendation.report_id}/change/",
        "/accounts/2fa/",
        "/accounts/password/change/",
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert switch_of(response.content.decode()) == f"/ja{page}"
        japanese = client.get(f"/ja{page}").content.decode()
        assert switch_of(japanese) == page
        assert 'rel="canonical"' not in japanese


def test_the_switch_asks_the_database_nothing(client, baseline, monkeypatch):
    client.get("/ja/changes/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/ja/changes/")
    monkeypatch.setattr(
        "recommendations.web.context_processors.languages_of", lambda request, **kept: []
    )
    with CaptureQueriesContext(connection) as without:
        client.get("/ja/changes/")
    assert len(queries) == len(without)


def test_a_page_names_its_own_address_and_those_of_both_languages(client, baseline):
    asked = ("status=partly&area=taiwan", "area=taiwan&utm_source=x&status=partly&q=")
    for page in (f"/changes/?{query}" for query in asked):
        for prefix in ("", "/ja"):
            html = client.get(prefix + page).content.decode()
            english = "http://testserver/changes/?area=taiwan&status=partly"
            japanese = "http://testserver/ja/changes/?area=taiwan&status=partly"
            assert links_in_head(html, "canonical") == {"": japanese if prefix else english}
            assert links_in_head(html, "alternate") == {
                "en": english,
                "x-default": english,
                "ja": japanese,
            }


def test_a_list_is_known_by_one_address_however_it_was_asked_for(client, baseline):
    html = client.get("/recommendations/?sort=report&unit=actions&page=1&q=").content.decode()
    assert links_in_head(html, "canonical") == {"": "http://testserver/recommendations/"}
    html = client.get("/ja/recommendations/?page=2&edition=1").content.decode()
    assert links_in_head(html, "canonical") == {
        "": "http://testserver/ja/recommendations/?edition=1&page=2"
    }


def test_forms_name_no_address(client, baseline):
    for page in ("/appearance/", f"{REPORT}/1.1/report-an-error/"):
        assert 'rel="canonical"' not in client.get(page).content.decode()
