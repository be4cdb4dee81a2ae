"""Where an action stands against its deadline, computed from its history and never typed."""

from datetime import date, timedelta
from itertools import product

import pytest

from recommendations.models import Action
from recommendations.periods import repeated_columns
from recommendations.statuses import Schedule, Status
from recommendations.viewpoint import Viewpoint

from .factories import (
    ActionFactory,
    DeadlineFactory,
    RecommendationFactory,
    corrected,
    published_action,
    published_update,
    retracted,
)

pytestmark = pytest.mark.run_once

DUE = date(2025, 12, 31)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)


def by_the_methodology(
    due_on: date | None, implemented_on: date | None, status: str, *, on: date
) -> str:
    """The schedule as docs/methodology.md words it, slowly."""
    if due_on is None:
        return "no_deadline"
    if implemented_on:
        return "met" if implemented_on <= due_on else "met_late"
    if status in {"rejected", "overtaken"}:
        return "closed"
    return "due" if on <= due_on else "overdue"


@pytest.mark.django_db
@pytest.mark.parametrize("on", [BEFORE, DUE, AFTER])
def test_schedule_is_that_of_the_methodology_in_every_case(on: date) -> None:
    recommendation = RecommendationFactory()
    days = [None, BEFORE, DUE, AFTER]
    Action.objects.bulk_create(
        Action(
            recommendation=recommendation,
            number=number,
            slug=f"action-{number}",
            review_due_on=AFTER,
            kind="policy",
            due_on=due_on,
            implemented_on=implemented_on,
            status=status,
        )
        for number, (due_on, implemented_on, status) in enumerate(
            product(days, days, Status.values), start=1
        )
    )
    actions = list(Action.objects.with_schedule(on=on))
    assert len(actions) == 128
    found = {
        (action.due_on, action.implemented_on, action.status): action.schedule for action in actions
    }
    assert found == {facts: by_the_methodology(*facts, on=on) for facts in found}
    assert len(found) == 128


@pytest.mark.django_db
def test_query_reaches_every_schedule() -> None:
    recommendation = RecommendationFactory()
    for due_on, implemented_on, status in (
        (None, None, "partly"),
        (DUE, DUE, "partly"),
        (DUE, AFTER, "implemented"),
        (DUE, None, "rejected"),
        (DUE, None, "no_action"),
        (AFTER + timedelta(days=1), None, "no_action"),
    ):
        ActionFactory(
            recommendation=recommendation,
            due_on=due_on,
            implemented_on=implemented_on,
            status=status,
        )
    found = Action.objects.with_schedule(on=AFTER).values_list("schedule", flat=True)
    assert sorted(found) == sorted(Schedule.values)


# From the history -------------------------------------------------------------------------------


def due_action() -> Action:
    action = published_action()
    DeadlineFactory(action=action, on=date(2025, 10, 1), precision="quarter")
    repeated_columns.refresh([action.pk])
    return action


def schedule(action: Action, *, on: date = date(2026, 10, 1)) -> str:
    return Action.objects.with_schedule(on=on).get(pk=action.pk).schedule


@pytest.mark.django_db
class TestFromTheHistory:
    def test_implemented_on_the_last_day_of_the_quarter_is_met(self) -> None:
        action = due_action()
        published_update(action, "implemented", on=date(2025, 12, 31))
        assert schedule(action) == "met"

    def test_implemented_on_the_day_after_the_quarter_is_met_late(self) -> None:
        action = due_action()
        published_update(action, "implemented", on=date(2026, 1, 1))
        assert schedule(action) == "met_late"

    def test_deadline_stays_met_after_a_lapse(self) -> None:
        action = due_action()
        published_update(action, "implemented", on=date(2025, 6, 1))
        published_update(action, "rejected", on=date(2025, 9, 1))
        assert schedule(action) == "met"

    def test_implemented_twice_counts_from_the_first_time(self) -> None:
        action = due_action()
        published_update(action, "implemented", on=date(2025, 6, 1))
        published_update(action, "partly", on=date(2025, 9, 1))
        published_update(action, "implemented", on=date(2026, 2, 1))
        assert schedule(action) == "met"

    def test_retracted_implementation_leaves_it_overdue(self) -> None:
        action = due_action()
        retracted(published_update(action, "implemented", on=date(2025, 6, 1)))
        assert schedule(action) == "overdue"

    def test_implementation_corrected_to_a_later_day_is_met_late(self) -> None:
        action = due_action()
        update = published_update(action, "implemented", on=date(2025, 6, 1))
        corrected(update, effective_on=date(2026, 6, 1))
        assert schedule(action) == "met_late"

    def test_rejection_before_the_deadline_closes_it(self) -> None:
        action = due_action()
        published_update(action, "rejected", on=date(2025, 6, 1))
        assert schedule(action, on=date(2025, 7, 1)) == "closed"

    def test_action_that_was_rejected_and_taken_up_again_is_overdue(self) -> None:
        action = due_action()
        published_update(action, "rejected", on=date(2025, 6, 1))
        published_update(action, "in_progress", on=date(2026, 2, 1))
        assert schedule(action) == "overdue"


# Which deadline decides -------------------------------------------------------------------------


@pytest.mark.django_db
class TestWhichDeadlineDecides:
    def official(self, action: Action, *, stated: date, on: date) -> None:
        DeadlineFactory(
            action=action,
            origin="official",
            stated_on=stated,
            on=on,
            publisher="Cabinet Office",
            url="https://example.org/",
        )

    def due(self, action: Action) -> date | None:
        repeated_columns.refresh([action.pk])
        return Action.objects.get(pk=action.pk).due_on

    def test_the_report_s_own_is_never_overwritten_by_an_official_target(self) -> None:
        action = ActionFactory()
        DeadlineFactory(action=action, on=date(2025, 12, 31))
        self.official(action, stated=date(2024, 1, 1), on=date(2024, 6, 1))
        assert self.due(action) == date(2025, 12, 31)

    def test_first_stated_official_target_decides_without_one_of_the_report(self) -> None:
        action = ActionFactory()
        self.official(action, stated=date(2025, 5, 1), on=date(2026, 6, 1))
        self.official(action, stated=date(2025, 1, 1), on=date(2027, 6, 1))
        assert self.due(action) == date(2027, 6, 1)

    def test_without_any_there_is_none(self) -> None:
        assert self.due(ActionFactory(due_on=date(2025, 1, 1))) is None

    @pytest.mark.parametrize(
        ("precision", "last"),
        [
            ("day", date(2025, 2, 10)),
            ("month", date(2025, 2, 28)),
            ("quarter", date(2025, 3, 31)),
            ("year", date(2025, 12, 31)),
            ("fiscal_year_japan", date(2025, 3, 31)),
            ("fiscal_year_us", date(2025, 9, 30)),
        ],
    )
    def test_last_day_of_its_precision_counts(self, precision: str, last: date) -> None:
        action = ActionFactory()
        DeadlineFactory(action=action, on=date(2025, 2, 10), precision=precision)
        assert self.due(action) == last

    def test_an_official_target_counts_from_the_day_on_which_it_was_stated(self) -> None:
        action = published_action()
        self.official(action, stated=date(2025, 1, 1), on=date(2025, 6, 1))
        self.official(action, stated=date(2025, 3, 1), on=date(2027, 6, 1))
        assert self.due(action) == date(2025, 6, 1)
        for day, due, schedule in (
            (date(2024, 12, 31), None, "no_deadline"),
            (date(2025, 1, 1), date(2025, 6, 1), "due"),
            (date(2025, 6, 2), date(2025, 6, 1), "overdue"),
        ):
            seen = Action.objects.seen_from(Viewpoint(day, as_of=day)).with_schedule(on=day)
            [found] = seen
            assert (found.due_on, found.schedule) == (due, schedule)
            assert list(seen.filter(schedule=schedule)) == [action]

    def test_an_official_target_shows_from_the_day_on_which_it_was_stated(self, client) -> None:
        action = published_action()
        self.official(action, stated=date(2025, 1, 1), on=date(2025, 6, 1))
        self.due(action)
        page = action.recommendation.get_absolute_url()
        before = client.get(page, {"as_of": "2024-12-31"}).content.decode()
        after = client.get(page, {"as_of": "2025-01-01"}).content.decode()
        assert "Cabinet Office" not in before
        assert "in 151 days" in after
        assert "Cabinet Office" in after
