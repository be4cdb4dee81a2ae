"""The difference between two texts reads as words, in English and in Japanese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations import wording
from recommendations.wording import Piece, pieces_of, tokens_of


def shown(before: str, after: str) -> str:
    """As a person marks it: [-gone-] and {+new+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces_of(before, after))


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "", ""),
        ("", "New text.", "{+New text.+}"),
        ("Old text.", "", "[-Old text.-]"),
        ("Same text.", "Same text.", "Same text."),
        ("Sign the act.", "Sign the new act.", "Sign the {+new +}act."),
        ("the old law", "a new law", "[-the old-]{+a new+} law"),
        ("Act in 2024.", "Act in 2025.", "Act in [-2024-]{+2025+}."),
        ("One.\nTwo.", "One.\nThree.", "One.\n[-Two-]{+Three+}."),
        ("日米同盟を強化する", "日米同盟を深化する", "日米同盟を[-強-]{+深+}化する"),
        (
            "防衛省が設置する。",
            "防衛省が統合司令部を設置する。",
            "防衛省が{+統合司令部を+}設置する。",
        ),
        ("NATOと協議", "EUと協議", "[-NATO-]{+EU+}と協議"),
    ],
)
def test_difference_reads_as_words(before: str, after: str, marked: str) -> None:
    assert shown(before, after) == marked


def test_japanese_is_split_by_character_and_english_by_word() -> None:
    assert tokens_of("日米 two words") == ["日", "米", " ", "two", " ", "words"]


TEXTS = st.text(alphabet="ab 日米。\n1", max_size=40)


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = pieces_of(before, after)
    assert "".join(p.text for p in pieces if p.kind != "new") == before
    assert "".join(p.text for p in pieces if p.kind != "gone") == after


def test_very_long_texts_are_compared_at_their_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MOST_COMPARISONS", 3)
    assert pieces_of("a b c d", "a x c y") == [
        Piece("a "),
        Piece("b c d", "gone"),
        Piece("x c y", "new"),
    ]
