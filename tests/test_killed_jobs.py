"""Workers and jobs that are killed (-9) at any moment: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from alliance.background import queue
from alliance.models import Job, SeenWorker
from recommendations.drafting.file_reading import read_file
from recommendations.inbox.suggestions import find_actions_later
from recommendations.models import InboxItem, ReportImport

from . import jobs
from .factories import FileToReadFactory, InboxItemFactory, published_action
from .test_killed_server import database_url

pytestmark = pytest.mark.django_db(transaction=True)
HANGS = 600

# A worker that has something happen at a moment, and ends when nothing is due.
WORKER = """
import os, signal, sys, time
from datetime import timedelta
import django
django.setup()
from alliance.background import performing, queue, worker
from recommendations.drafting import file_reading
from recommendations.inbox import suggestions
from recommendations.models import FileToRead
from tests import jobs

who, moment = sys.argv[1:3]

def die(*args, **kwargs):
    if who == "job":
        os.kill(os.getpid(), signal.SIGKILL)
    # The job goes with its worker.
    os.kill(os.getppid() if os.getpid() != began else began, signal.SIGKILL)
    time.sleep(60)

began = os.getpid()
if moment == "taken":
    worker.perform = die
elif moment == "midst":
    jobs.in_the_midst = die
elif moment == "done":
    performing.queue.succeed = die
elif moment == "noting":
    task = queue._task
    queue._task = lambda job: task(job) if os.getpid() == began else die()
elif moment == "reading":
    file_reading.propose_safely = die
elif moment == "keeping":
    FileToRead.save = die
elif moment == "kept":
    keep = file_reading.keep_outcome
    file_reading.keep_outcome = lambda *args: (keep(*args), die())
elif moment == "looking":
    suggestions.suggested = die
elif moment == "found":
    keep = suggestions._keep
    suggestions._keep = lambda *args: (keep(*args), die())
if len(sys.argv) > 3:
    queue.PAUSES, queue.LEASE = [timedelta(0)] * 4, timedelta(seconds=int(sys.argv[3]))
worker.PAUSE = worker.TICK = 0.02
worker.RENEWED_EVERY = timedelta(seconds=0.1)
worker.Worker().run(until_done=True)
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a worker: `start(who, moment)`."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    def begin(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORKER, *arguments]
        started.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def make_due() -> None:
    """Let leases end and pauses be over."""
    past = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(leased_until__isnull=False).update(leased_until=past)
    DBTaskResult.objects.update(run_after=past)


def until(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + HANGS
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("who", ["worker", "job"])
@pytest.mark.parametrize("moment", ["taken", "midst", "done", "noting"])
def test_killed_at_any_moment_it_is_done_by_the_next_and_once(
    start: Start, log: Path, who: str, moment: str
) -> None:
    jobs.make_group.enqueue("harbour", log=str(log))
    first = start(who, moment)
    code = first.wait(HANGS)
    assert code == (-signal.SIGKILL if who == "worker" else 0)
    assert Group.objects.filter(name="harbour").count() == (moment in ("done", "noting"))
    job = Job.objects.get()
    assert (job.is_open, job.attempts) == (True, 1)
    if who == "job":
        assert "ended with -9" in DBTaskResult.objects.get().traceback

    make_due()
    assert start("nobody", "never").wait(HANGS) == 0
    assert Group.objects.filter(name="harbour").count() == 1
    job = Job.objects.select_related("task").get()
    assert (job.is_open, job.attempts) == (False, 2)
    assert job.task.status == TaskResultStatus.SUCCESSFUL


@pytest.mark.parametrize("who", ["worker", "job"])
@pytest.mark.parametrize("moment", ["reading", "keeping", "kept"])
def test_a_file_that_is_read_again_after_a_kill_is_one_import(
    start: Start, who: str, moment: str
) -> None:
    file = FileToReadFactory(data=b"# Work\n\nThe council should dredge the harbour.\n")
    read_file.enqueue(file.pk)
    assert start(who, moment).wait(HANGS) == (-signal.SIGKILL if who == "worker" else 0)
    assert ReportImport.objects.count() == (moment == "kept")
    make_due()
    assert start("nobody", "never").wait(HANGS) == 0
    file.refresh_from_db()
    assert file.read_as == ReportImport.objects.get()
    assert bytes(file.data) == b""
    assert not Job.objects.get().is_open


@pytest.mark.parametrize("who", ["worker", "job"])
@pytest.mark.parametrize("moment", ["looking", "found"])
def test_the_actions_of_news_are_found_after_a_kill_too(
    start: Start, who: str, moment: str
) -> None:
    published_action(title="Count the otters")
    items = [InboxItemFactory(title=f"Otters are counted: {n}") for n in range(2)]
    find_actions_later.enqueue([item.pk for item in items])
    found = InboxItem.objects.exclude(suggestions=[])
    assert start(who, moment).wait(HANGS) == (-signal.SIGKILL if who == "worker" else 0)
    assert found.count() == (moment == "found")
    make_due()
    assert start("nobody", "never").wait(HANGS) == 0
    assert found.count() == 2


def test_a_job_that_is_killed_each_time_is_given_up_after_five(start: Start, log: Path) -> None:
    jobs.be_killed.enqueue(str(log))
    assert start("nobody", "never", "60").wait(HANGS) == 0
    job = Job.objects.select_related("task").get()
    assert log.read_text().splitlines() == ["killed"] * queue.MOST_ATTEMPTS
    assert (job.is_open, job.task.status) == (False, TaskResultStatus.FAILED)
    assert job.task.traceback == "Its process ended with -9."


def test_with_its_worker_a_job_ends_at_once(start: Start, log: Path) -> None:
    jobs.sleep.enqueue(str(log))
    worker = start("nobody", "never")
    until(log.exists)
    until(lambda: bool(log.read_text()))
    worker.kill()
    pid = int(log.read_text())
    until(lambda: not is_running(pid))
    assert Job.objects.get().is_open


def test_a_worker_that_is_stopped_hands_its_job_back(start: Start, log: Path) -> None:
    jobs.sleep.enqueue(str(log))
    worker = start("nobody", "never")
    until(lambda: log.exists() and bool(log.read_text()))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(HANGS) == 0
    job = Job.objects.select_related("task").get()
    assert (job.is_open, job.attempts, job.holder) == (True, 0, "")
    assert job.task.status == TaskResultStatus.READY
    assert not is_running(int(log.read_text()))


def test_a_job_that_is_given_up_is_ended_and_its_worker_goes_on(start: Start, log: Path) -> None:
    jobs.sleep.enqueue(str(log))
    worker = start("nobody", "never")
    until(lambda: log.exists() and bool(log.read_text()))
    jobs.make_group.enqueue("harbour", log=f"{log}-2")
    assert queue.give_up(Job.objects.get(task__task_path="tests.jobs.sleep"), now=timezone.now())
    assert worker.wait(HANGS) == 0
    assert Group.objects.filter(name="harbour").exists()
    assert SeenWorker.objects.exists()
    assert not is_running(int(log.read_text()))


def test_its_lease_is_renewed_as_long_as_a_job_lasts(start: Start, log: Path) -> None:
    jobs.sleep.enqueue(str(log))
    start("nobody", "never", "2")
    until(lambda: log.exists() and bool(log.read_text()))
    first = Job.objects.get().leased_until
    until(lambda: Job.objects.get().leased_until > first + timedelta(seconds=2))
    assert queue.take(now=timezone.now()) is None
    assert Job.objects.get().attempts == 1


def test_two_workers_share_the_jobs(start: Start, log: Path) -> None:
    names = [f"harbour {n}" for n in range(12)]
    for name in names:
        jobs.make_group.enqueue(name, log=str(log))
    workers = [start("nobody", "never") for _n in range(2)]
    assert [worker.wait(HANGS) for worker in workers] == [0, 0]
    assert sorted(log.read_text().splitlines()) == sorted(names)
    assert not Job.objects.filter(is_open=True).exists()
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
