"""A mistake is mended by a correction or a retraction; the old update stays, and counts no more."""

from datetime import date

import pytest

from recommendations import publishing
from recommendations.models import Action, RetractionRequest, StatusUpdate
from recommendations.publishing import Refused

from .factories import (
    EvidenceFactory,
    UserFactory,
    corrected,
    correction_of,
    draft_update,
    noon,
    publish,
    published_action,
    published_update,
    retracted,
    submitted_update,
)

pytestmark = pytest.mark.django_db


def now(action: Action) -> tuple[str, date | None, bool]:
    action.refresh_from_db()
    return action.status, action.status_since, action.is_lapsed


# Correcting ------------------------------------------------------------------------------------


def test_correction_ends_what_it_replaces_and_says_why() -> None:
    update = published_update(published_action(), "implemented")
    correction = corrected(update, status="partly")
    assert (update.ended_in_edition, update.end_reason, update.end_note) == (
        correction.edition,
        "corrected",
        "The source was misread.",
    )
    assert now(update.action) == ("partly", date(2025, 3, 1), False)


def test_correction_is_a_draft_that_copies_the_claim_and_its_evidence() -> None:
    action = published_action()
    step = published_update(action, on=date(2024, 9, 1))
    update = published_update(action, "partly", note="The bill passed.", relies_on=[step])
    author = UserFactory()
    draft = publishing.correct(update, by=author, reason="The source was misread.")
    copied = ("status", "effective_on", "effective_precision", "note", "search_note", "confidence")
    assert all(getattr(draft, name) == getattr(update, name) for name in copied)
    assert (draft.review_state, draft.author, draft.replaces) == ("draft", author, update)
    assert list(draft.relies_on.all()) == [step]
    assert [item.url for item in draft.evidence.all()] == [
        item.url for item in update.evidence.all()
    ]


def test_beginning_a_correction_changes_nothing_public() -> None:
    update = published_update(published_action(), "implemented")
    publishing.correct(update, by=UserFactory(), reason="The source was misread.")
    update.refresh_from_db()
    assert update.is_counting
    assert now(update.action)[0] == "implemented"


def test_correction_is_reviewed_by_another_person() -> None:
    update = published_update(published_action())
    correction = correction_of(update)
    with pytest.raises(Refused, match="another person has to review"):
        publishing.publish([correction], reviewer=correction.author)


def test_author_of_the_mistake_may_review_its_correction() -> None:
    update = published_update(published_action())
    correction = correction_of(update)
    publish(correction, reviewer=update.author)
    assert correction.is_published


def test_correction_is_judged_like_any_update() -> None:
    update = published_update(published_action(), "in_progress", evidence=["press"])
    with pytest.raises(Refused, match="rests on one publisher"):
        correction_of(update, status="implemented")


@pytest.mark.parametrize("reason", ["", " \n"])
def test_correction_without_a_reason_is_refused(reason: str) -> None:
    update = published_update(published_action())
    with pytest.raises(Refused, match="Say why"):
        publishing.correct(update, by=UserFactory(), reason=reason)


def test_draft_cannot_be_corrected() -> None:
    draft = draft_update(published_action())
    with pytest.raises(Refused, match="Only an update that counts"):
        publishing.correct(draft, by=UserFactory(), reason="Why.")


def test_corrected_update_cannot_be_corrected_again() -> None:
    update = published_update(published_action())
    corrected(update)
    with pytest.raises(Refused, match="Only an update that counts"):
        publishing.correct(update, by=UserFactory(), reason="Why.")


def test_retracted_update_cannot_be_corrected() -> None:
    update = published_update(published_action())
    retracted(update)
    with pytest.raises(Refused, match="Only an update that counts"):
        publishing.correct(update, by=UserFactory(), reason="Why.")


def test_second_of_two_drafted_corrections_is_refused() -> None:
    update = published_update(published_action())
    first, second = correction_of(update), correction_of(update, note="Something else.")
    publish(first)
    with pytest.raises(Refused, match="that it corrects no longer counts"):
        publish(second)
    assert StatusUpdate.objects.published().filter(replaces=update).count() == 1


def test_correction_of_what_was_retracted_meanwhile_is_refused() -> None:
    update = published_update(published_action())
    correction = correction_of(update)
    retracted(update)
    with pytest.raises(Refused, match="that it corrects no longer counts"):
        publish(correction)


def test_correction_can_be_corrected() -> None:
    update = published_update(published_action(), "implemented")
    first = corrected(update, status="partly")
    second = corrected(first, status="in_progress")
    assert second.replaces == first
    assert first.ended_in_edition == second.edition
    assert now(update.action)[0] == "in_progress"


def test_correction_leaves_the_original_ended_in_its_first_edition() -> None:
    update = published_update(published_action(), "implemented")
    first = corrected(update, status="partly")
    corrected(first, status="in_progress")
    update.refresh_from_db()
    assert (update.ended_in_edition, update.end_reason) == (first.edition, "corrected")


def test_correction_to_another_day_frees_the_old_day() -> None:
    update = published_update(published_action(), "implemented", on=date(2025, 3, 1))
    corrected(update, effective_on=date(2025, 9, 1))
    assert now(update.action) == ("implemented", date(2025, 9, 1), False)


# The cap of a month or a year ------------------------------------------------------------------

EARLY, LATE = date(2026, 10, 10), date(2026, 11, 20)


def month_update(**fields) -> StatusUpdate:
    """Published on 10 October as a fact of October: it counts from the 10th."""
    return published_update(
        published_action(), on=date(2026, 10, 1), precision="month", published_on=EARLY, **fields
    )


def test_correction_keeps_the_cap_of_what_it_replaces() -> None:
    correction = corrected(month_update(), published_on=LATE, note="Better words.")
    assert correction.effective_day == EARLY


def test_correction_of_a_correction_keeps_the_first_cap() -> None:
    first = corrected(month_update(), published_on=LATE, note="Better words.")
    second = corrected(first, published_on=LATE, note="Still better words.")
    assert second.effective_day == EARLY


def test_another_day_of_the_same_month_is_no_other_date() -> None:
    correction = corrected(month_update(), published_on=LATE, effective_on=date(2026, 10, 31))
    assert correction.effective_day == EARLY


def test_correction_to_another_month_has_its_own_cap() -> None:
    correction = corrected(month_update(), published_on=LATE, effective_on=date(2026, 11, 1))
    assert correction.effective_day == LATE


def test_correction_to_another_precision_has_its_own_cap() -> None:
    correction = corrected(month_update(), published_on=LATE, effective_precision="year")
    assert correction.effective_day == LATE


def test_date_that_was_changed_and_changed_back_has_the_cap_of_the_last_change() -> None:
    away = corrected(month_update(), published_on=LATE, effective_on=date(2026, 9, 1))
    back = corrected(away, published_on=LATE, effective_on=date(2026, 10, 1))
    assert back.effective_day == date(2026, 10, 31)


def test_correction_may_state_a_period_that_began_after_the_first_publication() -> None:
    correction = corrected(month_update(), published_on=LATE, effective_on=date(2026, 11, 20))
    assert correction.effective_day == LATE


# Retracting ------------------------------------------------------------------------------------


def ask(update: StatusUpdate, **fields) -> RetractionRequest:
    fields = {"by": UserFactory(), "reason": "It names the wrong law."} | fields
    return publishing.request_retraction(update, **fields)


def test_retraction_ends_the_update_and_leaves_it_readable() -> None:
    update = published_update(published_action(), "implemented")
    edition = retracted(update)
    assert (update.ended_in_edition, update.end_reason, update.end_note) == (
        edition,
        "retracted",
        "It names the wrong law.",
    )
    assert update.is_published and not update.is_counting
    assert edition.kind == "updates"


def test_action_without_any_counting_update_is_not_assessed_again() -> None:
    update = published_update(published_action(), "implemented")
    retracted(update)
    assert now(update.action) == ("not_assessed", None, False)
    update.action.recommendation.refresh_from_db()
    assert update.action.recommendation.status == "not_assessed"


def test_retraction_brings_back_the_status_before() -> None:
    action = published_action()
    published_update(action, "in_progress", on=date(2025, 1, 1))
    retracted(published_update(action, "implemented", on=date(2025, 6, 1)))
    assert now(action) == ("in_progress", date(2025, 1, 1), False)


def test_retraction_brings_back_the_earlier_update_of_the_same_day() -> None:
    action = published_action()
    published_update(action, "in_progress")
    retracted(published_update(action, "implemented"))
    assert now(action)[0] == "in_progress"


def test_asking_for_a_retraction_changes_nothing_public() -> None:
    update = published_update(published_action(), "implemented")
    ask(update)
    assert now(update.action)[0] == "implemented"


def test_retraction_of_a_correction_does_not_revive_what_it_replaced() -> None:
    update = published_update(published_action(), "implemented")
    retracted(corrected(update, status="partly"))
    update.refresh_from_db()
    assert not update.is_counting
    assert now(update.action)[0] == "not_assessed"


@pytest.mark.parametrize("decide", [publishing.retract, publishing.decline_retraction])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_whoever_asked_cannot_decide(decide, is_superuser: bool) -> None:
    update = published_update(published_action())
    request = ask(update, by=UserFactory(is_superuser=is_superuser))
    with pytest.raises(Refused, match="Another person"):
        decide(request, by=request.requested_by)
    update.refresh_from_db()
    assert update.is_counting


def test_author_of_the_update_may_ask_and_its_reviewer_confirm() -> None:
    update = published_update(published_action())
    publishing.retract(ask(update, by=update.author), by=update.reviewer)
    update.refresh_from_db()
    assert update.end_reason == "retracted"


def test_declined_retraction_leaves_the_update_counting() -> None:
    update = published_update(published_action(), "implemented")
    request = ask(update)
    decider = UserFactory()
    publishing.decline_retraction(request, by=decider)
    request.refresh_from_db()
    assert (request.outcome, request.decided_by) == ("declined", decider)
    assert now(update.action)[0] == "implemented"


@pytest.mark.parametrize("decide", [publishing.retract, publishing.decline_retraction])
@pytest.mark.parametrize("again", [publishing.retract, publishing.decline_retraction])
def test_request_is_decided_once(decide, again) -> None:
    request = ask(published_update(published_action()))
    decide(request, by=UserFactory())
    with pytest.raises(Refused, match="decided already"):
        again(request, by=UserFactory())


def test_declined_retraction_can_be_asked_for_again() -> None:
    update = published_update(published_action())
    publishing.decline_retraction(ask(update), by=UserFactory())
    assert ask(update).outcome == "pending"


def test_second_request_is_refused_while_one_waits() -> None:
    update = published_update(published_action())
    ask(update)
    with pytest.raises(Refused, match="waiting already"):
        ask(update)


@pytest.mark.parametrize("reason", ["", "  "])
def test_retraction_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(Refused, match="public reason"):
        ask(published_update(published_action()), reason=reason)


def test_draft_cannot_be_retracted() -> None:
    with pytest.raises(Refused, match="Only an update that counts"):
        ask(submitted_update(published_action()))


def test_retracted_update_cannot_be_retracted_again() -> None:
    update = published_update(published_action())
    retracted(update)
    with pytest.raises(Refused, match="Only an update that counts"):
        ask(update)


def test_corrected_update_cannot_be_retracted() -> None:
    update = published_update(published_action())
    corrected(update)
    with pytest.raises(Refused, match="Only an update that counts"):
        ask(update)


def test_request_is_refused_once_the_update_was_corrected_meanwhile() -> None:
    update = published_update(published_action())
    request = ask(update)
    correction = corrected(update)
    with pytest.raises(Refused, match="Only an update that counts"):
        publishing.retract(request, by=UserFactory())
    update.refresh_from_db()
    assert (update.end_reason, update.ended_in_edition) == ("corrected", correction.edition)


# Lapsed ----------------------------------------------------------------------------------------


def test_status_that_fell_from_implemented_is_lapsed() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 6, 1))
    assert now(action) == ("partly", date(2025, 6, 1), True)


def test_status_that_rose_to_implemented_again_is_not_lapsed() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 6, 1))
    published_update(action, "implemented", on=date(2025, 9, 1))
    assert now(action) == ("implemented", date(2025, 9, 1), False)


def test_status_is_lapsed_however_many_followed_since() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 6, 1))
    published_update(action, "rejected", on=date(2025, 9, 1))
    assert now(action) == ("rejected", date(2025, 9, 1), True)


def test_retracted_implementation_leaves_no_lapse() -> None:
    action = published_action()
    update = published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 6, 1))
    retracted(update)
    assert now(action) == ("partly", date(2025, 6, 1), False)


def test_corrected_implementation_leaves_no_lapse() -> None:
    action = published_action()
    update = published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 6, 1))
    corrected(update, status="in_progress")
    assert now(action) == ("partly", date(2025, 6, 1), False)


def test_implementation_that_a_later_edition_replaced_on_its_day_leaves_no_lapse() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "partly", on=date(2025, 1, 1))
    assert now(action) == ("partly", date(2025, 1, 1), False)


# Dates of review -------------------------------------------------------------------------------


def test_retracted_update_is_no_review() -> None:
    action = published_action()
    published_update(action, "no_action", searched_on=date(2026, 6, 17))
    update = published_update(
        action, "in_progress", published_on=date(2026, 10, 1), on=date(2026, 9, 1)
    )
    action.refresh_from_db()
    assert action.last_reviewed_on == date(2026, 10, 1)
    retracted(update)
    action.refresh_from_db()
    assert action.last_reviewed_on == date(2026, 6, 17)


def test_older_search_published_later_does_not_bring_the_next_review_forward() -> None:
    action = published_action()
    published_update(action, "no_action", searched_on=date(2026, 9, 1))
    due = Action.objects.get(pk=action.pk).review_due_on
    published_update(action, "no_action", on=date(2025, 9, 1), searched_on=date(2026, 1, 1))
    action.refresh_from_db()
    assert action.review_due_on == due


def test_new_evidence_can_be_added_to_a_correction() -> None:
    update = published_update(published_action(), "in_progress", evidence=["press"])
    draft = publishing.correct(update, by=UserFactory(), reason="The law was overlooked.")
    draft.status = "implemented"
    draft.save()
    EvidenceFactory(update=draft, kind="primary")
    publishing.submit(draft, by=draft.author, now=noon(date(2026, 10, 1)))
    publish(draft)
    assert now(update.action)[0] == "implemented"
