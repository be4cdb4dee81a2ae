from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from recommendations import integrity, triggers
from recommendations.models import Action, Edition, EvidencePeriod, ListedHost, RetractionRequest

from .factories import corrected, published_action, published_update, retracted

APP = "recommendations"
BEFORE_RESEARCH, RESEARCH = "0016_relate_reports", "0017_add_research_editions"
CODINGS = "0018_add_codings"
BEFORE_WATCH, WATCH = "0018_add_codings", "0020_keep_evidence_periods"


@pytest.mark.django_db
def test_models_have_no_change_without_a_migration() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail(
            "The models have changed: manage.py makemigrations, named by hand, and wrapped in "
            "triggers.around([...]) where it alters a table of triggers.GUARDED_TABLES."
        )


def migrate(name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])


def migrate_to_newest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def migrated_again() -> Iterator[None]:
    yield
    migrate_to_newest()


def rows(table: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_research_editions_come_to_a_record_and_leave_it_as_it_was() -> None:
    action = published_action()
    retracted(corrected(published_update(action)))
    migrate(BEFORE_RESEARCH)
    tables = (f"{APP}_edition", f"{APP}_retractionrequest", f"{APP}_statusupdate")
    before = {table: rows(table) for table in tables}
    assert not {"slug", "method", "horizon_on"} & set(before[f"{APP}_edition"][0])
    assert before[f"{APP}_retractionrequest"][0]["outcome"] == "confirmed"

    migrate(RESEARCH)
    for table, old in before.items():
        kept = [{name: row[name] for name in old[0]} for row in rows(table)]
        assert kept == old, table
    said = set(Edition.objects.values_list("slug", "method", "horizon_on"))
    assert said == {("", "", None)}
    assert RetractionRequest.objects.get().research_edition is None
    assert list(triggers.faults(connection)) == []
    migrate_to_newest()
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_codings_come_to_a_record_and_leave_its_evidence_as_it_was() -> None:
    published_update(published_action())
    migrate(RESEARCH)
    table = f"{APP}_evidence"
    before = rows(table)
    assert before
    assert "language" not in before[0]

    migrate(CODINGS)
    assert [{name: row[name] for name in before[0]} for row in rows(table)] == before
    assert {row["language"] for row in rows(table)} == {""}
    assert list(triggers.faults(connection)) == []
    migrate_to_newest()
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_there_gets_the_list_of_hosts_and_what_its_statuses_rest_on() -> None:
    action, other = published_action(), published_action()
    address = "https://eu.news-pravda.com/made-up"
    ListedHost.objects.all().delete()
    first = published_update(action, evidence=[{"kind": "press", "url": address}])
    published_update(action, "implemented", on=date(2025, 6, 1), relies_on=[first])
    retracted(corrected(published_update(other)))
    tables = [f"{APP}_{name}" for name in ("edition", "statusupdate", "evidence")]
    before, derived = {table: rows(table) for table in tables}, evidence_periods()
    columns = dict(Action.objects.values_list("pk", "evidence_counts"))
    assert columns == {action.pk: {"primary": 1, "press": 1}, other.pk: {}}

    migrate(BEFORE_WATCH)
    assert "evidence_kind" not in rows(f"{APP}_action")[0]
    migrate(WATCH)
    assert {table: rows(table) for table in tables} == before
    migrate_to_newest()
    assert evidence_periods() == derived
    assert dict(Action.objects.values_list("pk", "evidence_counts")) == columns
    assert ListedHost.objects.as_list().mark_of(address) == "never_evidence"
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


def evidence_periods() -> list[list[tuple[str, str]]]:
    """The rows without their keys, which a migration gives anew."""
    found = EvidencePeriod.objects.values()
    return sorted(sorted((k, str(v)) for k, v in row.items() if k != "id") for row in found)
