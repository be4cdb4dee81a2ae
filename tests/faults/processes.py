"""Processes in a folder of their own, which end with the script whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from alliance.environment import BASE_DIR

# After which a server is given up, however busy the machine.
HANGS = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what: str, is_so: Callable[[], object], *, seconds: float = HANGS) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.1)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def program(*names: str) -> str:
    """Return the path of the first that there is."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), "/usr/sbin"]
    path = os.pathsep.join([os.environ["PATH"], *map(str, folders)])
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if found is None:
        raise SystemExit(f"{' or '.join(names)} is missing on this machine.")
    return found


class Folder:
    """A temporary folder that the servers of the script write to."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="alliance-faults-"))
        # PostgreSQL and the workers of nginx run as other users.
        self.path.chmod(0o755)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Process:
    """A server in a group of processes of its own."""

    def __init__(
        self, name: str, command: list[str], *, port: int, log: Path, env: Mapping[str, str]
    ) -> None:
        self.name, self.command, self.port, self.log = name, command, port, log
        self.env = {**os.environ, **env}
        self.running: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = HANGS) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=BASE_DIR,
                start_new_session=True,
            )
        wait_for(f"{self.name} listens ({self.log})", self._is_up, seconds=seconds)

    def _is_up(self) -> bool:
        assert self.running
        if self.running.poll() is not None:
            raise AssertionError(f"{self.name} ended: {self.log.read_text()[-2000:]}")
        return listens(self.port)

    def stop(self, *, by: signal.Signals = signal.SIGTERM) -> None:
        """End it and what it started; by SIGKILL as when the machine loses its power."""
        if self.running is None:
            return
        for each in (by, signal.SIGKILL):
            try:
                os.killpg(self.running.pid, each)
                self.running.wait(timeout=HANGS)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.running.wait()
        self.running = None
        wait_for(f"nobody listens for {self.name}", lambda: not listens(self.port))
