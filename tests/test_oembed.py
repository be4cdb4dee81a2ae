"""oEmbed: for addresses of ours alone, within the size that is asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from recommendations import pictures
from recommendations.views import embeds
from recommendations.views.oembed import NOT_KEPT
from recommendations.views.recommendation_list import recommendation_list
from recommendations.web.parameters import parameters_of

from .public_pages import REPORT

pytestmark = pytest.mark.run_once
HOST = "http://testserver"


def answer_to(client, address: str, **more: str) -> Any:
    response = client.get("/oembed", {"url": HOST + address, **more})
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.parametrize(
    ("address", "framed"),
    [
        ("/", f"/embed{REPORT}/"),
        (f"{REPORT}/", f"/embed{REPORT}/"),
        (f"{REPORT}/1.1/", f"/embed{REPORT}/1.1/"),
        ("/recommendations/?party=japan&page=2", "/embed/recommendations/?party=japan"),
        (f"/ja{REPORT}/", f"/ja/embed{REPORT}/"),
        (
            f"{REPORT}/?as_of=2025-06-30&edition=1",
            f"/embed{REPORT}/?as_of=2025-06-30&amp;edition=1",
        ),
        (f"/embed{REPORT}/history/?theme=dark", f"/embed{REPORT}/history/?theme=dark"),
        (f"{REPORT}/?utm_source=x", f"/embed{REPORT}/"),
    ],
)
def test_a_page_is_answered_with_its_frame(client, baseline, address, framed):
    found = answer_to(client, address)
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert f'<iframe src="{HOST}{framed}"' in found["html"]
    assert found["title"] and found["provider_url"].startswith(HOST)
    assert client.get(framed.replace("&amp;", "&")).status_code == 200


@pytest.mark.run_once
def test_a_frame_is_given_no_parameter_that_it_refuses():
    page, framed = (set(parameters_of(view)) for view in (recommendation_list, embeds.embed_list))
    assert page - framed == set(NOT_KEPT)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/reports/us-japan-alliance-2024/",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
        "http://evil.example#http://testserver/",
        "//testserver/",
        "javascript:alert(1)//testserver/",
        "http://[::1",
        "http://testserver:99999999/",
        "/reports/us-japan-alliance-2024/",
        f"{HOST}/nowhere/",
        f"{HOST}/methodology/",
        f"{HOST}/admin/",
        f"{HOST}/accounts/login/",
        f"{HOST}{REPORT}/9.9/",
        f"{HOST}{REPORT}/headline.svg",
        f"{HOST}/recommendations/?status=zzz",
        f"{HOST}/recommendations/?statu=implemented",
        f"{HOST}{REPORT}/?as_of=1999-01-01",
        f"{HOST}{REPORT}/?edition=99",
        f"{HOST}/recommendations/?q=%00",
        f"{HOST}/\0",
        f"{HOST}/日本/",
    ],
)
def test_what_is_not_ours_or_not_there_is_not_found(client, baseline, address):
    response = client.get("/oembed", {"url": address})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


def test_the_address_of_the_settings_is_ours_too(client, baseline, settings):
    settings.SITE_URL = "https://tracker.example.org"
    response = client.get("/oembed", {"url": f"https://tracker.example.org{REPORT}/"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "url=", f"url={HOST}/&url={HOST}/", f"url={HOST}/&callback=x"]
    + [
        f"url={HOST}/&max{side}={n}"
        for side in ("width", "height")
        for n in ("0", "-1", "1.5", "x", "", "999999", "٣", "1&maxwidth=2&maxheight=2")
    ],
)
def test_what_cannot_be_read_is_refused(client, baseline, query):
    response = client.get(f"/oembed?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("asked", ["xml", "", "JSON", "html"])
def test_another_format_is_not_offered(client, baseline, asked):
    assert client.get("/oembed", {"url": f"{HOST}/", "format": asked}).status_code == 501
    assert client.get("/oembed", {"url": f"{HOST}/", "format": "json"}).status_code == 200


def test_it_is_no_larger_than_asked(client, baseline):
    found = answer_to(client, f"{REPORT}/", maxwidth="400", maxheight="300")
    assert (found["width"], found["height"]) == (400, 300)
    assert "thumbnail_url" not in found
    wide = answer_to(client, f"{REPORT}/", maxwidth="5000")
    assert wide["width"] == 600


def test_a_thumbnail_is_there_with_its_size(client, baseline, monkeypatch):
    monkeypatch.setattr(pictures, "can_draw", lambda text: True)
    found = answer_to(client, "/recommendations/?party=japan")
    assert found["thumbnail_url"] == f"{HOST}/recommendations/headline.png?party=japan"
    assert (found["thumbnail_width"], found["thumbnail_height"]) == (1200, 630)
    monkeypatch.setattr(pictures, "can_draw", lambda text: False)
    assert "thumbnail_url" not in answer_to(
        client, "/recommendations/?party=japan", maxwidth="1999"
    )


def test_pages_name_it_in_their_head(client, baseline):
    for page in ("/", f"{REPORT}/1.1/", "/recommendations/?party=japan", f"/ja{REPORT}/"):
        html = client.get(page).content.decode()
        [start] = [part for part in html.split("<link ") if "json+oembed" in part]
        address = start.split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert client.get(address).json()["type"] == "rich", address
    assert "json+oembed" not in client.get("/methodology/").content.decode()


def test_no_cookie_and_any_site_may_ask(client, baseline):
    response = client.get(f"/oembed?{urlencode({'url': f'{HOST}/'})}")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_hostile_titles_stay_inside_the_frame(client, db):
    from tests.factories import RecommendationFactory, ReportFactory, published_action

    report = ReportFactory(slug="odd", title='"><script>alert(1)</script>', is_featured=True)
    published_action(recommendation=RecommendationFactory(report=report))
    html = answer_to(client, "/reports/odd/")["html"]
    assert "<script" not in html and html.count("<") == 2
