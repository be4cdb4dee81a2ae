"""Pages and files are read by a process that can open nothing, within limits."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from recommendations.capturing import confined, reading
from recommendations.capturing.answers import Page, Unread
from recommendations.capturing.pages import LONGEST_TEXT
from recommendations.capturing.reading import read_body

from .printed_pages import Printed, paragraph, printed

pytestmark = pytest.mark.run_once

TODAY = date(2026, 11, 30)
JAPANESE = "国土交通省は本日、十の橋を供用開始したと発表した。" * 6


def test_page_is_read_in_the_process() -> None:
    body = f'<html><head><meta name="date" content="令和8年5月"></head><p>{JAPANESE}</p></html>'
    page = read_body(body.encode("cp932"), today=TODAY, content_type="text/html")
    assert isinstance(page, Page)
    assert (page.language, page.published_on, page.published_precision) == (
        "ja",
        date(2026, 5, 1),
        "month",
    )
    assert page.text == JAPANESE


@pytest.mark.parametrize("name", ["shift_jis", "Shift_JIS", "sjis", "euc-jp", "windows-31j"])
def test_letters_that_a_site_names_are_read_in_the_process(name: str) -> None:
    encoding = "euc_jp" if name == "euc-jp" else "cp932"
    body = f"<p>{JAPANESE}</p>".encode(encoding)
    page = read_body(body, today=TODAY, content_type=f"text/html; charset={name}")
    assert isinstance(page, Page)
    assert (page.text, page.encoding) == (JAPANESE, encoding)


@pytest.mark.parametrize("name", ["gb2312", "big5", "iso-8859-1", "x-unheard-of", "idna", "zlib"])
def test_letters_that_nobody_knows_are_guessed_in_the_process(name: str) -> None:
    body = f"<p>{JAPANESE}</p>".encode()
    page = read_body(body, today=TODAY, content_type=f"text/html; charset={name}")
    assert isinstance(page, Page)
    if name.startswith(("x-", "idna", "zlib")):
        assert page.text == JAPANESE


OPENING = """
import socket, sys
from recommendations.capturing.reading_child import give_up_opening
give_up_opening()
for act in (
    lambda: socket.socket(),
    lambda: open("/etc/passwd"),
    lambda: open("/tmp/left_behind", "w"),
    lambda: __import__("subprocess").run(["true"]),
    lambda: __import__("os").pipe(),
):
    try:
        act()
    except (OSError, ImportError) as error:
        sys.stdout.write("refused ")
    else:
        sys.stdout.write("OPENED ")
"""


def test_process_that_reads_can_open_neither_a_connection_nor_a_file() -> None:
    outcome = confined.run(["-c", OPENING], b"", seconds=15, wall=60, most=1000)
    assert (outcome.code, outcome.said) == (0, b"refused " * 5)


def test_page_of_a_hundred_thousand_nested_tags_is_read() -> None:
    body = b"<div>" * 100_000 + b"<p>Ten bridges were opened.</p>"
    page = read_body(body, today=TODAY, content_type="text/html")
    assert isinstance(page, Page)
    assert page.text == "Ten bridges were opened."


def test_long_text_is_cut_and_says_so() -> None:
    page = read_body(b"word " * (LONGEST_TEXT // 4), today=TODAY, content_type="text/plain")
    assert isinstance(page, Page)
    assert (len(page.text), page.is_cut) == (LONGEST_TEXT, True)


def test_what_takes_too_long_or_too_much_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 1)
    for program in ("while True: pass", "bytearray(2 ** 31)", "print('no answer')", "pass"):
        monkeypatch.setattr(reading, "CHILD", ["-c", program])
        page = read_body(b"Ten bridges.", today=TODAY)
        assert isinstance(page, Unread)
        assert page.sentence.startswith("The page could not be read")


def test_pdf_is_read_by_the_reader_of_reports() -> None:
    lines = [
        Printed("Ten bridges", 70, 70, 24, is_bold=True),
        Printed("2 May 2026", 70, 110),
        *paragraph(["The ministry opened ten bridges, and says", "that two will follow."], top=200),
        *paragraph(["橋は開通した。残る二つも続く。"], top=300),
    ]
    pdf = printed([lines])
    page = read_body(pdf, today=TODAY, content_type="application/octet-stream")
    assert isinstance(page, Page)
    assert (page.kind, page.title, page.published_on) == ("pdf", "Ten bridges", date(2026, 5, 2))
    assert "The ministry opened ten bridges, and says that two will follow." in page.text
    assert "橋は開通した。残る二つも続く。" in page.text


def test_file_that_cannot_be_read_says_why_in_the_language_of_the_reader() -> None:
    english = read_body(b"%PDF-1.7 broken", today=TODAY, content_type="application/pdf")
    with translation.override("ja"):
        japanese = read_body(b"%PDF-1.7 broken", today=TODAY, content_type="application/pdf")
    picture = read_body(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, today=TODAY, content_type="image/png")
    assert isinstance(english, Unread) and isinstance(japanese, Unread)
    assert isinstance(picture, Unread)
    assert english.sentence and japanese.sentence
    assert english.sentence != japanese.sentence


def test_those_that_ask_load_nothing_of_what_reads() -> None:
    listed = (
        "import sys, recommendations.capturing.reading, recommendations.capturing.sandbox\n"
        "print(*sys.modules)"
    )
    outcome = confined.run(["-c", listed], b"", seconds=15, wall=60, most=1_000_000)
    modules = set(outcome.said.decode().split())
    assert "recommendations.capturing.confined" in modules
    assert not modules & {"pypdfium2", "mammoth", "recommendations.capturing.connecting"}
