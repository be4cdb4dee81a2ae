"""What only grows: the database takes lines in, and neither changes nor deletes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from recommendations import publishing, triggers
from recommendations.models import (
    Act,
    Action,
    Recommendation,
    Report,
    RetractionRequest,
    StructureRequest,
    VerifiabilityPeriod,
)
from recommendations.triggers import growing

from .factories import (
    PUBLISHED_ON,
    ActionFactory,
    RetractionRequestFactory,
    StructureRequestFactory,
    UserFactory,
    moment,
    published_action,
    published_update,
    retracted,
    set_verifiable,
    withdraw,
)

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
ACTION = "recommendations_action"


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def assert_refused(write: Callable[[], object], message: str) -> None:
    with pytest.raises(IntegrityError, match=re.escape(message)), transaction.atomic():
        write()


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def later(action: Action) -> Action:
    """Another action, so that the edition of the first is no longer the newest."""
    return published_action()


# Editions of what is counted -------------------------------------------------------------------


@pytest.mark.parametrize("model", [Report, Recommendation, Action])
@pytest.mark.parametrize(
    "change",
    [
        "from_edition_id = (SELECT MAX(number) FROM recommendations_edition)",
        "from_edition_id = NULL",
        "until_edition_id = from_edition_id",
        "withdrawal_reason = 'It was counted twice.'",
    ],
)
def test_edition_columns_are_set_once(
    action: Action, later: Action, model: Any, change: str
) -> None:
    first = model.objects.order_by("from_edition_id", "pk").first()
    table = model._meta.db_table
    assert_refused(
        lambda: sql(f"UPDATE {table} SET {change} WHERE id = %s", first.pk),
        growing.ONLY_COUNTED,
    )


def test_withdrawal_is_not_taken_back_or_told_otherwise(action: Action, later: Action) -> None:
    withdraw(action, reason="It was counted twice.", now=moment(PUBLISHED_ON))
    newest = "until_edition_id = (SELECT MAX(number) FROM recommendations_edition)"
    published_action()
    for change in ("until_edition_id = NULL", newest, "withdrawal_reason = 'For another.'"):
        assert_refused(
            lambda change=change: sql(f"UPDATE {ACTION} SET {change} WHERE id = %s", action.pk),
            growing.ONLY_COUNTED,
        )


def test_draft_enters_no_edition_of_the_past(action: Action, later: Action) -> None:
    draft = ActionFactory(recommendation=action.recommendation)
    mine = Action.objects.filter(pk=draft.pk)
    assert_refused(lambda: mine.update(from_edition=action.from_edition), growing.ONLY_COUNTED)
    assert_refused(
        lambda: ActionFactory(
            recommendation=action.recommendation, from_edition=action.from_edition
        ),
        growing.ONLY_COUNTED,
    )


@pytest.mark.parametrize("model", [Report, Recommendation, Action])
def test_what_is_counted_is_not_deleted(action: Action, model: Any) -> None:
    assert_refused(lambda: sql(f"DELETE FROM {model._meta.db_table}"), growing.NO_COUNTED)


def test_draft_may_be_deleted(action: Action) -> None:
    ActionFactory(recommendation=action.recommendation).delete()
    assert Action.objects.get() == action


@on_sqlite
def test_draft_does_not_replace_what_is_counted(action: Action) -> None:
    draft = ActionFactory(recommendation=action.recommendation)
    for column in ("id", "slug", "number"):
        assert_refused(
            lambda column=column: sql(
                f"UPDATE OR REPLACE {ACTION} SET {column} = %s WHERE id = %s",
                getattr(action, column),
                draft.pk,
            ),
            triggers.NO_REPLACEMENT,
        )


# Verifiability ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "is_verifiable = NOT is_verifiable",
        "until_edition_id = from_edition_id",
        "from_edition_id = (SELECT MAX(number) FROM recommendations_edition)",
    ],
)
def test_what_was_said_of_verifiability_stays(action: Action, later: Action, change: str) -> None:
    row = action.verifiability_periods.get()
    table = VerifiabilityPeriod._meta.db_table
    assert_refused(
        lambda: sql(f"UPDATE {table} SET {change} WHERE id = %s", row.pk), growing.NO_PERIOD
    )
    assert_refused(row.delete, growing.NO_PERIOD)


def test_closed_period_of_verifiability_stays_closed(action: Action) -> None:
    set_verifiable(action, is_verifiable=False, reason="A wish.", now=moment(PUBLISHED_ON))
    closed = action.verifiability_periods.filter(until_edition__isnull=False)
    assert_refused(lambda: closed.update(until_edition=None), growing.NO_PERIOD)


# Requests --------------------------------------------------------------------------------------


def test_confirmed_request_cannot_be_forged(action: Action) -> None:
    update = published_update(action)
    assert_refused(
        lambda: RetractionRequestFactory(
            update=update,
            outcome="confirmed",
            decided_by=UserFactory(),
            decided_at=moment(PUBLISHED_ON),
        ),
        growing.ONLY_PENDING,
    )


@pytest.mark.parametrize("change", ["reason = 'Another.'", "outcome = 'declined'"])
def test_decided_request_stays_as_it_is(action: Action, change: str) -> None:
    retracted(published_update(action))
    table = RetractionRequest._meta.db_table
    assert_refused(lambda: sql(f"UPDATE {table} SET {change}"), growing.NO_REQUEST)
    assert_refused(lambda: sql(f"DELETE FROM {table}"), growing.NO_REQUEST)


def test_reason_of_a_waiting_request_is_not_changed(action: Action) -> None:
    RetractionRequestFactory(update=published_update(action))
    assert_refused(lambda: RetractionRequest.objects.update(reason="Another."), growing.NO_REQUEST)


# Decided steps in what is counted --------------------------------------------------------------


def test_confirmed_step_cannot_be_forged(action: Action) -> None:
    assert_refused(
        lambda: StructureRequestFactory(
            actions=[action], outcome="recalled", decided_at=moment(PUBLISHED_ON)
        ),
        growing.ONLY_PENDING_STEP,
    )


@pytest.mark.parametrize("change", ["reason = 'Another.'", "outcome = 'pending'", "note = 'x'"])
def test_decided_step_stays_as_it_is(action: Action, change: str) -> None:
    withdraw(action, reason="It was counted twice.")
    table = StructureRequest._meta.db_table
    newest = StructureRequest.objects.latest("pk").pk
    assert_refused(
        lambda: sql(f"UPDATE {table} SET {change} WHERE id = %s", newest), growing.NO_STEP
    )
    assert_refused(lambda: sql(f"DELETE FROM {table} WHERE id = %s", newest), growing.NO_STEP)


def test_what_a_decided_step_is_about_stays_as_it_is(action: Action) -> None:
    withdraw(action, reason="It was counted twice.")
    request = StructureRequest.objects.latest("pk")
    other = ActionFactory(recommendation=action.recommendation)
    links = StructureRequest.actions.through.objects
    assert_refused(lambda: request.actions.add(other), growing.NO_STEP)
    assert_refused(lambda: request.into.add(other), growing.NO_STEP)
    assert_refused(lambda: links.update(action=other), growing.NO_STEP)
    assert_refused(lambda: links.all().delete(), growing.NO_STEP)


def test_draft_that_was_not_added_may_go(action: Action) -> None:
    draft = ActionFactory(recommendation=action.recommendation)
    request = StructureRequestFactory(step="include", actions=[draft])
    publishing.recall_step(request, by=request.requested_by)
    draft.delete()
    assert not request.actions.exists()


def test_waiting_step_is_about_what_it_was_asked_for(action: Action) -> None:
    request = StructureRequestFactory(actions=[action])
    assert_refused(
        lambda: StructureRequest.objects.filter(pk=request.pk).update(reason="Another."),
        growing.NO_STEP,
    )


@on_sqlite
def test_decided_step_is_not_replaced(action: Action) -> None:
    withdraw(action, reason="It was counted twice.")
    table = StructureRequest._meta.db_table
    assert_refused(
        lambda: sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
        triggers.NO_REPLACEMENT,
    )


# Text history and the log of acts --------------------------------------------------------------


def test_history_of_texts_is_neither_changed_nor_deleted(action: Action) -> None:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    tables = [name for name in names if name.startswith(growing.HISTORY)]
    assert len(tables) > 10
    wanted = {(table, event) for table in tables for event in ("UPDATE", "DELETE")}
    assert wanted <= {(guard.table, guard.event) for guard in triggers.guards(connection)}
    for table in ("recommendations_historicalaction", "recommendations_historicalaction_parties"):
        assert_refused(lambda table=table: sql(f"DELETE FROM {table}"), growing.NO_HISTORY)
    history = Action.history.model.objects
    assert_refused(lambda: history.update(title="Another"), growing.NO_HISTORY)


def test_line_of_the_log_is_neither_changed_nor_deleted() -> None:
    act = Act.objects.create(at=moment(PUBLISHED_ON), event="sign_in", outcome="done")
    assert_refused(lambda: Act.objects.update(name="another"), growing.NO_ACT)
    assert_refused(lambda: Act.objects.all().delete(), growing.NO_ACT)
    act.name = "another"
    assert_refused(act.save, growing.NO_ACT)


@on_sqlite
def test_line_of_the_log_is_not_replaced() -> None:
    act = Act.objects.create(at=moment(PUBLISHED_ON), event="sign_in", outcome="done")
    assert_refused(
        lambda: sql(
            "REPLACE INTO recommendations_act (id, at, event, outcome, name, address, subject, "
            "detail) SELECT id, at, event, outcome, 'x', address, subject, detail "
            "FROM recommendations_act WHERE id = %s",
            act.pk,
        ),
        triggers.NO_REPLACEMENT,
    )
