"""Embeds: framable as nothing else is, without cookies, forms or scripts that they need."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from django.urls import URLPattern, URLResolver, get_resolver

from recommendations.models import Recommendation
from recommendations.web.open_answers import is_open
from tests.factories import RecommendationFactory, ReportFactory

from .public_pages import ANSWERED, EMBEDS, REPORT, addresses
from .reading import links_of, text_of

FRAMED = addresses(EMBEDS)
POLICY = "Content-Security-Policy"


def all_patterns(found: list | None = None, route: str = "") -> list[tuple[str, URLPattern]]:
    rows = []
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            rows += all_patterns(one.url_patterns, route + str(one.pattern))
        else:
            rows.append((route + str(one.pattern), one))
    return rows


def test_of_all_patterns_embeds_alone_may_be_framed() -> None:
    framed = {route for route, one in all_patterns() if getattr(one.callback, "is_framable", False)}
    assert len(framed) == 4
    assert all(route.startswith("embed/") for route in framed)


def test_what_reads_no_cookie_is_what_others_may_show() -> None:
    for page in ANSWERED:
        path = page.address.partition("?")[0]
        is_shown = getattr(page.view, "is_shown_anywhere", False)
        assert is_open(path) is is_open(f"/ja{path}") is is_shown, path


@pytest.mark.run_once
@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("page", FRAMED)
def test_both_policies_yield_for_an_embed(client, baseline, page, prefix):
    response = client.get(prefix + page)
    assert response.status_code == 200
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response[POLICY]
    assert "frame-ancestors 'none'" not in response[POLICY]
    assert "script-src 'self'" in response[POLICY] and "form-action 'none'" in response[POLICY]
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.run_once
def test_nothing_else_may_be_framed(client, baseline):
    others = addresses([page for page in ANSWERED if page not in EMBEDS])
    for page in [*others, "/nowhere/", "/embed/", "/embed/reports/none/", "/?x=1", "/admin/"]:
        response = client.get(page)
        assert response["X-Frame-Options"] == "DENY", page
        assert "frame-ancestors 'none'" in response[POLICY], page


@pytest.mark.run_once
def test_an_embed_that_is_kept_may_be_framed_too(client, baseline, settings):
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": "embeds"}}
    first, again = (client.get(FRAMED[0]) for _n in range(2))
    assert dict(first.headers) == dict(again.headers)
    unchanged = client.get(FRAMED[0], headers={"If-None-Match": again["ETag"]})
    assert unchanged.status_code == 304
    assert "frame-ancestors *" in unchanged[POLICY] and "X-Frame-Options" not in unchanged
    caches["pages"].clear()


@pytest.mark.run_once
@pytest.mark.parametrize("page", FRAMED)
def test_no_cookie_is_read_or_set(client, baseline, editor, page):
    before = client.get(page)
    client.force_login(editor)
    client.cookies["theme"] = "dark"
    after = client.get(page)
    assert after.content == before.content and after["ETag"] == before["ETag"]
    assert not before.cookies and not after.cookies
    assert "cookie" not in after["Vary"].lower()
    assert after["Cache-Control"] == "no-cache"


@pytest.mark.run_once
@pytest.mark.parametrize("page", FRAMED)
def test_it_has_no_form_and_its_links_leave_the_frame(client, baseline, page):
    html = client.get(page).content.decode()
    assert "<form" not in html and "csrf" not in html
    links = re.findall(r"<a\b[^>]*>", html)
    assert links
    assert all('target="_blank"' in link and "noopener" in link for link in links)
    assert html.count("<h1") == 1


@pytest.mark.run_once
@pytest.mark.parametrize("page", FRAMED)
def test_date_edition_source_licence_and_caveat_are_inside(client, baseline, page):
    text = text_of(client.get(page).content.decode())
    assert "Record as of" in text and "edition 1" in text
    assert "Source:" in text and "CC BY 4.0" in text
    assert "verifiable actions rest on research alone" in text


@pytest.mark.run_once
def test_the_theme_is_that_of_the_address_alone(client, baseline):
    [page, *_] = FRAMED
    assert "data-theme" not in client.get(page).content.decode()
    for theme in ("light", "dark"):
        html = client.get(page, {"theme": theme}).content.decode()
        assert f'data-theme="{theme}"' in html
    for query in ("theme=blue", "theme=", "theme=dark&theme=light", "theme=%00", "color=red"):
        assert client.get(f"{page}?{query}").status_code == 400, query


@pytest.mark.run_once
@pytest.mark.parametrize("page", FRAMED)
def test_links_keep_the_viewpoint_and_a_theme_stays_behind(client, baseline, page):
    seen = {"as_of": "2025-06-30", "edition": "1"}
    html = client.get(page, {**seen, "theme": "dark"}).content.decode()
    for href, _text in links_of(html):
        if href.startswith("/"):
            assert "as_of=2025-06-30" in href and "edition=1" in href
            assert "theme" not in href
            assert client.get(href.replace("&amp;", "&")).status_code == 200


@pytest.mark.run_once
def test_a_filtered_list_says_how_many_there_are(client, baseline):
    html = client.get("/embed/recommendations/?status=no_action").content.decode()
    assert html.count('<span class="no">') == 10
    total = re.search(r"(\d+) more in the list", text_of(html))
    page = text_of(client.get("/recommendations/?status=no_action").content.decode())
    assert total and f"{int(total[1]) + 10} of 83 verifiable actions" in page
    assert "/recommendations/?status=no_action" in html
    few = client.get("/embed/recommendations/?q=zzzzzz").content.decode()
    assert "Nothing meets these filters" in few and "more in the list" not in few
    refused = client.get("/embed/recommendations/?status=zzz")
    assert refused.status_code == 400 and "rec-name" not in refused.content.decode()
    units = text_of(client.get("/embed/recommendations/?unit=recommendations").content.decode())
    assert "1 of 24 recommendations is implemented" in units


@pytest.mark.about_databases
def test_what_is_not_public_cannot_be_embedded(client, baseline):
    draft = ReportFactory(slug="zanzibar", title="Zanzibar-secret")
    RecommendationFactory(report=draft, number="9.9")
    own = Recommendation.objects.filter(report__slug="us-japan-alliance-2024").first()
    RecommendationFactory(report=own.report, section=own.section, number="9.9")
    for page in ("zanzibar/", "zanzibar/history/", "zanzibar/9.9/", f"{own.report.slug}/9.9/"):
        assert client.get(f"/embed/reports/{page}").status_code == 404
    assert client.get("/embed/recommendations/?report=zanzibar").status_code == 400
    early = client.get(f"/embed{REPORT}/", {"as_of": "2024-04-03"})
    assert early.status_code == 400


@pytest.mark.run_once
@pytest.mark.parametrize(
    "headers", [{"Accept": "\0"}, {"Accept": "text/nothing;q=x"}, {"Range": "bytes=5-,x"}]
)
def test_odd_wishes_are_answered_as_if_they_were_not_there(client, baseline, headers):
    for page in (*FRAMED, f"{REPORT}/headline.svg"):
        response = client.get(page, headers=headers)
        assert response.status_code == 200
        assert response.content == client.get(page).content


@pytest.mark.run_once
def test_the_height_grows_with_what_is_shown(client, baseline):
    def height_of(query: str) -> int:
        html = client.get(f"/embed/recommendations/?{query}").content.decode()
        [found] = re.findall(r'data-height="(\d+)"', html)
        return int(found)

    assert height_of("status=implemented") < height_of("status=no_action")
