import threading

import pytest
from django.db import connection, transaction

from alliance.services import databases

# After which a thread is given up as hanging, however busy the machine.
HANGS = 600
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="is about PostgreSQL"
)

pytestmark = pytest.mark.about_databases


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@sqlite_only
@pytest.mark.django_db
def test_sqlite_writes_ahead_and_waits_for_other_writers() -> None:
    assert ask("PRAGMA journal_mode") == "wal"
    assert ask("PRAGMA foreign_keys") == 1
    assert ask("PRAGMA busy_timeout") == 20_000
    assert ask("PRAGMA synchronous") == 1


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_sqlite_transaction_holds_the_write_lock_from_its_start() -> None:
    second_began = threading.Event()

    def begin() -> None:
        with transaction.atomic():
            second_began.set()
        connection.close()

    with transaction.atomic():
        second = threading.Thread(target=begin)
        second.start()
        assert not second_began.wait(0.3)
    second.join(HANGS)
    assert second_began.is_set()


@postgresql_only
@pytest.mark.django_db
def test_postgresql_connections_come_from_a_pool() -> None:
    assert ask("SELECT 1") == 1
    assert connection.pool is not None  # type: ignore[attr-defined]
    assert connection.settings_dict["CONN_MAX_AGE"] == 0


def test_behind_a_pooler_of_transactions_nothing_is_kept_on_a_connection(monkeypatch) -> None:
    url = "postgres://tracker@127.0.0.1/tracker"
    assert not databases(url)["default"]["DISABLE_SERVER_SIDE_CURSORS"]
    monkeypatch.setenv("DATABASE_POOLED_BY_TRANSACTION", "1")
    assert databases(url)["default"]["DISABLE_SERVER_SIDE_CURSORS"]


def test_requests_do_not_open_transactions_of_their_own() -> None:
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False
