"""What is counted changes through publishing alone, an edition each, and the roll-up follows."""

from datetime import date

import pytest

from recommendations.models import (
    Action,
    Edition,
    Recommendation,
    StatusPeriod,
    TrackerState,
    VerifiabilityPeriod,
)
from recommendations.publishing import Refused

from .factories import (
    ActionFactory,
    DeadlineFactory,
    RecommendationFactory,
    ReportFactory,
    draft_update,
    include,
    published_action,
    published_actions,
    published_update,
    set_verifiable,
    withdraw,
)

pytestmark = pytest.mark.django_db


def rolled_up(action: Action) -> str:
    return Recommendation.objects.get(pk=action.recommendation_id).status


def told_in(edition: Edition, recommendation: Recommendation) -> list[str]:
    """The statuses that this edition told of the recommendation, oldest first."""
    periods = recommendation.periods.filter(from_edition__lte=edition).exclude(
        until_edition__lte=edition
    )
    return list(periods.values_list("status", flat=True))


# Adding ----------------------------------------------------------------------------------------


def test_report_comes_into_the_record_with_all_its_drafts() -> None:
    action = ActionFactory()
    edition = include(reports=[action.recommendation.report], note="A new report.")
    action.refresh_from_db()
    recommendation = action.recommendation
    assert {
        action.from_edition,
        recommendation.from_edition,
        recommendation.report.from_edition,
    } == {edition}
    assert (edition.kind, edition.note) == ("structure", "A new report.")


def test_draft_action_of_a_recorded_report_comes_with_the_report() -> None:
    old = published_action()
    new = ActionFactory(recommendation=old.recommendation)
    edition = include(reports=[old.recommendation.report])
    new.refresh_from_db()
    assert new.from_edition == edition


def test_draft_action_of_a_recorded_recommendation_comes_with_the_recommendation() -> None:
    old = published_action()
    new = ActionFactory(recommendation=old.recommendation)
    edition = include(recommendations=[old.recommendation])
    new.refresh_from_db()
    assert new.from_edition == edition


def test_what_is_in_the_record_keeps_its_edition_when_its_report_is_added_to() -> None:
    old = published_action()
    new = ActionFactory(recommendation__report=old.recommendation.report)
    include(reports=[new.recommendation.report])
    assert Action.objects.get(pk=old.pk).from_edition == old.from_edition


def test_new_action_changes_the_roll_up_from_its_edition_on() -> None:
    old = published_action()
    published_update(old, "implemented")
    before = Edition.objects.latest("number")
    new = ActionFactory(recommendation=old.recommendation)
    after = include(actions=[new])
    assert rolled_up(old) == "partly"
    assert told_in(before, old.recommendation) == ["implemented"]
    assert told_in(after, old.recommendation) == ["partly"]


def test_draft_action_changes_no_roll_up() -> None:
    old = published_action()
    ActionFactory(recommendation=old.recommendation)
    published_update(old, "implemented")
    assert rolled_up(old) == "implemented"


def test_nothing_to_add_is_refused_and_opens_no_edition() -> None:
    action = published_action()
    last = Edition.objects.count()
    with pytest.raises(Refused, match="no draft to add"):
        include(reports=[action.recommendation.report], actions=[action])
    assert Edition.objects.count() == last


def test_action_without_a_responsible_party_is_refused() -> None:
    action = ActionFactory(parties=[])
    with pytest.raises(Refused, match="names no responsible party"):
        include(reports=[action.recommendation.report])


def test_recommendation_without_an_action_is_refused() -> None:
    recommendation = RecommendationFactory()
    with pytest.raises(Refused, match="has no action yet"):
        include(reports=[recommendation.report])


def test_action_of_a_draft_recommendation_is_refused_alone() -> None:
    action = ActionFactory()
    with pytest.raises(Refused, match="cannot be added alone"):
        include(actions=[action])


def test_recommendation_of_a_draft_report_is_refused_alone() -> None:
    action = ActionFactory()
    with pytest.raises(Refused, match="cannot be added alone"):
        include(recommendations=[action.recommendation])


@pytest.mark.parametrize("withdrawn", ["report", "recommendation"])
def test_nothing_is_added_to_what_was_withdrawn(withdrawn: str) -> None:
    old = published_action()
    recommendation = old.recommendation
    withdraw(
        recommendation if withdrawn == "recommendation" else recommendation.report,
        reason="It was counted twice.",
    )
    new = ActionFactory(recommendation=recommendation)
    with pytest.raises(Refused, match="cannot be added alone"):
        include(actions=[new])


def test_adding_derives_addressee_and_deadline() -> None:
    action = ActionFactory(parties=["united-states", "japan"])
    DeadlineFactory(action=action, on=date(2025, 5, 1), precision="quarter")
    include(reports=[action.recommendation.report])
    action.refresh_from_db()
    assert (action.addressee, action.due_on) == ("both", date(2025, 6, 30))


# Withdrawing -----------------------------------------------------------------------------------


def test_withdrawn_action_leaves_the_roll_up_from_its_edition_on() -> None:
    one, other = published_actions(2)
    published_update(one, "implemented")
    published_update(other, "no_action")
    before = Edition.objects.latest("number")
    after = withdraw(other, reason="It was counted twice.")
    assert rolled_up(one) == "implemented"
    assert told_in(before, one.recommendation)[-1] == "partly"
    assert told_in(after, one.recommendation)[-1] == "implemented"
    assert (after.kind, after.note) == ("structure", "It was counted twice.")


def test_withdrawn_action_keeps_its_status_and_reason() -> None:
    action = published_action()
    published_update(action, "implemented")
    edition = withdraw(action, reason="It was counted twice.")
    action.refresh_from_db()
    assert (action.status, action.until_edition, action.withdrawal_reason) == (
        "implemented",
        edition,
        "It was counted twice.",
    )


def test_recommendation_without_any_action_left_is_not_assessed() -> None:
    action = published_action()
    published_update(action, "implemented")
    withdraw(action, reason="It was counted twice.")
    assert rolled_up(action) == "not_assessed"


@pytest.mark.parametrize("level", ["action", "recommendation", "report"])
def test_actions_of_what_was_withdrawn_leave_every_count(level: str) -> None:
    action = published_action()
    other = published_action()
    subjects = {
        "action": action,
        "recommendation": action.recommendation,
        "report": action.recommendation.report,
    }
    withdraw(subjects[level], reason="It was counted twice.")
    assert list(Action.objects.counted()) == [other]
    assert set(Action.objects.published()) == {action, other}


def test_withdrawal_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="public reason"):
        withdraw(published_action(), reason=" ")


def test_draft_cannot_be_withdrawn() -> None:
    with pytest.raises(Refused, match="not in the record"):
        withdraw(ReportFactory(), reason="Why.")


def test_nothing_is_withdrawn_twice() -> None:
    action = published_action()
    withdraw(action, reason="It was counted twice.")
    with pytest.raises(Refused, match="withdrawn already"):
        withdraw(action, reason="It was counted twice.")


# Verifiable or not -----------------------------------------------------------------------------


def test_action_that_is_no_longer_verifiable_leaves_the_roll_up() -> None:
    one, other = published_actions(2)
    published_update(one, "implemented")
    before = Edition.objects.latest("number")
    after = set_verifiable(other, is_verifiable=False, reason="Nobody can tell.")
    other.refresh_from_db()
    assert rolled_up(one) == "implemented"
    assert told_in(before, one.recommendation) == ["partly"]
    assert told_in(after, one.recommendation) == ["implemented"]
    assert (other.is_verifiable, other.verifiability_note) == (False, "Nobody can tell.")
    assert (after.kind, after.note) == ("structure", "Nobody can tell.")


def test_action_that_becomes_verifiable_joins_the_roll_up() -> None:
    one, other = published_actions(2, is_verifiable=False, verifiability_note="A wish.")
    published_update(one, "implemented")
    assert rolled_up(one) == "not_assessed"
    set_verifiable(one, is_verifiable=True, reason="A law settles it.")
    assert rolled_up(one) == "implemented"
    assert list(Action.objects.counted()) == [one]
    assert Action.objects.in_record().count() == 2


def test_verifiability_is_remembered_edition_by_edition() -> None:
    action = published_action()
    off = set_verifiable(action, is_verifiable=False, reason="Nobody can tell.")
    on = set_verifiable(action, is_verifiable=True, reason="A law settles it.")
    rows = VerifiabilityPeriod.objects.filter(action=action).order_by("from_edition")
    assert list(rows.values_list("from_edition", "until_edition", "is_verifiable")) == [
        (action.from_edition_id, off.number, True),
        (off.number, on.number, False),
        (on.number, None, True),
    ]


def test_same_verifiability_is_refused() -> None:
    with pytest.raises(Refused, match="Nothing would change"):
        set_verifiable(published_action(), is_verifiable=True, reason="Why.")


def test_change_of_verifiability_without_a_reason_is_refused() -> None:
    with pytest.raises(Refused, match="Say why"):
        set_verifiable(published_action(), is_verifiable=False, reason="")


def test_verifiability_of_a_draft_is_not_set_by_an_edition() -> None:
    with pytest.raises(Refused, match="not part of the public record"):
        set_verifiable(ActionFactory(), is_verifiable=False, reason="Why.")


@pytest.mark.parametrize("level", ["action", "recommendation"])
def test_verifiability_of_what_was_withdrawn_does_not_change(level: str) -> None:
    action = published_action()
    withdraw(action if level == "action" else action.recommendation, reason="It was counted twice.")
    with pytest.raises(Refused, match="not part of the public record"):
        set_verifiable(action, is_verifiable=False, reason="Why.")


# All of them -----------------------------------------------------------------------------------


def test_each_change_of_what_is_counted_opens_one_edition() -> None:
    action = published_action()
    other = ActionFactory(recommendation=action.recommendation)
    first = action.from_edition_id
    steps = [
        include(actions=[other]),
        set_verifiable(action, is_verifiable=False, reason="Nobody can tell."),
        withdraw(other, reason="It was counted twice."),
        withdraw(action.recommendation, reason="It was counted twice."),
        withdraw(action.recommendation.report, reason="It was counted twice."),
    ]
    assert [edition.number for edition in steps] == [first + n for n in range(1, 6)]
    assert {edition.kind for edition in steps} == {"structure"}


def test_publishing_closes_periods_and_deletes_none() -> None:
    one, other = published_actions(2)
    published_update(one, "implemented")
    before = {row.pk: row for row in StatusPeriod.objects.all()}
    published_update(other, "no_action", on=date(2025, 1, 1))
    withdraw(other, reason="It was counted twice.")
    after = {row.pk: row for row in StatusPeriod.objects.all()}
    assert before.keys() < after.keys()
    told = ("status", "starts_on", "ends_on", "from_edition_id", "update_id", "fell_from")
    assert all(
        getattr(after[pk], name) == getattr(row, name)
        for pk, row in before.items()
        for name in told
    )


def test_every_publication_raises_the_content_revision() -> None:
    action = published_action()
    revisions = [TrackerState.objects.get().content_revision]
    for step in (
        lambda: published_update(action, "implemented"),
        lambda: set_verifiable(action, is_verifiable=False, reason="Why."),
        lambda: withdraw(action, reason="Why."),
    ):
        step()
        revisions.append(TrackerState.objects.get().content_revision)
    assert revisions == sorted(set(revisions))


def test_draft_update_raises_no_content_revision() -> None:
    action = published_action()
    revision = TrackerState.objects.get().content_revision
    draft_update(action)
    assert TrackerState.objects.get().content_revision == revision
