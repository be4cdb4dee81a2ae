"""The first start of a trial: `manage.py tryout` in a copy of a checkout that has nothing yet."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from alliance.environment import BASE_DIR
from tests.faults.processes import Process, free_port, wait_for

from .servers import asked, children, memory

HERE = BASE_DIR
# What a fresh clone has not, and what says in which way to run.
NOT_COPIED = (".git", ".venv", "var", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache")
NOT_TOLD = ("DATABASE_URL", "SECRET_KEY", "INDEX_DIR", "STATIC_ROOT", "ALLIANCE_VAR")
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds until the server answers and until the first page is there; all its megabytes."""

    answering: float
    page: float
    memory: float


def measured(checkouts: Mapping[str, Path], *, rounds: int) -> dict[str, Start]:
    """Return the medians of the starts of each, which are started in turn."""
    found: dict[str, list[Start]] = {name: [] for name in checkouts}
    for _n in range(rounds):
        for name, checkout in checkouts.items():
            found[name].append(once(checkout))
    return {
        name: Start(
            median(one.answering for one in starts),
            median(one.page for one in starts),
            median(one.memory for one in starts),
        )
        for name, starts in found.items()
    }


def once(checkout: Path) -> Start:
    with tempfile.TemporaryDirectory(prefix="alliance-first-start-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        return _started(copy, _python_of(checkout), Path(folder) / "log")


def _python_of(checkout: Path) -> str:
    """Return its own Python, or that of this process where it has none."""
    own = checkout / ".venv/bin/python"
    return str(own if own.exists() else sys.executable)


def _started(copy: Path, python: str, log: Path) -> Start:
    port = free_port()
    untold = [part for name in NOT_TOLD for part in ("--unset", name)]
    told = ["DEBUG=0", "ALLIANCE_TRYOUT=1", f"ALLIANCE_VAR={copy}/var"]
    command = [shutil.which("env") or "env", *untold, f"--chdir={copy}", *told]
    command += [python, "manage.py", "tryout", "--port", str(port)]
    server = Process("the trial", command, port=port, log=log, env={})
    start = time.monotonic()
    try:
        server.start(seconds=PATIENCE)
        wait_for("it answers", lambda: asked(port, "/healthz").status == 200, seconds=PATIENCE)
        answering = time.monotonic() - start
        wait_for("it has a page", lambda: asked(port, "/").status == 200, seconds=PATIENCE)
        page = time.monotonic() - start
        assert server.running
        pids = [server.running.pid, *children(server.running.pid)]
        return Start(answering, page, sum(memory(pid) for pid in pids))
    finally:
        server.stop()
