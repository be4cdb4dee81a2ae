"""Changed words are marked, and nothing else is."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest

from recommendations.text import word_differences
from recommendations.text.word_differences import compare, whole

from .reading import text_of


def changes(before: str, after: str) -> list[tuple[str, str]]:
    return [
        (s.before.strip(), s.after.strip())
        for s in compare(before, after).stretches
        if not s.is_same
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The office opened.", "The office opened.", []),
        ("The office opened.", "The office closed.", [("opened", "closed")]),
        ("The office opened.", "The new office opened.", [("", "new")]),
        ("The office opened", "The office opened.", [("", ".")]),
        ("", "The office opened.", [("", "The office opened.")]),
        ("The office opened.", "", [("The office opened.", "")]),
        ("", "", []),
        ("a well-known act", "a little-known act", [("well-known", "little-known")]),
        ("Japan’s law", "Japan’s bill", [("law", "bill")]),
        ("café open", "cafe\u0301 open", [("café", "cafe\u0301")]),
        ("one\n\ntwo", "one two", []),
    ],
)
def test_english_is_compared_by_word(before, after, expected):
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("法案が可決された。", "法案が否決された。", [("可", "否")]),
        ("統合司令部を設置", "統合作戦司令部を設置", [("", "作戦")]),
        ("2024年の予算", "2025年の予算", [("2024", "2025")]),
        ("DoDと防衛省", "NSCと防衛省", [("DoD", "NSC")]),
        ("辻\U000e0100さん", "辻さん", [("辻\U000e0100", "辻")]),
    ],
)
def test_japanese_is_compared_by_character(before, after, expected):
    assert changes(before, after) == expected


def test_texts_with_little_in_common_are_marked_whole():
    before = "The committee of the House reported the bill in May."
    after = "Two ministers of the new cabinet met in Tokyo; the office waits for the budget."
    assert changes(before, after) == [(before, after)]


def test_values_are_the_same_or_not():
    assert not whole("1 Mar 2025", "1 Mar 2025").is_change
    assert whole("1 Mar 2025", "2 Mar 2025").before().count("<del>") == 1


def test_each_side_reads_as_its_own_text():
    before, after = "No step was found, says  A <b>.\nEnd", "A step was found.\nThe end"
    wording = compare(before, after)
    assert "".join(s.before for s in wording.stretches) == before
    assert "".join(s.after for s in wording.stretches) == after


def test_each_side_marks_only_its_own_words():
    wording = compare("The bill failed.", "The bill passed.")
    assert "<del>" in wording.before()
    assert "<ins>" not in wording.before()
    assert "<ins>" in wording.after()
    assert "<del>" not in wording.after()


def test_both_together_keep_a_space_between():
    page = compare("It failed", "It passed").together()
    assert "failed" in page
    assert "</del> <ins>" in page


def test_a_screen_reader_hears_what_changed():
    assert text_of(compare("It failed.", "It passed.").after()) == (
        "It Added: passed (end of what was added) ."
    )


def test_markup_in_a_text_is_shown_not_obeyed():
    wording = compare("<script>a</script>", "<script>b</script>&amp;")
    for page in (wording.before(), wording.after(), wording.together()):
        assert "<script>" not in page
    assert "&amp;amp;" in wording.after()


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """How many pieces of each text were compared: what it takes is the product of both."""
    sizes = []

    def noting(junk: None, before: list[str], after: list[str], **options: Any) -> SequenceMatcher:
        sizes.append((len(before), len(after)))
        return SequenceMatcher(junk, before, after, **options)

    monkeypatch.setattr(word_differences, "SequenceMatcher", noting)
    return sizes


def test_long_texts_are_compared_by_sentence(compared):
    before = "".join(f"Sentence {n} of a long note. " for n in range(2000))
    assert changes(before, before.replace("Sentence 7 of", "Sentence seven of")) == [
        ("Sentence 7 of a long note.", "Sentence seven of a long note.")
    ]
    assert compared == [(2000, 2000)]


def test_a_long_text_without_sentences_is_compared_as_a_whole(compared):
    assert compare("あ" * 100_000, "い" * 100_000).is_change
    assert compared == [(1, 1)]
