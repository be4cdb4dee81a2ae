"""Many readers at once: by `wrk` where it is installed, by threads of this process otherwise."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping

CONNECTIONS = 8
PER_SECOND = re.compile(r"Requests/sec:\s+([\d.]+)")
REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


def program() -> str:
    return shutil.which("wrk") or ""


def requests_a_second(
    port: int, address: str, *, seconds: float, headers: Mapping[str, str]
) -> float:
    """Return how many answers a server gives in a second to eight readers who never wait."""
    if not program():
        return _by_threads(port, address, seconds=seconds, headers=headers)
    command = [program(), "--threads", "2", "--connections", str(CONNECTIONS)]
    command += ["--duration", f"{max(round(seconds), 1)}s", "--timeout", "30s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{port}{address}")
    done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if refused := REFUSED.search(done):
        raise AssertionError(f"{address}: {refused.group(0)}")
    found = PER_SECOND.search(done)
    assert found, done
    return float(found.group(1))


def _by_threads(port: int, address: str, *, seconds: float, headers: Mapping[str, str]) -> float:
    """Ask from this process, which is slower than a quick server and is one of those measured."""
    counts, until = [0] * CONNECTIONS, time.monotonic() + seconds

    def read(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            connection.request("GET", address, headers=dict(headers))
            response = connection.getresponse()
            response.read()
            assert response.status in (200, 304), f"{address}: {response.status}"
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=read, args=(place,)) for place in range(CONNECTIONS)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - start)
