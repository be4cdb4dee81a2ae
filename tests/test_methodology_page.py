"""The public page of the rules: complete, and made from the definitions that are enforced."""

import pytest
from django.test import Client
from django.utils.html import escape

from recommendations.statuses import (
    EVIDENCE_DEFINITIONS,
    EVIDENCE_RULES,
    ROLL_UP_RULES,
    SCHEDULE_DEFINITIONS,
    STATUS_DEFINITIONS,
    Addressee,
    Attribution,
    Confidence,
    EvidenceItem,
    EvidenceKind,
    Precision,
    Schedule,
    Status,
    missing_evidence,
)


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


@pytest.mark.parametrize("vocabulary", [Addressee, Precision, Confidence, Attribution])
def test_each_group_and_precision_is_named(page: str, vocabulary) -> None:
    assert [label for label in vocabulary.labels if f"“{escape(label)}”" not in page] == []


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
