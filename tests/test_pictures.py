"""Pictures: complete by themselves, well formed whatever they say, and never with boxes."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import translation
from fontTools.ttLib import TTFont

from recommendations import pictures
from recommendations.models import Recommendation
from recommendations.pictures import drawing, fonts, lines
from tests.factories import (
    ActionFactory,
    RecommendationFactory,
    ReportFactory,
    published_action,
    published_update,
)

from .public_pages import REPORT

OF_REPORT = [f"{REPORT}/headline", f"{REPORT}/history", f"{REPORT}/1.1/headline"]
OF_REPORT += [f"{REPORT}/1.1/history", "/areas/taiwan/headline", "/parties/japan/history"]
EVERY = [*OF_REPORT, "/parties/japan/multiples", "/recommendations/headline", "/card"]
HOSTILE = '</text><script>alert("x")</script>&amp;<!--]]>\u202e🙂 "quoted" \'single\''
SVG = "{http://www.w3.org/2000/svg}"
has_fonts = pytest.mark.skipif(
    not (fonts.face_for("en") and fonts.face_for("ja")),
    reason="No font here has the characters of both languages.",
)


def svg_of(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def words_of(svg: ElementTree.Element) -> str:
    return " ".join("".join(one.itertext()) for one in svg.iter(f"{SVG}text"))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def pixels_of(png: bytes) -> list[bytes]:
    """Return the rows of a PNG of eight bits and four colours, unfiltered."""
    width, height = size_of(png)
    assert png[24:26] == b"\x08\x06"
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    raw, stride, rows, above = zlib.decompress(data), width * 4, [], bytes(width * 4)
    for y in range(height):
        start = y * (stride + 1)
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above)
        rows.append(above)
    return rows


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    found = bytearray(line)
    for i in range(len(found)):
        left = found[i - 4] if i >= 4 else 0
        up, corner = above[i], above[i - 4] if i >= 4 else 0
        if kind == 1:
            found[i] = (found[i] + left) & 255
        elif kind == 2:
            found[i] = (found[i] + up) & 255
        elif kind == 3:
            found[i] = (found[i] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            near = min((left, up, corner), key=lambda one: abs(guess - one))
            found[i] = (found[i] + near) & 255
    return bytes(found)


@pytest.mark.run_once
@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("chart", EVERY)
def test_a_picture_needs_nothing_else_and_says_what_it_is(client, baseline, chart, prefix):
    svg = svg_of(client, f"{prefix}{chart}.svg")
    text = words_of(svg)
    assert svg.get("width") == "1200" and svg.find(f"{SVG}title") is not None
    assert "CC BY 4.0" in text and "http://testserver" in text
    assert "…" not in text
    assert "edition 1" in text if not prefix else "第1版" in text
    if chart != "/card":
        assert "research alone" in text if not prefix else "調査のみ" in text
    source = client.get(f"{prefix}{chart}.svg").content.decode()
    assert "var(" not in source and "<style" not in source and "<script" not in source
    assert not re.findall(r'(?:href|src)="(?!#)', source)
    used = set(re.findall(r'(?:href="#|url\(#)([\w-]+)', source))
    assert used <= set(re.findall(r' id="([\w-]+)"', source))


@pytest.mark.run_once
def test_its_figures_are_those_of_the_page(client, baseline):
    assert "5 of 83 verifiable actions are implemented" in words_of(
        svg_of(client, f"{REPORT}/headline.svg")
    )
    filtered = words_of(svg_of(client, "/recommendations/headline.svg?party=japan&status=partly"))
    assert "Status: Partly implemented" in filtered and "of 83 verifiable actions meet" in filtered
    past = words_of(svg_of(client, f"{REPORT}/headline.svg?as_of=2025-03-31"))
    assert "Record as of 31 Mar 2025" in past and "as_of=2025-03-31&edition=1" in past
    assert "Nothing meets" in words_of(svg_of(client, "/recommendations/headline.svg?q=zzzzz"))
    units = words_of(svg_of(client, "/recommendations/headline.svg?unit=recommendations"))
    assert "1 of 24 recommendations is implemented" in units


@pytest.mark.run_once
def test_a_card_has_one_size(client, baseline):
    for chart in (
        f"{REPORT}/headline",
        "/areas/taiwan/headline",
        "/card",
        f"{REPORT}/1.1/headline",
    ):
        assert svg_of(client, f"/ja{chart}.svg").get("height") == "630"


@pytest.mark.run_once
@pytest.mark.parametrize("chart", ["headline", "history"])
def test_a_picture_of_hostile_texts_is_well_formed(client, db, chart):
    report = ReportFactory(slug="odd", title=HOSTILE, is_featured=True)
    recommendation = RecommendationFactory(report=report, headline=HOSTILE * 9, number="1")
    for _n in range(3):
        published_update(published_action(recommendation=recommendation, title=HOSTILE), "partly")
    for address in (f"/reports/odd/{chart}.svg", f"/reports/odd/1/{chart}.svg"):
        svg = svg_of(client, address)
        assert "<script>" in "".join(svg.itertext())
        assert "\u202e" not in "".join(svg.itertext())
        assert not list(svg.iter(f"{SVG}script"))


@pytest.mark.run_once
@pytest.mark.parametrize(
    "text", ["a" * 5_000, "語" * 5_000, "\0\x1b\ufffe\ud800x", "", " ", "e\u0301" * 200]
)
def test_any_text_is_laid_out_in_its_lines(text):
    found = lines.wrapped(text, 600, 20, most=3)
    assert len(found) <= 3
    assert all(lines.width_of(one, 20) <= 620 for one in found)
    ElementTree.fromstring(f"<svg>{drawing.text(0, 0, text)}</svg>")


def test_lines_of_japanese_break_where_they_may():
    found = lines.wrapped("検証可能な項目83件のうち、5件が「措置済」。" * 4, 400, 20, most=9)
    assert len(found) > 2
    assert not [one for one in found if one[0] in lines.CLOSING or one[-1] in lines.OPENING]
    assert "".join(found) == "検証可能な項目83件のうち、5件が「措置済」。" * 4


def test_numbers_stay_with_what_they_count():
    text = "措置済の項目は、2024年4月以降、81項目中1項目から8項目に増加"
    for width in range(200, 600, 20):
        found = lines.wrapped(text, width, 20, most=9)
        assert "".join(found) == text
        for number in ("2024年4月", "81項目", "1項目", "8項目"):
            assert any(number in one for one in found), (width, found)


@pytest.mark.run_once
@pytest.mark.parametrize(
    "address",
    [
        f"{REPORT}/multiples.svg",
        f"{REPORT}/1.1/multiples.svg",
        f"{REPORT}/pie.svg",
        f"{REPORT}/headline.gif",
        f"{REPORT}/9.9/headline.svg",
        "/reports/none/headline.svg",
        "/areas/none/headline.png",
        "/card.jpeg",
    ],
)
def test_what_there_is_no_picture_of_is_not_found(client, baseline, address):
    assert client.get(address).status_code == 404


@pytest.mark.run_once
def test_what_cannot_be_read_is_refused_in_words(client, baseline):
    for query in ("x=1", "edition=9", "as_of=1999-01-01"):
        for suffix in ("svg", "png"):
            response = client.get(f"{REPORT}/headline.{suffix}?{query}")
            assert response.status_code == 400
            assert response["Content-Type"].startswith("text/plain")
    assert client.get("/recommendations/headline.svg?status=zzz").status_code == 400


@pytest.mark.about_databases
def test_a_draft_is_in_no_picture(client, baseline):
    secret = "Zanzibar-secret"
    draft = ReportFactory(title=secret, slug="zanzibar")
    ActionFactory(recommendation=RecommendationFactory(report=draft, number="9.9"), title=secret)
    for address in ("/reports/zanzibar/headline.svg", "/reports/zanzibar/9.9/history.svg"):
        assert client.get(address).status_code == 404
    shown = Recommendation.objects.filter(number="1.1").first()
    own = RecommendationFactory(
        report=shown.report, section=shown.section, number="9.9", headline=secret
    )
    assert client.get(f"/reports/{own.report.slug}/9.9/headline.svg").status_code == 404


@pytest.mark.run_once
def test_a_picture_is_asked_for_again_without_being_drawn(client, baseline, monkeypatch):
    address = f"{REPORT}/headline.svg"
    first = client.get(address)
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    monkeypatch.setattr(pictures, "draw", None)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.run_once
def test_colours_and_marks_are_those_of_the_pages():
    folder = Path(project.BASE_DIR) / "recommendations/static/recommendations"
    tokens = (folder / "tokens.css").read_text()
    light = dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", tokens))
    for name, value in {
        "done": drawing.DONE,
        "done-tint": drawing.DONE_TINT,
        "grey": drawing.GREY,
        "amber": drawing.AMBER,
        "red": drawing.RED,
        "paper": drawing.PAPER,
        "ink": drawing.INK,
        "ink-2": drawing.INK_2,
        "ink-3": drawing.INK_3,
    }.items():
        assert light[name] == value
    css = (folder / "components.css").read_text()
    for status, fill in drawing.FILLS.items():
        [own] = re.findall(rf"\.f-{status} {{ fill: (?:var\(--([\w-]+)\)|(url\(.+?\))); }}", css)
        assert fill == own[1] or fill == light[own[0]] or own[0] == "paper"
        assert f'id="s-{status}"' in drawing.marks()


# PNG ---------------------------------------------------------------------------------------------


@has_fonts
@pytest.mark.run_once
@pytest.mark.parametrize("address", [f"{REPORT}/headline.png", f"/ja{REPORT}/1.1/history.png"])
def test_a_png_has_the_size_of_its_drawing_and_is_drawn(client, baseline, address):
    response = client.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "image/png"
    svg = svg_of(client, address.replace(".png", ".svg"))
    assert size_of(response.content) == (1200, int(svg.get("height") or 0))
    rows = pixels_of(response.content)
    dark = sum(row[place] < 100 for row in rows for place in range(0, len(row), 4))
    assert 5_000 < dark < 400_000
    # Words stand in the first and the last hundred rows.
    assert any(min(row[::4]) < 120 for row in rows[30:70])
    assert any(min(row[::4]) < 120 for row in rows[-90:-20])


@has_fonts
@pytest.mark.run_once
def test_every_chart_is_drawn_in_both_languages(client, baseline):
    for chart in EVERY:
        for prefix in ("", "/ja"):
            assert size_of(client.get(f"{prefix}{chart}.png").content)[0] == 1200


@pytest.mark.run_once
def test_without_japanese_characters_there_is_no_japanese_png(client, baseline, settings):
    settings.CHART_FONT_FILES = [face.path for face in fonts.faces() if not face.draws("提言")][:1]
    if not settings.CHART_FONT_FILES:
        pytest.skip("No font without Japanese is here.")
    assert client.get(f"{REPORT}/headline.png").status_code == 200
    refused = client.get(f"/ja{REPORT}/headline.png")
    assert refused.status_code == 404
    assert refused["Content-Type"].startswith("text/plain")
    assert ".svg" in refused.content.decode()
    assert client.get(f"/ja{REPORT}/headline.svg").status_code == 200
    html = client.get(f"/ja{REPORT}/").content.decode()
    assert "headline.png" not in html and "og:image" not in html and "headline.svg" in html


@pytest.mark.run_once
def test_without_any_font_there_is_svg_alone(client, baseline, settings):
    settings.CHART_FONT_FILES = []
    assert client.get(f"{REPORT}/headline.png").status_code == 404
    assert client.get(f"{REPORT}/headline.svg").status_code == 200
    html = client.get("/").content.decode()
    assert "headline.png" not in html and "headline.svg" in html
    assert 'name="twitter:card" content="summary"' in html


@has_fonts
def test_a_symbol_that_no_font_has_is_left_out_and_a_letter_refuses():
    def picture(title: str) -> pictures.Picture:
        around = pictures.Around(title, "", "", "", "")
        return pictures.draw(around, pictures.words_body(""))

    assert pictures.png_of(picture("Ask \U000f0000🫠")) == pictures.png_of(picture("Ask "))
    with pytest.raises(pictures.Undrawable) as refused:
        pictures.png_of(picture("ሰላም"))
    assert set(refused.value.characters) <= set("ሰላም")


@has_fonts
def test_a_picture_that_is_too_tall_is_refused():
    tall = pictures.Picture("", 100_000, "", "", "en")
    with pytest.raises(pictures.Undrawable):
        pictures.png_of(tall)


@has_fonts
def test_what_a_language_needs_decides_which_font_is_taken():
    with translation.override("ja"):
        assert pictures.can_draw("提言")
    english, japanese = fonts.face_for("en"), fonts.face_for("ja")
    assert english and english.draws("Abc") and japanese and japanese.draws("提言")


@pytest.mark.parametrize("face", fonts.faces(), ids=lambda face: Path(face.path).name)
def test_the_characters_of_a_font_are_those_that_its_library_finds(face):
    with TTFont(face.path, fontNumber=0, lazy=True) as font:
        assert set(face.characters) == set(font.getBestCmap())
