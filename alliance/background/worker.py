"""Does jobs one after the other, each in a process of its own.

Such a process may run out of memory or never end: the worker lives on, and notes it. It renews the
lease meanwhile, and ends the process where the job is no longer its own or lasts too long.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from datetime import timedelta
from types import FrameType

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from alliance.models import Job, SeenWorker
from alliance.sqlite_file import leave_what_was_replaced

from . import queue
from .forked import ForkedProcess, forked
from .performing import perform

logger = logging.getLogger(__name__)

# Seconds between two looks at an empty queue, which are a query each.
PAUSE = 1.0
# Between two looks at the process of a job.
TICK = 0.1
AWAY = 5.0
LONGEST_JOB = timedelta(minutes=30)
RENEWED_EVERY = queue.LEASE / 4
SEEN_EVERY = queue.SEEN_WITHIN / 4
PRUNED_EVERY = timedelta(hours=1)


class Worker:
    def __init__(self, *, with_parent: bool = False) -> None:
        self.is_stopping = False
        self._parent = os.getppid() if with_parent else None
        self._seen_at = self._pruned_at = float("-inf")

    def run(self, *, until_done: bool = False) -> None:
        """Work until told to stop; with `until_done`, until nothing is due."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self._has_to_stop():
            try:
                leave_what_was_replaced()
                self._keep_up()
                job = queue.take(now=timezone.now())
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The queue cannot be read: %s", error)
                connections.close_all()
                self._rest(AWAY)
                continue
            if job:
                self._do(job)
            elif until_done:
                return
            else:
                self._rest(PAUSE)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _has_to_stop(self) -> bool:
        """Whether it was told to, or whoever started it is gone."""
        return self.is_stopping or self._parent not in (None, os.getppid())

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._has_to_stop() and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, PAUSE))

    def _keep_up(self) -> None:
        """Say now and then that a worker is there, and drop old rows."""
        now, clock = timezone.now(), time.monotonic()
        if clock - self._seen_at >= SEEN_EVERY.total_seconds():
            SeenWorker.objects.update_or_create(
                name=socket.gethostname()[:200], defaults={"seen_at": now}
            )
            self._seen_at = clock
        if clock - self._pruned_at >= PRUNED_EVERY.total_seconds():
            queue.prune(now=now)
            self._pruned_at = clock

    def _do(self, job: Job) -> None:
        with forked(lambda: perform(job)) as process:
            reason = self._watch(process, job)
        try:
            if self._has_to_stop():
                queue.hand_back(job, now=timezone.now())
            elif reason:
                queue.fail(job, reason, now=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            # The lease ends by itself.
            logger.warning("%s is left to its lease: %s", job.task.task_path, error)
            connections.close_all()

    def _watch(self, process: ForkedProcess, job: Job) -> str:
        """Wait until its process has ended, or has to. Return why, if that is a failure."""
        began = renewed = time.monotonic()
        while (code := process.exit_code()) is None:
            clock = time.monotonic()
            if clock - began >= LONGEST_JOB.total_seconds():
                return f"It took longer than {LONGEST_JOB.total_seconds():.0f} seconds."
            if self._has_to_stop():
                return ""
            if clock - renewed >= RENEWED_EVERY.total_seconds():
                renewed = clock
                if not self._renewed(job):
                    return ""
            time.sleep(TICK)
        return f"Its process ended with {code}." if code else ""

    def _renewed(self, job: Job) -> bool:
        """Whether to go on. While the database is away nobody else can take the job either."""
        try:
            self._keep_up()
            return queue.renew(job, now=timezone.now())
        except (DatabaseError, InterfaceError):
            connections.close_all()
            return True
