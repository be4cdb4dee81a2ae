"""gunicorn as docs/deploy.md starts it, with two workers, and what its processes take."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.nginx import proxy_of
from tests.faults.processes import Process, free_port

from .databases import Database

WORKERS = 2
# As browsers ask.
HEADERS = {"Host": "localhost", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def asked(port: int, address: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", address, headers={**HEADERS, **headers})
    response = connection.getresponse()
    found = Answer(response.status, dict(response.getheaders()), response.read())
    connection.close()
    return found


def started(
    database: Database, stack: ExitStack, *, is_kept: bool, more: Mapping[str, str] | None = None
) -> Process:
    """Start a server of a database. `is_kept`: it keeps pages, as a service does."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "alliance.wsgi", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    name = "keeps pages" if is_kept else "makes pages anew"
    log = database.folder / f"gunicorn-{port}.log"
    told = {**(database.environment if is_kept else database.unkept), **(more or {})}
    process = Process(f"gunicorn that {name}", command, port=port, log=log, env=told)
    stack.callback(process.stop)
    process.start()
    return process


def proxied(database: Database, stack: ExitStack) -> Process:
    """Start a server that keeps pages behind the proxy of deploy/, and return the proxy."""
    behind = {"NUM_PROXIES": "1"}
    node = started(database, stack, is_kept=True, more=behind)
    # Its workers run as another user.
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="alliance-proxy-")))
    folder.chmod(0o755)
    proxy = proxy_of([node.port], folder, speaks_tls=False)
    stack.callback(proxy.stop)
    proxy.start()
    return proxy


def children(pid: int) -> list[int]:
    """Return the processes that one started, and those that they started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def memory(pid: int) -> float:
    """Return the megabytes that a process has in memory, those shared with others included."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
