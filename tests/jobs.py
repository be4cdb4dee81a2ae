"""Jobs that tests queue. What they do can be counted: groups by name, and a line for each run."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import transaction
from django_tasks import task


@task()
def make_group(name: str, *, log: str) -> None:
    note(log, name)
    with transaction.atomic():
        Group.objects.get_or_create(name=name)
        in_the_midst()


def in_the_midst() -> None:
    """Where a test may have the process killed."""


@task()
def fail(words: str) -> None:
    raise ValueError(words)


@task()
def be_killed(log: str) -> None:
    note(log, "killed")
    os.kill(os.getpid(), signal.SIGKILL)


@task()
def sleep(log: str) -> None:
    note(log, str(os.getpid()))
    time.sleep(600)


def note(log: str, words: str) -> None:
    with Path(log).open("a") as file:
        file.write(f"{words}\n")
