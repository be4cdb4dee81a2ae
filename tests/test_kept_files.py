"""The ZIP of an edition is made once, whoever asks for it, and is whole or not there."""

from __future__ import annotations

import fcntl
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from recommendations.exports import kept_files
from recommendations.exports.tables import archive
from recommendations.models import Edition
from tests.factories import published_action, published_update

from .test_data_files import content_of

pytestmark = pytest.mark.run_once
ZIP = "/data/editions/1.zip"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.SITE_URL = ""
    return settings.DATA_DIR


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What processes would have been started with."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(kept_files, "start_making", lambda *arguments: found.append(arguments))
    return found


@pytest.fixture
def action(db: None) -> Any:
    action = published_action()
    published_update(action, "partly")
    return action


def test_it_is_made_once_and_told_from_that_file(
    client, action, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = content_of(client.get(ZIP))
    [path] = data_folder.glob("*.zip")
    monkeypatch.setattr(archive, "write_archive", None)
    assert content_of(client.get(ZIP)) == first == path.read_bytes()


def test_the_same_rows_give_the_same_bytes(client, action, data_folder: Path) -> None:
    first = content_of(client.get(ZIP))
    [path] = data_folder.glob("*.zip")
    path.unlink()
    assert content_of(client.get(ZIP)) == first
    with ZipFile(io.BytesIO(first)) as found:
        assert len({info.date_time for info in found.infolist()}) == 1


def test_where_nothing_can_be_kept_it_is_made_for_the_answer(
    client, action, settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    settings.DATA_DIR = blocked / "data"
    with ZipFile(io.BytesIO(content_of(client.get(ZIP)))) as found:
        assert found.testzip() is None


def test_a_large_one_is_made_by_another_process_while_readers_come_again(
    client, action, started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_AT_ONCE", 1)
    response = client.get(ZIP)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "This file is being made" in response.content.decode()
    assert started == [("--edition", "1", "--root", "http://testserver")]


def test_it_is_not_made_twice_at_a_time(client, action, data_folder: Path) -> None:
    edition = Edition.objects.get(pk=1)
    edition.digest = edition.digested.digest
    name = archive.name_of(edition, root="http://testserver")
    data_folder.mkdir()
    with (data_folder / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert client.get(ZIP).status_code == 503
    assert client.get(ZIP).status_code == 200


def test_one_that_fails_leaves_nothing_that_could_be_taken_for_whole(data_folder: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        kept_files.made("some.zip", fail)
    assert kept_files.known("some.zip") is None
    assert kept_files.made("some.zip", lambda path: path.write_bytes(b"whole") and None)
    assert (data_folder / "some.zip").read_bytes() == b"whole"
    assert not list(data_folder.glob(".*part"))


KILLED = """
import sys, time
from pathlib import Path
import django
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1])
from recommendations.exports import kept_files

def make(path):
    path.write_bytes(b"half")
    print("begun", flush=True)
    time.sleep(60)

kept_files.made("some.zip", make)
"""


def test_one_that_is_killed_is_made_by_the_next(data_folder: Path, settings) -> None:
    maker = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(data_folder)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert maker.stdout and maker.stdout.readline() == b"begun\n"
    with pytest.raises(kept_files.FileBeingMade):
        kept_files.made("some.zip", lambda path: None)
    os.kill(maker.pid, signal.SIGKILL)
    maker.wait()
    kept_files.made("some.zip", lambda path: path.write_bytes(b"whole") and None)
    assert (data_folder / "some.zip").read_bytes() == b"whole"


def test_a_process_is_started_once(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(kept_files, "_command", lambda arguments: command)
    kept_files.start_making("--edition", "7")
    first = kept_files._running["--edition", "7"]
    kept_files.start_making("--edition", "7")
    assert kept_files._running["--edition", "7"] is first
    first.kill()
    first.wait()
    kept_files.start_making("--edition", "7")
    second = kept_files._running["--edition", "7"]
    assert second is not first
    second.kill()
    second.wait()


def test_the_command_makes_what_is_missing(client, action, settings, data_folder: Path) -> None:
    settings.SITE_URL = "http://testserver"
    call_command("make_data", "--root", "http://testserver", verbosity=0)
    assert len(list(data_folder.glob("*.zip"))) == Edition.objects.count()
    made = {path: path.stat().st_mtime_ns for path in data_folder.glob("*.zip")}
    call_command("make_data", "--root", "http://testserver", verbosity=0)
    assert {path: path.stat().st_mtime_ns for path in data_folder.glob("*.zip")} == made
    assert content_of(client.get(ZIP))
    with pytest.raises(CommandError, match="There is no edition 99."):
        call_command("make_data", "--edition", "99", "--root", "http://testserver")
