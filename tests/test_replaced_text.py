"""Another version of a text: what changes is told first, and marks stay with their words."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.drafting.draft import addressee_names
from recommendations.drafting.likeness import pairs_of
from recommendations.drafting.replaced_text import compare_text, folded, replace_text
from recommendations.importing.sandbox import propose_safely
from recommendations.integrity import differences
from recommendations.models import Action, Mark, Passage, Report, ReportText

from .factories import PartyFactory

FIRST = """---
title: Ports
date: 2025-01-01
---

## Harbours

- **Dredge the channel.** The port should dredge it.

- **Light the pier.** The port should light it.

A last word.
"""

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture
def told(tmp_path):
    """Runs the command on a text: `told(text, "--as-draft", "ports")`."""

    def run(text: str, *arguments: str) -> str:
        path = tmp_path / "ports.md"
        path.write_text(text, encoding="utf-8")
        out = StringIO()
        call_command("import_report", str(path), *arguments, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def report(told) -> Report:
    told(FIRST, "--as-draft", "ports")
    return Report.objects.get()


def counts(out: str) -> dict[str, int]:
    lines = [line.split(None, 1) for line in out.splitlines() if not line.startswith(" " * 8)]
    return {label: int(n) for n, label in lines if n.isdigit()}


def marked_words(report: Report) -> list[str]:
    text = report.texts.first()
    marks = Mark.objects.filter(passage__report_text=text).select_related("passage")
    return [mark.passage.text[mark.start : mark.end] for mark in marks]


def test_the_same_file_again_changes_nothing(told, report):
    out = told(FIRST, "--as-text-of", "ports", "--dry-run")
    assert counts(out) == {
        "moved": 0,
        "changed": 0,
        "gone": 0,
        "new": 0,
        "marks lost": 0,
        "marks kept in changed words": 0,
        "recommendations not found": 0,
        "recommendations not in the report yet: take them in the admin, from the same file": 0,
        "passages as before": 4,
    }


def test_a_dry_run_writes_nothing(told, report):
    told(FIRST.replace("last", "final"), "--as-text-of", "ports", "--dry-run")
    assert ReportText.objects.count() == 1


def test_what_moved_keeps_its_mark_its_recommendation_and_its_anchor(told, report):
    first, second = FIRST.split("\n\n")[2:4]
    anchors = set(Passage.objects.values_list("anchor", flat=True))
    out = told(
        FIRST.replace(first, "@").replace(second, first).replace("@", second),
        "--as-text-of",
        "ports",
    )
    assert counts(out)["moved"] == 1
    text = report.texts.first()
    assert text.version == 2
    assert sorted(marked_words(report)) == [
        "The port should dredge it.",
        "The port should light it.",
    ]
    assert set(text.passages.values_list("anchor", flat=True)) == anchors
    assert [p.recommendation and p.recommendation.number for p in text.passages.all()] == [
        None,
        "2",
        "1",
        None,
    ]


def test_a_passage_worded_anew_keeps_its_recommendation_and_its_marks(told, report):
    changed = FIRST.replace("should dredge it", "must dredge it this year")
    out = told(changed, "--as-text-of", "ports")
    assert counts(out)["changed"] == 1
    assert counts(out)["marks lost"] == 0
    assert counts(out)["marks kept in changed words"] == 1
    assert counts(out)["gone"] == counts(out)["new"] == 0
    text = report.texts.first()
    assert text.passages.filter(recommendation__number="1").exists()
    assert marked_words(report) == [
        "The port must dredge it this year.",
        "The port should light it.",
    ]
    # The older version and the action are as they were.
    assert Mark.objects.filter(passage__report_text__version=1).count() == 2
    assert Action.objects.count() == 2


def test_a_sentence_that_stays_beside_a_changed_one_keeps_its_mark_exactly(told, report):
    said = "The port should dredge it."
    changed = FIRST.replace(said, "Ships wait outside for days. " + said + " So be it.")
    told(changed, "--as-text-of", "ports")
    assert marked_words(report) == [said, "The port should light it."]


def test_a_mark_whose_words_went_is_lost_and_named(told, report):
    changed = FIRST.replace("The port should dredge it.", "Nobody wants it any more, they say.")
    out = told(changed, "--as-text-of", "ports")
    assert counts(out)["marks lost"] == 1
    assert "1a The port should dredge it." in out
    assert report.texts.first().passages.filter(recommendation__number="1").exists()
    assert marked_words(report) == ["The port should light it."]


def test_what_shares_too_few_words_is_another_passage(told, report):
    out = told(FIRST.replace("A last word.", "Nothing of it remains."), "--as-text-of", "ports")
    assert (counts(out)["changed"], counts(out)["gone"], counts(out)["new"]) == (0, 1, 1)


def test_likest_passages_are_paired_each_once():
    gone = [passage("a", "The port should dredge the channel."), passage("b", "Light the pier.")]
    added = [
        passage("c", "The port must dredge the channel."),
        passage("d", "The port must dredge the whole channel."),
        passage("e", "Light the pier now."),
    ]
    pairs = pairs_of(gone, added)
    assert {new: old.anchor for new, old in pairs.items()} == {"c": "a", "e": "b"}


def test_japanese_passages_are_paired_by_their_characters():
    gone = [
        passage("a", "港は航路を浚渫すべきである。"),
        passage("b", "県は道路を直す必要がある。"),
    ]
    added = [passage("c", "港は主要な航路を浚渫すべきである。")]
    assert {new: old.anchor for new, old in pairs_of(gone, added).items()} == {"c": "a"}


def passage(anchor: str, text: str) -> Passage:
    return Passage(anchor=anchor, text=text, kind="paragraph")


NEW = "- **Widen the quay.** The port should widen it by 2030. The city must pay.\n\nA last word."


def test_a_new_recommendation_is_offered_and_becomes_a_draft_where_it_is_taken(told, report, db):
    PartyFactory(slug="city", name="The city")
    outline = proposed(FIRST.replace("A last word.", NEW))
    [offered] = compare_text(report, outline).offered
    assert offered.words == "Widen the quay"
    now = datetime(2026, 11, 1, tzinfo=UTC)
    facts = {"file_name": "ports.md", "checksum": "0" * 64, "now": now}
    replace_text(report, outline, **facts)
    assert report.recommendations.count() == 2
    replace_text(report, outline, **facts, taken=[offered.key, "recommendation-9-9"])
    new = report.recommendations.exclude(number__in=["1", "2"]).get()
    assert new.is_draft
    assert new.section == report.recommendations.get(number="2").section
    assert new.position > report.recommendations.get(number="2").position
    assert [action.title for action in new.actions.all()] == [
        "The port should widen it by 2030.",
        "The city must pay.",
    ]
    assert len(marked_words(report)) == 4
    assert not compare_text(report, outline).offered
    assert not list(differences())


def test_a_number_that_is_taken_is_given_anew(told, report):
    # Between the two, the new one is the second of the file.
    light = "- **Light the pier.**"
    outline = proposed(FIRST.replace(light, "- **Widen the quay.** Do widen it.\n\n" + light))
    [offered] = compare_text(report, outline).offered
    assert offered.found.number == "2"
    now = datetime(2026, 11, 1, tzinfo=UTC)
    facts = {"file_name": "ports.md", "checksum": "0" * 64, "now": now}
    replace_text(report, outline, **facts, taken=[offered.key])
    assert sorted(report.recommendations.values_list("number", flat=True)) == ["1", "2", "N1"]


def proposed(text: str):
    return propose_safely(text.encode(), addressee_names())


def test_a_recommendation_that_is_gone_from_the_text_is_named(told, report):
    out = told(
        FIRST.replace("- **Light the pier.** The port should light it.\n\n", ""),
        "--as-text-of",
        "ports",
    )
    assert counts(out)["recommendations not found"] == 1
    assert "2 Light the pier" in out


def test_a_report_that_was_entered_by_hand_takes_its_text_by_headlines(client, baseline, told):
    text = (
        "### Advancing the Security Alliance\n\n"
        "- __Restructure alliance command and control__. Words of a test, not of the report.\n"
    )
    told(text, "--as-text-of", "us-japan-alliance-2024")
    passage = Passage.objects.get(kind="item")
    assert passage.recommendation.number == "1.1"
    address = "/reports/us-japan-alliance-2024/text/"
    assert "Words of a test" not in client.get(address).content.decode()
    Report.objects.update(text_rights="full")
    html = client.get(address).content.decode()
    assert "Words of a test" in html
    assert html.index("Words of a test") < html.index("Bridge the U.S.-ROK alliance</a></h3>")


def test_an_unchanged_page_is_made_anew_after_a_new_text(client, baseline, told):
    address = "/reports/us-japan-alliance-2024/text/"
    tag = client.get(address)["ETag"]
    told("## A\n\nText.\n", "--as-text-of", "us-japan-alliance-2024")
    assert client.get(address)["ETag"] != tag


def test_an_unknown_report_is_refused(told, report):
    with pytest.raises(CommandError, match="There is no report “none”"):
        told(FIRST, "--as-text-of", "none")


def test_titles_are_the_same_but_for_quotes_case_and_ends():
    assert folded("Support Taiwan’s Resilience.") == folded("support  Taiwan's resilience")
    assert folded("提言１") == folded("提言1")
    assert folded("Ports") != folded("Port")
