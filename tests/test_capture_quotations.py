"""Where a quotation stands, however it was typed or copied."""

from __future__ import annotations

import pytest

from recommendations.capturing.quotations import find_quotation

pytestmark = pytest.mark.run_once

TEXT = (
    "The Ministry’s report says: “ten  bridges were\nopened” – two more will follow.\n"
    "ﾃﾞｼﾞﾀﾙ庁は「１０の橋」を 供用\n開始した。It is a well-known café, not a re-\nport."
)


@pytest.mark.parametrize(
    ("quotation", "stands"),
    [
        ("ten bridges were opened", "ten  bridges were\nopened"),
        ("TEN BRIDGES", "ten  bridges"),
        ('"ten bridges were opened"', "ten  bridges were\nopened"),
        ("「ten bridges」", "ten  bridges"),
        ("The Ministry's report", "The Ministry’s report"),
        ('opened" - two more', "opened” – two more"),
        ("デジタル庁", "ﾃﾞｼﾞﾀﾙ庁"),
        ("でじたる庁は『10の橋』を供用開始した", "ﾃﾞｼﾞﾀﾙ庁は「１０の橋」を 供用\n開始した"),
        ("橋", "橋"),
        ("well known", "well-known"),
        ("cafe\u0301", "café"),
        ("a report.", "a re-\nport."),
    ],
)
def test_quotation_is_found(quotation: str, stands: str) -> None:
    found = find_quotation(TEXT, quotation)
    assert found
    assert TEXT[slice(*found)] == stands


@pytest.mark.parametrize(
    "quotation",
    ["", "  ", "“”", "eleven bridges", "ridges were", "ten bridge", "Min", "cafe", "x" * 20_000],
)
def test_what_does_not_stand_there_is_not_found(quotation: str) -> None:
    assert find_quotation(TEXT, quotation) is None


def test_later_place_is_found_where_the_first_is_inside_a_word() -> None:
    text = "The artist makes art."
    assert find_quotation(text, "art") == (17, 20)


def test_each_run_of_words_is_found_at_its_place() -> None:
    text = "One gate was built in May.\nTwo more\tfollow; the third will not."
    words = text.split()
    for start in range(len(words) - 2):
        run = words[start : start + 3]
        found = find_quotation(text, "  ".join(run))
        assert found
        assert text[slice(*found)].split() == run


@pytest.mark.parametrize("before", [0, 59_990, 60_000, 99_990, 100_000, 159_995, 399_970])
def test_quotation_is_found_wherever_it_stands_in_a_long_text(before: int) -> None:
    """Also across the borders of the pieces in which a text is looked through."""
    quotation = "十の橋は開通した。"
    text = "。" * before + quotation + "。" * (400_000 - before)
    assert find_quotation(text, quotation) == (before, before + len(quotation))
    assert find_quotation(text, "二つの橋") is None


def test_long_quotation_is_found_across_a_border() -> None:
    quotation = "".join(f"w{n} \n\n " for n in range(900))
    text = "x " * 40_000 + quotation + "x " * 100_000
    found = find_quotation(text, quotation)
    assert found
    assert text[slice(*found)] == quotation.strip()
