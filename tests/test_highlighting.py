"""Marks laid over the HTML of a passage."""

from __future__ import annotations

import re

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from recommendations.text.highlighting import MarkedPlace, marked, text_without_tags


def place(start: int, end: int, name: str = "a", after: str = "") -> MarkedPlace:
    return MarkedPlace(start, end, f"/{name}/", mark_safe(after))


def test_a_mark_leads_to_its_action_and_ends_with_its_square():
    html = marked("Both should act.", [place(0, 4, after="<b>!</b>")])
    assert html == '<mark><a href="/a/">Both<b>!</b></a></mark> should act.'


def test_a_mark_across_elements_comes_in_pieces_and_one_square():
    html = marked("<strong>Bold</strong> and plain", [place(2, 8, after="#")])
    assert html == (
        '<strong>Bo<mark><a href="/a/">ld</a></mark></strong>'
        '<mark><a href="/a/"> and#</a></mark> plain'
    )


def test_inside_a_link_of_the_text_a_mark_has_no_link_of_its_own():
    html = marked('<a href="https://example.org/">here</a>', [place(0, 4)])
    assert html == '<a href="https://example.org/"><mark>here</mark></a>'


def test_marks_may_overlap():
    html = marked("abcdef", [place(0, 4, "one", "1"), place(2, 6, "two", "2")])
    assert re.sub(r"</?(?:mark|a)[^>]*>", "", html) == "abcd1ef2"
    assert html.count("<mark>") == 4


@pytest.mark.parametrize("start", [6, 100])
def test_a_place_beyond_the_text_is_left_out(start):
    assert marked("abcdef", [place(start, start + 3)]) == "abcdef"


def test_characters_count_as_they_are_read():
    assert text_without_tags("A &amp; B<br>C &lt;d&gt;") == "A & BC <d>"
    assert marked("A &amp; B", [place(2, 3)]) == 'A <mark><a href="/a/">&amp;</a></mark> B'


@given(
    st.lists(st.tuples(st.sampled_from(["", "em", "strong"]), st.text(max_size=8)), max_size=5),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=4),
)
def test_marks_change_nothing_of_the_text(pieces, spans):
    from django.utils.html import escape

    html = "".join(f"<{tag}>{escape(t)}</{tag}>" if tag else escape(t) for tag, t in pieces)
    places = [place(start, start + length) for start, length in spans]
    shown = marked(html, places)
    assert text_without_tags(shown) == text_without_tags(html)
    assert shown.count("<mark>") == shown.count("</mark>")
