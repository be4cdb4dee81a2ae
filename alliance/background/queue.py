"""Who does which job: leases, attempts and what became of them.

A worker that takes a job holds it for a minute, and renews that while it is at it. Whose lease has
ended may be dead: another worker takes the job. Each time a job is taken its holder has another
name, so that one that was thought dead changes nothing any more when it comes back. So a job may
be done twice, and what it does has to come to the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from alliance.models import Job, SeenWorker

from .backend import key_of

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
# After the first attempt, the second and so on.
PAUSES = [timedelta(seconds=n) for n in (15, 60, 5 * 60, 20 * 60)]
# What is no more than a line of the past.
DONE_KEPT, FAILED_KEPT = timedelta(days=7), timedelta(days=90)
# A worker says so twice as often.
SEEN_WITHIN = timedelta(minutes=2)
LONGEST_TRACEBACK = 20_000
# What stands in place of an exception where there was none.
ENDED, GIVEN_UP = "ended", "given up"
GONE = "The worker was gone in the midst of it, and there were no attempts left."


def take(*, now: datetime) -> Job | None:
    """Return the job that is next, held by the caller. Where there is none: one query, no lock."""
    while job := _due(now=now).select_related("task").first():
        if job.attempts < MOST_ATTEMPTS:
            return job if _hold(job, now=now) else None
        close(job, TaskResultStatus.FAILED, error=ENDED, told=GONE, now=now)
    return None


def _due(*, now: datetime) -> QuerySet[Job]:
    waits = Q(task__status=TaskResultStatus.READY) & (
        Q(task__run_after__lte=now) | Q(task__run_after=get_date_max())
    )
    jobs = Job.objects.filter(waits | Q(leased_until__lt=now), is_open=True)
    return jobs.order_by(F("task__priority").desc(), "task__run_after", "task__enqueued_at")


def _hold(job: Job, *, now: datetime) -> bool:
    """Whether it could be had: somebody else may have taken it meanwhile."""
    seen = Job.objects.filter(pk=job.pk, is_open=True, holder=job.holder, attempts=job.attempts)
    job.holder, job.attempts, job.leased_until = uuid4().hex, job.attempts + 1, now + LEASE
    with transaction.atomic():
        held = seen.update(holder=job.holder, attempts=job.attempts, leased_until=job.leased_until)
        if held:
            _task(job).update(
                status=TaskResultStatus.RUNNING,
                started_at=now,
                worker_ids=[*job.task.worker_ids, job.holder],
            )
    return bool(held)


def renew(job: Job, *, now: datetime) -> bool:
    """Whether it is still the caller's: somebody may have taken it back, or given it up."""
    return bool(_held(job).update(leased_until=now + LEASE))


def succeed(job: Job, *, now: datetime) -> bool:
    return close(job, TaskResultStatus.SUCCESSFUL, now=now)


def fail(job: Job, error: BaseException | str, *, now: datetime) -> None:
    """Note why an attempt failed. After a pause there is another, until there were five."""
    name, told = _told(error)
    if job.attempts >= MOST_ATTEMPTS:
        close(job, TaskResultStatus.FAILED, error=name, told=told, now=now)
        return
    with transaction.atomic():
        if _held(job).update(holder="", leased_until=None):
            _task(job).update(
                status=TaskResultStatus.READY,
                run_after=now + PAUSES[job.attempts - 1],
                exception_class_path=name,
                traceback=told,
            )


def hand_back(job: Job, *, now: datetime) -> None:
    """Let the next worker begin anew. That this one was stopped is no attempt that failed."""
    with transaction.atomic():
        if _held(job).update(holder="", leased_until=None, attempts=F("attempts") - 1):
            _task(job).update(status=TaskResultStatus.READY, run_after=now)


def close(
    job: Job, status: TaskResultStatus, *, error: str = "", told: str = "", now: datetime
) -> bool:
    with transaction.atomic():
        closed = _held(job).update(is_open=False, holder="", leased_until=None)
        if closed:
            _task(job).update(
                status=status, finished_at=now, exception_class_path=error, traceback=told
            )
    return bool(closed)


def give_up(job: Job, *, now: datetime) -> bool:
    """Close a job that waits or is being done: its worker notices, and ends it."""
    return close(job, TaskResultStatus.FAILED, error=GIVEN_UP, now=now)


def try_again(job: Job, *, now: datetime) -> bool:
    """Queue a job that failed, or that waits for its next attempt, with all its attempts.

    Raises IntegrityError where the same is queued already.
    """
    with transaction.atomic():
        idle = Job.objects.filter(pk=job.pk, holder="").exclude(
            task__status=TaskResultStatus.SUCCESSFUL
        )
        found = Job.objects.filter(pk__in=idle.values("pk")).update(is_open=True, attempts=0)
        if found:
            _task(job).update(status=TaskResultStatus.READY, run_after=now, finished_at=None)
    return bool(found)


def newest(task: Task, *args: Any) -> Job | None:
    """Return the job of a task with these arguments that was queued last."""
    jobs = Job.objects.filter(key=key_of(task.module_path, args, {})).select_related("task")
    return jobs.order_by("-task__enqueued_at").first()


def number_before(job: Job) -> int:
    """Return how many jobs were queued before one that waits, and are not done."""
    earlier = Job.objects.filter(is_open=True, task__enqueued_at__lt=job.task.enqueued_at)
    return earlier.exclude(pk=job.pk).count()


def numbers() -> dict[str, int]:
    """Return how many jobs wait, are being done, and failed."""
    return Job.objects.aggregate(
        waiting=Count("pk", filter=Q(is_open=True, holder="")),
        running=Count("pk", filter=Q(is_open=True) & ~Q(holder="")),
        failed=Count("pk", filter=Q(is_open=False, task__status=TaskResultStatus.FAILED)),
    )


def overdue_for(*, now: datetime) -> float:
    """Return for how many seconds the job that waits longest could have been done."""
    job = _due(now=now).select_related("task").order_by("task__enqueued_at").first()
    if job is None:
        return 0.0
    return (now - min(now, max(job.task.enqueued_at, _due_at(job)))).total_seconds()


def _due_at(job: Job) -> datetime:
    after = job.task.run_after
    return job.task.enqueued_at if after == get_date_max() else after


def prune(*, now: datetime) -> None:
    done = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - DONE_KEPT)
    failed = Q(status=TaskResultStatus.FAILED, finished_at__lt=now - FAILED_KEPT)
    DBTaskResult.objects.filter(done | failed).delete()
    SeenWorker.objects.filter(seen_at__lt=now - DONE_KEPT).delete()


def is_seen(*, now: datetime | None = None) -> bool:
    """Whether any worker said lately that it is there."""
    return SeenWorker.objects.filter(seen_at__gte=(now or timezone.now()) - SEEN_WITHIN).exists()


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, is_open=True, holder=job.holder)


def _task(job: Job) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(pk=job.pk)


def _told(error: BaseException | str) -> tuple[str, str]:
    if isinstance(error, str):
        return ENDED, error
    kind = type(error)
    # PostgreSQL takes no such sign, and an error may quote what it was given.
    told = "".join(format_exception(error)).replace("\0", "\ufffd")
    return f"{kind.__module__}.{kind.__qualname__}", told[-LONGEST_TRACEBACK:]
