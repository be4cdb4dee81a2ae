"""Two people who publish at the same moment, and a server that dies while one does.

Each step runs in a thread with a connection of its own, and all start together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from recommendations import digests, integrity, loading, publishing
from recommendations.integrity import derived
from recommendations.models import (
    Action,
    ContentChange,
    Edition,
    Recommendation,
    Report,
    RetractionRequest,
    StatusPeriod,
    StatusUpdate,
    StructureRequest,
    TrackerState,
    VerifiabilityPeriod,
)
from recommendations.models.structure_request import StructureStep
from recommendations.periods import store
from recommendations.publishing import Refused, Stale, editions

from .factories import (
    PUBLISHED_ON,
    ActionFactory,
    RecommendationFactory,
    UserFactory,
    correction_of,
    include,
    noon,
    published_action,
    published_actions,
    published_update,
    submitted_update,
)
from .lengths import has_long_form, pairs

pytestmark = pytest.mark.django_db(transaction=True)

NOW = noon(PUBLISHED_ON)
# After which threads are given up as hanging, however busy the machine.
SECONDS = 600


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Take the steps together; return what each returned, or why it was refused."""
    barrier = Barrier(len(steps), timeout=SECONDS)
    outcomes: list[Any] = [None] * len(steps)

    def take(n: int, step: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            outcomes[n] = step()
        except Exception as error:
            outcomes[n] = error
        finally:
            connection.close()

    threads = [Thread(target=take, args=(n, step)) for n, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS)
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return outcomes


def publishing_of(*updates: StatusUpdate) -> Callable[[], Edition]:
    reviewer = UserFactory()
    return lambda: publishing.publish(updates, reviewer=reviewer, now=NOW)


def requested(update: StatusUpdate) -> RetractionRequest:
    return publishing.request_retraction(update, by=UserFactory(), reason="It is no law.", now=NOW)


def retracting_of(request: RetractionRequest) -> Callable[[], Edition]:
    confirmer = UserFactory()
    return lambda: publishing.retract(request, by=confirmer, now=NOW)


def check_editions(before: int, *outcomes: Any) -> None:
    """Each success opened an edition of its own, without a gap, and all that follows is right."""
    opened = sorted(outcome.number for outcome in outcomes if isinstance(outcome, Edition))
    assert opened == list(range(before + 1, before + 1 + len(opened)))
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, before + 1 + len(opened))
    )
    assert TrackerState.objects.get().last_edition == before + len(opened)
    assert [str(difference) for difference in integrity.differences()] == []


def check_one_wins(before: int, outcomes: list[Any], *, match: str) -> None:
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert match in " ".join(refused.messages)
    assert sum(isinstance(outcome, Edition) for outcome in outcomes) == len(outcomes) - 1
    check_editions(before, *outcomes)


def status_of(instance: Action | Recommendation) -> str:
    instance.refresh_from_db()
    return instance.status


# At once ---------------------------------------------------------------------------------------


def test_threads_have_connections_of_their_own_and_start_together() -> None:
    inside = Barrier(2, timeout=SECONDS)

    def step() -> int:
        inside.wait()
        return id(connection.connection)

    one, other = at_once(step, step)
    assert len({one, other, id(connection.connection)}) == 3


def test_one_submission_published_twice_at_once_opens_one_edition() -> None:
    update = submitted_update(published_action(), "implemented")
    outcomes = at_once(publishing_of(update), publishing_of(update))
    check_one_wins(1, outcomes, match="is not waiting for review")


def test_two_updates_of_one_action_cannot_both_change_its_status() -> None:
    action = published_action()
    updates = [submitted_update(action, "implemented"), submitted_update(action, "rejected")]
    outcomes = at_once(*(publishing_of(update) for update in updates))
    check_one_wins(1, outcomes, match="changed since the draft was begun")
    [winner] = StatusUpdate.objects.published()
    assert status_of(action) == status_of(action.recommendation) == winner.status


def test_two_updates_that_leave_the_status_open_two_editions() -> None:
    action = published_action()
    published_update(action, "in_progress", on=date(2025, 1, 1))
    updates = [submitted_update(action, "in_progress", on=date(2025, month, 1)) for month in (2, 3)]
    outcomes = at_once(*(publishing_of(update) for update in updates))
    assert all(isinstance(outcome, Edition) for outcome in outcomes)
    check_editions(2, *outcomes)


@pytest.mark.parametrize(
    ("one", "other", "rolled_up"),
    [
        ("implemented", "implemented", "implemented"),
        ("implemented", "rejected", "partly"),
        ("rejected", "rejected", "rejected"),
    ],
)
def test_two_actions_of_one_recommendation_both_count_in_its_status(
    one: str, other: str, rolled_up: str
) -> None:
    actions = published_actions(2)
    updates = [
        submitted_update(action, status)
        for action, status in zip(actions, (one, other), strict=True)
    ]
    outcomes = at_once(*(publishing_of(update) for update in updates))
    check_editions(1, *outcomes)
    assert {outcome.number for outcome in outcomes} == {2, 3}
    assert [status_of(action) for action in actions] == [one, other]
    assert status_of(actions[0].recommendation) == rolled_up


def test_many_publications_at_once_each_open_an_edition() -> None:
    actions = published_actions(6)
    # No more at a time than the pool of connections has room for, beside the test's own.
    for start in (0, 3):
        updates = [submitted_update(action, "implemented") for action in actions[start : start + 3]]
        outcomes = at_once(*(publishing_of(update) for update in updates))
        check_editions(1 + start, *outcomes)
        assert all(isinstance(outcome, Edition) for outcome in outcomes)
    assert status_of(actions[0].recommendation) == "implemented"


def test_update_published_while_the_one_before_is_retracted() -> None:
    action = published_action()
    first = published_update(action, "in_progress", on=date(2025, 1, 1))
    second = submitted_update(action, "implemented", on=date(2025, 6, 1))
    published, retracted = at_once(publishing_of(second), retracting_of(requested(first)))
    assert isinstance(retracted, Edition)
    check_editions(2, published, retracted)
    if isinstance(published, Edition):
        assert (published.number, status_of(action)) == (3, "implemented")
    else:
        assert "changed since the draft was begun" in " ".join(published.messages)
        assert status_of(action) == "not_assessed"


def test_update_of_another_action_published_while_one_is_retracted() -> None:
    one, other = published_actions(2)
    first = published_update(one, "implemented")
    second = submitted_update(other, "implemented")
    outcomes = at_once(publishing_of(second), retracting_of(requested(first)))
    assert all(isinstance(outcome, Edition) for outcome in outcomes)
    check_editions(2, *outcomes)
    assert status_of(one.recommendation) == "partly"


def test_update_is_either_corrected_or_retracted() -> None:
    update = published_update(published_action(), "implemented")
    correction = correction_of(update, status="rejected")
    outcomes = at_once(publishing_of(correction), retracting_of(requested(update)))
    check_one_wins(2, outcomes, match="")
    update.refresh_from_db()
    is_corrected = isinstance(outcomes[0], Edition)
    assert update.end_reason == ("corrected" if is_corrected else "retracted")


def test_two_corrections_of_one_update_cannot_both_be_published() -> None:
    update = published_update(published_action(), "implemented")
    corrections = [correction_of(update, note=note) for note in ("One.", "The other.")]
    outcomes = at_once(*(publishing_of(correction) for correction in corrections))
    check_one_wins(2, outcomes, match="no longer counts")


def test_one_retraction_confirmed_twice_at_once_opens_one_edition() -> None:
    request = requested(published_update(published_action(), "implemented"))
    outcomes = at_once(retracting_of(request), retracting_of(request))
    check_one_wins(2, outcomes, match="decided already")


def test_two_retractions_confirmed_at_once_both_count() -> None:
    action = published_action()
    updates = [
        published_update(action, "in_progress", on=date(2025, 1, 1)),
        published_update(action, "implemented", on=date(2025, 6, 1)),
    ]
    outcomes = at_once(*(retracting_of(requested(update)) for update in updates))
    assert all(isinstance(outcome, Edition) for outcome in outcomes)
    check_editions(3, *outcomes)
    assert status_of(action) == status_of(action.recommendation) == "not_assessed"


def test_retraction_asked_for_twice_at_once_waits_once() -> None:
    update = published_update(published_action(), "implemented")
    person = UserFactory()

    def ask() -> RetractionRequest:
        return publishing.request_retraction(update, by=person, reason="It is no law.", now=NOW)

    outcomes = at_once(ask, ask)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert RetractionRequest.objects.count() == 1


def test_action_is_withdrawn_while_its_update_is_published() -> None:
    action = published_action()
    update = submitted_update(action, "implemented")
    withdrawing = asked(publishing.Step.about(StructureStep.WITHDRAW, action))
    published, withdrawn = at_once(publishing_of(update), withdrawing)
    # Whichever comes second finds that the other has changed what it is about.
    check_editions(1, *(one for one in (published, withdrawn) if isinstance(one, Edition)))
    if isinstance(published, Refused):
        assert "not part of the public record" in " ".join(published.messages)
        assert status_of(action.recommendation) == "not_assessed"
    else:
        assert isinstance(withdrawn, Stale)
        assert status_of(action.recommendation) == "implemented"


def test_step_that_two_confirm_at_once_is_taken_once() -> None:
    action = published_action()
    step = publishing.Step.about(StructureStep.NOT_VERIFIABLE, action)
    request = publishing.request_step(step, by=UserFactory(), reason="A wish.", now=NOW)

    def confirming(person: User) -> Callable[[], Edition]:
        return lambda: publishing.confirm_step(request, by=person, now=NOW)

    outcomes = at_once(*(confirming(UserFactory()) for _n in range(2)))
    check_one_wins(1, outcomes, match="decided already")


def test_step_that_two_ask_for_at_once_waits_once() -> None:
    action = published_action()
    step = publishing.Step.about(StructureStep.WITHDRAW, action)

    def asking(person: User) -> Callable[[], StructureRequest]:
        return lambda: publishing.request_step(step, by=person, reason="Twice.", now=NOW)

    outcomes = at_once(*(asking(UserFactory()) for _n in range(2)))
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert StructureRequest.objects.waiting().count() == 1


def test_two_first_publications_at_once_share_one_state() -> None:
    """On an empty database even the row to lock has to be made."""
    recommendations = [RecommendationFactory() for _n in range(2)]
    for recommendation in recommendations:
        ActionFactory(recommendation=recommendation)

    def step(report: Report) -> Callable[[], Edition]:
        return lambda: include(reports=[report], now=NOW)

    outcomes = at_once(*(step(recommendation.report) for recommendation in recommendations))
    check_editions(0, *outcomes)
    assert {outcome.number for outcome in outcomes} == {1, 2}


def test_check_is_silent_while_others_publish() -> None:
    updates = [
        submitted_update(action, "implemented")
        for _n in range(4)
        for action in published_actions(4)
    ]
    publications = [publishing_of(update) for update in updates]
    lines: list[str] = []

    def publish_one_after_another() -> None:
        for publication in publications:
            publication()

    def check_again_and_again() -> None:
        while StatusUpdate.objects.published().count() < len(updates):
            lines.extend(str(difference) for difference in integrity.differences())

    at_once(publish_one_after_another, check_again_and_again)
    assert lines == []


# Half done -------------------------------------------------------------------------------------


def everything() -> dict[str, list[dict[str, Any]]]:
    models = (
        Action,
        Edition,
        Recommendation,
        Report,
        RetractionRequest,
        ContentChange,
        StatusPeriod,
        StatusUpdate,
        TrackerState,
        VerifiabilityPeriod,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def die(*args: Any, **kwargs: Any) -> None:
    """As a worker does that its server stops."""
    raise SystemExit(1)


LATE = [(store, "tell"), (store, "_write_columns"), (digests, "seal"), (editions, "touch")]


def step_publish() -> Callable[[], Edition]:
    update = published_update(published_action(), "implemented")
    return publishing_of(correction_of(update, status="rejected"))


def step_retract() -> Callable[[], Edition]:
    return retracting_of(requested(published_update(published_action(), "implemented")))


def asked(step: publishing.Step, reason: str = "Twice.") -> Callable[[], Edition]:
    """Another person's confirmation of a step that one has asked for."""
    request = publishing.request_step(step, by=UserFactory(), reason=reason, now=NOW)
    other = UserFactory()
    return lambda: publishing.confirm_step(request, by=other, now=NOW)


def step_include() -> Callable[[], Edition]:
    report = ActionFactory().recommendation.report
    return asked(publishing.Step.about(StructureStep.INCLUDE, report))


def step_withdraw() -> Callable[[], Edition]:
    action = published_action()
    published_update(action, "implemented")
    return asked(publishing.Step.about(StructureStep.WITHDRAW, action))


def step_set_verifiable() -> Callable[[], Edition]:
    action = published_action()
    return asked(publishing.Step.about(StructureStep.NOT_VERIFIABLE, action))


STEPS = [step_publish, step_retract, step_include, step_withdraw, step_set_verifiable]


@has_long_form
@pytest.mark.parametrize(("make", "late"), pairs(STEPS, LATE))
def test_server_that_dies_late_in_a_step_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch, make: Callable, late: tuple[Any, str]
) -> None:
    step, before = make(), everything()
    last = Edition.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(*late, die)
        with pytest.raises(SystemExit):
            step()
    assert everything() == before
    # Taken again it succeeds, and no number was lost.
    check_editions(last, step())


def test_server_that_dies_while_loading_a_baseline_leaves_no_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = everything()
    path = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
    monkeypatch.setattr(editions, "touch", die)
    with pytest.raises(SystemExit):
        loading.load(path.read_text(encoding="utf-8"), now=NOW)
    assert everything() == before


def test_server_that_dies_in_a_rebuild_leaves_the_damage_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published_update(published_action(), "implemented")
    StatusPeriod.objects.all().delete()
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(derived, "touch", die)
        with pytest.raises(SystemExit):
            integrity.rebuild()
    assert everything() == before
    integrity.rebuild()
    assert list(integrity.differences()) == []
