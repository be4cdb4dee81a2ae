"""A draft's way to publication: each step that the methodology allows, and each that it refuses."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from recommendations import publishing
from recommendations.models import Action, Edition, Recommendation, StatusUpdate, TrackerState
from recommendations.publishing import Refused
from recommendations.statuses import REVIEW_INTERVAL

from .factories import (
    PUBLISHED_ON,
    UserFactory,
    draft_update,
    noon,
    publish,
    published_action,
    published_actions,
    published_update,
    retracted,
    rewrite,
    submitted_update,
    withdraw,
)

pytestmark = pytest.mark.django_db


def record() -> dict[str, list]:
    """Everything that a refusal must leave as it was."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Action, Edition, Recommendation, StatusUpdate, TrackerState)
    }


def refused(step, *args, match: str, **kwargs) -> Refused:
    """The step is refused in these words, and nothing changed."""
    before = record()
    with pytest.raises(Refused, match=match) as error:
        step(*args, **kwargs)
    assert record() == before
    return error.value


def submit(draft: StatusUpdate, *, on: date = PUBLISHED_ON, by: User | None = None) -> None:
    publishing.submit(draft, by=by or draft.author, now=noon(on))
    draft.refresh_from_db()


# Submitting ------------------------------------------------------------------------------------


def test_submitting_hands_a_draft_in_and_publishes_nothing() -> None:
    action = published_action()
    draft = draft_update(action, "implemented")
    editions = Edition.objects.count()
    submit(draft)
    action.refresh_from_db()
    assert (draft.review_state, draft.submitted_at) == ("submitted", noon(PUBLISHED_ON))
    assert action.status == "not_assessed"
    assert Edition.objects.count() == editions


def test_submission_cannot_be_submitted_again() -> None:
    update = submitted_update(published_action())
    refused(publishing.submit, update, by=update.author, match="Only a draft")


def test_published_update_cannot_be_submitted() -> None:
    update = published_update(published_action())
    refused(publishing.submit, update, by=update.author, match="Only a draft")


def test_submitting_without_evidence_is_refused() -> None:
    draft = draft_update(published_action(), "implemented", evidence=[])
    refused(publishing.submit, draft, by=draft.author, match="needs one primary or official")


def test_submitting_a_fact_of_tomorrow_is_refused() -> None:
    draft = draft_update(published_action(), on=PUBLISHED_ON + timedelta(days=1))
    refused(
        publishing.submit, draft, by=draft.author, now=noon(PUBLISHED_ON), match="after the day of"
    )


def test_fact_of_today_can_be_submitted() -> None:
    draft = draft_update(published_action(), on=PUBLISHED_ON)
    submit(draft)
    assert draft.review_state == "submitted"


@pytest.mark.parametrize(
    ("precision", "on"), [("month", date(2026, 11, 1)), ("year", date(2027, 1, 1))]
)
def test_period_that_begins_tomorrow_or_later_is_refused(precision: str, on: date) -> None:
    draft = draft_update(published_action(), on=on, precision=precision)
    refused(
        publishing.submit, draft, by=draft.author, now=noon(PUBLISHED_ON), match="after the day of"
    )


@pytest.mark.parametrize("precision", ["month", "year"])
def test_period_that_has_begun_is_accepted_whichever_of_its_days_was_typed(precision: str) -> None:
    draft = draft_update(published_action(), on=date(2026, 10, 31), precision=precision)
    submit(draft)
    assert draft.review_state == "submitted"


def test_update_of_a_draft_action_is_refused() -> None:
    action = published_action()
    rewrite(lambda: Action.objects.filter(pk=action.pk).update(from_edition=None))
    draft = draft_update(action)
    refused(publishing.submit, draft, by=draft.author, match="not part of the public record")


def test_update_of_a_withdrawn_action_is_refused() -> None:
    action = published_action()
    draft = draft_update(action)
    withdraw(action, reason="It was counted twice.")
    refused(publishing.submit, draft, by=draft.author, match="not part of the public record")


# Returning -------------------------------------------------------------------------------------


def test_returning_hands_a_submission_back_with_the_note() -> None:
    update = submitted_update(published_action())
    publishing.return_(update, reviewer=UserFactory(), note="Which law?")
    update.refresh_from_db()
    assert (update.review_state, update.return_note) == ("returned", "Which law?")


@pytest.mark.parametrize("note", ["", "  "])
def test_returning_without_a_note_is_refused(note: str) -> None:
    update = submitted_update(published_action())
    refused(publishing.return_, update, reviewer=UserFactory(), note=note, match="Say why")


def test_draft_cannot_be_returned() -> None:
    draft = draft_update(published_action())
    refused(publishing.return_, draft, reviewer=UserFactory(), note="No.", match="Only a subm")


def test_published_update_cannot_be_returned() -> None:
    update = published_update(published_action())
    refused(publishing.return_, update, reviewer=UserFactory(), note="No.", match="Only a subm")


def test_author_cannot_return_an_own_draft() -> None:
    update = submitted_update(published_action())
    refused(publishing.return_, update, reviewer=update.author, note="No.", match="have saved")


def test_returned_update_can_be_submitted_again_and_published() -> None:
    action = published_action()
    update = submitted_update(action)
    publishing.return_(update, reviewer=UserFactory(), note="Which law?")
    submit(update)
    publish(update)
    assert update.review_state == "published"


# Publishing ------------------------------------------------------------------------------------


def test_publishing_stamps_the_update_and_moves_the_status() -> None:
    action = published_action()
    update = submitted_update(action, "implemented", on=date(2025, 3, 1))
    reviewer = UserFactory()
    edition = publish(update, reviewer=reviewer)
    action.refresh_from_db()
    assert (update.review_state, update.reviewer, update.edition) == (
        "published",
        reviewer,
        edition,
    )
    assert (update.effective_day, update.published_at) == (date(2025, 3, 1), noon(PUBLISHED_ON))
    assert (action.status, action.status_since) == ("implemented", date(2025, 3, 1))
    action.recommendation.refresh_from_db()
    assert action.recommendation.status == "implemented"


def test_each_publication_opens_the_next_numbered_edition() -> None:
    one, other = published_actions(2)
    last = TrackerState.objects.get().last_edition
    first = publish(submitted_update(one))
    second = publish(submitted_update(other))
    assert [first.number, second.number] == [last + 1, last + 2]
    assert {first.kind, second.kind} == {"updates"}
    assert TrackerState.objects.get().last_edition == second.number


def test_several_submissions_are_published_as_one_edition() -> None:
    updates = [submitted_update(action) for action in published_actions(3)]
    edition = publish(*updates)
    assert {update.edition for update in updates} == {edition}


def test_two_updates_of_one_action_are_refused_in_one_edition() -> None:
    action = published_action()
    updates = [submitted_update(action), submitted_update(action, on=date(2025, 6, 1))]
    refused(publishing.publish, updates, reviewer=UserFactory(), match="at most one update an act")


def test_one_unfit_submission_keeps_all_of_its_edition_back() -> None:
    one, other = published_actions(2)
    good, bad = submitted_update(one), submitted_update(other)
    bad.evidence.all().delete()
    error = refused(
        publishing.publish, [good, bad], reviewer=UserFactory(), match="needs one item of evidence"
    )
    assert str(other) in error.messages[0]


def test_nothing_chosen_is_refused() -> None:
    refused(publishing.publish, [], reviewer=UserFactory(), match="Choose what")


def test_update_that_was_deleted_meanwhile_is_refused() -> None:
    update = submitted_update(published_action())
    StatusUpdate.objects.get(pk=update.pk).delete()
    refused(publishing.publish, [update], reviewer=UserFactory(), match="no longer exists")


def test_draft_cannot_be_published() -> None:
    draft = draft_update(published_action())
    refused(publishing.publish, [draft], reviewer=UserFactory(), match="not waiting for review")


def test_returned_update_cannot_be_published() -> None:
    update = submitted_update(published_action())
    publishing.return_(update, reviewer=UserFactory(), note="Which law?")
    refused(publishing.publish, [update], reviewer=UserFactory(), match="not waiting for review")


def test_update_is_published_once() -> None:
    update = published_update(published_action())
    refused(publishing.publish, [update], reviewer=UserFactory(), match="not waiting for review")


def test_submission_of_an_action_that_was_withdrawn_meanwhile_is_refused() -> None:
    action = published_action()
    update = submitted_update(action)
    withdraw(action.recommendation, reason="It was counted twice.")
    refused(publishing.publish, [update], reviewer=UserFactory(), match="not part of the public")


def test_status_that_changed_since_the_draft_is_refused_with_a_comparison() -> None:
    action = published_action()
    update = submitted_update(action, "partly")
    published_update(action, "implemented")
    error = refused(publishing.publish, [update], reviewer=UserFactory(), match="changed since")
    assert "Not assessed" in str(error) and "Implemented" in str(error)


def test_confirmation_published_meanwhile_keeps_no_other_submission_back() -> None:
    action = published_action()
    published_update(action, "in_progress")
    update = submitted_update(action, "partly", on=date(2025, 9, 1))
    published_update(action, "in_progress", on=date(2025, 6, 1))
    publish(update)
    action.refresh_from_db()
    assert action.status == "partly"


def test_returned_draft_is_published_on_the_present_status_once_submitted_again() -> None:
    action = published_action()
    update = submitted_update(action, "implemented", on=date(2025, 9, 1))
    published_update(action, "partly")
    publishing.return_(update, reviewer=UserFactory(), note="Compare.")
    submit(update)
    publish(update)
    action.refresh_from_db()
    assert action.status == "implemented"


def test_older_fact_published_later_leaves_the_present_status() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 9, 1))
    published_update(action, "in_progress", on=date(2024, 9, 1))
    action.refresh_from_db()
    assert (action.status, action.status_since) == ("implemented", date(2025, 9, 1))


def test_of_one_effective_day_the_later_edition_holds() -> None:
    action = published_action()
    published_update(action, "implemented", on=date(2025, 9, 1))
    published_update(action, "partly", on=date(2025, 9, 1))
    action.refresh_from_db()
    assert action.status == "partly"


# The day from which it counts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "precision", "day"),
    [
        (date(2026, 2, 10), "day", date(2026, 2, 10)),
        (date(2026, 2, 10), "month", date(2026, 2, 28)),
        (date(2025, 2, 10), "year", date(2025, 12, 31)),
        (date(2026, 10, 20), "month", PUBLISHED_ON),
        (date(2026, 1, 1), "year", PUBLISHED_ON),
    ],
)
def test_month_and_year_count_from_their_last_day_or_publication(
    on: date, precision: str, day: date
) -> None:
    update = published_update(published_action(), on=on, precision=precision)
    assert update.effective_day == day
    assert (update.effective_on, update.effective_precision) == (on, precision)


# When to look again ----------------------------------------------------------------------------


def test_action_is_to_be_looked_at_again_an_interval_after_its_last_search() -> None:
    action = published_action()
    published_update(action, "no_action", searched_on=date(2026, 9, 1))
    action.refresh_from_db()
    assert action.review_due_on == date(2026, 9, 1) + REVIEW_INTERVAL


def test_chosen_date_of_the_next_review_holds_also_when_implemented() -> None:
    action = published_action()
    published_update(action, "implemented", next_review_on=date(2027, 5, 1))
    action.refresh_from_db()
    assert action.review_due_on == date(2027, 5, 1)


# Four eyes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_superuser", [False, True])
def test_author_cannot_publish_an_own_draft(is_superuser: bool) -> None:
    author = UserFactory(is_superuser=is_superuser)
    update = submitted_update(published_action(), by=author)
    refused(publishing.publish, [update], reviewer=author, match="another person has to review")


@pytest.mark.parametrize("is_superuser", [False, True])
def test_whoever_saved_the_draft_cannot_publish_it(is_superuser: bool) -> None:
    other = UserFactory(is_superuser=is_superuser)
    draft = draft_update(published_action())
    publishing.record_save(draft, by=other)
    submit(draft)
    refused(publishing.publish, [draft], reviewer=other, match="another person has to review")


def test_whoever_submitted_the_draft_cannot_publish_it() -> None:
    other = UserFactory()
    draft = draft_update(published_action())
    submit(draft, by=other)
    refused(publishing.publish, [draft], reviewer=other, match="another person has to review")


def test_database_refuses_a_reviewer_who_is_the_author() -> None:
    update = published_update(published_action())
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusUpdate.objects.filter(pk=update.pk).update(reviewer=update.author)


def test_reviewer_of_a_retracted_update_may_publish_the_next() -> None:
    action, reviewer = published_action(), UserFactory()
    retracted(published_update(action, reviewer=reviewer))
    update = published_update(action, reviewer=reviewer)
    assert update.is_counting
