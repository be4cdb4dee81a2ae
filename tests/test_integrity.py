"""What `check_integrity` names, one kind of damage after another, and what `rebuild` repairs.

Damage is done past the models, as by a hand on the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Max

from recommendations import integrity
from recommendations.models import (
    Action,
    Deadline,
    Edition,
    Evidence,
    EvidencePeriod,
    Recommendation,
    Report,
    RetractionRequest,
    StatusPeriod,
    StatusUpdate,
    TrackerState,
    VerifiabilityPeriod,
)

from .conftest import snapshots
from .factories import (
    ActionFactory,
    DeadlineFactory,
    EditionFactory,
    PartyFactory,
    VerifiabilityPeriodFactory,
    corrected,
    noon,
    published_action,
    published_actions,
    published_update,
    retracted,
    set_verifiable,
    submitted_update,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps its own full-text index and keys"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the index of SQLite is a table and three triggers"
)


def found() -> list[str]:
    return [str(difference) for difference in integrity.differences()]


def kinds() -> set[str]:
    return {difference.kind for difference in integrity.differences()}


def said_by_command() -> str:
    """What the command prints before it fails."""
    out = StringIO()
    with pytest.raises(CommandError, match=r"\d+ found"):
        call_command("check_integrity", stdout=out)
    return out.getvalue()


def rebuild() -> None:
    """Rebuild, whatever else is damaged."""
    call_command("rebuild", despite_differences=True, stdout=StringIO())


def derived() -> dict[str, list[dict[str, Any]]]:
    """Every derived row, with its primary key."""
    models = (Action, Recommendation, StatusPeriod)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@contextmanager
def undone() -> Iterator[None]:
    """For damage that the database would refuse at the end of the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_lapsed() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 3, 1))
    published_update(action, "partly", on=date(2025, 9, 1), search_note="Two archives.")
    DeadlineFactory(action=action, on=date(2025, 12, 31))
    rebuild()


@pytest.fixture
def action() -> Action:
    """Implemented, and then no longer: it has two periods and the mark Lapsed."""
    snapshots.begin_with("lapsed", make_lapsed)
    return Action.objects.get()


@pytest.fixture
def update(action: Action) -> StatusUpdate:
    return action.updates.get(status="partly")


# Sound -----------------------------------------------------------------------------------------


def test_check_is_silent_after_loading_the_baseline(baseline: None) -> None:
    out = StringIO()
    call_command("check_integrity", stdout=out)
    assert out.getvalue() == ""


def test_check_is_silent_on_an_empty_database() -> None:
    assert found() == []


def test_check_is_silent_after_every_step_of_publishing(action: Action) -> None:
    corrected(action.updates.get(status="implemented"), effective_on=date(2025, 4, 1))
    retracted(action.updates.get(status="partly"))
    published_update(action, "no_action")
    action.refresh_from_db()
    set_verifiable(action, is_verifiable=False, reason="A wish.")
    [other] = published_actions(recommendation=action.recommendation)
    submitted_update(other, "implemented")
    withdraw(other, reason="It was counted twice.")
    assert found() == []


def test_rebuild_leaves_a_sound_record_as_it_is(baseline: None) -> None:
    before = derived()
    rebuild()
    assert derived() == before


def test_rebuild_derives_the_whole_baseline_again(baseline: None) -> None:
    before = derived()
    StatusPeriod.objects.all().delete()
    Action.objects.update(status="rejected", due_on=None, addressee="both", fell_from="implemented")
    Recommendation.objects.update(status="rejected", status_since=None)
    rebuild()
    assert found() == []
    assert derived()["Action"] == before["Action"]
    assert derived()["Recommendation"] == before["Recommendation"]


def test_rebuild_says_to_caches_that_pages_changed(action: Action) -> None:
    before = TrackerState.objects.get().content_revision
    rebuild()
    assert TrackerState.objects.get().content_revision > before


# Derived: named, and repaired ------------------------------------------------------------------


def check_is_named_and_repaired(*names: str, repaired: bool = True) -> None:
    """Each of these is part of a line that the command prints; after a rebuild it is silent."""
    lines = said_by_command()
    assert all(name in lines for name in names), lines
    rebuild()
    assert (found() == []) is repaired


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "implemented"),
        ("status_since", date(2025, 9, 2)),
        ("status_since", None),
        ("fell_from", ""),
        ("implemented_on", date(2025, 3, 2)),
        ("implemented_on", None),
        ("last_reviewed_on", date(2020, 1, 1)),
        ("last_reviewed_on", None),
        ("addressee", "japan"),
        ("due_on", date(2026, 1, 1)),
        ("due_on", None),
    ],
)
def test_wrong_column_of_an_action_is_named(action: Action, column: str, value: Any) -> None:
    Action.objects.filter(pk=action.pk).update(**{column: value})
    right = getattr(action, column)
    assert found() == [f"column: {action}: {column} is {value}, not {right}"]
    check_is_named_and_repaired()


@pytest.mark.parametrize(
    ("column", "value"),
    [("status", "implemented"), ("status_since", date(2025, 1, 1)), ("status_since", None)],
)
def test_wrong_column_of_a_recommendation_is_named(action: Action, column: str, value: Any) -> None:
    recommendation = action.recommendation
    recommendation.refresh_from_db()
    Recommendation.objects.filter(pk=recommendation.pk).update(**{column: value})
    right = getattr(recommendation, column)
    assert found() == [f"column: {recommendation}: {column} is {value}, not {right}"]
    check_is_named_and_repaired()


def test_derived_column_of_a_draft_is_checked_too() -> None:
    ActionFactory()
    rebuild()
    Action.objects.update(status="rejected")
    check_is_named_and_repaired("status is rejected, not not_assessed")


def test_party_changed_past_the_admin_is_named(action: Action) -> None:
    action.parties.add(PartyFactory(slug="japan"))
    check_is_named_and_repaired("addressee is united_states, not both")


def test_deadline_changed_past_the_admin_is_named(action: Action) -> None:
    Deadline.objects.update(precision="year", on=date(2026, 5, 1))
    check_is_named_and_repaired("due_on is 2025-12-31, not 2026-12-31")


@pytest.fixture(params=["action", "recommendation"])
def periods_of(request: pytest.FixtureRequest, action: Action) -> Callable[[], Any]:
    """The periods of the action, then those of its recommendation."""
    owner = action if request.param == "action" else action.recommendation
    name = f"period: {request.param} {owner.pk}"
    return lambda: (name, owner.periods.order_by("from_edition_id", "starts_on"))


def test_missing_period_is_named(periods_of: Callable) -> None:
    name, periods = periods_of()
    periods.first().delete()
    check_is_named_and_repaired(f"{name}: is missing: implemented 2025-03-01")


def test_all_periods_missing_are_named(periods_of: Callable) -> None:
    name, periods = periods_of()
    count = periods.count()
    periods.all().delete()
    assert said_by_command().count(f"{name}: is missing") == count
    check_is_named_and_repaired()


def test_extra_period_is_named(periods_of: Callable) -> None:
    name, periods = periods_of()
    extra = periods.last()
    extra.pk, extra.status, extra.starts_on = None, "rejected", date(2026, 1, 1)
    extra.save()
    check_is_named_and_repaired(f"{name}: does not follow from the record: rejected 2026-01-01")


def test_duplicated_period_is_named(periods_of: Callable) -> None:
    name, periods = periods_of()
    twin = periods.last()
    twin.pk = None
    twin.save()
    check_is_named_and_repaired(f"{name}: is there twice: partly 2025-09-01")
    assert periods_of()[1].filter(status="partly").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "rejected"},
        {"starts_on": date(2025, 8, 31)},
        {"ends_on": date(2026, 1, 1)},
        {"fell_from": "the other"},
        {"from_edition": 1},
        {"until_edition": F("from_edition") + 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_changed_period_is_named(periods_of: Callable, changed: dict[str, Any]) -> None:
    EditionFactory(number=Edition.objects.aggregate(n=Max("number"))["n"] + 1)
    name, periods = periods_of()
    last = periods.last()
    if "fell_from" in changed:
        changed = {"fell_from": "" if last.fell_from else "in_progress"}
    StatusPeriod.objects.filter(pk=last.pk).update(**changed)
    lines = [line for line in found() if line.startswith("period")]
    assert len(lines) == len(set(lines)) == 2
    assert f"{name}: does not follow from the record" in lines[0]
    assert f"{name}: is missing: partly 2025-09-01/" in lines[1]
    rebuild()
    assert not kinds() & {"period", "column"}


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "official"},
        {"counts": {"press": 7}},
        {"starts_on": date(2025, 8, 31)},
        {"ends_on": date(2026, 1, 1)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_changed_evidence_period_is_named(action: Action, changed: dict[str, Any]) -> None:
    last = action.evidence_periods.last()
    EvidencePeriod.objects.filter(pk=last.pk).update(**changed)
    lines = [line for line in found() if line.startswith("period")]
    assert len(lines) == len(set(lines)) == 2
    assert "does not follow from the record" in lines[0]
    assert "is missing: evidence press 1 2025-09-01/" in lines[1]
    rebuild()
    assert found() == []


def test_lost_and_doubled_evidence_periods_are_named_and_repaired(action: Action) -> None:
    first, last = action.evidence_periods.filter(until_edition=None).order_by("starts_on")
    first.delete()
    last.pk = None
    last.save()
    said = [line for line in found() if line.startswith("period")]
    assert len(said) == 2
    assert "is missing: evidence primary 1 2025-03-01/2025-09-01" in said[0]
    assert "is there twice" in said[1]
    rebuild()
    assert found() == []


@pytest.mark.parametrize("changed", [{"evidence_kind": "none"}, {"evidence_counts": {}}])
def test_changed_column_of_the_evidence_is_named(action: Action, changed: dict[str, Any]) -> None:
    Action.objects.filter(pk=action.pk).update(**changed)
    [name] = changed
    [line] = found()
    assert line.startswith("column") and name in line
    rebuild()
    assert found() == []


def test_period_of_another_update_is_named(action: Action) -> None:
    other = action.updates.get(status="implemented")
    action.periods.filter(status="partly").update(update=other)
    check_is_named_and_repaired("does not follow from the record", f"by update {other.pk}")


def test_closed_period_that_opens_again_is_named(periods_of: Callable) -> None:
    name, periods = periods_of()
    periods.filter(until_edition__isnull=False).update(until_edition=None)
    check_is_named_and_repaired(f"{name}: does not follow from the record")


def test_wrong_period_of_an_action_does_not_excuse_its_recommendation(action: Action) -> None:
    StatusPeriod.objects.filter(status="partly").update(status="rejected")
    Recommendation.objects.update(status="rejected")
    check_is_named_and_repaired(
        f"period: action {action.pk}: is missing: partly",
        f"period: recommendation {action.recommendation_id}: is missing: partly",
        f"column: {action.recommendation}: status is rejected, not partly",
    )


def test_wording_changed_past_the_admin_is_named(action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(title="Build a shipyard")
    check_is_named_and_repaired(
        f"text history: Action {action.pk}: title is not what it says last",
        repaired=False,
    )
    assert found() == [f"text history: Action {action.pk}: title is not what it says last"]


@pytest.mark.parametrize("last", [0, 2, 4, 99])
def test_wrong_last_edition_is_named(action: Action, last: int) -> None:
    TrackerState.objects.update(last_edition=last)
    check_is_named_and_repaired(f"edition: last edition: is {last}, should be 3")


def test_missing_state_is_named(action: Action) -> None:
    TrackerState.objects.all().delete()
    check_is_named_and_repaired("edition: last edition: is 0, should be 3")


def test_several_kinds_of_damage_are_named_together(action: Action) -> None:
    Action.objects.update(status="rejected", due_on=None)
    StatusPeriod.objects.filter(recommendation__isnull=False).delete()
    TrackerState.objects.update(last_edition=7)
    assert kinds() == {"column", "period", "edition"}
    check_is_named_and_repaired("status is rejected", "due_on is None", "edition:")


# The record: named, and left to people ---------------------------------------------------------


def check_is_named(*names: str) -> None:
    """The command names it, and a rebuild does not pretend to have repaired it."""
    lines = said_by_command()
    assert all(name in lines for name in names), lines
    rebuild()
    lines = said_by_command()
    assert all(name in lines for name in names), lines


def test_gap_in_the_editions_is_named(action: Action) -> None:
    EditionFactory(number=7)
    check_is_named("edition: numbers: 4 editions up to 7")


@pytest.mark.parametrize("kind", ["updates", "structure"])
def test_edition_that_lost_what_it_opened_for_is_named(action: Action, kind: str) -> None:
    EditionFactory(number=4, kind=kind)
    check_is_named("edition: Edition 4: nothing of the record belongs to it")


def test_update_deleted_with_its_periods_is_named(update: StatusUpdate) -> None:
    StatusPeriod.objects.filter(update=update).delete()
    Evidence.objects.filter(update=update).delete()
    update.editors.clear()
    update.notices.all().delete()
    sql("DELETE FROM recommendations_statusupdate WHERE id = %s", update.pk)
    assert f"edition: Edition {update.edition_id}: nothing of the record" in said_by_command()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"effective_day": date(2025, 9, 2)}, "stamp: {}: effective day is not 2025-09-01"),
        ({"effective_on": date(2025, 9, 2)}, "stamp: {}: effective day is not 2025-09-02"),
        ({"effective_precision": "month"}, "stamp: {}: effective day is not 2025-09-30"),
        ({"published_at": noon(date(2026, 9, 30))}, "stamp: {}: published_at is not that of"),
        ({"effective_on": date(2026, 12, 1)}, "evidence: {}: The date of effect lies after"),
        ({"searched_on": date(2026, 12, 1)}, "evidence: {}: The date of the search lies in"),
        ({"status": "implemented"}, "evidence: {}: “Implemented” rests on one publisher"),
    ],
)
def test_changed_update_is_named(update: StatusUpdate, changed: dict[str, Any], name: str) -> None:
    StatusUpdate.objects.filter(pk=update.pk).update(**changed)
    check_is_named(name.format(update.slug))


def test_update_that_moved_to_another_edition_is_named(update: StatusUpdate) -> None:
    StatusUpdate.objects.filter(pk=update.pk).update(edition=1)
    check_is_named(f"stamp: {update.slug}: published_at is not", "edition: Edition 3: nothing")


def test_correction_keeps_the_cap_of_what_it_replaces(update: StatusUpdate) -> None:
    correction = corrected(update, published_on=date(2026, 11, 1), note="Better said.")
    first = StatusUpdate.objects.filter(pk__in=[update.pk, correction.pk])
    first.update(effective_on=date(2026, 12, 1), effective_precision="year")
    lines = said_by_command()
    assert f"stamp: {correction.slug}: effective day is not 2026-10-01" in lines


@pytest.mark.parametrize("editions", [{"from_edition": 3}, {"from_edition": None}])
def test_update_from_before_its_action_was_in_the_record_is_named(
    action: Action, editions: dict[str, Any]
) -> None:
    Action.objects.filter(pk=action.pk).update(**editions)
    check_is_named("its action was not in the record in its edition", "verifiable: action")


def test_update_from_after_its_action_was_withdrawn_is_named(action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(until_edition=3, withdrawal_reason="Why.")
    check_is_named("its action was not in the record in its edition")


def test_reviewer_among_those_who_saved_the_draft_is_named(update: StatusUpdate) -> None:
    update.editors.add(update.reviewer)
    check_is_named(f"four eyes: {update.slug}: its reviewer saved the draft")


# The evidence of what is published


def test_missing_evidence_is_named(update: StatusUpdate) -> None:
    Evidence.objects.filter(update=update).delete()
    check_is_named(f"evidence: {update.slug}: “Partly implemented” needs one item")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"kind": "announcement"}, "cannot rest on announcements alone"),
        ({"accessed_on": None}, "lacks: date of access"),
        ({"published_on": None}, "lacks: date of publication"),
        ({"title": ""}, "lacks: title"),
        ({"accessed_on": date(2026, 12, 1)}, "was accessed in the future"),
    ],
)
def test_changed_evidence_is_named(
    update: StatusUpdate, changed: dict[str, Any], name: str
) -> None:
    Evidence.objects.filter(update=update).update(**changed)
    lines = [line for line in found() if line.startswith(f"evidence: {update.slug}: ")]
    assert len(lines) == 1
    check_is_named(name)


def test_no_action_without_its_note_of_the_search_is_named() -> None:
    update = published_update(published_action(), "no_action")
    StatusUpdate.objects.filter(pk=update.pk).update(search_note="")
    check_is_named(f"evidence: {update.slug}: “No action found” needs a note of where")


def test_confirmation_without_its_note_of_the_search_is_named(
    action: Action, update: StatusUpdate
) -> None:
    confirmation = published_update(
        action,
        "partly",
        on=date(2026, 9, 1),
        evidence=[],
        relies_on=[update],
        search_note="Two archives.",
        searched_on=date(2026, 9, 1),
    )
    assert found() == []
    StatusUpdate.objects.filter(pk=confirmation.pk).update(searched_on=None)
    check_is_named(f"evidence: {confirmation.slug}: A confirmation needs a note")


def test_reliance_on_another_action_is_named(update: StatusUpdate) -> None:
    other = published_update(published_action())
    update.relies_on.add(other)
    check_is_named(f"evidence: {update.slug}: {other.slug} is of another action")


def test_reliance_on_a_later_update_is_named(action: Action, update: StatusUpdate) -> None:
    first = action.updates.get(status="implemented")
    first.relies_on.add(update)
    check_is_named(f"evidence: {first.slug}: {update.slug} did not count before it")


def test_reliance_on_a_draft_is_named(action: Action, update: StatusUpdate) -> None:
    draft = submitted_update(action, "stalled")
    update.relies_on.add(draft)
    check_is_named(f"evidence: {update.slug}: {draft.slug} did not count before it")


def test_reliance_on_an_update_that_had_ended_is_named(action: Action) -> None:
    first = action.updates.get(status="implemented")
    retracted(first)
    later = published_update(action, "stalled", on=date(2026, 9, 1))
    later.relies_on.add(first)
    check_is_named(f"evidence: {later.slug}: {first.slug} did not count before it")


def test_reliance_on_an_update_that_ended_since_is_sound(
    action: Action, update: StatusUpdate
) -> None:
    published_update(action, "stalled", on=date(2026, 9, 1), relies_on=[update])
    retracted(update)
    assert found() == []


# Corrections and retractions


STANDS = {"ended_in_edition": None, "end_reason": "", "end_note": ""}


@pytest.mark.parametrize(
    "changed",
    [STANDS, {"ended_in_edition": 5}, {"end_note": "Another reason."}, {"end_reason": "retracted"}],
    ids=["stands", "edition", "note", "reason"],
)
def test_corrected_update_that_did_not_end_with_it_is_named(
    action: Action, update: StatusUpdate, changed: dict[str, Any]
) -> None:
    correction = corrected(update)
    published_update(action, "stalled", on=date(2026, 9, 1))
    StatusUpdate.objects.filter(pk=update.pk).update(**changed)
    check_is_named(f"correction: {correction.slug}: what it replaces has not ended with it")


def test_corrected_update_without_a_successor_is_named(update: StatusUpdate) -> None:
    correction = corrected(update)
    StatusUpdate.objects.filter(pk=correction.pk).update(replaces=None)
    check_is_named(f"correction: {update.slug}: nothing replaces it")


def test_correction_of_another_action_is_named(update: StatusUpdate) -> None:
    correction = corrected(update)
    other = published_action()
    StatusUpdate.objects.filter(pk=correction.pk).update(action=other)
    check_is_named(f"correction: {correction.slug}: it replaces one of another action")


def test_retraction_that_nobody_confirmed_is_named(update: StatusUpdate) -> None:
    retracted(update)
    RetractionRequest.objects.all().delete()
    check_is_named(f"retraction: {update.slug}: nobody confirmed it")


@pytest.mark.parametrize(
    "changed",
    [STANDS, {"ended_in_edition": 5}, {"end_note": "Another reason."}],
    ids=["stands", "edition", "note"],
)
def test_retracted_update_that_did_not_end_with_it_is_named(
    action: Action, update: StatusUpdate, changed: dict[str, Any]
) -> None:
    retracted(update)
    published_update(action, "stalled", on=date(2026, 9, 1), published_on=date(2026, 10, 2))
    StatusUpdate.objects.filter(pk=update.pk).update(**changed)
    check_is_named(f"retraction: {update.slug}: was confirmed, and has not ended with it")


# What is counted


@pytest.mark.parametrize(
    ("model", "whole"), [(Report, "report"), (Recommendation, "recommendation")]
)
@pytest.mark.parametrize("since", [3, None])
def test_part_from_before_its_whole_is_named(
    action: Action, model: Any, whole: str, since: int | None
) -> None:
    model.objects.update(from_edition=since)
    check_is_named(f"is in the record since before its {whole}")


def test_action_without_verifiability_is_named(action: Action) -> None:
    VerifiabilityPeriod.objects.all().delete()
    check_is_named(f"verifiable: action {action.pk}: its periods leave a gap")


@pytest.mark.parametrize("changed", [{"from_edition": 2}, {"until_edition": 3}])
def test_verifiability_with_a_gap_is_named(action: Action, changed: dict[str, Any]) -> None:
    VerifiabilityPeriod.objects.update(**changed)
    check_is_named(f"verifiable: action {action.pk}: its periods leave a gap")


def test_verifiability_that_overlaps_is_named(action: Action) -> None:
    set_verifiable(action, is_verifiable=False, reason="A wish.")
    VerifiabilityPeriod.objects.filter(is_verifiable=True).update(until_edition=3)
    check_is_named(f"verifiable: action {action.pk}: its periods leave a gap, overlap")


def test_verifiability_of_a_draft_is_named() -> None:
    draft = ActionFactory()
    VerifiabilityPeriodFactory(action=draft, from_edition__number=1, from_edition__kind="updates")
    check_is_named(f"verifiable: action {draft.pk}: its periods leave a gap")


def test_verifiability_that_repeats_itself_is_named(action: Action) -> None:
    set_verifiable(action, is_verifiable=False, reason="A wish.")
    VerifiabilityPeriod.objects.filter(is_verifiable=True).update(is_verifiable=False)
    check_is_named(f"verifiable: action {action.pk}: a period repeats the one before it")


def test_action_that_differs_from_its_open_verifiability_is_named(action: Action) -> None:
    Action.objects.update(is_verifiable=False, verifiability_note="A wish.")
    check_is_named(f"verifiable: action {action.pk}: differs from its open period")


@on_sqlite
def test_row_that_points_nowhere_is_named(update: StatusUpdate) -> None:
    with undone():
        sql("DELETE FROM recommendations_statusupdate WHERE id = %s", update.pk)
        assert "orphan: recommendations_evidence" in said_by_command()
