"""Where the words of a search stand in a text as it is written, whatever its letters are."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommendations.text.passages import LENGTH, marked, passage
from recommendations.text.places import clusters, folded_with_places, tokens_in
from recommendations.text.queries import has_part, parse, stands_in
from recommendations.text.search_names import SearchNames
from recommendations.text.tokens import folded, tokens_of

NAMES = SearchNames.of([("JSDF\nSelf-Defense Forces\n自衛隊", None)])


def marks(text: str, query: str) -> list[str]:
    found = marked(text, NAMES.query(query).terms)
    assert found.text == text
    return [piece.text for piece in found.pieces if piece.is_marked]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        # stems and spelling
        ("All commands of the commander", "command", ["commands", "commander"]),
        ("The defence programme", "defense program", ["defence programme"]),
        # width, kana and what is joined to a letter
        ("共有とﾐｻｲﾙ防衛", "ミサイル防衛", ["ﾐｻｲﾙ防衛"]),
        ("ﾊﾞｲﾃﾞﾝが言う", "ばいでん", ["ﾊﾞｲﾃﾞﾝ"]),
        ("ジョー・バイデンが言う", "ジョーバイデン", ["ジョー・バイデン"]),
        ("ＣＯＭＭＡＮＤ and ctrl", "command", ["ＣＯＭＭＡＮＤ"]),
        ("a cafe\u0301 and a café", "cafe", ["cafe\u0301", "café"]),
        ("㌢㍍ the treaty", "treaty", ["treaty"]),
        ("the ﬁnal act", "final", ["ﬁnal"]),
        ("か\u3099いこう", "がいこう", ["か\u3099いこう"]),
        # abbreviations and numbers
        ("The U.S. forces", "US", ["U.S"]),
        ("The US forces", "u.s.", ["US"]),
        ("In the 1990s", "1990", ["1990"]),
        ("Ten F-35s", "F-35", ["F-35"]),
        # phrases, across punctuation and stop words
        ("Command, and (control)!", '"command control"', ["Command, and (control"]),
        ("control of command", '"command control"', []),
        ("日米の指揮、統制", "指揮 統制", ["指揮", "統制"]),
        ("日米の指揮、統制", "指揮統制", []),
        # one character begins with it
        ("同盟の志", "同", ["同"]),
        ("同盟の志", "志", ["志"]),
        # other names, also with words of their own
        ("自衛隊とJSDF", "JSDF", ["自衛隊", "JSDF"]),
        ("The Self-Defense Forces and forces", "自衛隊", ["Self-Defense Forces"]),
        # overlapping terms are one mark
        ("日米同盟", "日米同 米同盟", ["日米同盟"]),
        # what is unwanted or passed over is not marked
        ("the treaty and command", "the -command treaty", ["treaty"]),
        ("nothing", '""', []),
        ("", "treaty", []),
    ],
)
def test_matches_are_marked_as_they_are_written(text, query, expected):
    assert marks(text, query) == expected


def test_a_passage_is_short_and_cut_at_words():
    text = "before " * 60 + "the treaty on chips " + "after " * 60
    found = passage(text, parse("treaties").terms)
    assert found.is_cut_before
    assert found.is_cut_after
    assert len(found.text) <= LENGTH
    assert len(found.text) > LENGTH - 20
    assert set(found.text.split()) == {"before", "the", "treaty", "on", "chips", "after"}
    assert not found.text[0].isspace()
    assert not found.text[-1].isspace()


def test_a_japanese_passage_is_cut_at_characters():
    text = "前" * 300 + "同盟" + "後" * 300
    found = passage(text, parse("同盟").terms)
    assert len(found.text) == LENGTH
    assert "同盟" in found.text


def test_a_passage_is_where_most_of_the_words_stand():
    text = "The treaty. " + "Nothing. " * 40 + "A treaty on chips. " + "Nothing. " * 40
    found = passage(text, parse("treaty chips").terms)
    assert "treaty on chips" in "".join(piece.text for piece in found.pieces)


def test_a_passage_at_the_end_has_its_length_and_is_not_cut_there():
    found = passage("before " * 60 + "treaty", parse("treaty").terms)
    assert found.text.endswith("treaty")
    assert not found.is_cut_after
    assert len(found.text) > LENGTH - 10


def test_a_text_without_spaces_is_cut_all_the_same():
    text = "a/" * 300 + "treaty" + "/b" * 300
    found = passage(text, parse("treaty").terms)
    assert len(found.text) <= LENGTH
    assert [piece.text for piece in found.pieces if piece.is_marked] == ["treaty"]


def test_a_short_text_is_shown_whole():
    found = passage(" A treaty. ", parse("treaty").terms)
    assert found.text == " A treaty. "
    assert not found.is_cut_before
    assert not found.is_cut_after


# Of any text ------------------------------------------------------------------------------------

SIGNS = (
    "abs ST,.'’9 \n・ー同盟米かがカガﾊﾞﾊﾟｶﾞｰ\u3099\u309a\u0301\u0323éÅﬁ㍍ＡＢ１①½ǆﷺ\u1100\u1161"
    "\u11a8한-ﾡￂ\u200d\ufe0f𠮷👩🏽"
)
TEXTS = st.text(st.sampled_from(SIGNS) | st.characters(codec="utf-8"), max_size=400)
WORDS = st.lists(
    st.sampled_from(
        ["command", "Commands", "US", "U.S.", "1990s", "同盟", "ﾐｻｲﾙ", "ミサイル", "café"]
    )
    | st.text(st.sampled_from(SIGNS), max_size=4),
    min_size=1,
    max_size=4,
)


@given(TEXTS)
@example("ﾊﾟ\u3099")
def test_a_folded_text_is_the_one_that_is_indexed(text):
    letters, places = folded_with_places(text)
    assert letters == folded(text)
    assert len(letters) == len(places)
    assert [one.token for one in tokens_in(text)] == tokens_of(text)
    assert "".join(text[start:end] for start, end in clusters(text)) == text


@given(TEXTS, WORDS, TEXTS)
def test_a_passage_stands_in_its_text_and_its_marks_hold_what_is_asked(before, words, after):
    text = f"{before} {' '.join(words)} {after}"
    terms = parse(" ".join(word.replace('"', "") for word in words)).terms
    found = passage(text, terms)
    assert found.text in text
    assert found.is_cut_before or text.startswith(found.text)
    assert found.is_cut_after or text.endswith(found.text)
    own = unicodedata.normalize("NFKC", text)
    for piece in found.pieces:
        # A sign such as "_" beside it may have kept "U.S" from being one word.
        if piece.is_marked and "_" not in own:
            assert any(stands_in(term, tokens_of(piece.text)) for term in terms), piece


@given(TEXTS, WORDS)
def test_what_the_index_finds_is_marked(text, words):
    query = parse(" ".join(words))
    tokens = tokens_of(text)
    found = {piece.text for piece in marked(text, query.terms).pieces if piece.is_marked}
    assert bool(found) == any(has_part(part, tokens) for part in query.wanted)


@given(st.text(max_size=200))
def test_whatever_is_asked_for_can_be_read(query):
    found = passage("日米同盟 and U.S. forces " * 20, NAMES.query(query).terms)
    assert re.search("日米|U", found.text)
