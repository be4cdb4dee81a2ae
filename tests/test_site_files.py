"""What browsers and phones ask for at the root of the site."""

from __future__ import annotations

import re
import struct

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
PNG = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    ("address", "size"),
    [("/apple-touch-icon.png", 180), ("/icon-192.png", 192), ("/icon-512.png", 512)],
)
def test_icons_are_pictures_of_the_size_that_they_say(
    client: Client, address: str, size: int
) -> None:
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert size_of(response.content) == (size, size)


def test_the_favicon_has_the_sizes_of_tabs_and_lists(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response["Content-Type"] == "image/x-icon"
    reserved, kind, n = struct.unpack("<HHH", response.content[:6])
    assert (reserved, kind) == (0, 1)
    entries = [response.content[6 + 16 * i : 22 + 16 * i] for i in range(n)]
    assert [entry[0] for entry in entries] == [16, 32, 48]
    for entry in entries:
        length, offset = struct.unpack("<II", entry[8:])
        assert size_of(response.content[offset : offset + length]) == (entry[0], entry[0])


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/ja", "ja")])
def test_a_manifest_names_the_site_in_the_language_of_the_page(
    client: Client, prefix: str, language: str
) -> None:
    html = client.get(f"{prefix}/accessibility/").content.decode()
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)">', html)
    response = client.get(address)
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["lang"] == language
    assert manifest["start_url"] == f"{prefix}/"
    assert bool(re.search("[ぁ-ん]", manifest["description"])) == (language == "ja")
    for icon in manifest["icons"]:
        size = int(icon["sizes"].partition("x")[0])
        assert size_of(client.get(icon["src"]).content) == (size, size)


def test_each_icon_of_a_page_answers(client: Client) -> None:
    html = client.get("/accessibility/").content.decode()
    icons = re.findall(r'<link rel="(?:icon|apple-touch-icon)" href="([^"]+)"', html)
    assert "/favicon.ico" in icons and "/apple-touch-icon.png" in icons
    assert all(client.get(one).status_code == 200 for one in icons if "/static/" not in one)


def test_what_an_icon_does_not_know_it_refuses(client: Client) -> None:
    assert client.get("/favicon.ico?size=64").status_code == 400
    assert client.post("/favicon.ico").status_code == 405
