"""Jobs are queued with what they belong to, done once at a time, and tried at most five times."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from alliance.background import queue
from alliance.background.performing import perform, work_off
from alliance.models import Job, SeenWorker

from . import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "log")


def only_job() -> Job:
    return Job.objects.select_related("task").get()


def test_a_job_is_done_and_noted(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    assert work_off() == 1
    job = only_job()
    assert Group.objects.filter(name="harbour").count() == 1
    assert (job.is_open, job.attempts, job.holder) == (False, 1, "")
    assert job.task.status == TaskResultStatus.SUCCESSFUL
    assert job.task.finished_at
    assert work_off() == 0


def test_a_transaction_that_is_rolled_back_leaves_no_job(log: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.make_group.enqueue("harbour", log=log)
        raise ZeroDivisionError
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_what_waits_already_is_not_queued_again(log: str) -> None:
    first = jobs.make_group.enqueue("harbour", log=log)
    assert jobs.make_group.enqueue("harbour", log=log).id == first.id
    assert jobs.make_group.enqueue("pier", log=log).id != first.id
    assert Job.objects.count() == 2
    work_off()
    assert jobs.make_group.enqueue("harbour", log=log).id != first.id


def test_what_is_kept_of_a_job_is_data(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    assert only_job().task.args_kwargs == {"args": ["harbour"], "kwargs": {"log": log}}
    with pytest.raises(TypeError, match="JSON"):
        jobs.make_group.enqueue(object(), log=log)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["os.system", "antigravity.fly", "tests.jobs.note", "tests.jobs.nothing", "x"]
)
def test_what_is_no_task_of_the_program_is_not_run(log: str, path: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    DBTaskResult.objects.update(task_path=path)
    sys.modules.pop("antigravity", None)
    work_off()
    job = only_job()
    assert job.task.status == TaskResultStatus.READY
    assert path.partition(".")[0] in job.task.traceback
    assert not Path(log).exists()
    assert "antigravity" not in sys.modules


def test_a_job_is_held_by_one(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    assert queue.take(now=now)
    assert queue.take(now=now) is None
    assert queue.take(now=now + queue.LEASE - timedelta(seconds=1)) is None


def test_an_empty_queue_costs_a_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert queue.take(now=timezone.now()) is None


@pytest.mark.django_db(transaction=True)
def test_an_empty_queue_is_read_while_somebody_writes() -> None:
    writes, was_read = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Group.objects.create(name="writer")
                writes.set()
                was_read.wait(600)
        finally:
            connection.close()

    writer = Thread(target=write)
    writer.start()
    assert writes.wait(600)
    try:
        with connection.execute_wrapper(none_but_reading):
            assert queue.take(now=timezone.now()) is None
    finally:
        was_read.set()
        writer.join()


def none_but_reading(execute, sql, params, many, context):
    assert sql.startswith("SELECT")
    return execute(sql, params, many, context)


def test_whose_lease_has_ended_changes_nothing_any_more(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    dead = queue.take(now=now)
    later = now + queue.LEASE + timedelta(seconds=1)
    heir = queue.take(now=later)
    assert dead and heir and dead.pk == heir.pk and heir.attempts == 2
    assert not queue.renew(dead, now=later)
    assert not queue.succeed(dead, now=later)
    queue.fail(dead, "late", now=later)
    queue.hand_back(dead, now=later)
    assert only_job().holder == heir.holder
    assert queue.renew(heir, now=later)
    assert queue.succeed(heir, now=later)


def test_two_that_saw_the_same_job_do_not_both_have_it(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    first, second = (Job.objects.select_related("task").get() for _n in range(2))
    assert queue._hold(first, now=now)
    assert not queue._hold(second, now=now)
    assert only_job().holder == first.holder


def test_it_is_tried_five_times_after_growing_pauses() -> None:
    jobs.fail.enqueue("no such port")
    now, pauses = timezone.now(), []
    for n in range(1, queue.MOST_ATTEMPTS + 1):
        job = queue.take(now=now)
        assert job and job.attempts == n
        queue.fail(job, ValueError("no \0 such port"), now=now)
        after = only_job().task.run_after
        if n < queue.MOST_ATTEMPTS:
            assert queue.take(now=after - timedelta(seconds=1)) is None
            pauses.append(after - now)
            now = after
    assert pauses == sorted(set(pauses))
    job = only_job()
    assert (job.is_open, job.task.status) == (False, TaskResultStatus.FAILED)
    assert job.task.exception_class_path == "builtins.ValueError"
    assert "no \ufffd such port" in job.task.traceback
    assert queue.take(now=now + timedelta(days=1)) is None


def test_an_error_is_kept_from_the_first_attempt_on() -> None:
    jobs.fail.enqueue("no such port")
    work_off()
    job = only_job()
    assert (job.is_open, job.task.status) == (True, TaskResultStatus.READY)
    assert "no such port" in job.task.traceback


def test_one_that_ends_its_worker_each_time_is_given_up(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    for _n in range(queue.MOST_ATTEMPTS):
        assert queue.take(now=now)
        now += queue.LEASE + timedelta(seconds=1)
    assert queue.take(now=now) is None
    job = only_job()
    assert (job.is_open, job.task.exception_class_path) == (False, queue.ENDED)


def test_handed_back_it_is_due_at_once_and_no_attempt_is_lost(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    job = queue.take(now=now)
    assert job
    queue.hand_back(job, now=now)
    again = queue.take(now=now)
    assert again and again.attempts == 1


def test_given_up_while_it_is_done_it_is_no_longer_its_workers(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    job = queue.take(now=now)
    assert job
    assert queue.give_up(only_job(), now=now)
    assert not queue.renew(job, now=now)
    perform(job)
    assert only_job().task.exception_class_path == queue.GIVEN_UP


def test_one_that_failed_is_tried_again_with_all_its_attempts() -> None:
    jobs.fail.enqueue("no such port")
    now = timezone.now()
    for _n in range(queue.MOST_ATTEMPTS):
        job = queue.take(now=now)
        assert job
        queue.fail(job, "no such port", now=now)
        now += max(queue.PAUSES)
    assert queue.try_again(only_job(), now=now)
    job = queue.take(now=now)
    assert job and job.attempts == 1


def test_what_is_queued_anew_is_not_tried_again_beside_it() -> None:
    jobs.fail.enqueue("no such port")
    queue.give_up(only_job(), now=timezone.now())
    old = only_job()
    jobs.fail.enqueue("no such port")
    with pytest.raises(IntegrityError), transaction.atomic():
        queue.try_again(old, now=timezone.now())


def test_neither_one_that_is_done_nor_one_being_done_is_tried_again(log: str) -> None:
    jobs.make_group.enqueue("harbour", log=log)
    now = timezone.now()
    job = queue.take(now=now)
    assert job
    assert not queue.try_again(only_job(), now=now)
    perform(job)
    assert not queue.try_again(only_job(), now=now)


def test_old_rows_are_dropped_and_open_ones_stay(log: str) -> None:
    jobs.make_group.enqueue("done", log=log)
    work_off()
    jobs.fail.enqueue("failed")
    queue.give_up(Job.objects.get(is_open=True), now=timezone.now())
    jobs.make_group.enqueue("waits", log=log)
    SeenWorker.objects.create(name="node-9", seen_at=timezone.now())
    now = timezone.now()
    queue.prune(now=now + queue.DONE_KEPT - timedelta(minutes=1))
    assert (Job.objects.count(), SeenWorker.objects.count()) == (3, 1)
    queue.prune(now=now + queue.DONE_KEPT + timedelta(minutes=1))
    assert (Job.objects.count(), SeenWorker.objects.count()) == (2, 0)
    queue.prune(now=now + queue.FAILED_KEPT + timedelta(minutes=1))
    assert Job.objects.get().is_open
    assert DBTaskResult.objects.count() == 1
