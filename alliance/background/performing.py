"""Does one job in this process, and notes what became of it."""

from __future__ import annotations

import logging

from django.apps import apps
from django.core.exceptions import SuspiciousOperation
from django.utils import timezone
from django_tasks.base import TaskContext

from alliance.models import Job

from . import queue

logger = logging.getLogger(__name__)


def perform(job: Job) -> None:
    try:
        _call(job)
    except Exception as error:
        logger.warning("%s failed, attempt %d: %s", job.task.task_path, job.attempts, error)
        queue.fail(job, error, now=timezone.now())
        return
    if not queue.succeed(job, now=timezone.now()):
        logger.warning("%s was done after it was taken back.", job.task.task_path)


def _call(job: Job) -> None:
    path = job.task.task_path
    if apps.get_containing_app_config(path) is None:
        # To look whether it is a task would run whatever module the row names.
        raise SuspiciousOperation(f"{path} is in no app of this project.")
    result = job.task.task_result
    args = [TaskContext(task_result=result)] if result.task.takes_context else []
    result.task.call(*args, *result.args, **result.kwargs)


def work_off() -> int:
    """Do all that is due in this process, and return how much that was."""
    n = 0
    while job := queue.take(now=timezone.now()):
        perform(job)
        n += 1
    return n
