"""Pages are fetched by a process of its own, which knows nothing and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from recommendations.capturing import confined, sandbox
from recommendations.capturing.answers import Fetched, Refusal
from recommendations.capturing.limits import MEGABYTE, Limits
from recommendations.capturing.problems import Reason

from .played_web.server import Answer, Served, dripping, huge, page, serving

pytestmark = pytest.mark.run_once


@pytest.fixture
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True
    settings.SITE_URL = "https://tracker.example.org"


def child_of(server: Served, *hosts: str) -> list[str]:
    return ["-m", "tests.played_web.child", str(server.port), *(hosts or ("example.org",))]


def got(answer: Answer, *, limits: Limits = sandbox.CAPTURED) -> Fetched | Refusal:
    with serving(answer) as server:
        return sandbox.fetch_page("http://example.org/", limits=limits, child=child_of(server))


def test_page_comes_back_from_the_process(capture_on: None) -> None:
    with serving(page(b"Ten\0bridges.")) as server:
        found = sandbox.fetch_page("http://example.org/", child=child_of(server))
        alive = sandbox.check_page("http://example.org/", child=child_of(server))
        dead = sandbox.check_page("http://nobody.example.org/", child=child_of(server))
    assert isinstance(found, Fetched)
    assert found.body == b"Ten\0bridges."
    assert (alive.state, dead.state, dead.reason) == ("alive", "dead", Reason.NO_SUCH_NAME)
    assert b"User-Agent: RecommendationTracker (+https://tracker.example.org)" in server.asked[0]


def test_nothing_is_fetched_while_capture_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert project.CAPTURE is False
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **kwargs: started.append(args))
    found = sandbox.fetch_page("http://example.org/")
    checked = sandbox.check_page("http://example.org/")
    assert isinstance(found, Refusal)
    assert (found.reason, checked.reason, checked.state) == (Reason.OFF, Reason.OFF, "unknown")
    assert started == []


def test_no_setting_opens_private_addresses(
    capture_on: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that is started on a service has no argument but itself, and an empty world."""
    assert sandbox.CHILD == ("-m", "recommendations.capturing.child")
    monkeypatch.setenv("CAPTURE", "1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    for address in ("http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/"):
        found = sandbox.fetch_page(address)
        assert isinstance(found, Refusal)
        assert found.reason == Reason.REFUSED_PRIVATE


def test_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_PASSWORD", "http_proxy", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "secret")
    told = "import os, sys; sys.stdout.write(repr(dict(os.environ)))"
    outcome = confined.run(["-c", told], b"", seconds=5, wall=30, most=100_000)
    assert outcome.code == 0
    assert b"secret" not in outcome.said


def test_process_never_loads_the_models_or_the_settings(capture_on: None) -> None:
    listed = (
        "import sys, recommendations.capturing.child\n"
        "print(*sorted(sys.modules))\n"
        "from django.conf import settings; assert not settings.configured"
    )
    outcome = confined.run(["-c", listed], b"", seconds=15, wall=60, most=1_000_000)
    assert outcome.code == 0
    modules = outcome.said.decode().split()
    assert "recommendations.capturing.connecting" in modules
    assert not {"alliance.settings", "recommendations.models", "django.db.models"} & set(modules)


def test_limits_hold_in_the_process(capture_on: None) -> None:
    large = got(huge(200))
    slow = got(dripping(b""), limits=Limits(wall=1, silence=1))
    assert isinstance(large, Refusal) and isinstance(slow, Refusal)
    assert (large.reason, slow.reason) == (Reason.TOO_LARGE, Reason.TIMEOUT)


def test_page_of_the_largest_size_fits_into_the_memory(capture_on: None) -> None:
    found = got(page(b"\xff" * (sandbox.CAPTURED.size - 10_000)))
    assert isinstance(found, Fetched)
    assert len(found.body) == sandbox.CAPTURED.size - 10_000


TALKING = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
SLEEPING = "import time; time.sleep(60)"
GREEDY = "x = bytearray(2 ** 31)"
BUSY = "while True: pass"


@pytest.mark.parametrize(
    ("program", "wall", "is_late"),
    [(TALKING, 60, False), (SLEEPING, 1, True), (GREEDY, 60, False), (BUSY, 60, False)],
    ids=["talks", "sleeps", "takes memory", "takes the processor"],
)
def test_process_that_misbehaves_is_ended(program: str, wall: int, is_late: bool) -> None:
    outcome = confined.run(["-c", program], b"", seconds=1, wall=wall, most=MEGABYTE)
    assert outcome.said == b""
    assert outcome.code != 0
    assert outcome.took_too_long == is_late


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Reason.BROKEN),
        ("import os, signal; os.kill(os.getpid(), signal.SIGALRM)", Reason.TIMEOUT),
        ("print('no answer of ours')", Reason.BROKEN),
        ("pass", Reason.BROKEN),
        ("raise SystemExit(3)", Reason.BROKEN),
    ],
)
def test_process_that_dies_is_a_reason(capture_on: None, program: str, reason: Reason) -> None:
    found = sandbox.fetch_page("http://example.org/", child=["-c", program])
    checked = sandbox.check_page("http://example.org/", child=["-c", program])
    assert isinstance(found, Refusal)
    assert (found.reason, checked.reason, checked.state) == (reason, reason, "unknown")


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    question = sandbox.Question("fetch", "http://example.org/", "Tests", Limits(wall=60))
    with serving(dripping(b"")) as server:
        process = subprocess.Popen(
            [sys.executable, *child_of(server)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=project.BASE_DIR,
            env={**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
        )
        assert process.stdin
        process.stdin.write(sandbox.msgspec.json.encode(question))
        process.stdin.close()
        deadline = time.monotonic() + 30
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.02)
        yield process
    process.kill()
    process.wait()


def test_killed_process_leaves_nothing(killed: subprocess.Popen[bytes], tmp_path: Path) -> None:
    killed.kill()
    assert killed.stdout
    assert killed.stdout.read() == b""
    assert killed.wait() == -9
    assert list(tmp_path.iterdir()) == []


def test_process_whose_asker_is_gone_ends_by_itself() -> None:
    question = sandbox.Question("fetch", "http://example.org/", "Tests", Limits(wall=-2))
    with serving(dripping(b"")) as server:
        sleeping = (
            "import socket, time\n"
            "socket.getaddrinfo = lambda *args, **kwargs: time.sleep(60)\n"
            "from recommendations.capturing import child\n"
            "child.main()"
        )
        outcome = confined.run(
            ["-c", sleeping],
            sandbox.msgspec.json.encode(question),
            seconds=10,
            wall=40,
            most=1000,
        )
    # By its own alarm, before anybody stopped it.
    assert (outcome.code, outcome.took_too_long) == (-14, False)
    assert server.asked == []
