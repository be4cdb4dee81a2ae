"""While the database is away or locked, pages say so at once, and health is another matter."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from alliance import database_away
from alliance.database_away import circuit

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    circuit.open_until = 0.0


def failing(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("no connection")


@pytest.fixture
def away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No question reaches the database, as when PostgreSQL is stopped."""
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", failing)
    monkeypatch.setattr("django.db.models.query.QuerySet.aggregate", failing)
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", failing)
    monkeypatch.setattr(database_away, "is_away", lambda alias: True)


def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_page_says_so_and_when_to_come_back(away: None) -> None:
    response = visitor().get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == str(database_away.SECONDS)
    assert "The database does not answer." in response.content.decode()


def test_after_the_first_failure_nobody_asks_again_for_a_while(
    away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor().get("/")
    asked: list[int] = []
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", lambda rows: asked.append(1))
    assert visitor().get("/recommendations/").status_code == 503
    assert asked == []


def test_process_stays_healthy_meanwhile(away: None) -> None:
    visitor().get("/")
    assert visitor().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_database_is_asked_again_after_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit.open()
    assert visitor().get("/").status_code == 503
    later = time.monotonic() + database_away.SECONDS
    monkeypatch.setattr("alliance.circuit.time.monotonic", lambda: later)
    assert visitor().get("/").status_code == 200


def test_other_errors_are_no_matter_of_the_database() -> None:
    assert database_away.answer_to(ValueError()) is None
    assert database_away.answer_to(None) is None


def test_pool_gives_up_in_time_for_the_answer() -> None:
    from alliance.services import database

    pool = database("postgres://someone@127.0.0.1/tracker")["OPTIONS"]["pool"]
    assert pool["timeout"] < 2


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_locked_database_is_no_excess_of_attempts(analyst: Any) -> None:
    connection.ensure_connection()
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1200")
    other = sqlite3.connect(name, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            cache.add("somebody", 1, 60)
        response = visitor().post("/accounts/login/", {"login": "analyst", "password": "secret"})
    finally:
        other.rollback()
        other.close()
        connection.close()
    assert response.status_code == 503
    assert "Too many" not in response.content.decode()
    assert cache.add("somebody", 1, 60) and not cache.add("somebody", 1, 60)
