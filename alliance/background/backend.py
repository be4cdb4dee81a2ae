"""Queues a job once: what is waiting or being done already is not queued again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend, TaskResult


class KeyedBackend(DatabaseBackend):
    """The key of a job is its task and its arguments.

    A task that is to be done again for what changed while it was being done needs that in its
    arguments: a number of a version, say.
    """

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        # Tasks are declared, and this is made, before there are models.
        from alliance.models import Job

        key = key_of(task.module_path, args, kwargs)
        if there := _open(key):
            return there
        try:
            with transaction.atomic():
                result: TaskResult = super().enqueue(task, args, kwargs)
                Job.objects.create(task_id=result.id, key=key)
        except IntegrityError:
            # Somebody else queued it in between.
            if there := _open(key):
                return there
            raise
        return result

    async def aenqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        return await sync_to_async(self.enqueue)(task, args, kwargs)


def _open(key: str) -> TaskResult | None:
    from alliance.models import Job

    job = Job.objects.filter(key=key, is_open=True).select_related("task").first()
    return job.task.task_result if job else None


def key_of(path: str, args: Any, kwargs: Any) -> str:
    said = json.dumps([path, list(args), kwargs], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
