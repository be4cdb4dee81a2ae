"""Copies that are made while worker or job is killed (-9): one for each request, no lost file."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from alliance.models import Job
from alliance.private_storage import PrivateStorage
from recommendations import copying, sources
from recommendations.copying import jobs
from recommendations.models import Act, Capture, CaptureRequest, Source
from recommendations.models.act import Event

from .factories import UserFactory
from .played_web.server import Served, leads_to, page, serving
from .test_killed_jobs import HANGS, make_due
from .test_killed_server import database_url

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "http://www.example.org/law/7"
HTML = "<html><head><title>第七条</title></head><body><p>第七条を改める。</p></body></html>"

# A worker that plays the web, has something happen at a moment, and ends when nothing is due.
WORKER = """
import os, signal, sys, time
import django
django.setup()
from django.conf import settings
from alliance.background import queue, worker
from recommendations import sources
from recommendations.capturing import sandbox
from recommendations.copying import jobs

who, moment, folder, port = sys.argv[1:5]
settings.CAPTURE = True
settings.SITE_URL = "https://tracker.example.org"
settings.CAPTURE_ARCHIVE = sys.argv[5]
settings.STORAGES["captures"]["OPTIONS"]["location"] = folder
hosts = ("www.example.org", "archive.example.org")
sandbox.CHILD = ("-m", "tests.played_web.child", port, *hosts)

def die(*args, **kwargs):
    if who == "job":
        os.kill(os.getpid(), signal.SIGKILL)
    # The job goes with its worker.
    os.kill(os.getppid() if os.getpid() != began else began, signal.SIGKILL)
    time.sleep(60)

def after(step):
    def do(*args, **kwargs):
        result = step(*args, **kwargs)
        die()
        return result
    return do

began = os.getpid()
if moment == "fetched":
    jobs.read_page = jobs.read_body = die
elif moment == "named":
    sources.keep_file = die
elif moment == "written":
    sources.keep_file = after(sources.keep_file)
elif moment == "rolled back":
    sources.record_capture = after(sources.record_capture)
elif moment == "recorded":
    jobs._record = after(jobs._record)
elif moment == "archived":
    jobs.hand_to_archive = after(jobs.hand_to_archive)
worker.PAUSE = worker.TICK = 0.02
worker.Worker().run(until_done=True)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = PrivateStorage(location=tmp_path / "captures")
    for module in ("captures", "removals"):
        monkeypatch.setattr(f"recommendations.sources.{module}.copies", lambda: store)
    return tmp_path / "captures"


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True
    settings.SITE_URL = "https://tracker.example.org"


@contextmanager
def web() -> Iterator[Served]:
    answers = {
        "/law/7": page(HTML),
        f"/save/{LAW}": leads_to("/2026/law"),
        "/2026/law": page("The page of then."),
    }
    with serving(answers) as server:
        yield server


@pytest.fixture
def work(folder: Path) -> Iterator[Callable[..., int]]:
    """Have a worker do what is due, and return how it ended: `work(server, who, moment)`."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    def begin(server: Served, who: str, moment: str, archive: str = "") -> int:
        arguments = [who, moment, str(folder), str(server.port), archive]
        command = [sys.executable, "-c", WORKER, *arguments]
        started.append(subprocess.Popen(command, cwd=project.BASE_DIR, env=environment))
        return started[-1].wait(HANGS)

    yield begin
    for process in started:
        process.kill()
        process.wait()


def files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def assert_one_copy(folder: Path) -> None:
    """One row, one file, and the file is what the row says."""
    capture, asked = Capture.objects.get(), CaptureRequest.objects.get()
    [file] = files(folder)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == capture.sha256
    assert sources.is_whole(capture)
    assert "第七条を改める。" in capture.text
    assert (asked.state, asked.capture, bytes(asked.data)) == ("kept", capture, b"")
    assert Source.objects.count() == 1
    told = Act.objects.filter(event=Event.SOURCE, detail__startswith="copy added")
    assert told.count() == 1
    assert not Job.objects.filter(is_open=True).exists()


@pytest.mark.parametrize("who", ["worker", "job"])
@pytest.mark.parametrize("moment", ["fetched", "named", "written", "rolled back", "recorded"])
def test_a_page_that_is_fetched_again_after_a_kill_is_one_copy(
    work: Callable[..., int], folder: Path, who: str, moment: str
) -> None:
    copying.ask_capture(LAW, UserFactory())
    with web() as server:
        code = work(server, who, moment)
        assert code == (-signal.SIGKILL if who == "worker" else 0)
        assert Capture.objects.count() == (moment == "recorded")
        assert len(files(folder)) == (moment in ("written", "rolled back", "recorded"))
        make_due()
        assert work(server, "nobody", "never") == 0
    assert_one_copy(folder)


@pytest.mark.parametrize("who", ["worker", "job"])
@pytest.mark.parametrize("moment", ["fetched", "named", "written", "rolled back", "recorded"])
def test_a_file_that_is_read_again_after_a_kill_is_one_copy(
    work: Callable[..., int], folder: Path, who: str, moment: str
) -> None:
    copying.bring_file(sources.source_for(LAW), HTML.encode(), name="law.html", by=UserFactory())
    with web() as server:
        assert work(server, who, moment) == (-signal.SIGKILL if who == "worker" else 0)
        assert Capture.objects.count() == (moment == "recorded")
        make_due()
        assert work(server, "nobody", "never") == 0
    assert_one_copy(folder)
    [file] = files(folder)
    assert file.read_bytes() == HTML.encode()


@pytest.mark.parametrize("who", ["worker", "job"])
def test_an_archive_that_was_asked_before_a_kill_is_told_of_once(
    work: Callable[..., int], folder: Path, who: str
) -> None:
    copying.ask_capture(LAW, UserFactory())
    archive = "http://archive.example.org/save/{address}"
    with web() as server:
        assert work(server, who, "archived", archive) == (-signal.SIGKILL if who == "worker" else 0)
        assert CaptureRequest.objects.get().archived_url == ""
        make_due()
        assert work(server, "nobody", "never", archive) == 0
    assert_one_copy(folder)
    kept = "http://archive.example.org/2026/law"
    assert (CaptureRequest.objects.get().archived_url, Source.objects.get().archived_url) == (
        kept,
        kept,
    )
    told = Act.objects.filter(event=Event.SOURCE, detail="filled from a copy: archived_url")
    assert told.count() == 1


def test_of_two_attempts_at_once_the_slower_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a worker was thought dead, and another took its job."""
    asked = copying.ask_capture(LAW, UserFactory())
    with web() as server:
        child = ("-m", "tests.played_web.child", str(server.port), "www.example.org")
        monkeypatch.setattr("recommendations.capturing.sandbox.CHILD", child)
        record = jobs._record

        def late(*args: Any) -> bool:
            monkeypatch.setattr(jobs, "_record", record)
            jobs.capture_address.call(asked.pk)
            return record(*args)

        monkeypatch.setattr(jobs, "_record", late)
        jobs.capture_address.call(asked.pk)
    Job.objects.update(is_open=False)
    assert_one_copy(folder)
