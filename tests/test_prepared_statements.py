"""PostgreSQL plans the queries of pages once for each connection; SQLite has no such plans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alliance.prepared_statements import answer_of, are_kept_by, rows_of
from recommendations.models import Report
from recommendations.querysets.prepared import Parameter, Prepared
from recommendations.viewpoint import Viewpoint

from .factories import ReportFactory

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite plans a statement in no time, each time"
)


def by_slug() -> Prepared[Report]:
    return Prepared(lambda viewpoint: Report.objects.filter(slug=Parameter("slug")))


def plans() -> list[tuple[int, int]]:
    """Return how often each statement of reports by slug was planned once, and anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%recommendations_report%slug_ = ($1)%'"
        )
        return cursor.fetchall()


def test_plans_are_kept_by_postgresql_alone():
    assert are_kept_by(connection) == (connection.vendor == "postgresql")


@on_postgresql
def test_a_query_is_planned_once():
    report, ask = ReportFactory(), by_slug()
    before = sum(once for once, _anew in plans())
    for _time in range(7):
        assert ask(Viewpoint.present(), slug=report.slug) == [report]
    assert sum(once for once, _anew in plans()) == before + 7
    assert not any(anew for _once, anew in plans())


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_how_to_plan_outlives_a_transaction_that_is_taken_back():
    connection.ensure_connection()
    connection.connection.plans_once = False
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rows_of(connection, "SELECT 1", [])
        raise ZeroDivisionError
    assert rows_of(connection, "SHOW plan_cache_mode", []) == [("force_generic_plan",)]


@on_postgresql
def test_behind_a_pooler_of_transactions_nothing_is_prepared(monkeypatch):
    report, ask = ReportFactory(), by_slug()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    before = plans()
    assert ask(Viewpoint.present(), slug=report.slug) == [report]
    assert plans() == before


@on_postgresql
def test_it_is_counted_and_refused_as_other_queries():
    with CaptureQueriesContext(connection) as asked:
        assert rows_of(connection, "SELECT %s::int + 1", [1]) == [(2,)]
    assert "SELECT" in asked.captured_queries[-1]["sql"]
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows_of(connection, "SELECT * FROM no_such_table", [])
    assert issubclass(ProgrammingError, DatabaseError)
    assert rows_of(connection, "SELECT 1", []) == [(1,)]


@on_postgresql
def test_a_sign_of_per_cent_is_a_sign_and_no_place():
    told = rows_of(connection, "SELECT %s::text || ' %%', %s::int %% 4", ["50", 7])
    assert told == [("50 %", 3)]


@on_postgresql
@pytest.mark.parametrize("at", ["2026-11-30 23:59:59.5", "1999-01-01 00:00", "0044-03-15 12:00"])
def test_times_are_those_that_django_reads(at):
    sql = f"SELECT '{at}+09'::timestamptz"
    rows = answer_of(connection, sql)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert rows == cursor.fetchall()
    assert rows[0][0] == datetime.fromisoformat(f"{at}+09:00")
    assert rows[0][0].tzinfo is UTC


@on_postgresql
def test_a_time_that_python_has_none_for_is_refused_as_by_the_driver():
    with pytest.raises(DatabaseError, match="infinity"):
        answer_of(connection, "SELECT 'infinity'::timestamptz")


def test_a_statement_without_values_answers_on_each_database():
    assert answer_of(connection, "SELECT 1") == [(1,)]


@on_postgresql
def test_a_plan_follows_what_becomes_of_a_table():
    ask = by_slug()
    assert ask(Viewpoint.present(), slug="none") == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE recommendations_report ADD COLUMN another int")
    assert ask(Viewpoint.present(), slug="none") == []
