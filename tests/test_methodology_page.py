"""The public page of the rules: complete, and made from the definitions that are enforced."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from recommendations.models import Action, Coding, Edition
from recommendations.statuses import (
    EVIDENCE_DEFINITIONS,
    EVIDENCE_RULES,
    ROLL_UP_RULES,
    SCHEDULE_DEFINITIONS,
    STATUS_DEFINITIONS,
    Attribution,
    Confidence,
    EvidenceItem,
    EvidenceKind,
    Precision,
    Schedule,
    Status,
    missing_evidence,
)
from recommendations.statuses.code_book import CODE_BOOK

from .factories import PUBLISHED_ON, group_parties, published_action, published_actions

pytestmark = pytest.mark.run_once


@pytest.fixture
def page(db: None, client: Client) -> str:
    return client.get("/methodology/").content.decode()


@pytest.mark.parametrize("vocabulary", [Status, EvidenceKind, Schedule])
def test_each_code_stands_beside_its_word(page: str, vocabulary) -> None:
    for choice in vocabulary:
        row = page.split(f"<code>{choice}</code>")[0].rpartition("<tr")[2]
        assert str(escape(choice.label)) in row


@pytest.mark.parametrize(
    "definitions",
    [STATUS_DEFINITIONS, EVIDENCE_DEFINITIONS, ROLL_UP_RULES, SCHEDULE_DEFINITIONS],
)
def test_each_definition_is_told_as_the_code_has_it(page: str, definitions: dict) -> None:
    assert [text for text in definitions.values() if escape(str(text)) not in page] == []


@pytest.mark.parametrize("vocabulary", [Precision, Confidence, Attribution])
def test_each_precision_and_degree_is_named(client: Client, db: None, vocabulary) -> None:
    # Which know their fiscal years.
    group_parties()
    page = client.get("/methodology/").content.decode()
    assert [label for label in vocabulary.labels if f"“{escape(label)}”" not in page] == []


def test_each_group_of_parties_is_named(client: Client, db: None) -> None:
    group_parties()
    page = client.get("/methodology/").content.decode()
    for name in ("United States", "Japan", "Both", "With others"):
        assert f"“{name}”" in page


def test_fiscal_years_of_others_are_not_named(page: str) -> None:
    assert "Fiscal year of Japan" not in page and "Fiscal year, by its first day" in page


def test_each_status_has_one_evidence_rule() -> None:
    covered = [status for statuses, _needed in EVIDENCE_RULES for status in statuses]
    assert sorted(covered) == sorted(Status)


def test_evidence_rules_tell_which_statuses_need_what() -> None:
    one_press_item = [EvidenceItem(EvidenceKind.PRESS, "A")]
    settled, stepped, searched, free = (statuses for statuses, _needed in EVIDENCE_RULES)
    for status in Status:
        with_one = missing_evidence(status, one_press_item, has_search_note=True)
        without = missing_evidence(status, [], has_search_note=True)
        unsearched = missing_evidence(status, [], has_search_note=False)
        assert bool(with_one) == (status in settled)
        assert bool(without) == (status in settled | stepped)
        assert bool(unsearched) == (status not in free)
        assert (status in searched) == (bool(unsearched) and not without)


def test_evidence_rules_stand_on_the_page(page: str) -> None:
    assert "“Implemented”, “Overtaken by events”, “Rejected”: one primary or official item" in page
    for _statuses, needed in EVIDENCE_RULES:
        assert escape(str(needed)) in page


# The code book, and how two coders agreed ------------------------------------------------------


def test_code_book_stands_on_the_page_and_in_the_documentation(page: str) -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "methodology.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\d+\. (.*)$", text.split("## Code book")[1].split("\n## ")[0], re.M)
    assert documented == [str(rule) for rule in CODE_BOOK]
    assert [rule for rule in CODE_BOOK if escape(str(rule)) not in page] == []


def coding(action: Action, edition: Edition, coder: str, status: str, **fields: str) -> Coding:
    return Coding.objects.create(
        action=action, coder=coder, status=status, edition=edition, **fields
    )


@pytest.fixture
def coded(db: None) -> list[Action]:
    """Four actions: the same, another, not assessed by the first, and not verifiable."""
    actions = published_actions(4)
    edition = Edition.objects.get(number=1)
    codes = [
        ("partly", "partly"),
        ("no_action", "partly"),
        ("not_assessed", "stalled"),
        ("not_verifiable", "not_verifiable"),
    ]
    for action, (first, second) in zip(actions, codes, strict=True):
        coding(action, edition, "first", first)
        coding(action, edition, "second", second)
        coding(
            action, edition, "adjudicated", second, decision="correct", reason=f"Of {action.label}."
        )
    return actions


def test_agreement_is_told_by_report_with_what_was_decided(client: Client, coded) -> None:
    html = client.get("/methodology/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Of 2 actions that both assessed, 1 got the same status." in words
    assert "where both assessed 2 1 0.00" in words
    assert "with those that one did not assess 3 1" in words
    assert "2 actions that were coded differently, and what was decided" in words
    table = html.split('<table class="codings">')[1].split("</table>")[0]
    assert [action.get_absolute_url() in table for action in coded] == [False, True, True, False]
    assert "No action found" in table
    assert f"Of {coded[1].label}." in table


def test_agreement_is_none_of_an_edition_before_it(client: Client, coded) -> None:
    published_action(on=PUBLISHED_ON + timedelta(days=1))
    newest = Edition.objects.latest("number")
    Coding.objects.create(
        action=coded[0], coder="second", status="stalled", edition=newest, reason=""
    )
    old = client.get("/methodology/?edition=1").content.decode()
    assert "3 actions that were coded differently" not in old
    assert "3 actions that were coded differently" in client.get("/methodology/").content.decode()
