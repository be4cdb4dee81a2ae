"""The database refuses to rewrite the record, whoever asks, and says which rule it keeps."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.flush import Command as Flush
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from recommendations import integrity, publishing, triggers
from recommendations.models import Action, Edition, Evidence, StatusUpdate
from recommendations.triggers import record as record_guards

from .factories import (
    PUBLISHED_ON,
    EditionFactory,
    EvidenceFactory,
    ReportFactory,
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

pytestmark = pytest.mark.django_db
# After which a thread is given up as hanging, however busy the machine.
HANGS = 600
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL")

EDITION = "recommendations_edition"
UPDATE = "recommendations_statusupdate"
EVIDENCE = "recommendations_evidence"
RELIANCE = "recommendations_statusupdate_relies_on"
EDITORS = "recommendations_statusupdate_editors"

NEVER = triggers.NEVER
[OF_EVIDENCE, OF_RELIANCE, OF_EDITORS] = [part.message for part in triggers.PARTS]


@dataclass
class Record:
    """A published update that relies on an earlier one, and a draft of the same action."""

    action: Action
    earlier: StatusUpdate
    update: StatusUpdate
    draft: StatusUpdate


@pytest.fixture
def record() -> Record:
    action = published_action()
    earlier = published_update(action, "in_progress")
    action.refresh_from_db()
    update = published_update(action, "partly", relies_on=[earlier], note="In force.")
    action.refresh_from_db()
    return Record(action, earlier, update, draft_update(action, relies_on=[update]))


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def contents() -> dict[str, list[Any]]:
    """Every row of the guarded tables."""
    rows = {}
    with connection.cursor() as cursor:
        for table in triggers.GUARDED_TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


@contextmanager
def about(case: str) -> Iterator[None]:
    """Let a failure name the case of a loop."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"The case was: {case}")
        raise


def assert_refused(write: Callable[[], object], message: str) -> None:
    """The database names the rule, and nothing is other than before."""
    before = contents()
    with pytest.raises(IntegrityError, match=re.escape(message)), transaction.atomic():
        write()
    assert contents() == before


def copy_row(table: str, key: str, value: Any, *, verb: str = "INSERT", **changes: Any) -> None:
    """INSERT ... SELECT of the row, with some columns changed."""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in description]
    chosen = ", ".join("%s" if name in changes else name for name in names)
    sql(
        f"{verb} INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE {key} = %s",
        *(changes[name] for name in names if name in changes),
        value,
    )


def published_id(record: Record, table: str) -> int:
    """The id of a row that belongs to the published update."""
    column = {EVIDENCE: "update_id", RELIANCE: "from_statusupdate_id", EDITORS: "statusupdate_id"}
    return id_of(table, column[table], record.update)


def id_of(table: str, column: str, update: StatusUpdate) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE {column} = %s", [update.pk])
        return cursor.fetchall()[0][0]


# Updates ---------------------------------------------------------------------------------------

COLUMNS = [
    field.column
    for field in StatusUpdate._meta.concrete_fields
    if field.column not in triggers.END_STAMP
]
OTHER_VALUES: dict[str, Any] = {
    "id": 987_654,
    "slug": "another",
    "action_id": lambda: published_action().pk,
    "status": "implemented",
    "effective_on": "2025-04-01",
    "effective_precision": "year",
    "note": "Something else.",
    "search_note": "Elsewhere.",
    "searched_on": "2026-01-01",
    "confidence": "low",
    "attribution": "report",
    "next_review_on": None,
    "note_to_reviewer": "Please.",
    "revision": 9,
    "review_state": "draft",
    "is_baseline": True,
    "author_id": lambda: UserFactory().pk,
    "reviewer_id": lambda: UserFactory().pk,
    "status_at_draft": "stalled",
    "created_at": "2020-01-01 00:00:00+00",
    "submitted_at": None,
    "return_note": "Why.",
    "published_at": "2020-01-01 00:00:00+00",
    "edition_id": 1,
    "effective_day": "2020-01-01",
    "replaces_id": lambda: StatusUpdate.objects.published().earliest("pk").pk,
    "correction_reason": "Why.",
}


def changing(
    record: Record, column: str, *, beside: str = "", params: Sequence[Any] = ()
) -> Callable[[], None]:
    """Return a write of another value into the published update."""
    value = OTHER_VALUES[column]
    value = value() if callable(value) else value
    statement = f"UPDATE {UPDATE} SET {beside} {column} = %s WHERE id = %s"
    return lambda: sql(statement, *params, value, record.update.pk)


def test_no_column_of_a_published_update_changes(record: Record) -> None:
    for column in COLUMNS:
        with about(column):
            assert_refused(changing(record, column), NEVER)


def test_no_other_column_changes_with_the_end_stamp(record: Record) -> None:
    newest = "(SELECT MAX(number) FROM recommendations_edition)"
    stamp = f"ended_in_edition_id = {newest}, end_reason = 'retracted', end_note = 'Why.',"
    for column in COLUMNS:
        with about(column):
            assert_refused(changing(record, column, beside=stamp), NEVER)


def test_queryset_cannot_update_a_published_update(record: Record) -> None:
    mine = StatusUpdate.objects.filter(pk=record.update.pk)
    assert_refused(lambda: mine.update(note="Something else."), NEVER)


def test_update_that_sets_what_is_there_already_is_refused_too(record: Record) -> None:
    assert_refused(lambda: sql(f"UPDATE {UPDATE} SET note = note"), NEVER)


def test_published_update_cannot_be_deleted(record: Record) -> None:
    assert_refused(lambda: sql(f"DELETE FROM {UPDATE} WHERE id = %s", record.update.pk), NEVER)
    assert_refused(lambda: sql(f"DELETE FROM {UPDATE}"), NEVER)


def test_row_cannot_arrive_published(record: Record) -> None:
    assert_refused(
        lambda: copy_row(UPDATE, "id", record.update.pk, id=987_654, slug="x", edition_id=1),
        triggers.ONLY_PUBLISHED,
    )


def test_update_cannot_enter_an_earlier_edition(record: Record) -> None:
    late = submitted_update(published_action())
    earlier = record.earlier.edition
    assert earlier is not None
    assert_refused(
        lambda: publishing.updates.stamp([late], earlier, reviewer=UserFactory()),
        triggers.ONLY_NEWEST,
    )


def test_update_cannot_end_in_an_earlier_edition(record: Record) -> None:
    earlier = record.update.edition
    assert earlier is not None
    published_update(published_action())
    assert_refused(
        lambda: publishing.updates.end(
            {record.earlier: "It is no law."}, earlier, reason="retracted"
        ),
        triggers.ONLY_NEWEST,
    )


@pytest.mark.parametrize("leave", [corrected, retracted])
@pytest.mark.parametrize(
    "change",
    [
        "ended_in_edition_id = NULL, end_reason = ''",
        "ended_in_edition_id = (SELECT MAX(number) FROM recommendations_edition)",
        "end_note = 'Something else.'",
        "end_reason = 'retracted', end_note = 'Something else.'",
    ],
)
def test_end_stamp_is_put_once(record: Record, leave: Callable, change: str) -> None:
    leave(record.update)
    EditionFactory()
    assert_refused(
        lambda: sql(f"UPDATE {UPDATE} SET {change} WHERE id = %s", record.update.pk), NEVER
    )


def test_note_of_the_end_stamp_cannot_come_without_the_edition(record: Record) -> None:
    assert_refused(
        lambda: sql(f"UPDATE {UPDATE} SET end_note = 'x' WHERE id = %s", record.update.pk), NEVER
    )


# What belongs to an update ---------------------------------------------------------------------

PARTS = [
    (EVIDENCE, "update_id", "position", 9, OF_EVIDENCE),
    (RELIANCE, "from_statusupdate_id", "to_statusupdate_id", None, OF_RELIANCE),
    (EDITORS, "statusupdate_id", "user_id", None, OF_EDITORS),
]
of_each_part = pytest.mark.parametrize(("table", "owner", "column", "value", "message"), PARTS)


def other_value(record: Record, column: str, value: Any) -> Any:
    return {
        "to_statusupdate_id": record.draft.pk,
        "user_id": record.update.reviewer_id,
    }.get(column, value)


@of_each_part
def test_part_of_a_published_update_cannot_be_edited(
    record: Record, table: str, owner: str, column: str, value: Any, message: str
) -> None:
    value = other_value(record, column, value)
    assert_refused(
        lambda: sql(
            f"UPDATE {table} SET {column} = %s WHERE {owner} = %s", value, record.update.pk
        ),
        message,
    )


@of_each_part
def test_part_of_a_published_update_cannot_be_deleted(
    record: Record, table: str, owner: str, column: str, value: Any, message: str
) -> None:
    assert_refused(
        lambda: sql(f"DELETE FROM {table} WHERE {owner} = %s", record.update.pk), message
    )
    sql(f"DELETE FROM {table} WHERE {owner} = %s", record.draft.pk)


@of_each_part
def test_part_cannot_be_added_to_a_published_update(
    record: Record, table: str, owner: str, column: str, value: Any, message: str
) -> None:
    changes = {"id": 987_654, column: other_value(record, column, value)}
    assert_refused(lambda: copy_row(table, "id", published_id(record, table), **changes), message)


@of_each_part
def test_part_cannot_be_moved_into_or_out_of_a_published_update(
    record: Record, table: str, owner: str, column: str, value: Any, message: str
) -> None:
    move = f"UPDATE {table} SET {owner} = %s WHERE {owner} = %s"
    elsewhere = draft_update(record.action)
    sql(f"DELETE FROM {table} WHERE {owner} = %s", elsewhere.pk)
    assert_refused(lambda: sql(move, elsewhere.pk, record.update.pk), message)
    assert_refused(lambda: sql(move, record.update.pk, record.draft.pk), message)
    sql(move, elsewhere.pk, record.draft.pk)


def test_late_evidence_is_refused_however_it_is_written(record: Record) -> None:
    item = EvidenceFactory.build(update=record.update, position=7)
    assert_refused(lambda: Evidence.objects.bulk_create([item]), OF_EVIDENCE)
    assert_refused(lambda: item.save_base(raw=True), OF_EVIDENCE)


def test_relations_of_a_published_update_are_refused_to_the_orm(record: Record) -> None:
    assert_refused(lambda: record.update.relies_on.clear(), OF_RELIANCE)
    assert_refused(lambda: record.update.relies_on.add(record.draft), OF_RELIANCE)
    assert_refused(lambda: record.update.editors.add(UserFactory()), OF_EDITORS)


def test_draft_may_rely_on_a_published_update_and_cease_to(record: Record) -> None:
    record.draft.relies_on.clear()
    record.draft.relies_on.add(record.update)
    record.draft.editors.add(UserFactory())
    record.draft.delete()
    assert record.update.relied_on_by.count() == 0


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_late_evidence_waits_for_a_publication_under_way_and_fails() -> None:
    update = submitted_update(published_action())
    refused: list[str] = []

    def add_evidence() -> None:
        try:
            EvidenceFactory(update_id=update.pk, update=None)
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    late = threading.Thread(target=add_evidence)
    with transaction.atomic():
        publish(update)
        late.start()
        late.join(0.5)
        assert late.is_alive()
    late.join(HANGS)
    assert OF_EVIDENCE in "".join(refused)
    assert update.evidence.count() == 1


# Editions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["note = 'Another note.'", "published_at = CURRENT_TIMESTAMP", "number = 77"]
)
def test_edition_cannot_be_edited(record: Record, change: str) -> None:
    assert_refused(
        lambda: sql(f"UPDATE {EDITION} SET {change} WHERE number = %s", record.update.edition_id),
        triggers.NO_EDITION,
    )


def test_edition_cannot_be_deleted(record: Record) -> None:
    empty = EditionFactory()
    assert_refused(lambda: Edition.objects.filter(pk=empty.pk).delete(), triggers.NO_EDITION)


# OR REPLACE ------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("changes", [{"slug": "another"}, {"id": 987_654}])
def test_draft_cannot_replace_a_published_update(
    record: Record, verb: str, changes: dict[str, Any]
) -> None:
    """Neither by its id nor by another value that only one row may have."""
    as_draft = {
        "review_state": "draft",
        "edition_id": None,
        "published_at": None,
        "effective_day": None,
    }
    assert_refused(
        lambda: copy_row(UPDATE, "id", record.update.pk, verb=verb, **as_draft, **changes),
        triggers.NO_REPLACEMENT,
    )


@on_sqlite
@pytest.mark.parametrize("column", ["id", "slug"])
def test_draft_cannot_be_changed_into_a_published_update(record: Record, column: str) -> None:
    assert_refused(
        lambda: sql(
            f"UPDATE OR REPLACE {UPDATE} SET {column} = %s WHERE id = %s",
            getattr(record.update, column),
            record.draft.pk,
        ),
        triggers.NO_REPLACEMENT,
    )


STAMP = (
    "review_state = 'published', effective_day = effective_on, "
    "(edition_id, published_at, reviewer_id) = "
    "(SELECT edition_id, published_at, reviewer_id FROM recommendations_statusupdate WHERE id = %s)"
)


@on_sqlite
def test_publication_cannot_replace_another_of_its_edition(record: Record) -> None:
    assert_refused(
        lambda: sql(
            f"UPDATE OR REPLACE {UPDATE} SET {STAMP} WHERE id = %s",
            record.update.pk,
            record.draft.pk,
        ),
        triggers.NO_REPLACEMENT,
    )


@on_sqlite
def test_publication_cannot_replace_another_correction(record: Record) -> None:
    correction = corrected(record.update)
    record.action.refresh_from_db()
    other = draft_update(record.action, replaces=record.update, correction_reason="Why.")
    published = published_update(published_action())
    assert_refused(
        lambda: sql(
            f"UPDATE OR REPLACE {UPDATE} SET {STAMP} WHERE id = %s", published.pk, other.pk
        ),
        triggers.NO_REPLACEMENT,
    )
    assert StatusUpdate.objects.filter(pk=correction.pk).exists()


@on_sqlite
@of_each_part
def test_part_of_a_draft_cannot_replace_one_of_a_published_update(
    record: Record, table: str, owner: str, column: str, value: Any, message: str
) -> None:
    fixed, loose = published_id(record, table), id_of(table, owner, record.draft)
    elsewhere = draft_update(record.action)
    assert_refused(
        lambda: copy_row(table, "id", loose, verb="REPLACE", **{"id": fixed, owner: elsewhere.pk}),
        triggers.NO_REPLACEMENT,
    )
    assert_refused(
        lambda: sql(f"UPDATE OR REPLACE {table} SET id = %s WHERE id = %s", fixed, loose),
        triggers.NO_REPLACEMENT,
    )
    assert_refused(
        lambda: copy_row(table, "id", fixed, verb="REPLACE"),
        "never",
    )


@on_sqlite
def test_edition_cannot_replace_another() -> None:
    baseline = EditionFactory(kind="baseline", report=ReportFactory())
    for changes in ({"note": "Another note."}, {"number": baseline.number + 1}):
        assert_refused(
            lambda changes=changes: copy_row(
                EDITION, "number", baseline.number, verb="REPLACE", **changes
            ),
            triggers.NO_REPLACEMENT,
        )


@on_sqlite
def test_edition_of_research_cannot_replace_another() -> None:
    edition = EditionFactory(
        kind="research",
        report=ReportFactory(),
        slug="second-coding",
        method="Two codings.",
        horizon_on=PUBLISHED_ON,
    )
    assert_refused(
        lambda: copy_row(
            EDITION, "number", edition.number, verb="REPLACE", number=edition.number + 1
        ),
        triggers.NO_REPLACEMENT,
    )


@on_postgresql
@pytest.mark.parametrize("table", triggers.GUARDED_TABLES)
def test_record_cannot_be_truncated(record: Record, table: str) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert_refused(lambda: sql(f"TRUNCATE {table} CASCADE"), triggers.NO_TRUNCATION)


@on_postgresql
def test_record_cannot_be_truncated_by_way_of_what_it_refers_to(record: Record) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert_refused(lambda: sql("TRUNCATE recommendations_report CASCADE"), triggers.NO_TRUNCATION)


@on_postgresql
def test_insert_on_conflict_cannot_rewrite_a_published_update(record: Record) -> None:
    assert_refused(
        lambda: sql(
            f"INSERT INTO {EVIDENCE} SELECT * FROM {EVIDENCE} WHERE update_id = %s "
            "ON CONFLICT (id) DO UPDATE SET title = 'Something else'",
            record.update.pk,
        ),
        OF_EVIDENCE,
    )


@on_postgresql
def test_temporary_table_cannot_pose_as_the_record(record: Record) -> None:
    sql(f"CREATE TEMPORARY TABLE {UPDATE} (id bigint, review_state text) ON COMMIT DROP")
    sql(f"SET LOCAL search_path = pg_temp, {ask_schema()}")
    with pytest.raises(IntegrityError, match=re.escape(OF_EVIDENCE)), transaction.atomic():
        sql(f"UPDATE {EVIDENCE} SET title = 'x' WHERE update_id = %s", record.update.pk)


def ask_schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace FROM pg_class WHERE relname = %s", [EVIDENCE]
        )
        return cursor.fetchone()[0]


# Triggers come, stay and are asked for ---------------------------------------------------------


def faults() -> dict[str, str]:
    return dict(triggers.faults(connection))


def in_database() -> set[str]:
    """The names of the triggers, asked for apart from the code."""
    ask = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    }
    with connection.cursor() as cursor:
        cursor.execute(ask[connection.vendor])
        return {name for (name,) in cursor.fetchall() if name.startswith(triggers.PREFIX)}


def test_triggers_are_there_after_all_migrations() -> None:
    wanted = {
        f"{triggers.PREFIX}{table.removeprefix('recommendations_')}_{event}"
        for table in triggers.GUARDED_TABLES
        for event in ("insert", "update", "delete")
    } - {f"{triggers.PREFIX}edition_insert", f"{triggers.PREFIX}pseudonym_insert"}
    assert wanted < in_database()
    assert faults() == {}


def test_check_is_silent_with_the_triggers_in_place(baseline: None) -> None:
    assert list(integrity.differences()) == []


def test_check_names_each_missing_trigger() -> None:
    names = in_database()
    triggers.remove(connection)
    assert in_database() == set()
    assert faults() == dict.fromkeys(names, "is missing")
    with pytest.raises(CommandError, match=f"{len(names)} found"):
        call_command("check_integrity", stdout=StringIO())


def drop(name: str, table: str) -> None:
    sql(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))


def test_check_names_one_that_is_missing_and_installing_mends_it() -> None:
    name = f"{triggers.PREFIX}evidence_insert"
    drop(name, EVIDENCE)
    said = [str(difference) for difference in integrity.differences()]
    assert said == [f"trigger: {name}: is missing"]
    triggers.install(connection)
    assert faults() == {}


@on_sqlite
def test_check_names_a_trigger_of_another_form() -> None:
    name = f"{triggers.PREFIX}evidence_insert"
    drop(name, EVIDENCE)
    sql(f"CREATE TRIGGER {name} BEFORE INSERT ON {EVIDENCE} BEGIN SELECT 1; END")
    assert faults() == {name: "is not as this release installs it"}


@on_postgresql
def test_check_names_a_disabled_trigger_and_one_of_another_form() -> None:
    disabled, other = f"{triggers.PREFIX}evidence_insert", f"{triggers.PREFIX}evidence_update"
    sql(f"ALTER TABLE {EVIDENCE} DISABLE TRIGGER {disabled}")
    sql(
        f"CREATE OR REPLACE FUNCTION {other}() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'"
    )
    assert faults() == {disabled: "is disabled", other: "is not as this release installs it"}


def test_column_without_a_guard_is_named() -> None:
    """What a migration adds is fixed too, and the triggers have to be installed anew for it."""
    sql(f"ALTER TABLE {UPDATE} ADD COLUMN colour varchar(10)")
    assert faults() == {
        f"{triggers.PREFIX}statusupdate_update": "is not as this release installs it"
    }


# Migrations of guarded tables ------------------------------------------------------------------


def migrate(operations: list[Any], *, backwards: bool = False) -> None:
    """Run operations as a migration that follows all there are."""
    state = MigrationLoader(connection).project_state()
    later = migrations.Migration("later", "recommendations")
    later.operations = operations
    with connection.schema_editor(atomic=True) as editor:
        (later.unapply if backwards else later.apply)(state, editor)


ALTERATIONS: dict[str, Callable[[], Any]] = {
    "add to updates": lambda: migrations.AddField(
        "statusupdate", "colour", models.CharField(default="", max_length=10)
    ),
    "alter updates": lambda: migrations.AlterField(
        "statusupdate", "note", models.TextField(default="")
    ),
    "alter evidence": lambda: migrations.AlterField(
        "evidence", "page", models.CharField(default="", max_length=60)
    ),
    "rename in editions": lambda: migrations.RenameField("edition", "note", "remark"),
}


@pytest.fixture
def altered() -> Iterator[Callable[[str], None]]:
    """Applies one alteration within the helper, and takes it back after the test."""
    done: list[Any] = []

    def alter(name: str) -> None:
        done.append(triggers.around([ALTERATIONS[name]()]))
        migrate(done[0])

    yield alter
    for operations in done:
        migrate(operations, backwards=True)
        assert faults() == {}


@pytest.mark.parametrize("name", ALTERATIONS)
@pytest.mark.django_db(transaction=True)
def test_migration_of_a_guarded_table_leaves_the_triggers_installed(
    altered: Callable[[str], None], name: str
) -> None:
    update = published_update(published_action())
    names = in_database()
    altered(name)
    assert in_database() == names
    assert faults() == {}
    assert_refused(lambda: sql(f"UPDATE {UPDATE} SET status = 'partly'"), NEVER)
    assert_refused(lambda: sql(f"DELETE FROM {EVIDENCE}"), OF_EVIDENCE)
    assert_refused(lambda: sql(f"DELETE FROM {EDITION}"), triggers.NO_EDITION)
    assert update.evidence.exists()


@pytest.mark.django_db(transaction=True)
def test_added_column_of_a_published_update_is_fixed_too(altered: Callable[[str], None]) -> None:
    published_update(published_action())
    altered("add to updates")
    assert_refused(lambda: sql(f"UPDATE {UPDATE} SET colour = 'red'"), NEVER)


def test_triggers_go_and_come_with_their_migration() -> None:
    installation, names = triggers.installation(), in_database()
    editor = connection.schema_editor()
    installation.reverse_code(None, editor)
    assert in_database() == set()
    installation.code(None, editor)
    assert in_database() == names


# Flush and backup ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_flush_of_the_project_is_refused_and_that_of_the_suite_is_not() -> None:
    published_update(published_action())
    before = contents()
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command(Flush(), interactive=False, verbosity=0)
    assert contents() == before
    call_command("flush", interactive=False, verbosity=0)
    assert not any(contents().values())
    assert faults() == {}


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_copy_of_the_file_brings_the_triggers_along(tmp_path: Path) -> None:
    published_update(published_action())
    sql("VACUUM INTO %s", str(tmp_path / "backup.sqlite3"))
    with closing(sqlite3.connect(tmp_path / "backup.sqlite3")) as restored:
        assert restored.execute(f"SELECT COUNT(*) FROM {UPDATE}").fetchone() == (1,)
        with pytest.raises(sqlite3.IntegrityError, match=re.escape(NEVER)):
            restored.execute(f"UPDATE {UPDATE} SET note = 'Something else.'")


def test_publishing_corrects_and_retracts_as_before(record: Record) -> None:
    correction = corrected(record.update, status="in_progress")
    retracted(correction)
    assert list(integrity.differences()) == []
    assert record.update.published_at == noon(PUBLISHED_ON)


@on_sqlite
@pytest.mark.parametrize(
    "guard",
    [
        guard
        for guard in record_guards._against_replacement(editions_have_slug=True)
        if guard.table == UPDATE
    ],
    ids=lambda guard: guard.name,
)
def test_row_in_the_way_is_looked_up_and_not_searched_for(guard: triggers.Guard) -> None:
    """Otherwise each save of a draft reads all updates that were ever published."""
    condition = re.sub(r"\b(NEW|OLD)\.\w+", "'1'", guard.condition)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN SELECT {condition}")
        plan = "\n".join(row[-1] for row in cursor.fetchall())
    assert "MULTI-INDEX OR" in plan
    assert "recommendations_update_state" not in plan
