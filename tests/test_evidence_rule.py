"""What a status needs before it can be published, in each case of the methodology."""

from datetime import date
from typing import Any
from unittest import mock

import pytest

from recommendations import integrity, publishing
from recommendations.models import StatusUpdate
from recommendations.statuses import EvidenceItem, EvidenceKind, Status, missing_evidence

from .factories import (
    PUBLISHED_ON,
    UserFactory,
    corrected,
    draft_update,
    noon,
    publish,
    published_action,
    published_update,
    retracted,
    submitted_update,
)

SETTLED = ["implemented", "rejected", "overtaken"]
STEPPED = ["partly", "in_progress", "stalled"]
STRONG = ["primary", "official"]
SECONDARY = ["independent", "press"]


def item(kind: str, publisher: str = "Reuters", *, state: bool = False) -> EvidenceItem:
    return EvidenceItem(kind, publisher, state)


def missing(status: str, *items: EvidenceItem, note: bool = False, **facts: bool) -> list[str]:
    return missing_evidence(status, items, has_search_note=note, **facts)


def test_every_status_and_kind_has_a_case_below() -> None:
    assert {*SETTLED, *STEPPED, "no_action", "not_assessed"} == set(Status.values)
    assert {*STRONG, *SECONDARY, "announcement"} == set(EvidenceKind.values)


# Implemented, rejected, overtaken --------------------------------------------------------------


@pytest.mark.parametrize("status", SETTLED)
@pytest.mark.parametrize("kind", STRONG)
def test_settled_status_rests_on_one_primary_or_official_item(status: str, kind: str) -> None:
    assert missing(status, item(kind)) == []


@pytest.mark.parametrize("status", SETTLED)
@pytest.mark.parametrize(
    "kinds", [("press", "press"), ("press", "independent"), ("independent",) * 2]
)
def test_settled_status_rests_on_two_secondary_items_of_different_publishers(
    status: str, kinds: tuple[str, str]
) -> None:
    assert missing(status, item(kinds[0], "Reuters"), item(kinds[1], "Kyodo")) == []


@pytest.mark.parametrize("status", SETTLED)
def test_settled_status_without_evidence_is_refused_with_what_it_needs(status: str) -> None:
    label = Status(status).label
    assert missing(status) == [
        f"“{label}” needs one primary or official source, or two independent or press items from "
        "different publishers."
    ]


@pytest.mark.parametrize("status", SETTLED)
def test_settled_status_on_announcements_is_refused_with_what_it_needs(status: str) -> None:
    [sentence] = missing(status, item("announcement", "Reuters"), item("announcement", "Kyodo"))
    assert "needs one primary or official source" in sentence


@pytest.mark.parametrize("status", SETTLED)
@pytest.mark.parametrize("kind", SECONDARY)
def test_settled_status_on_one_secondary_item_is_told_to_add_a_second(
    status: str, kind: str
) -> None:
    label = Status(status).label
    assert missing(status, item(kind)) == [
        f"“{label}” rests on one publisher so far: add a primary or official source, or a second "
        "independent or press item from a different publisher."
    ]


@pytest.mark.parametrize("kind", SECONDARY)
def test_announcement_is_no_second_publisher(kind: str) -> None:
    [sentence] = missing("implemented", item(kind, "Reuters"), item("announcement", "Kyodo"))
    assert "rests on one publisher" in sentence


@pytest.mark.parametrize(
    "other", ["Reuters", "reuters", "REUTERS", "  Reuters ", "Ｒｅｕｔｅｒｓ", "Reuters\n"]
)
def test_one_publisher_in_two_spellings_is_one_publisher(other: str) -> None:
    [sentence] = missing("implemented", item("press", "Reuters"), item("press", other))
    assert "rests on one publisher" in sentence


def test_spaces_within_a_name_do_not_make_a_second_publisher() -> None:
    [sentence] = missing(
        "rejected", item("press", "Asahi Shimbun"), item("press", "asahi\u3000 shimbun")
    )
    assert "rests on one publisher" in sentence


def test_two_state_media_are_one_publisher() -> None:
    items = item("press", "Xinhua", state=True), item("press", "TASS", state=True)
    [sentence] = missing("implemented", *items)
    assert "rests on one publisher" in sentence


def test_state_media_and_another_publisher_are_two() -> None:
    assert missing("implemented", item("press", "Xinhua", state=True), item("press")) == []


def test_third_publisher_counts_where_the_first_two_are_one() -> None:
    items = item("press", "Reuters"), item("press", "reuters"), item("press", "Kyodo")
    assert missing("overtaken", *items) == []


# Partly, in progress, stalled -------------------------------------------------------------------


@pytest.mark.parametrize("status", STEPPED)
@pytest.mark.parametrize("kind", STRONG + SECONDARY)
def test_step_rests_on_one_item_of_any_kind_but_announcement(status: str, kind: str) -> None:
    assert missing(status, item(kind)) == []


@pytest.mark.parametrize("status", STEPPED)
def test_step_without_evidence_is_refused_with_what_it_needs(status: str) -> None:
    label = Status(status).label
    assert missing(status) == [f"“{label}” needs one item of evidence that is not an announcement."]


@pytest.mark.parametrize("status", STEPPED)
def test_step_on_announcements_alone_is_refused_however_many(status: str) -> None:
    label = Status(status).label
    items = item("announcement", "Reuters"), item("announcement", "White House")
    assert missing(status, *items) == [
        f"“{label}” cannot rest on announcements alone: add one item that documents a step."
    ]


@pytest.mark.parametrize("status", STEPPED)
def test_step_may_have_an_announcement_beside_another_item(status: str) -> None:
    assert missing(status, item("announcement"), item("press")) == []


def test_stalled_on_earlier_evidence_alone_needs_a_note_of_the_search() -> None:
    assert missing("stalled", item("primary"), has_own_items=False) == [
        "“Stalled” without an item that documents the halt needs a note of where was searched, "
        "and the date of the search."
    ]


def test_stalled_on_earlier_evidence_with_a_note_of_the_search_is_enough() -> None:
    assert missing("stalled", item("primary"), note=True, has_own_items=False) == []


# No action, not assessed, confirmation ----------------------------------------------------------


def test_no_action_without_a_note_of_the_search_is_refused() -> None:
    assert missing("no_action") == [
        "“No action found” needs a note of where was searched, and the date of the search."
    ]


@pytest.mark.parametrize("kind", EvidenceKind.values)
def test_evidence_does_not_replace_the_note_of_the_search(kind: str) -> None:
    assert len(missing("no_action", item(kind))) == 1


def test_no_action_with_a_note_of_the_search_needs_no_evidence() -> None:
    assert missing("no_action", note=True) == []


def test_not_assessed_needs_nothing() -> None:
    assert missing("not_assessed") == []


@pytest.mark.parametrize("status", [*SETTLED, *STEPPED])
def test_confirmation_without_a_note_of_the_search_is_refused(status: str) -> None:
    assert missing(status, item("primary"), is_confirmation=True) == [
        "A confirmation needs a note of where was searched, and the date of the search."
    ]


@pytest.mark.parametrize("status", [*SETTLED, *STEPPED])
def test_confirmation_with_evidence_and_note_is_enough(status: str) -> None:
    assert missing(status, item("primary"), note=True, is_confirmation=True) == []


def test_all_that_is_missing_is_said_at_once() -> None:
    assert len(missing("implemented", is_confirmation=True)) == 2


# A source of its own ----------------------------------------------------------------------------


CHANGED = [*SETTLED, "partly", "in_progress"]


def changed(status: str, *items: EvidenceItem, new: list[EvidenceItem], **facts: bool) -> list[str]:
    return missing_evidence(status, items, **({"has_search_note": False, "new_items": new} | facts))


@pytest.mark.parametrize("status", CHANGED)
def test_changed_status_on_evidence_of_others_alone_is_refused(status: str) -> None:
    label = Status(status).label
    assert changed(status, item("primary"), new=[]) == [
        f"“{label}” changes the status: add a source of its own that no update of this action "
        "cites yet, not an announcement."
    ]


@pytest.mark.parametrize("status", CHANGED)
def test_note_of_a_search_replaces_no_source_of_a_changed_status(status: str) -> None:
    assert len(changed(status, item("primary"), new=[], has_search_note=True)) == 1


@pytest.mark.parametrize("status", CHANGED)
def test_new_announcement_is_no_source_of_a_changed_status(status: str) -> None:
    promise = item("announcement")
    assert len(changed(status, item("primary"), promise, new=[promise])) == 1


@pytest.mark.parametrize("status", CHANGED)
@pytest.mark.parametrize("kind", STRONG + SECONDARY)
def test_one_new_item_may_have_the_rest_from_earlier_updates(status: str, kind: str) -> None:
    one = item(kind, "Kyodo")
    assert changed(status, one, item("press", "Reuters"), new=[one]) == []


def test_what_is_missing_besides_is_not_said_twice() -> None:
    assert len(changed("implemented", new=[])) == 1
    assert len(changed("partly", item("announcement"), new=[])) == 1


def test_correction_is_asked_for_an_item_but_for_no_new_address() -> None:
    assert changed("partly", item("press"), new=[], is_correction=True) == [
        "“Partly implemented” changes the status: add a source of its own, not an announcement."
    ]


@pytest.mark.parametrize("new", [[], [item("announcement")]])
def test_status_that_becomes_stalled_has_a_new_item_or_a_note(new: list[EvidenceItem]) -> None:
    [sentence] = changed("stalled", item("press"), *new, new=new)
    assert "without an item that documents the halt needs a note" in sentence
    assert changed("stalled", item("press"), *new, new=new, has_search_note=True) == []
    halt = item("press", "Kyodo")
    assert changed("stalled", item("press"), halt, new=[halt]) == []


@pytest.mark.parametrize("status", ["no_action", "not_assessed"])
def test_status_that_falls_to_nothing_found_has_a_note_of_the_search(status: str) -> None:
    [sentence] = changed(status, new=[])
    assert "needs a note of where was searched" in sentence
    assert changed(status, new=[], has_search_note=True) == []


# The same, for drafts ---------------------------------------------------------------------------


def refusal(update, *, on: date = PUBLISHED_ON) -> list[str]:
    with pytest.raises(publishing.Refused) as refused:
        publishing.submit(update, by=update.author, now=noon(on))
    update.refresh_from_db()
    assert update.review_state == "draft"
    return refused.value.messages


pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def test_note_of_the_search_without_its_date_is_not_enough() -> None:
    draft = draft_update(published_action(), "no_action", searched_on=None)
    assert refusal(draft) == [
        "“No action found” needs a note of where was searched, and the date of the search."
    ]


def test_note_of_the_search_made_of_spaces_is_none() -> None:
    draft = draft_update(published_action(), "no_action", search_note="  \n")
    assert len(refusal(draft)) == 1


def test_search_that_lies_in_the_future_is_refused() -> None:
    draft = draft_update(published_action(), "no_action", searched_on=date(2026, 10, 2))
    assert refusal(draft) == ["The date of the search lies in the future."]


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("title", "", "title"),
        ("published_on", None, "date of publication"),
        ("accessed_on", None, "date of access"),
    ],
)
def test_item_that_lacks_a_fact_is_refused_and_the_fact_named(
    field: str, value: str | None, name: str
) -> None:
    draft = draft_update(
        published_action(), evidence=[{"kind": "press", field: value, "position": 4}]
    )
    [sentence] = refusal(draft)
    assert sentence.startswith("Evidence 4") and sentence.endswith(f"lacks: {name}.")


def test_item_accessed_after_today_is_refused() -> None:
    evidence = [{"kind": "press", "accessed_on": date(2026, 10, 2), "position": 4}]
    draft = draft_update(published_action(), evidence=evidence)
    assert refusal(draft) == ["Evidence 4 was accessed in the future."]


def test_evidence_of_the_update_relied_on_counts_as_its_own() -> None:
    action = published_action()
    step = published_update(action, evidence=[{"kind": "press", "publisher": "Reuters"}])
    update = submitted_update(
        action,
        "implemented",
        evidence=[{"kind": "press", "publisher": "Kyodo"}],
        relies_on=[step],
    )
    assert update.review_state == "submitted"


def test_same_publisher_in_the_update_relied_on_is_no_second_one() -> None:
    action = published_action()
    step = published_update(action, evidence=[{"kind": "press", "publisher": "Reuters"}])
    draft = draft_update(
        action,
        "implemented",
        evidence=[{"kind": "independent", "publisher": "REUTERS"}],
        relies_on=[step],
    )
    [sentence] = refusal(draft)
    assert "rests on one publisher" in sentence


def test_evidence_of_an_earlier_update_counts_only_where_it_is_named() -> None:
    action = published_action()
    published_update(action, evidence=["primary"])
    [sentence] = refusal(draft_update(action, "implemented", evidence=[]))
    assert "needs one primary or official source" in sentence


def test_reliance_on_a_retracted_update_is_refused() -> None:
    action = published_action()
    step = published_update(action)
    retracted(step)
    draft = draft_update(action, relies_on=[step])
    assert refusal(draft) == ["It relies on an update that no longer counts."]


def test_reliance_on_a_corrected_update_is_refused() -> None:
    action = published_action()
    step = published_update(action)
    corrected(step)
    draft = draft_update(action, relies_on=[step])
    assert refusal(draft) == ["It relies on an update that no longer counts."]


def test_reliance_on_a_draft_is_refused() -> None:
    action = published_action()
    draft = draft_update(action, relies_on=[draft_update(action)])
    assert refusal(draft) == ["It relies on an update that no longer counts."]


def test_reliance_on_an_update_of_another_action_is_refused() -> None:
    draft = draft_update(published_action(), relies_on=[published_update(published_action())])
    assert refusal(draft) == ["It relies on an update of another action."]


def test_correction_cannot_rely_on_what_it_replaces() -> None:
    update = published_update(published_action(), evidence=["press"])
    draft = publishing.correct(update, by=update.author, reason="The source was misread.")
    draft.relies_on.add(update)
    assert refusal(draft) == ["It relies on the update that it corrects."]


def test_confirmation_on_earlier_evidence_needs_a_note_of_the_search() -> None:
    action = published_action()
    step = published_update(action, "implemented")
    draft = draft_update(action, "implemented", on=date(2026, 9, 1), evidence=[], relies_on=[step])
    assert refusal(draft) == [
        "A confirmation needs a note of where was searched, and the date of the search."
    ]


def test_confirmation_with_a_note_of_the_search_can_be_submitted() -> None:
    action = published_action()
    step = published_update(action, "implemented")
    update = submitted_update(
        action,
        "implemented",
        on=date(2026, 9, 1),
        evidence=[],
        relies_on=[step],
        search_note="The register of laws.",
        searched_on=date(2026, 9, 1),
    )
    assert update.review_state == "submitted"


def test_stall_on_the_evidence_of_the_last_step_needs_a_note_of_the_search() -> None:
    action = published_action()
    step = published_update(action, "in_progress")
    draft = draft_update(action, "stalled", on=date(2026, 9, 1), evidence=[], relies_on=[step])
    [sentence] = refusal(draft)
    assert "needs a note of where was searched" in sentence


def test_publishing_checks_the_rule_again() -> None:
    action = published_action()
    step = published_update(action, "implemented", evidence=["primary"])
    confirmation = submitted_update(
        action,
        "implemented",
        evidence=[],
        relies_on=[step],
        search_note="The register of laws.",
        searched_on=date(2026, 9, 1),
    )
    retracted(step)
    with pytest.raises(publishing.Refused, match="no longer counts"):
        publishing.publish([confirmation], reviewer=step.reviewer, now=noon(PUBLISHED_ON))


# A source of its own, for drafts ----------------------------------------------------------------


LAW = {"kind": "primary", "url": "https://law.example/act"}
NEW_SOURCE = "that no update of this action cites yet"
SEARCH = {"search_note": "The register of laws.", "searched_on": date(2026, 9, 1)}


def test_implemented_without_a_source_of_its_own_is_refused() -> None:
    """Partly implemented by a law was implemented in full by the same law, at one click."""
    action = published_action()
    step = published_update(action, "partly", evidence=[LAW])
    draft = draft_update(
        action, "implemented", on=date(2026, 9, 1), evidence=[], relies_on=[step], **SEARCH
    )
    [sentence] = refusal(draft)
    assert NEW_SOURCE in sentence


@pytest.mark.parametrize("url", ["https://law.example/act", "http://LAW.example/act/#article-2"])
def test_source_that_the_action_cites_already_is_no_new_one(url: str) -> None:
    action = published_action()
    published_update(action, "partly", evidence=[LAW])
    [sentence] = refusal(draft_update(action, "implemented", evidence=[LAW | {"url": url}]))
    assert NEW_SOURCE in sentence


def test_archived_copy_of_a_cited_source_is_no_new_one() -> None:
    action = published_action()
    copy = "https://archive.example/act"
    published_update(action, "partly", evidence=[LAW | {"archived_url": copy}])
    [sentence] = refusal(draft_update(action, "implemented", evidence=[LAW | {"url": copy}]))
    assert NEW_SOURCE in sentence


def test_source_of_another_action_or_of_an_ended_update_is_a_new_one() -> None:
    action, other = published_action(), published_action()
    published_update(other, "partly", evidence=[LAW])
    retracted(published_update(action, "partly", evidence=[LAW]))
    update = submitted_update(action, "implemented", evidence=[LAW])
    assert update.review_state == "submitted"


def test_status_that_is_only_dated_back_is_a_changed_one() -> None:
    action = published_action()
    published_update(action, "partly", on=date(2025, 3, 1))
    law = published_update(action, "implemented", on=date(2026, 3, 1), evidence=[LAW])
    draft = draft_update(
        action, "implemented", on=date(2025, 6, 1), evidence=[], relies_on=[law], **SEARCH
    )
    [sentence] = refusal(draft)
    assert NEW_SOURCE in sentence


def test_correction_may_cite_the_same_source_again() -> None:
    action = published_action()
    update = published_update(action, "implemented", evidence=[LAW])
    assert corrected(update, status="partly").is_counting


def test_correction_to_another_status_keeps_an_item_of_its_own() -> None:
    action = published_action()
    step = published_update(action, "in_progress", evidence=[LAW])
    update = published_update(action, "partly", on=date(2026, 3, 1))
    draft = publishing.correct(update, by=update.author, reason="The source was misread.")
    draft.evidence.all().delete()
    draft.relies_on.set([step])
    draft.status = "implemented"
    draft.save()
    [sentence] = refusal(draft)
    assert "add a source of its own, not an announcement" in sentence


def test_correction_of_the_same_status_does_not_lose_the_source_that_set_it() -> None:
    action = published_action()
    step = published_update(action, "in_progress", evidence=[LAW])
    update = published_update(action, "partly", on=date(2026, 3, 1))
    draft = publishing.correct(update, by=update.author, reason="The source was misread.")
    draft.evidence.all().delete()
    draft.relies_on.set([step])
    for name, value in SEARCH.items():
        setattr(draft, name, value)
    draft.save()
    [sentence] = refusal(draft)
    assert "add a source of its own, not an announcement" in sentence


def test_confirmation_rests_on_what_it_confirms_and_on_nothing_else() -> None:
    action = published_action()
    step = published_update(action, "in_progress", evidence=[LAW])
    published_update(action, "partly", on=date(2026, 3, 1))
    draft = draft_update(
        action, "partly", on=date(2026, 9, 1), evidence=[], relies_on=[step], **SEARCH
    )
    assert refusal(draft) == [
        "A confirmation relies on the evidence of the status that it confirms."
    ]


def test_confirmation_of_nothing_found_relies_on_the_finding() -> None:
    action = published_action()
    finding = published_update(action, "no_action")
    confirmation = publishing.confirm(action, by=UserFactory(), **SEARCH)
    assert list(confirmation.relies_on.all()) == [finding]


def test_publishing_asks_for_the_source_again() -> None:
    """Two drafts cite one law; once the first is published, the second tells nothing new."""
    action = published_action()
    first = submitted_update(action, "partly", evidence=[LAW])
    second = submitted_update(action, "partly", on=date(2024, 6, 1), evidence=[LAW])
    publish(first)
    StatusUpdate.objects.filter(pk=second.pk).update(status_at_draft="partly")
    with pytest.raises(publishing.Refused, match="that no update of this action cites yet"):
        publishing.publish([second], reviewer=UserFactory(), now=noon(PUBLISHED_ON))


def test_what_was_published_without_a_source_of_its_own_is_no_damage() -> None:
    """The rule is younger than some of the record: the check of the record never names that."""
    action = published_action()
    step = published_update(action, "partly", evidence=[LAW])
    draft = draft_update(action, "implemented", on=date(2026, 3, 1), evidence=[], relies_on=[step])
    with as_before_the_rule():
        publishing.submit(draft, by=draft.author, now=noon(PUBLISHED_ON))
        publishing.publish([draft], reviewer=UserFactory(), now=noon(PUBLISHED_ON))
    assert list(integrity.differences()) == []


def as_before_the_rule() -> Any:
    return mock.patch("recommendations.publishing.checks._items_for_change", lambda *a, **k: None)
