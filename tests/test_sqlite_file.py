"""A connection to an SQLite file is kept between requests, and not to one that was replaced."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db.utils import ConnectionHandler

from alliance import services, sqlite_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database of its own, as the settings describe it."""
    path = tmp_path / "db.sqlite3"
    write(path, "before")
    handler = ConnectionHandler({"default": services.database(f"sqlite:///{path}")})
    monkeypatch.setattr(sqlite_file, "connections", handler)
    yield path
    handler["default"].close()


def write(path: Path, text: str) -> None:
    with sqlite3.connect(path) as written:
        written.execute("CREATE TABLE said (text)")
        written.execute("INSERT INTO said VALUES (?)", [text])
    written.close()


def said() -> str:
    with sqlite_file.connections["default"].cursor() as cursor:
        return cursor.execute("SELECT text FROM said").fetchone()[0]


def next_request() -> None:
    own = sqlite_file.connections["default"]
    own.close_if_unusable_or_obsolete()
    sqlite_file.leave_what_was_replaced()


def test_connection_is_kept(file: Path) -> None:
    assert said() == "before"
    opened = sqlite_file.connections["default"].connection
    next_request()
    assert said() == "before"
    assert sqlite_file.connections["default"].connection is opened is not None


def test_file_that_was_replaced_is_opened(file: Path) -> None:
    assert said() == "before"
    write(file.with_name("backup"), "after")
    os.replace(file.with_name("backup"), file)
    assert said() == "before"
    next_request()
    assert said() == "after"


def test_file_that_is_gone_is_left(file: Path) -> None:
    assert said() == "before"
    file.unlink()
    next_request()
    assert sqlite_file.connections["default"].connection is None


def test_each_request_looks() -> None:
    assert sqlite_file.leave_what_was_replaced in live_receivers(request_started)
    assert sqlite_file.remember not in live_receivers(request_finished)


def live_receivers(signal: object) -> list[object]:
    return [one for found in signal._live_receivers(None) for one in found]  # type: ignore[attr-defined]
