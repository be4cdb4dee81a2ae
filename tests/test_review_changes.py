"""The reviewer of a correction is told of every field that it changes, and of no other."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from recommendations.models import Evidence, StatusUpdate

from .factories import correction_of, published_action, published_update
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

SOURCE = {
    "kind": "press",
    "title": "The office opens",
    "publisher": "The Paper",
    "is_state_media": False,
    "published_on": date(2025, 3, 2),
    "published_precision": "day",
    "accessed_on": date(2026, 6, 1),
    "url": "https://paper.example/office",
    "archived_url": "https://archive.example/office",
    "supports": "That the office has opened.",
    "quotation": "The doors are open.",
    "page": "3",
    "language": "en",
}
OTHER_SOURCE = {
    "kind": "official",
    "title": "The office closes",
    "publisher": "The Gazette",
    "is_state_media": True,
    "published_on": date(2025, 3, 3),
    "published_precision": "month",
    "accessed_on": date(2026, 6, 2),
    "url": "https://paper.example/other",
    "archived_url": "https://archive.example/other",
    "supports": "That the office has closed.",
    "quotation": "The doors are shut.",
    "page": "4",
    "language": "ja",
    "capture_sha256": "0" * 64,
}
# Whose item it is, where it stands among the others, and what its address gives it when it is
# published say nothing of a source.
NO_PART_OF_A_SOURCE = {"id", "update", "position", "source"}

SAID = {
    "effective_on": date(2025, 3, 1),
    "effective_precision": "day",
    "note": "The office opened.",
    "search_note": "Two archives.",
    "searched_on": date(2026, 5, 1),
    "confidence": "high",
    "attribution": "report",
    "next_review_on": date(2027, 1, 1),
}
OTHERWISE = {
    "effective_on": date(2025, 3, 2),
    "effective_precision": "month",
    "note": "The office closed.",
    "search_note": "Three archives.",
    "searched_on": date(2026, 5, 2),
    "confidence": "low",
    "attribution": "aligned",
    "next_review_on": date(2027, 1, 2),
}
LABELS = {
    "effective_on": "Took effect",
    "effective_precision": "Took effect",
    "note": "What happened",
    "search_note": "Where was searched",
    "searched_on": "Date of the search",
    "confidence": "Confidence",
    "attribution": "Attribution",
    "next_review_on": "Look at it again by",
}
# Shown elsewhere on the page than in the rows of fields: the status above them, what is relied on
# beside the sources, both notes above the table. The action is the same on both sides.
SHOWN_APART = {"action", "status", "note_to_reviewer", "correction_reason"}


def names_of(model: type) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def typed_in_an_update() -> list[str]:
    fields = StatusUpdate._meta.concrete_fields
    return [field.name for field in fields if field.editable and not field.primary_key]


@pytest.fixture
def first(db: None) -> StatusUpdate:
    return published_update(
        published_action(), "in_progress", evidence=[SOURCE], on=SAID["effective_on"]
    )


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def page_of(desk: Client, correction: StatusUpdate) -> str:
    return desk.get(f"/admin/review/{correction.slug}/").content.decode()


def states_of_sources(page: str) -> list[str]:
    """What is said of each source that is proposed."""
    return re.findall(r"<strong>\((\w+)\)</strong>", page)


def labels_unchanged(page: str) -> set[str]:
    headings = re.findall(r'<th scope="row">(.*?)</th>', page, re.DOTALL)
    return {
        text_of(one).removesuffix("unchanged").strip() for one in headings if "unchanged" in one
    }


# Sources ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name in names_of(Evidence) if name not in NO_PART_OF_A_SOURCE]
)
def test_a_correction_that_changes_one_field_of_a_source_says_so(desk, first, name):
    assert name in OTHER_SOURCE, f"Give {name} another value in SOURCE and OTHER_SOURCE."
    correction = correction_of(first)
    correction.evidence.update(**{name: OTHER_SOURCE[name]})
    page = page_of(desk, correction)
    # Sources are told apart by their address.
    assert states_of_sources(page) == ["new" if name == "url" else "changed"]


def test_the_copy_that_a_source_names_is_told(desk, first):
    correction = correction_of(first)
    assert "SHA-256" not in page_of(desk, correction)
    correction.evidence.update(capture_sha256="0123456789abcdef" * 4)
    assert "SHA-256 0123456789ab…" in text_of(page_of(desk, correction))


def test_a_source_that_a_correction_left_alone_is_called_unchanged(desk, first):
    assert states_of_sources(page_of(desk, correction_of(first))) == ["unchanged"]


def test_a_source_that_moved_among_the_others_is_unchanged(desk, first):
    correction = correction_of(first)
    correction.evidence.update(position=7)
    assert states_of_sources(page_of(desk, correction)) == ["unchanged"]


def test_two_items_of_one_address_are_each_compared_with_their_own(desk):
    pages = [SOURCE, SOURCE | {"page": "40", "supports": "What it cost."}]
    first = published_update(published_action(), "in_progress", evidence=pages)
    correction = correction_of(first)
    assert states_of_sources(page_of(desk, correction)) == ["unchanged", "unchanged"]
    correction.evidence.filter(page="40").update(page="41")
    assert states_of_sources(page_of(desk, correction)) == ["unchanged", "changed"]


# The update -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in typed_in_an_update() if name not in SHOWN_APART])
def test_a_correction_that_changes_one_field_says_so(desk, name):
    assert name in OTHERWISE, f"Add {name} to admin/review/comparison.py, and its values here."
    first = published_update(published_action(), "in_progress", evidence=[SOURCE], **rows(SAID))
    labels = set(LABELS.values())
    # The date of the next review is the one that a correction does not take over.
    same = correction_of(first, next_review_on=SAID["next_review_on"])
    assert labels_unchanged(page_of(desk, same)) == labels
    StatusUpdate.objects.filter(pk=same.pk).update(**{name: OTHERWISE[name]})
    assert labels_unchanged(page_of(desk, same)) == labels - {LABELS[name]}


def rows(values: dict[str, Any]) -> dict[str, Any]:
    """The values under the names of the factory."""
    short = {"effective_on": "on", "effective_precision": "precision"}
    return {short.get(name, name): value for name, value in values.items()}


def test_notes_status_and_reliance_are_shown_beside_the_fields(desk):
    action = published_action()
    earlier = published_update(action, "in_progress", evidence=[SOURCE])
    first = published_update(action, "partly", on=date(2025, 9, 1))
    correction = correction_of(first, status="stalled", note_to_reviewer="Mind the date.")
    correction.relies_on.set([earlier])
    text = text_of(page_of(desk, correction))
    assert "The source was misread." in text
    assert "Mind the date." in text
    assert "Stalled" in text
    assert "Relies also on the evidence of:" in text
