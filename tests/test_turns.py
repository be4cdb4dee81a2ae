"""Who writes to the record takes turns, in the order in which they came."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection

from alliance import turns
from recommendations.publishing import lock_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.about_databases]

# After which a thread is given up as hanging, however busy the machine.
HANGS = 600
WAITING = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted
"""


def until(is_so: Callable[[], bool], thread: Thread) -> None:
    """Wait for what a thread brings about before it ends."""
    while not is_so():
        assert thread.is_alive()
        thread.join(0.01)


def n_places() -> int:
    with open(f"{connection.settings_dict['NAME']}{turns.SUFFIX}", "rb") as file:
        return turns.last_place(file.fileno())


def n_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [turns.ADVISORY_KEY])
        return cursor.fetchone()[0]


def write(told: list[str], name: str) -> None:
    with turns.transaction_in_turn():
        lock_state()
        told.append(name)


def in_thread(told: list[str], name: str) -> Thread:
    """Start a writer, and come back as soon as it stands in line."""

    def run() -> None:
        try:
            write(told, name)
        finally:
            connection.close()

    is_file = connection.vendor == "sqlite"
    before = n_places() if is_file else n_waiting()
    thread = Thread(target=run)
    thread.start()
    until(lambda: (n_places() if is_file else n_waiting()) > before, thread)
    return thread


def test_who_came_first_writes_first_and_who_has_written_stands_last() -> None:
    told: list[str] = []
    with turns.transaction_in_turn():
        lock_state()
        threads = [in_thread(told, name) for name in ("first", "second", "third")]
        assert told == []
    write(told, "again")
    for thread in threads:
        thread.join(HANGS)
    assert told == ["first", "second", "third", "again"]


def test_turn_is_left_when_a_step_fails() -> None:
    told: list[str] = []
    with pytest.raises(ZeroDivisionError), turns.transaction_in_turn():
        lock_state()
        threads = [in_thread(told, "other")]
        raise ZeroDivisionError
    for thread in threads:
        thread.join(HANGS)
    assert told == ["other"]


def test_step_within_a_step_waits_for_nobody() -> None:
    told: list[str] = []
    with turns.transaction_in_turn():
        write(told, "outer")
        write(told, "inner")
    assert told == ["outer", "inner"]


# The file ---------------------------------------------------------------------------------------

of_file = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the queue of SQLite")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Open a queue of its own, as often as it is called."""
    with ExitStack() as stack:

        def opened() -> int:
            descriptor = os.open(tmp_path / "queue", os.O_RDWR | os.O_CREAT)
            stack.callback(os.close, descriptor)
            return descriptor

        yield opened


def is_free(descriptor: int, place: int) -> bool:
    try:
        turns._lock(descriptor, turns.PLACES + place)
    except (BlockingIOError, PermissionError):
        return False
    return True


def test_places_follow_each_other_and_stay_taken(queue: Callable[[], int]) -> None:
    one, other = queue(), queue()
    assert [turns.take_place(one), turns.take_place(other)] == [1, 2]
    assert is_free(other, 0)
    assert not is_free(other, 1)
    assert not is_free(one, 2)


def test_place_is_free_when_its_writer_is_gone(queue: Callable[[], int], tmp_path: Path) -> None:
    writer = os.open(tmp_path / "queue", os.O_RDWR | os.O_CREAT)
    place, waiting = turns.take_place(writer), queue()
    assert not is_free(waiting, place)
    os.close(writer)
    assert is_free(waiting, place)


def test_nobody_waits_for_ever(queue: Callable[[], int]) -> None:
    turns.take_place(queue())
    turns._wait_for(queue(), 1, until=time.monotonic())


def test_damaged_queue_begins_anew(queue: Callable[[], int], tmp_path: Path) -> None:
    (tmp_path / "queue").write_bytes(b"\1")
    assert turns.take_place(queue()) == 2


@of_file
def test_file_is_for_those_who_may_write_to_the_database() -> None:
    with turns.transaction_in_turn():
        lock_state()
    database = Path(str(connection.settings_dict["NAME"]))
    of_database, of_queue = (Path(f"{database}{end}").stat() for end in ("", turns.SUFFIX))
    assert of_queue.st_mode & 0o777 == of_database.st_mode & 0o666
    assert (of_queue.st_uid, of_queue.st_gid) == (of_database.st_uid, of_database.st_gid)


@of_file
@pytest.mark.parametrize("name", ["no-such-folder/database", ""])
def test_writer_without_a_file_is_let_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", name)
    told: list[str] = []
    with turns._turn_on_file():
        told.append("here")
    assert told == ["here"]


@of_file
def test_system_without_such_locks_leaves_the_order_to_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "CAN_QUEUE", False)
    told: list[str] = []
    write(told, "one")
    assert told == ["one"]
