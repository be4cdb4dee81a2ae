"""A worker as a child that lives as long as we do, beside a server for trying out."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType

from django.conf import settings

SECONDS_TO_STOP = 10


class WorkerBeside:
    def __enter__(self) -> WorkerBeside:
        command = [sys.executable, "manage.py", "run_worker", "--with-parent"]
        # A group of its own: Ctrl-C is for us, and we tell it.
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, process_group=0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
