"""A database of an earlier release, with a record in it, becomes that of this one by `migrate`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration

from recommendations import integrity, triggers
from recommendations.integrity import upgrade
from recommendations.models import Action, StatusPeriod

from .factories import (
    PUBLISHED_ON,
    corrected,
    moment,
    published_action,
    published_update,
    retracted,
    set_verifiable,
)
from .test_migrations import migrate, migrate_to_newest, rows

APP = "recommendations"
FIXED = [f"{APP}_{name}" for name in ("edition", "statusupdate", "evidence", "retractionrequest")]
EARLIER = ["0004_install_triggers", "0010_keep_imports", "0016_relate_reports", "0018_add_codings"]


@pytest.fixture
def migrated_again() -> Iterator[None]:
    yield
    migrate_to_newest()
    triggers.install(connection)


def a_record() -> None:
    """Write something of everything that guards and derived rows are about."""
    action, other = published_action(), published_action()
    first = published_update(action, "implemented", on=date(2025, 3, 1))
    published_update(action, "partly", on=date(2025, 9, 1), relies_on=[first])
    retracted(corrected(published_update(other)))
    set_verifiable(other, is_verifiable=False, reason="A wish.", now=moment(PUBLISHED_ON))


@pytest.mark.parametrize("earlier", EARLIER)
@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_record_of_an_earlier_release_is_brought_up_by_migrate(earlier: str) -> None:
    a_record()
    migrate(earlier)
    before = {table: rows(table) for table in FIXED}
    assert all(before.values())
    # As a release leaves it that had other guards.
    with connection.cursor() as cursor:
        name = f"{triggers.PREFIX}evidence_insert"
        on = "" if connection.vendor == "sqlite" else f" ON {APP}_evidence"
        cursor.execute(f"DROP TRIGGER {name}{on}")

    call_command("migrate", verbosity=0)

    for table, old in before.items():
        assert [{name: row[name] for name in old[0]} for row in rows(table)] == old, table
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_migrate_puts_guards_back_and_derives_again_and_says_so() -> None:
    a_record()
    triggers.remove(connection)
    StatusPeriod.objects.all().delete()
    Action.objects.update(fell_from="")
    out = StringIO()
    call_command("migrate", stdout=out)
    said = out.getvalue()
    assert "Guard installed: recommendations_guard_edition_update, which is missing" in said
    assert "Derived again: period: action" in said
    assert list(integrity.differences()) == []
    assert upgrade.bring_up() == []


@pytest.mark.django_db(transaction=True)
def test_migrate_derives_nothing_while_a_text_is_in_doubt() -> None:
    a_record()
    triggers.remove(connection)
    Action.objects.update(title="Build a shipyard", status="rejected")
    out = StringIO()
    call_command("migrate", stdout=out)
    assert "Nothing was derived again" in out.getvalue()
    assert any(one.kind == "column" for one in integrity.differences())


def migration(app: str, **attributes: object) -> tuple[Migration, bool]:
    return type("Migration", (Migration,), attributes)("0099_later", app), False


@pytest.mark.parametrize(
    ("plan", "is_compared"),
    [
        ([], False),
        ([migration("sessions")], False),
        ([migration("recommendations", leaves_the_record=True)], False),
        (
            [migration("recommendations", leaves_the_record=True), migration("recommendations")],
            True,
        ),
    ],
)
@pytest.mark.django_db
def test_all_is_compared_after_a_migration_that_may_have_changed_it(
    plan: list[tuple[Migration, bool]], is_compared: bool
) -> None:
    """A server that starts migrates each time: with a million actions it takes an hour."""
    a_record()
    Action.objects.update(fell_from="rejected")
    out = StringIO()
    upgrade.after_migrate(plan=plan, stdout=out)
    assert ("Derived again" in out.getvalue()) is is_compared


@pytest.mark.django_db
def test_migrate_changes_nothing_where_nothing_differs() -> None:
    a_record()
    assert upgrade.bring_up() == []
