"""No rule of the reader runs back over what it has read, whatever a text is made of.

Each of these takes a second or two; where a rule is not linear it takes the better part of an hour.
"""

from __future__ import annotations

import pytest

from recommendations.importing.addressees import AddresseeReader
from recommendations.importing.announcing import announces, context_of
from recommendations.importing.asked_subjects import subjects_in
from recommendations.importing.choosing import readings_of
from recommendations.importing.cover import authors_on, date_on
from recommendations.importing.deadlines import said_in
from recommendations.importing.document import Block, Document
from recommendations.importing.headings import with_titles
from recommendations.importing.hits import Hit
from recommendations.importing.hyphens import Hyphens
from recommendations.importing.imperatives import is_imperative
from recommendations.importing.markdown import html_of_markdown
from recommendations.importing.metadata import date_in
from recommendations.importing.numbering import opening_mark
from recommendations.importing.other_files import refuse_table
from recommendations.importing.request_sentences import ask_in
from recommendations.importing.styles import headline_of

from .importing_reports import NOBODY, proposed
from .printed_pages import Printed, printed
from .test_import_reading import given_up_after

SECONDS = 60
LONG = 100_000
FILLINGS = [
    " ", "a", "A ", "The ", "the Board and ", "by ", "1.", "1. ", "(", "（１）",
    "“", "12 ", "In a, ", "recommend that the ", "Led by the Board, ",
    "within one ", "2031年", "令和", "と", "は", "should ", "-", "be kept by ",
    "Recommendation 1 ", "U.S. ", "Office of the ", ",", "key ", "3",
]  # fmt: skip


@pytest.mark.parametrize("filling", FILLINGS)
def test_every_rule_for_a_sentence_ends_with_a_sentence_of_any_length(filling):
    text = filling * (LONG // len(filling))
    block = Block("paragraph", text, text)
    with given_up_after(SECONDS):
        for sentence in (text, f"The Board should {text}", f"{text} should go."):
            ask_in(sentence)
            is_imperative(sentence)
            said_in(sentence)
            opening_mark(sentence)
            date_in(sentence)
            list(subjects_in(sentence, {}, {}))
            announces(sentence)
            refuse_table(sentence)
        authors_on([block])
        date_on([block])
        headline_of(block, Hit(0, 0, len(text), "list"))
        AddresseeReader.of(Document((block,)), NOBODY)
        Hyphens([text]).joined("a", "b")


@pytest.mark.parametrize("line", ["（１）　", "ア ", "1. ", "\u3000", "①"])
def test_markdown_with_items_line_below_line_is_read(line):
    with given_up_after(SECONDS):
        html_of_markdown(f"{line}水\n" * 20_000)


def block(kind: str, text: str, level: int = 0, number: str = "") -> Block:
    return Block(kind, text, text, level, number=number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "blocks",
    [
        [block("heading", "Recommendations", 1 + n % 6) for n in range(20_000)],
        [block("item", "Recommendations", n + 1) for n in range(20_000)],
        [block("paragraph", "We recommend:"), block("item", "Clean it.", 1)] * 10_000,
        [block("item", "The Board should clean it.", 1, str(n + 1)) for n in range(20_000)],
        [block("paragraph", "Recommendation 1: Clean it.")] * 20_000,
        [block("heading", f"Recommendation 1: Clean {n}", 2) for n in range(3_000)],
        [block("heading", "1. Clean it.", 2)] * 20_000,
        [block("row", "a | b")] * 20_000,
        [block("paragraph", "“The Board should.")] * 20_000,
        [block("paragraph", "１　水について"), block("paragraph", "（１）　すること。")] * 10_000,
    ],
    ids=[
        "headings",
        "nested",
        "colons",
        "numbers",
        "labels",
        "alike",
        "chapters",
        "rows",
        "quotes",
        "japanese",
    ],
)
def test_twenty_thousand_blocks_are_read(blocks):
    with given_up_after(SECONDS):
        readings_of(context_of(with_titles(blocks), "Recommendations"))


def test_a_list_of_twenty_thousand_recommendations_is_proposed():
    with given_up_after(SECONDS):
        text = "# A\n\n## Recommendations\n\n" + "- The Board should clean it.\n" * 5_000
        assert len(list(proposed(text).recommendations)) == 5_000


def test_twenty_thousand_labels_in_one_paragraph_are_read():
    with given_up_after(SECONDS):
        proposed(
            "# A\n\n" + " ".join(f"**Recommendation {n}: Clean it.**" for n in range(1, 5_000))
        )


def test_a_page_of_twenty_thousand_lines_is_read():
    lines = [Printed("a" * 30, 70, 40 + n % 700, 11) for n in range(20_000)]
    with given_up_after(SECONDS):
        proposed(printed([lines]))


def test_elements_that_are_left_out_and_lie_in_each_other_are_read():
    page = '<div class="footer">' * 20_000 + "<p>x</p>" + "</div>" * 20_000 + "<p>Kept.</p>"
    with given_up_after(SECONDS):
        assert [one.text for one in proposed(page).blocks] == ["Kept."]
