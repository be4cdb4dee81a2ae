"""What a page says of itself: read where it says so, and never made up."""

from __future__ import annotations

import codecs
from datetime import date

import pytest

from recommendations.capturing.answers import Page
from recommendations.capturing.charsets import (
    ALIASES,
    BOMS,
    GUESSES,
    KNOWN,
    LAST,
    READ_AS,
    decoded,
)
from recommendations.capturing.pages import page_of
from recommendations.capturing.stated_dates import stated_in

pytestmark = pytest.mark.run_once

TODAY = date(2026, 11, 30)
WORDS = "The ministry opened ten bridges and says that two more will follow. " * 6
JAPANESE = "国土交通省は本日、十の橋を供用開始したと発表した。残る二つの橋も続く見込みである。" * 6


def read(html: str | bytes, *, content_type: str = "text/html", address: str = "") -> Page:
    body = html.encode() if isinstance(html, str) else html
    address = address or "https://news.example.org/2019/05/06/bridges?id=20200102"
    return page_of(body, content_type=content_type, address=address, today=TODAY)


def document(head: str = "", body: str = "", *, lang: str = ' lang="en"') -> str:
    return f"<!doctype html><html{lang}><head>{head}</head><body>{body}<p>{WORDS}</p></body></html>"


def test_facts_of_a_page_are_read() -> None:
    page = read(
        document(
            """
            <title>Ten bridges open | Road Gazette</title>
            <meta property="og:title" content="Ten bridges open">
            <meta property="og:site_name" content="Road Gazette">
            <meta name="author" content="Ada Example and Bo Sample">
            <meta property="article:published_time" content="2026-05-02T09:30:00+09:00">
            <link rel="canonical" href="/bridges#top">
            """,
            "<h1>Ten bridges open</h1>",
        )
    )
    assert (page.kind, page.title, page.publisher) == ("page", "Ten bridges open", "Road Gazette")
    assert page.authors == ("Ada Example", "Bo Sample")
    assert (page.published_on, page.published_precision) == (date(2026, 5, 2), "day")
    assert (page.language, page.canonical) == ("en", "https://news.example.org/bridges")
    assert WORDS.strip() in page.text


def test_facts_of_json_ld_are_read() -> None:
    data = """{"@context": "https://schema.org", "@graph": [
        {"@type": "Organization", "name": "Not the article"},
        {"@type": ["NewsArticle"], "headline": "Ten bridges &amp; more",
         "datePublished": "2026-05-02", "author": [{"name": "Ada Example"}],
         "publisher": {"@type": "Organization", "name": "Road Gazette"}}]}"""
    page = read(document(f'<script type="application/ld+json">{data}</script>'))
    assert (page.publisher, page.authors) == ("Road Gazette", ("Ada Example",))
    assert page.title.startswith("Ten bridges")
    assert page.published_on == date(2026, 5, 2)


def test_title_of_a_page_is_without_its_site() -> None:
    head = (
        '<title>Ten bridges - Road Gazette</title><meta name="dc.publisher" content="Road Gazette">'
    )
    assert read(document(head)).title == "Ten bridges"
    assert read(document("<title>Ten bridges - two more</title>")).title == "Ten bridges - two more"


@pytest.mark.parametrize(
    ("words", "on", "precision"),
    [
        ("2026-05-02", date(2026, 5, 2), "day"),
        ("2026-05-02T23:59:00Z", date(2026, 5, 2), "day"),
        ("20260502", date(2026, 5, 2), "day"),
        ("20260502T101500", date(2026, 5, 2), "day"),
        ("Sat, 02 May 2026 10:00:00 GMT", date(2026, 5, 2), "day"),
        ("May 2, 2026", date(2026, 5, 2), "day"),
        ("2026年5月2日", date(2026, 5, 2), "day"),
        ("２０２６年５月２日", date(2026, 5, 2), "day"),
        ("令和8年5月2日", date(2026, 5, 2), "day"),
        ("令和元年5月2日", date(2019, 5, 2), "day"),
        ("令和八年五月十二日", date(2026, 5, 12), "day"),
        ("平成二十九年十二月三十一日", date(2017, 12, 31), "day"),
        ("二〇二六年十月二日", date(2026, 10, 2), "day"),
        ("May 2026", date(2026, 5, 1), "month"),
        ("2026-05", date(2026, 5, 1), "month"),
        ("2026年5月", date(2026, 5, 1), "month"),
        ("令和八年五月", date(2026, 5, 1), "month"),
        ("2026", date(2026, 1, 1), "year"),
        ("2026年", date(2026, 1, 1), "year"),
        ("令和8年", date(2026, 1, 1), "year"),
    ],
)
def test_date_is_as_exact_as_it_was_said(words: str, on: date, precision: str) -> None:
    found = stated_in(words)
    assert found
    assert (found.on, found.precision) == (on, precision)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yesterday",
        "05/02/2026",
        "2/5/26",
        "2026-13",
        "20261345",
        "1746180000",
        "十十年",
        "13月",
    ],
)
def test_unclear_date_is_none(words: str) -> None:
    assert stated_in(words) is None


@pytest.mark.parametrize(
    ("head", "body", "on"),
    [
        ('<meta name="dcterms.issued" content="2026-05">', "", date(2026, 5, 1)),
        ("", '<span itemprop="datePublished" content="2026-05-02">today</span>', date(2026, 5, 2)),
        ("", '<p><time pubdate datetime="2026-05-02">2 May</time></p>', date(2026, 5, 2)),
        ("", "<h1>Bridges</h1><p><time>2 May 2026</time></p>", date(2026, 5, 2)),
        ("", "<h1>Bridges</h1><p>Published 2 May 2026</p>", date(2026, 5, 2)),
        ("", "<h1>橋について</h1><p>令和8年5月2日</p>", date(2026, 5, 2)),
        ("", "<h1>橋について</h1><p>令和八年五月二日 公表</p>", None),
        ("", f"<p>{WORDS}</p><p>The bridge of 2 May 1911 was the first one here.</p>", None),
        ("", "<h1>Bridges</h1><p>Updated 2 May 2026</p>", None),
        ("", "<footer>Copyright 2026</footer>", None),
        ('<meta property="article:modified_time" content="2026-05-02">', "", None),
        ('<meta name="date" content="2027-05-02">', "", None),
        (
            "",
            '<ul><li><time datetime="2026-05-02">a</time></li>'
            '<li><time datetime="2026-05-03">b</time></li></ul>',
            None,
        ),
    ],
)
def test_date_is_where_the_page_says_so_and_nowhere_else(
    head: str, body: str, on: date | None
) -> None:
    assert read(document(head, body)).published_on == on


def test_address_is_never_taken_for_a_date() -> None:
    assert read(document()).published_on is None


@pytest.mark.parametrize(
    ("canonical", "read_as"),
    [
        ("https://news.example.org/a", "https://news.example.org/a"),
        ("a?b=c", "https://news.example.org/2019/05/06/a?b=c"),
        ("http://127.0.0.1/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_canonical_address_is_one_that_could_be_fetched(canonical: str, read_as: str) -> None:
    assert read(document(f'<link rel="canonical" href="{canonical}">')).canonical == read_as


def test_language_is_that_of_the_letters_where_they_are_japanese() -> None:
    assert read(f'<html lang="en"><body><p>{JAPANESE}</p></body></html>').language == "ja"
    assert read(f'<html lang="fr-FR"><body><p>{WORDS}</p></body></html>').language == "fr"
    assert read(f"<html><body><p>{WORDS}</p></body></html>").language == "en"


HEAD = '<!doctype html><html><head><meta charset="{}"></head><body><p>{}</p></body></html>'


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("UTF-8", "utf-8"),
        ("ISO-2022-JP", "iso2022_jp"),
    ],
)
def test_letters_are_read_as_the_page_or_its_head_says(label: str, encoding: str) -> None:
    body = HEAD.format(label, JAPANESE).encode(encoding)
    assert JAPANESE in read(body).text
    bare = HEAD.replace('<meta charset="{}">', "{}").format("", JAPANESE).encode(encoding)
    assert JAPANESE in read(bare, content_type=f'text/html; charset="{label}"').text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8", "iso2022_jp", "utf-8-sig"])
def test_letters_of_which_nobody_says_anything_are_told(encoding: str) -> None:
    body = f"<html><body><p>{JAPANESE}</p></body></html>".encode(encoding)
    assert JAPANESE in read(body).text


def test_letters_of_western_windows_are_read() -> None:
    words = "“The façade” – of Köln’s café costs 5 €. " * 8
    for label in ("iso-8859-1", "windows-1252", "latin1"):
        text, encoding = decoded(words.encode("cp1252"), f"text/html; charset={label}")
        assert (text, encoding) == (words, "cp1252")
    text, _encoding = decoded(words.encode("cp1252"))
    assert text == words


def test_wrong_word_about_the_letters_is_not_believed() -> None:
    body = HEAD.format("utf-8", JAPANESE).encode("cp932")
    assert JAPANESE in read(body, content_type="text/html; charset=utf-8").text
    for label in ("hex", "rot13", "punycode", "utf-7", "idna", "undefined", "nonsense", ""):
        text, encoding = decoded(JAPANESE.encode(), f"text/html; charset={label}")
        assert (text, encoding) == (JAPANESE, "utf-8")


def test_each_name_of_letters_is_that_of_a_codec() -> None:
    assert {codecs.lookup(name).name for name in KNOWN} == KNOWN
    assert set(READ_AS) == {codecs.lookup(name).name for name in READ_AS}
    assert {*READ_AS.values(), *ALIASES.values(), *GUESSES, *BOMS.values(), LAST} <= KNOWN


def test_text_alone_is_read() -> None:
    page = read(JAPANESE.encode("euc_jp"), content_type="text/plain; charset=euc-jp")
    assert (page.kind, page.text, page.language) == ("text", JAPANESE, "ja")


def test_zeros_and_tags_without_an_end_are_read() -> None:
    assert "Ten\ufffdbridges" in read(f"<html><body><p>Ten\0bridges</p><p>{WORDS}</p>").text
    assert "Ten bridges" in read("<html><body><p>Ten bridges" + "<b><i>" * 100).text
    assert read(b"\0\0\0\0", content_type="text/html").text.strip("\ufffd") == ""


def test_json_ld_that_is_none_or_has_no_end_is_passed_over() -> None:
    for data in (
        "{",
        "[" * 50_000,
        '{"@type": 3, "author": {"name": {"name": []}}}',
        "null",
        "[[1]]",
    ):
        page = read(document(f'<script type="application/ld+json">{data}</script>'))
        assert (page.authors, page.published_on) == ((), None)
