"""What an editor decides of a proposal stands in the outline, and the draft is made of that."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from recommendations.drafting.draft import ReportFacts, addressee_names, save_draft
from recommendations.drafting.proposals import accepted, decide, preview_rows, proposals_in
from recommendations.importing import Outline
from recommendations.importing.outline import as_json, from_json
from recommendations.importing.sandbox import propose_safely
from recommendations.models import Action, Mark, Recommendation

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

# Its asks, by path: ask-0-0; then 1 with two actions, 2 and 3 with one, in the second section.
SAMPLE = settings.BASE_DIR / "fixtures" / "reports" / "labelled.md"


@pytest.fixture
def outline() -> Outline:
    return propose_safely(SAMPLE.read_bytes(), addressee_names())


def saved(outline: Outline) -> dict[str, list[str]]:
    """Return the titles of the actions by their recommendation, as the draft has them."""
    facts = ReportFacts(published_on=date(2025, 3, 1))
    save_draft(
        accepted(outline),
        slug="schools",
        file_name="labelled.md",
        checksum="",
        now=timezone.now(),
        facts=facts,
    )
    return {
        str(one): [action.title for action in one.actions.order_by("number")]
        for one in Recommendation.objects.all()
    }


def keys_of(outline: Outline) -> list[str]:
    return [one.key for one in proposals_in(outline)]


def words_marked(title: str) -> list[str]:
    return [mark.words for mark in Mark.objects.filter(action__title=title)]


RENT = "The Treasury of Exampleton must pay for the rooms."
LIMIT = "The School Board should limit a class to 24 pupils by the end of 2027."


def test_untouched_all_but_running_text_is_accepted(outline):
    assert keys_of(outline) == [
        "ask-0-0",
        "recommendation-1-0",
        "action-1-0-0",
        "action-1-0-1",
        "recommendation-1-1",
        "action-1-1-0",
        "recommendation-1-2",
        "action-1-2-0",
    ]
    assert saved(outline)["1 Make classes smaller"] == [LIMIT, RENT]
    assert Recommendation.objects.count() == 3


def test_dropped_it_is_not_in_the_draft(outline):
    decide(outline, "action-1-0-1", "drop")
    decide(outline, "recommendation-1-1", "drop")
    assert saved(outline) == {
        "1 Make classes smaller": [LIMIT],
        "3 Feed every child": ["Feed every child."],
    }


def test_kept_again_an_action_brings_its_recommendation_back(outline):
    decide(outline, "recommendation-1-1", "drop")
    assert not decide(outline, "recommendation-1-1", "drop").is_kept
    assert decide(outline, "action-1-1-0", "keep").is_kept
    assert "2 Open the libraries in the evening" in saved(outline)


def test_other_words_keep_their_place_in_the_text(outline):
    decide(outline, "recommendation-1-0", "reword", "Smaller  classes")
    decide(outline, "action-1-0-1", "reword", "Pay for\nthe rooms")
    assert saved(outline)["1 Smaller classes"] == [LIMIT, "Pay for the rooms"]
    assert words_marked("Pay for the rooms") == [RENT]


def test_running_text_that_is_taken_is_a_recommendation_of_ours(outline):
    decide(outline, "ask-0-0", "keep")
    assert saved(outline)["T1 Everybody should know that by now."] == [
        "Everybody should know that by now."
    ]
    taken = Recommendation.objects.get(number="T1")
    assert (taken.origin, taken.is_headline_of_report) == ("running_text", False)
    assert taken.passages.get().text.startswith("Classes are large.")


def test_split_each_line_is_an_action_at_its_own_words(outline):
    lines = "The School Board should limit a class to 24 pupils\nDo so by 2027"
    decide(outline, "action-1-0-0", "split", lines)
    assert saved(outline)["1 Make classes smaller"] == [*lines.split("\n"), RENT]
    assert words_marked(lines.split("\n")[0]) == [lines.split("\n")[0]]
    assert words_marked("Do so by 2027") == [LIMIT]


def test_merged_two_are_one_with_both_places(outline):
    merged = decide(outline, "action-1-0-1", "merge")
    assert merged.key == "action-1-0-0"
    title = f"{LIMIT} {RENT}"
    assert saved(outline)["1 Make classes smaller"] == [title]
    assert words_marked(title) == [LIMIT, RENT]
    assert Action.objects.get(title=title).deadlines.count() == 1


def test_parts_of_a_sentence_that_are_merged_again_have_one_place(outline):
    decide(outline, "action-1-0-0", "split", "Fewer pupils\nAnd soon")
    decide(outline, "action-1-0-1", "merge")
    assert saved(outline)["1 Make classes smaller"] == ["Fewer pupils And soon", RENT]
    assert words_marked("Fewer pupils And soon") == [LIMIT]


def test_decisions_outlast_being_kept(outline):
    decide(outline, "action-1-0-0", "split", "Fewer pupils\nAnd soon")
    decide(outline, "action-1-0-2", "merge")
    decide(outline, "recommendation-1-1", "drop")
    decide(outline, "ask-0-0", "keep")
    kept = json.loads(json.dumps(as_json(outline)))
    assert from_json(kept) == outline


@pytest.mark.parametrize(
    ("key", "decision", "words", "sentence"),
    [
        ("action-9-0-0", "drop", "", "does not exist"),
        ("action-1-0-0", "burn", "", "does not exist"),
        ("action-1-0-0", "reword", " \n", "Write the words"),
        ("action-1-0-0", "reword", "a" * 301, "At most 300 characters"),
        ("action-1-0-0", "reword", "a\x07b", "control"),
        ("action-1-0-0", "split", "one line", "line of its own"),
        ("recommendation-1-0", "split", "a\nb", "line of its own"),
        ("action-1-0-0", "merge", "", "no action before it"),
        ("ask-0-0", "merge", "", "no action before it"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(outline, key, decision, words, sentence):
    before = accepted(outline)
    with pytest.raises(ValidationError, match=sentence):
        decide(outline, key, decision, words)
    assert accepted(outline) == before


def test_merging_skips_what_was_dropped(outline):
    decide(outline, "action-1-0-0", "drop")
    with pytest.raises(ValidationError, match="no action before it"):
        decide(outline, "action-1-0-1", "merge")


def test_proposals_stand_beside_their_passage_and_are_marked_in_it(outline):
    row = next(row for row in preview_rows(outline) if "limit a class" in row.block.text)
    assert [one.key for one in row.proposals] == ["recommendation-1-0", "action-1-0-0"]
    assert f'<a href="#action-1-0-0">{LIMIT}' in row.html
