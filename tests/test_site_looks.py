"""How a site looks: its logo, its colour, the languages that it shows, and what it opens with."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from recommendations.contrast import (
    DARK,
    LEAST,
    LIGHT,
    clashes,
    lightened,
    ratio,
    soft,
    stylesheet,
)
from recommendations.models import Site, SiteLogo
from recommendations.pictures.logo import MOST_BYTES, LogoProblem, read_logo

from .factories import RecommendationFactory, ReportFactory, published_action
from .houses import picture
from .reading import form_values, text_of
from .test_site import CHANGE, say

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TOKENS = Path(settings.BASE_DIR) / "recommendations/static/recommendations/tokens.css"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def send(desk: Client, **fields: Any) -> Any:
    form = form_values(desk.get(CHANGE).content.decode(), "site_form")
    return desk.post(CHANGE, form | fields)


def file(data: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


# The logo ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("WEBP", "webp")])
def test_a_logo_is_drawn_anew_and_served_at_an_address_of_its_own(
    desk: Client, kind: str, ending: str
) -> None:
    assert send(desk, new_logo=file(picture(kind, (960, 192)))).status_code == 302
    row = Site.objects.get()
    assert (row.logo_width, row.logo_height) == (480, 96)
    html = Client().get("/methodology/").content.decode()
    [address] = re.findall(r'<img\s+src="(/site/logo/[0-9a-f]{32}\.\w+)"', html)
    assert address.endswith(ending)
    response = Client().get(address)
    assert response["Content-Type"] == f"image/{ending}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "immutable" in response["Cache-Control"]
    assert Image.open(io.BytesIO(response.content)).size == (480, 96)


@pytest.mark.django_db
def test_another_logo_takes_the_place_of_the_first_and_may_be_removed(desk: Client) -> None:
    send(desk, new_logo=file(picture()))
    first = Site.objects.get().logo
    send(desk, new_logo=file(picture(size=(50, 50))))
    assert Client().get(f"/site/logo/{first}").status_code == 404
    assert SiteLogo.objects.count() == 1
    assert send(desk, remove_logo="on").status_code == 302
    assert (Site.objects.get().logo, SiteLogo.objects.count()) == ("", 0)
    assert "/site/logo/" not in Client().get("/methodology/").content.decode()


@pytest.mark.django_db
def test_what_is_no_logo_changes_nothing(desk: Client) -> None:
    response = send(desk, new_logo=file(SVG, "logo.svg"), name="Otter Tracker")
    assert response.status_code == 200
    assert "neither PNG nor WebP" in text_of(response.content.decode())
    assert Site.objects.get().name != "Otter Tracker" and not SiteLogo.objects.exists()


GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "neither PNG nor WebP"),
        (SVG, "neither PNG nor WebP"),
        (GIF, "neither PNG nor WebP"),
        (b"<script>alert(1)</script>", "neither PNG nor WebP"),
        (picture()[:60], "damaged"),
        (picture("WEBP")[:40], "damaged|neither"),
        (picture(size=(10, 10)), "10 pixels high"),
        (picture(size=(2001, 2000)), "2001 by 2000 pixels"),
        (picture() + b"\0" * MOST_BYTES, "kB. It can have up to 1000"),
    ],
)
def test_what_is_no_logo_is_refused_with_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(LogoProblem, match=told):
        read_logo(data)


def test_nothing_but_pixels_is_left_of_a_logo() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    written = io.BytesIO()
    Image.new("P", (60, 60)).save(written, "PNG", pnginfo=notes, icc_profile=b"a profile")
    data = read_logo(written.getvalue() + b"<script>alert(2)</script>").data
    assert b"script" not in data and b"profile" not in data
    assert read_logo(written.getvalue()).name == read_logo(written.getvalue()).name


# The accent -------------------------------------------------------------------------------------


def test_contrast_is_that_of_the_guidelines() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#ffffff", "#ffffff") == 1


def test_what_accents_stand_on_is_what_the_style_sheet_has() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    for name, day, night in zip(("paper", "surface", "sunken"), LIGHT, DARK, strict=True):
        assert f"--{name}: light-dark({day}, {night});" in css


@pytest.mark.parametrize("colour", ["#7a1f3d", "#000000", "#0b5d4e", "#1d407c", "#5a3d00"])
def test_an_accent_is_lightened_until_it_can_be_read_by_night(colour: str) -> None:
    night = lightened(colour)
    assert not list(clashes(colour, night))
    for paper in (*DARK, soft(night, DARK[0])):
        assert ratio(night, paper) >= LEAST


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"accent": "#ffcc00"}, "accent", r"contrast of 1\.\d\d to 1.*4\.5: take a darker"),
        (
            {"accent": "#7a1f3d", "accent_dark": "#333333"},
            "accent_dark",
            r"to 1 in the dark appearance.*take a lighter",
        ),
        ({"accent": "red"}, "accent", "six digits"),
        ({"accent": "#7a1f3d;}"}, "accent", "six digits|at most 7"),
        ({"accent_dark": "#ffffff"}, "accent", "light appearance too"),
    ],
)
@pytest.mark.django_db
def test_an_accent_that_cannot_be_read_is_refused_with_its_contrast(
    fields: dict[str, str], field: str, told: str
) -> None:
    row = Site.objects.get()
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert re.search(told, " ".join(refused.value.message_dict[field]))


@pytest.mark.django_db
def test_an_accent_is_a_style_sheet_of_its_own_address(desk: Client) -> None:
    assert "/site/accent/" not in Client().get("/methodology/").content.decode()
    assert send(desk, accent="#7A1F3D").status_code == 302
    for page in ("/methodology/", "/accounts/login/"):
        html = Client().get(page).content.decode()
        [address] = re.findall(r'href="(/site/accent/[^"]+)"', html)
        assert " style=" not in html
    assert "/site/accent/" in desk.get("/admin/recommendations/party/").content.decode()
    response = Client().get(address)
    assert response["Content-Type"].startswith("text/css")
    assert response.content.decode() == stylesheet("#7a1f3d", lightened("#7a1f3d"))
    assert Client().get("/site/accent/123456-654321.css").status_code == 404


# Languages and the front page -------------------------------------------------------------------


@pytest.mark.django_db
def test_a_site_may_show_one_language_alone(client: Client) -> None:
    published_action()
    say(languages="ja")
    response = client.get("/recommendations/?status=not_assessed")
    assert (response.status_code, response["Location"]) == (
        302,
        "/ja/recommendations/?status=not_assessed",
    )
    html = client.get("/ja/recommendations/").content.decode()
    assert 'class="lang"' not in html and 'hreflang="en"' not in html
    assert 'hreflang="x-default" href="http://testserver/ja/recommendations/"' in html
    sitemap = client.get("/sitemap-pages.xml")
    text = b"".join(sitemap.streaming_content).decode()
    assert "http://testserver/ja/methodology/" in text
    assert "http://testserver/methodology/" not in text
    say(languages="en")
    assert client.get("/ja/methodology/")["Location"] == "/methodology/"
    say(languages="")
    assert client.get("/ja/methodology/").status_code == 200


@pytest.mark.django_db
def test_staff_have_every_language_whatever_is_shown(desk: Client) -> None:
    say(languages="en")
    assert desk.get("/ja/admin/").status_code == 200
    assert send(desk, languages=[]).status_code == 200
    assert send(desk, languages=["ja", "en"]).status_code == 302
    assert Site.objects.get().languages == ""


@pytest.mark.django_db
def test_the_front_page_shows_a_chosen_report_or_all(client: Client) -> None:
    def title() -> str:
        return re.findall(r"<title>(.*?)</title>", client.get("/").content.decode(), re.S)[0]

    action = published_action()
    report = action.recommendation.report
    say(home="all")
    assert report.known_as in title()
    published_action(recommendation=RecommendationFactory(report=ReportFactory()))
    assert "2 reports" in title()
    say(home="featured")
    assert "2 reports" in title()
    report.is_featured = True
    report.save()
    assert report.known_as in title()
    say(home="all")
    assert "2 reports" in title()
