"""Ways by which an owner of the tables makes a guard guard nothing: the check names each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from recommendations import integrity, triggers
from recommendations.models import Action, Edition
from recommendations.publishing import Refused

from .factories import (
    PUBLISHED_ON,
    EditionFactory,
    moment,
    published_action,
    published_update,
    withdraw,
)

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL")
UPDATE = "recommendations_statusupdate"
GUARD = f"{triggers.PREFIX}statusupdate_update"
OTHER_FORM = f"trigger: {GUARD}: is not as this release installs it"


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found() -> list[str]:
    return [str(difference) for difference in integrity.differences()]


@pytest.fixture
def record() -> Iterator[Action]:
    action = published_action()
    published_update(action)
    assert found() == []
    if connection.vendor == "postgresql":
        # What waits for the end of the transaction keeps a table from being altered.
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    with transaction.atomic():
        yield action
        transaction.set_rollback(True)


def again(definition: str, *, table: str = UPDATE) -> list[str]:
    return [
        f"DROP TRIGGER {GUARD} ON {UPDATE}",
        f"CREATE TRIGGER {GUARD} {definition} ON {table} FOR EACH ROW EXECUTE FUNCTION {GUARD}()",
    ]


CHILD = "recommendations_party"
WAYS = {
    "never true": [
        f"DROP TRIGGER {GUARD} ON {UPDATE}",
        f"CREATE TRIGGER {GUARD} BEFORE UPDATE ON {UPDATE} FOR EACH ROW WHEN (false) "
        f"EXECUTE FUNCTION {GUARD}()",
    ],
    "for another event": again("BEFORE INSERT"),
    "for one column": again("BEFORE UPDATE OF return_note"),
    "after the fact": again("AFTER UPDATE"),
    "search path": [f"ALTER FUNCTION {GUARD}() SET search_path = pg_temp, public"],
    "as its owner": [f"ALTER FUNCTION {GUARD}() SECURITY DEFINER"],
}


@on_postgresql
@pytest.mark.parametrize("way", WAYS)
def test_guard_of_another_form_is_named(record: Action, way: str) -> None:
    sql(*WAYS[way])
    assert OTHER_FORM in found()


@on_postgresql
def test_guard_on_another_table_is_named(record: Action) -> None:
    sql(*again("BEFORE UPDATE", table=CHILD))
    said = found()
    assert f"trigger: {GUARD}: is missing" in said
    assert f"trigger: {GUARD}: is on {CHILD}, and not of this release" in said


@on_postgresql
def test_second_guard_of_the_same_function_does_not_hide_the_first(record: Action) -> None:
    sql(
        f"ALTER TABLE {UPDATE} DISABLE TRIGGER {GUARD}",
        f"CREATE TRIGGER z_of_mine BEFORE UPDATE ON {UPDATE} FOR EACH ROW WHEN (false) "
        f"EXECUTE FUNCTION {GUARD}()",
    )
    said = found()
    assert f"trigger: {GUARD}: is disabled" in said
    assert f"trigger: z_of_mine: is on {UPDATE}, and not of this release" in said


ON_TABLES = {
    "rule": (
        [f"CREATE RULE mine AS ON UPDATE TO {UPDATE} DO INSTEAD NOTHING"],
        f"table: {UPDATE}: rule mine is not of this release",
    ),
    "row security": (
        [f"ALTER TABLE {UPDATE} ENABLE ROW LEVEL SECURITY"],
        f"table: {UPDATE}: has row security, which hides rows",
    ),
    "policy": (
        [f"CREATE POLICY mine ON {UPDATE} USING (true)"],
        f"table: {UPDATE}: policy mine is not of this release",
    ),
    "four eyes": (
        [
            "ALTER TABLE recommendations_retractionrequest DROP CONSTRAINT "
            "recommendations_retractionrequest_four_eyes"
        ],
        "table: recommendations_retractionrequest: "
        "constraint recommendations_retractionrequest_four_eyes is missing",
    ),
    "weaker constraint": (
        [
            "ALTER TABLE recommendations_retractionrequest DROP CONSTRAINT "
            "recommendations_retractionrequest_four_eyes",
            "ALTER TABLE recommendations_retractionrequest ADD CONSTRAINT "
            "recommendations_retractionrequest_four_eyes CHECK (true)",
        ],
        "table: recommendations_retractionrequest: constraint "
        "recommendations_retractionrequest_four_eyes is not as this release makes it",
    ),
    "unique index": (
        ["DROP INDEX recommendations_edition_one_baseline_a_report"],
        "table: recommendations_edition: "
        "index recommendations_edition_one_baseline_a_report is missing",
    ),
    "column": (
        ["ALTER TABLE recommendations_edition ALTER COLUMN note DROP NOT NULL"],
        "table: recommendations_edition: column note is not as this release makes it",
    ),
    "child": (
        [f"CREATE TABLE child () INHERITS ({UPDATE})"],
        f"table: {UPDATE}: has a child table, or is one",
    ),
    "foreign key": (
        ["ALTER TABLE recommendations_coding DISABLE TRIGGER ALL"],
        "table: recommendations_coding: has a foreign key that is switched off",
    ),
    "public": (
        [f"GRANT UPDATE ON {UPDATE} TO PUBLIC"],
        f"table: {UPDATE}: PUBLIC has the right to UPDATE",
    ),
}


@on_postgresql
@pytest.mark.parametrize("way", ON_TABLES)
def test_altered_table_is_named(record: Action, way: str) -> None:
    statements, line = ON_TABLES[way]
    sql(*statements)
    assert line in found()


@on_postgresql
def test_owner_and_rights_are_named(record: Action) -> None:
    sql(
        "CREATE ROLE alliance_test_service",
        f"ALTER TABLE {UPDATE} OWNER TO alliance_test_service",
        f"ALTER FUNCTION {GUARD}() OWNER TO alliance_test_service",
        "GRANT TRUNCATE ON recommendations_evidence TO alliance_test_service",
    )
    said = found()
    belongs = "belongs to alliance_test_service, not to who migrates"
    assert f"table: {UPDATE}: {belongs}" in said
    assert f"table: {GUARD}: {belongs}" in said
    assert (
        "table: recommendations_evidence: alliance_test_service has the right to TRUNCATE" in said
    )


@on_sqlite
def test_added_trigger_is_named(record: Action) -> None:
    sql(
        f"CREATE TRIGGER mine BEFORE UPDATE ON {UPDATE} WHEN NEW.note = 'x' "
        "BEGIN SELECT RAISE(IGNORE); END"
    )
    assert found() == [f"trigger: mine: is on {UPDATE}, and not of this release"]


@on_sqlite
def test_table_written_otherwise_is_named(record: Action) -> None:
    """As `PRAGMA writable_schema` does, which takes a constraint away without a rebuild."""
    sql("PRAGMA writable_schema = ON")
    try:
        sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'recommendations_edition_kind_valid', "
            "'mine') WHERE name = 'recommendations_edition'"
        )
        line = (
            "table: recommendations_edition: constraint recommendations_edition_kind_valid "
            "is missing"
        )
        assert line in found()
    finally:
        sql("PRAGMA writable_schema = OFF")


@on_sqlite
def test_dropped_index_is_named(record: Action) -> None:
    sql("DROP INDEX recommendations_edition_one_a_reference")
    assert found() == [
        "table: recommendations_edition: index recommendations_edition_one_a_reference is missing"
    ]


# Times -----------------------------------------------------------------------------------------


def test_edition_before_the_newest_one_is_refused() -> None:
    action = published_action()
    newest = Edition.objects.latest("number")
    with pytest.raises(Refused, match="before the clock is set right"):
        withdraw(action, reason="Twice.", now=newest.published_at - timedelta(seconds=1))


def test_falling_times_are_named() -> None:
    published_action()
    newest = Edition.objects.latest("number")
    EditionFactory(number=newest.number + 1, published_at=newest.published_at - timedelta(days=1))
    said = f"edition: Edition {newest.number + 1}: is older than Edition {newest.number}"
    assert said in found()


# Rebuilding ------------------------------------------------------------------------------------


def rebuild(**options: bool) -> str:
    out = StringIO()
    try:
        call_command("rebuild", stdout=out, **options)
    except CommandError as error:
        return out.getvalue() + str(error)
    return out.getvalue()


def test_rebuild_says_what_it_changes() -> None:
    action = published_action()
    published_update(action, "partly")
    Action.objects.filter(pk=action.pk).update(status="rejected")
    said = rebuild()
    assert "To be derived again: column" in said
    assert "status is rejected, not partly" in said
    assert "Rebuilt." in said
    assert found() == []


def test_rebuild_refuses_while_a_text_was_changed_past_the_program() -> None:
    action = published_action()
    Action.objects.filter(pk=action.pk).update(title="Build a shipyard")
    said = rebuild()
    assert "Not as it should be: text history: Action" in said
    assert "nothing rebuilt" in said
    before = found()
    assert "Rebuilt." in rebuild(despite_differences=True)
    assert found() == [line for line in before if line.startswith("text history")]


def test_rebuild_refuses_while_a_guard_is_away() -> None:
    published_update(published_action())
    triggers.remove(connection)
    assert "nothing rebuilt" in rebuild()


def test_rebuild_leaves_the_trace_of_a_note_that_was_changed() -> None:
    update = published_update(published_action(), note="In force.")
    with triggers.lifted(connection, GUARD):
        sql(f"UPDATE {UPDATE} SET note = 'Repealed.' WHERE id = {update.pk}")
    rebuild()
    with pytest.raises(CommandError):
        call_command("verify_record", stdout=StringIO())


def test_lifted_guard_is_back_afterwards() -> None:
    assert moment(PUBLISHED_ON)
    with triggers.lifted(connection, GUARD):
        assert f"trigger: {GUARD}: is missing" in found()
    assert found() == []
