"""Whatever happens to the file of the index, an answer is right or a 503 that says when to ask."""

from __future__ import annotations

import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pyroaring import BitMap

from recommendations.filters import RecommendationFilterSet
from recommendations.index import checking, frequent, in_process, keeping, store
from recommendations.index.store import Damaged, Store, opened, thrown_away
from recommendations.models import Action
from recommendations.publishing import touch

from .factories import PUBLISHED_ON, published_action, published_actions, published_update
from .indexed import another_process, counted, ended, listed
from .lengths import IS_LONG, each, has_long_form
from .test_concurrency import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.run_once]

PAGES = ["/recommendations/?q=otters", "/deadlines/"]
EXPORTS = ["/recommendations.csv?q=otters", "/changes/feed.atom?q=otters"]

# What words found may be kept in memory; that nothing has the number 90210 is asked of the file.
QUERIES = ["", "status=implemented", "q=otters", "unit=recommendations&q=otters", "q=90210"] + [
    f"published_since={PUBLISHED_ON + timedelta(days=n)}" for n in (0, 400)
]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Each test has an index folder of its own."""
    settings.INDEX_DIR = tmp_path / "index"
    return settings.INDEX_DIR


@pytest.fixture
def record() -> list[Action]:
    counting = published_actions(2, title="Count the otters")
    actions = [*counting, published_action(title="Weigh 90210 seals")]
    published_update(actions[0], "implemented")
    return actions


def asked(query: str) -> RecommendationFilterSet:
    return RecommendationFilterSet(QueryDict(query))


def path() -> Path:
    return keeping.path_of_index()


def again(ask: Callable[[], Any]) -> Any:
    """Ask once more where the first answer is that the index is being made."""
    try:
        return ask()
    except keeping.BeingMade:
        return ask()


def check_right() -> None:
    """Answers are those of the database, and the file is whole."""
    for query in QUERIES:
        filterset = asked(query)
        assert listed(filterset) == [row.pk for row in filterset.qs]
    assert counted(asked("")).counts.by_status == {"implemented": 1, "not_assessed": 2}
    assert set(listed(asked("q=otters"))) == {
        action.pk for action in Action.objects.filter(title="Count the otters")
    }


def check_file() -> None:
    """The file is there, and what is in it is right."""
    check_right()
    assert path().exists()
    assert [str(one) for one in checking.differences()] == []


# The file --------------------------------------------------------------------------------------


def no_folder(folder: Path) -> None:
    for one in sorted(folder.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() else one.unlink()


def no_file(folder: Path) -> None:
    path().unlink()


def no_log_of_writing(folder: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path().with_name(path().name + suffix).unlink(missing_ok=True)


def garbage(folder: Path) -> None:
    replaced(b"This is no database. " * 1000)


def empty(folder: Path) -> None:
    replaced(b"")


def truncated(folder: Path) -> None:
    replaced(path().read_bytes()[: 3 * 4096 + 100])


def beginning_alone(folder: Path) -> None:
    replaced(path().read_bytes()[:50])


def other_tables(folder: Path) -> None:
    path().unlink()
    with sqlite3.connect(path()) as other:
        other.execute("CREATE TABLE state (something)")
    other.close()


def table_that_is_gone(folder: Path) -> None:
    with sqlite3.connect(path()) as other:
        other.execute("DROP TABLE owners")
    other.close()


def words_that_are_gone(folder: Path) -> None:
    with sqlite3.connect(path()) as other:
        other.execute("DROP TABLE action_words")
    other.close()


def replaced(content: bytes) -> None:
    """Put another content in the place of the file, as a new file."""
    path().unlink()
    path().write_bytes(content)
    no_log_of_writing(path().parent)


def written_back() -> None:
    """Have all that was written in the file itself, and nobody reading it."""
    opened(path()).execute("PRAGMA wal_checkpoint(TRUNCATE)")


FATES = [
    no_folder, no_file, garbage, empty, truncated, beginning_alone, other_tables,
    table_that_is_gone, words_that_are_gone,
]  # fmt: skip


def test_file_that_is_lost_or_replaced_is_made_anew(record: list[Action], folder: Path) -> None:
    for fate in FATES:
        check_right()
        written_back()
        fate(folder)
        refused_at_most_once(record)
        check_file()


def refused_at_most_once(record: list[Action]) -> None:
    """Who asks first may be told to ask again, on a page never."""
    client = Client()
    assert client.get("/recommendations/?q=90210").context["page"].paginator.count == 1
    assert client.get("/recommendations/?q=otters").context["page"].paginator.count == 2
    assert client.get("/recommendations.csv?q=otters").status_code == 200


def test_export_that_finds_damage_is_made_again_and_right(
    record: list[Action],
) -> None:
    check_right()
    with sqlite3.connect(path()) as other:
        other.execute("DROP TABLE action_words")
    other.close()
    client = Client()
    first, again = (client.get("/recommendations.csv?q=90210") for _n in range(2))
    assert first.status_code == again.status_code == 200
    content = first.getvalue()
    assert b"Weigh 90210 seals" in content
    assert content == again.getvalue()
    check_file()


def test_folder_that_is_deleted_while_an_answer_is_made_does_not_change_the_answer(
    record: list[Action], folder: Path
) -> None:
    check_right()
    with keeping.opened_at(asked("").viewpoint) as index:
        no_folder(folder)
        assert index.view.rows("action", "status", "implemented") == BitMap([record[0].pk])
        assert listed(asked("q=otters")) == [record[0].pk, record[1].pk]
        assert len(index.view.counted_actions) == 3
    check_file()


def test_file_of_another_way_of_indexing_is_left_alone(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_right()
    before = path().read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "way_of_indexing", lambda: "another")
        assert not path().exists()
        check_file()
        other = path()
    check_file()
    assert (other.exists(), path().read_bytes()) == (True, before)


def test_number_of_a_file_that_is_used_again_brings_nothing_back(record: list[Action]) -> None:
    """A new file may have the inode of the one that was deleted."""
    check_right()
    made = opened(path()).made()
    thrown_away(path())
    published_update(record[1], "implemented")
    assert listed(asked("status=implemented")) == [record[0].pk, record[1].pk]
    assert opened(path()).made() != made


# Bytes -----------------------------------------------------------------------------------------


def flip(at: int) -> None:
    content = bytearray(path().read_bytes())
    content[at] ^= 1 << at % 8
    path().write_bytes(content)


def close_mine() -> None:
    """Let what comes be as in another process: it has neither the file open nor read of it."""
    for one in store._mine(path()):
        one.close()
    store._mine(path()).clear()
    in_process._of_indexes.clear()


def test_byte_that_is_flipped_in_a_set_is_not_counted_with(record: list[Action]) -> None:
    check_right()
    [[stored]] = (
        opened(path())
        .execute("SELECT keys FROM sets WHERE unit = 'action' AND value = 'implemented'")
        .fetchall()
    )
    written_back()
    close_mine()
    content = path().read_bytes()
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1
        path().write_bytes(content.replace(stored, changed))
        assert again(lambda: listed(asked("status=implemented"))) == [record[0].pk]
        check_file()
        written_back()
        close_mine()
        path().write_bytes(content)


def pages_of_words() -> set[int]:
    """The pages of the tables of words: SQLite keeps no checksums of them."""
    connected = opened(path())
    try:
        rows = connected.execute(
            "SELECT pageno FROM dbstat WHERE name LIKE '%\\_words\\_%' ESCAPE '\\'"
        ).fetchall()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not say which page is whose")
    return {page for (page,) in rows}


@has_long_form
def test_byte_that_is_flipped_anywhere_but_in_words_changes_no_answer(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequent, "LEAST", 1)
    check_right()
    written_back()
    of_words = pages_of_words()
    found = listed(asked("q=otters"))
    close_mine()
    whole, chosen = path().read_bytes(), random.Random(7)
    for _n in range(5_000 if IS_LONG else 120):
        at = chosen.randrange(len(whole))
        if at // 4096 + 1 in of_words:
            continue
        path().write_bytes(whole)
        flip(at)
        totals = again(lambda: counted(asked("")))
        assert totals.counts.by_status == {"implemented": 1, "not_assessed": 2}, at
        assert again(lambda: listed(asked(""))) == [action.pk for action in record], at
        assert again(lambda: listed(asked("unit=recommendations&status=partly"))), at
        assert again(lambda: listed(asked("q=otters"))) == found, at
        close_mine()
        no_log_of_writing(path().parent)


# Killed ----------------------------------------------------------------------------------------

WRITER = """
import os, signal
from django.http import QueryDict
from recommendations.filters import RecommendationFilterSet
from recommendations.index import building, store
from tests.indexed import listed
name = sys.argv[2]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(building if hasattr(building, name) else store.Store, name, die)
listed(RecommendationFilterSet(QueryDict("q=otters")))
"""
STEPS_OF_WRITING = ["_write_words", "_write_sets", "written_names"]


def killed(name: str, folder: Path) -> None:
    process = another_process(WRITER, folder, name)
    _said, error = process.communicate(timeout=600)
    assert process.returncode == -signal.SIGKILL, error


@has_long_form
@pytest.mark.parametrize("step", each(STEPS_OF_WRITING, step=2))
def test_writer_that_is_killed_leaves_the_state_before(
    record: list[Action], folder: Path, step: str
) -> None:
    killed(step, folder)
    check_file()
    before = opened(path()).state()
    touch([record[0].recommendation_id])
    killed(step, folder)
    assert opened(path()).state() == before
    check_file()


# No room ---------------------------------------------------------------------------------------

CONFINED = """
import resource
from django.http import QueryDict
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from django.db import connection
connection.ensure_connection()
client = Client(SERVER_NAME="localhost")
n = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
for address in sys.argv[3:]:
    response = client.get(address)
    print(response.status_code)
    if response.context and "page" in response.context:
        print(response.context["page"].paginator.count)
"""


@has_long_form
@pytest.mark.parametrize("size", each([0, 5_000, 40_000, 80_000], step=2))
def test_full_disk_leaves_right_answers(record: list[Action], folder: Path, size: int) -> None:
    process = another_process(CONFINED, folder, str(size), PAGES[0], EXPORTS[0])
    assert ended(process).split() == ["200", "2", "200"]
    check_file()


def test_full_disk_while_an_index_is_brought_up_leaves_right_answers(
    record: list[Action], folder: Path
) -> None:
    check_right()
    published_update(record[1], "partly")
    address = "/recommendations/?status=partly"
    assert ended(another_process(CONFINED, folder, "5000", address, EXPORTS[0])).split() == [
        "200",
        "1",
        "200",
    ]
    assert listed(asked("status=partly")) == [record[1].pk]
    assert [str(one) for one in checking.differences()] == []


def no_folder_can_be_made(folder: Path) -> None:
    folder.write_text("A file stands in its way.")


def no_file_can_be_opened(folder: Path) -> None:
    path().mkdir(parents=True)


@pytest.mark.parametrize("refuse", [no_folder_can_be_made, no_file_can_be_opened])
def test_folder_that_cannot_be_written_leaves_right_answers(
    record: list[Action],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    refuse: Callable[[Path], None],
) -> None:
    refuse(folder)
    check_right()
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    for address in (*PAGES, *EXPORTS):
        assert Client().get(address).status_code == 503, address
    assert not path().is_file()


# A large record --------------------------------------------------------------------------------


def test_large_record_is_refused_until_it_is_indexed(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[None] = []
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(keeping, "start_builder", lambda: started.append(None))
    client = Client()
    for address in (*PAGES, *EXPORTS):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "60"), address
    assert len(started) >= len(PAGES)
    keeping.bring_up(opened(path()), however_large=True)
    for address in (*PAGES, *EXPORTS):
        assert client.get(address).status_code == 200
    touch(None)
    assert client.get(PAGES[0]).status_code == 503
    keeping.bring_up(opened(path()), however_large=True)
    check_file()


def test_small_change_of_a_large_record_is_brought_up_while_a_reader_waits(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    check_right()
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(keeping, "start_builder", None)
    published_update(record[1], "partly")
    assert listed(asked("status=partly")) == [record[1].pk]


def test_reader_does_not_wait_for_whoever_makes_a_large_index(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock of the file is held meanwhile: whoever asked for it would stand still."""
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(keeping, "start_builder", lambda: None)
    monkeypatch.setattr(Store, "writing", None)
    assert Client().get(PAGES[0]).status_code == 503


def test_builder_makes_the_index(record: list[Action], folder: Path) -> None:
    code = "from django.core.management import call_command; call_command('update_index')"
    assert str(path()) in ended(another_process(code, folder))
    assert path().exists()
    check_file()


# Several at once -------------------------------------------------------------------------------

READER = """
from django.http import QueryDict
from recommendations.filters import RecommendationFilterSet
from tests.indexed import listed
print("ready", flush=True)
sys.stdin.readline()
print(len(listed(RecommendationFilterSet(QueryDict("q=otters")))))
"""


def test_two_processes_that_make_an_index_at_once_both_answer(
    record: list[Action], folder: Path
) -> None:
    readers = [another_process(READER, folder) for _n in range(2)]
    for reader in readers:
        assert reader.stdout and reader.stdout.readline() == "ready\n"
    for reader in readers:
        assert reader.stdin
        reader.stdin.write("go\n")
        reader.stdin.flush()
    assert [ended(reader).strip() for reader in readers] == ["2", "2"]
    check_file()


def test_threads_that_throw_a_file_away_and_make_it_at_once_all_answer(
    record: list[Action],
) -> None:
    """None has another answer; one may be told to ask again, since this never ends."""
    found: list[list[int]] = []

    def ask() -> None:
        for n in range(6):
            if n % 2:
                thrown_away(path())
            with suppress(keeping.BeingMade):
                found.append(listed(asked("status=implemented")))

    at_once(ask, ask, ask)
    assert found
    assert all(one == [record[0].pk] for one in found)
    check_file()


FORKING = """
import os
from django.db import connection, connections
from django.http import QueryDict
from recommendations.filters import RecommendationFilterSet
from recommendations.index import store
from recommendations.index.keeping import path_of_index
from recommendations.models import Action
from recommendations.publishing import touch
from tests.indexed import listed

def ask():
    return len(listed(RecommendationFilterSet(QueryDict("q=otters"))))

assert ask() == 2
connections.close_all()
if hasattr(connection, "close_pool"):
    connection.close_pool()
children = []
for n in range(2):
    child = os.fork()
    if not child:
        ended = 1
        try:
            assert not store._open.__dict__["stores"].get((os.getppid(), path_of_index()))
            for _n in range(3):
                touch([Action.objects.order_by("pk")[0].recommendation_id])
                assert ask() == 2
            ended = 0
        finally:
            os._exit(ended)
    children.append(child)
assert ask() == 2
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
assert ask() == 2
"""


def test_processes_that_were_forked_from_one_that_read_it_read_and_write(
    record: list[Action], folder: Path
) -> None:
    assert ended(another_process(FORKING, folder)) == "[0, 0]\n"
    check_file()


# What is no fault of the file ------------------------------------------------------------------


def test_error_of_a_page_is_told_and_leaves_the_file(record: list[Action]) -> None:
    check_right()
    made = opened(path()).made()

    def fail(index: Any) -> None:
        raise KeyError("no such thing")

    with pytest.raises(KeyError):
        keeping.of_one_state(asked("").viewpoint, fail)
    assert opened(path()).made() == made


def test_answer_that_fails_because_the_record_moved_is_made_again(record: list[Action]) -> None:
    asked_for: list[int] = []

    def make(index: Any) -> int:
        asked_for.append(len(index.view.counted_actions))
        if len(asked_for) == 1:
            touch(())
            raise KeyError("a row that has left the record")
        return asked_for[-1]

    assert keeping.of_one_state(asked("").viewpoint, make) == 3
    assert asked_for == [3, 3]


def test_record_that_never_stands_still_is_refused(record: list[Action]) -> None:
    with pytest.raises(keeping.BeingMade, match="quicker"):
        keeping.of_one_state(asked("").viewpoint, lambda index: touch(()))


def test_what_is_asked_while_a_state_is_read_has_that_state(
    record: list[Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a large record, of which no index is made in memory."""
    check_right()
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 0)
    with keeping.opened_at(asked("").viewpoint) as index:
        published_update(record[1], "partly")
        assert listed(asked("status=partly")) == []
        assert index.view.rows("action", "status", "partly") == BitMap()
    assert listed(asked("status=partly")) == [record[1].pk]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, False),
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_ERROR, True),
    ],
)
def test_damage_is_told_from_what_the_machine_refuses(code: int, expected: bool) -> None:
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    assert store.is_damage(error) == expected
    assert store.is_damage(Damaged("a set"))


def test_message_that_is_no_text_is_told_as_damage(record: list[Action]) -> None:
    """SQLite repeats what stands in the file."""
    check_right()
    written_back()
    close_mine()
    content = path().read_bytes()
    path().write_bytes(content.replace(b"CREATE TABLE views", b"CREATE T\xf7BLE views"))
    check_file()
