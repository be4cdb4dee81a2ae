"""What pages say of themselves to networks and messengers."""

from __future__ import annotations

import re
from html import unescape

import pytest

from recommendations import pictures
from tests.factories import RecommendationFactory, ReportFactory, published_action

from .public_pages import PAGES, REPORT, addresses

pytestmark = pytest.mark.run_once
NEEDED = ["title", "description", "type", "site_name", "locale", "locale:alternate"]
NEEDED += ["image", "image:type", "image:width", "image:height", "image:alt"]


@pytest.fixture(autouse=True)
def has_fonts(monkeypatch):
    monkeypatch.setattr(pictures, "can_draw", lambda text: True)


def tags_of(html: str) -> dict[str, str]:
    head = html.partition("</head>")[0]
    found = re.findall(
        r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', head
    )
    assert len(found) == len(dict(found))
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("page", addresses(PAGES))
def test_every_kind_of_page_has_its_tags(client, baseline, page, prefix):
    tags = tags_of(client.get(prefix + page).content.decode())
    missing = [name for name in NEEDED if not tags.get(f"og:{name}")]
    assert missing == []
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:locale"] == ("ja_JP" if prefix else "en_US")
    assert tags["og:image"].startswith("http://testserver/")
    drawn = client.get(tags["og:image"].replace(".png", ".svg"))
    assert drawn.status_code == 200
    size = f'width="{tags["og:image:width"]}" height="{tags["og:image:height"]}"'
    assert size in drawn.content.decode()


@pytest.mark.parametrize(
    ("page", "card"),
    [
        ("/", f"{REPORT}/headline.png"),
        (f"{REPORT}/", f"{REPORT}/headline.png"),
        (f"{REPORT}/text/", f"{REPORT}/headline.png"),
        (f"{REPORT}/1.1/", f"{REPORT}/1.1/headline.png"),
        ("/areas/taiwan/", "/areas/taiwan/headline.png"),
        ("/ja/parties/japan/", "/ja/parties/japan/headline.png"),
        ("/recommendations/", "/recommendations/headline.png"),
        (
            "/recommendations/?status=partly&page=1&party=japan",
            "/recommendations/headline.png?party=japan&status=partly",
        ),
        (f"{REPORT}/?as_of=2025-06-30", f"{REPORT}/headline.png?as_of=2025-06-30"),
        ("/methodology/", "/card.png"),
        ("/changes/?as_of=2025-06-30&edition=1", "/card.png?as_of=2025-06-30&edition=1"),
    ],
)
def test_a_page_shows_its_own_chart_or_the_card_of_the_site(client, baseline, page, card):
    tags = tags_of(client.get(page).content.decode())
    assert tags["og:image"] == f"http://testserver{card}"


def test_title_and_address_are_those_of_the_page(client, baseline):
    html = client.get(f"{REPORT}/1.1/").content.decode()
    tags = tags_of(html)
    assert tags["og:title"].startswith("1.1 ") and tags["og:title"] in unescape(html)
    assert tags["og:url"] == f"http://testserver{REPORT}/1.1/"
    assert tags["og:title"] in tags["og:image:alt"]


def test_refusals_and_staff_pages_say_nothing(client, baseline, editor):
    for page in ("/nowhere/", f"{REPORT}/9.9/", "/recommendations/?status=zzz", "/accounts/login/"):
        assert tags_of(client.get(page).content.decode()) == {}
    client.force_login(editor)
    assert tags_of(client.get("/admin/").content.decode()) == {}


def test_a_page_without_counts_has_the_card_of_the_site(client, db):
    report = ReportFactory(slug="odd", is_featured=True)
    one = RecommendationFactory(report=report, number="1")
    published_action(
        recommendation=one, is_verifiable=False, verifiability_note="It is an attitude."
    )
    tags = tags_of(client.get("/reports/odd/1/").content.decode())
    assert tags["og:image"].endswith("/card.png")


def test_hostile_titles_stay_in_their_attribute(client, db):
    report = ReportFactory(slug="odd", title='"><script>alert(1)</script>', is_featured=True)
    published_action(recommendation=RecommendationFactory(report=report))
    html = client.get("/reports/odd/").content.decode()
    assert "<script>alert" not in html
    assert tags_of(html)["og:title"].startswith('"><script>')


def test_a_picture_is_not_named_where_no_font_can_draw_it(client, baseline, monkeypatch):
    monkeypatch.setattr(pictures, "can_draw", lambda text: False)
    tags = tags_of(client.get("/").content.decode())
    assert "og:image" not in tags and tags["twitter:card"] == "summary"


def test_charts_offer_their_picture_and_their_embed(client, baseline):
    html = client.get(f"{REPORT}/?edition=1").content.decode()
    for address in ("headline.svg?edition=1", "headline.png?edition=1", "history.svg?edition=1"):
        assert f'href="{REPORT}/{address}"' in html
    assert f"&lt;iframe src=&quot;http://testserver/embed{REPORT}/?edition=1&quot;" in html
    listed = client.get("/recommendations/?party=japan").content.decode()
    assert 'href="/recommendations/headline.svg?party=japan" rel="nofollow"' in listed
    assert "/embed/recommendations/?party=japan" in listed
    area = client.get("/areas/taiwan/").content.decode()
    assert "/areas/taiwan/multiples.svg" in area and "embed/areas" not in area
