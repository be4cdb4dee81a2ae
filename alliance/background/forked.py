"""A process that does one thing and ends, or ends with the process that started it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

from django.db import connections

logger = logging.getLogger(__name__)


@dataclass
class ForkedProcess:
    pid: int
    code: int | None = None

    def exit_code(self) -> int | None:
        """Return how it ended (the number of a signal is negative), or None while it runs."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def end(self) -> None:
        """End it, and with it all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@contextmanager
def forked(work: Callable[[], None]) -> Iterator[ForkedProcess]:
    """Do some work in a process of its own, which is ended with the block.

    It is forked, since to start Python and Django anew takes longer than most work.
    """
    leave_databases()
    sys.stdout.flush()
    sys.stderr.flush()
    lifeline, held = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(held)
        _be_forked(work, lifeline)
    os.close(lifeline)
    # Here and there: whoever comes first.
    with suppress(OSError):
        os.setpgid(pid, pid)
    process = ForkedProcess(pid)
    try:
        yield process
    finally:
        process.end()
        os.close(held)


def _be_forked(work: Callable[[], None], lifeline: int) -> NoReturn:
    code = 1
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        work()
        code = 0
    except BaseException:
        logger.exception("It could not be done")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with(lifeline: int) -> None:
    """Wait until whoever forked this is gone, and go with all that was started here."""
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


def leave_databases() -> None:
    """Close all connections, and the pools with their threads: a fork may share none."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
