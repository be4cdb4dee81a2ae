"""A process on one database, which measures what it is asked to: a line of JSON in, one out.

It is started with Django set up and nothing done yet, and stays, so that several databases are
measured in turn. What it prints besides, and what it logs, goes to a file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from traceback import format_exc
from types import TracebackType
from typing import Any

from alliance.environment import BASE_DIR


class Failed(Exception):
    """What a worker was asked for failed there."""


class Worker:
    """`with Worker(environment, log) as worker: worker.ask("pages_of:answer", address="/")`."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **environment},
                cwd=BASE_DIR,
                text=True,
            )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind:
            self.process.kill()
        self.process.communicate()

    def ask(self, what: str, **arguments: Any) -> Any:
        self.send(what, **arguments)
        return self.receive()

    def send(self, what: str, **arguments: Any) -> None:
        """Ask for something without waiting for it, as where several work at once."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps([what, arguments]) + "\n")
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"A worker ended: {self.log.read_text(errors='replace')[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer["made"]


def called(what: str, arguments: Mapping[str, Any]) -> Any:
    module, _colon, name = what.partition(":")
    return getattr(import_module(f"tests.benchmarks.{module}"), name)(**arguments)


def in_fresh_process(what: str, arguments: Mapping[str, Any]) -> Any:
    """Do it in a copy of this process, which has Django set up and has answered nothing."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(called, (what, arguments))


def main() -> None:
    # Standard output is for answers alone.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        import django

        django.setup()
        for line in sys.stdin:
            try:
                answer = {"made": called(*json.loads(line))}
            except Exception:
                answer = {"error": format_exc()}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
