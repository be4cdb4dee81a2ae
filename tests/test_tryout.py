import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from alliance import loopback_server
from alliance.loopback_server import LoopbackServer, ServerError, refuse_unusable_port
from recommendations.management.commands.tryout import make_first_sign_ins

ADDRESS = "http://localhost:8000/"
# After which a process is given up as hanging, however busy the machine.
HANGS = 600


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_port_in_use_is_refused_with_another_proposed(family: int, host: str) -> None:
    with socket.socket(family) as listener:
        try:
            listener.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(ServerError, match=f"Port {port} is in use.* PORT={port + 1}"):
            refuse_unusable_port(port)


def test_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(ServerError, match="70000 is not a port"):
        refuse_unusable_port(70_000)


def test_free_port_is_accepted(free_port: int) -> None:
    refuse_unusable_port(free_port)


def test_links_of_a_trial_lead_to_its_own_port() -> None:
    environment = {name: os.environ[name] for name in os.environ if name != "SITE_URL"}
    done = subprocess.run(
        ["make", "--dry-run", "run", "PORT=8123"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert 'SITE_URL="http://localhost:8123"' in done.stdout, done.stderr


def test_tryout_is_refused_to_a_production_configuration(settings) -> None:
    settings.TRYOUT = False
    with pytest.raises(CommandError, match="make run"):
        call_command("tryout")


@pytest.mark.django_db
def test_first_sign_ins_are_one_account_a_role_and_work(tmp_path: Path) -> None:
    path = tmp_path / "first-sign-in.txt"
    text = make_first_sign_ins(path, address=ADDRESS)
    assert path.read_text() == text
    assert path.stat().st_mode & 0o777 == 0o600
    accounts = dict(line.split() for line in text.splitlines()[2:])
    assert set(accounts) == {"analyst", "reviewer", "editor", "administrator"}
    for name, password in accounts.items():
        assert authenticate(username=name, password=password) is not None


@pytest.mark.django_db
def test_file_of_an_earlier_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "first-sign-in.txt"
    path.write_text("earlier")
    text = make_first_sign_ins(path, address=ADDRESS)
    assert path.read_text() == "earlier"
    assert "note these down" in text
    assert User.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_no_account_is_made_whose_password_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="name too long"):
        make_first_sign_ins(tmp_path / ("x" * 300), address=ADDRESS)
    assert not User.objects.exists()


def test_server_that_dies_before_answering_is_reported(free_port: int, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with LoopbackServer(free_port) as server, pytest.raises(ServerError, match="stopped before"):
        server.is_answering()


def test_server_that_never_answers_is_reported_and_stopped(free_port: int, monkeypatch) -> None:
    monkeypatch.setattr(loopback_server, "SECONDS_TO_START", 0)
    with (
        LoopbackServer(free_port) as server,
        pytest.raises(ServerError, match="did not answer within 0 seconds"),
    ):
        server.is_answering()
    assert server.process.poll() is not None


class Trial:
    """`manage.py tryout` in a process of its own, with a var/ of its own."""

    def __init__(self, var: Path, port: int, *arguments: str, **environment: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.port = port
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "tryout", "--port", str(port), *arguments],
            cwd=settings.BASE_DIR,
            env={
                **kept,
                "LANG": "C.UTF-8",
                "ALLIANCE_TRYOUT": "1",
                "ALLIANCE_VAR": str(var),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if line.startswith("Ctrl-C stops it"):
                return
        raise AssertionError(f"It ended before it was ready:\n{self.output}")

    def fetch(self, path: str) -> str:
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=HANGS) as response:
            return response.read().decode()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=HANGS)
        self.output += rest
        return self.process.returncode


@pytest.fixture
def start_trial() -> Iterator[Callable[..., Trial]]:
    trials: list[Trial] = []

    def start(var: Path, port: int, *arguments: str, **environment: str) -> Trial:
        trials.append(Trial(var, port, *arguments, **environment))
        return trials[-1]

    yield start
    for trial in trials:
        if trial.process.poll() is None:
            trial.stop()


def test_second_start_keeps_data_and_loads_nothing_again(
    tmp_path: Path, free_port: int, start_trial: Callable[..., Trial]
) -> None:
    var = tmp_path / "var"
    first = start_trial(var, free_port)
    first.wait_until_ready()
    assert "Loading the report" in first.output
    front_page = first.fetch("/")
    sign_ins = (var / "first-sign-in.txt").read_text()
    assert sign_ins in first.output
    assert f"http://localhost:{free_port}/" in first.output
    assert (var / "first-sign-in.txt").stat().st_mode & 0o777 == 0o600
    assert first.stop() == 0

    make_account_without_variables(var)
    second = start_trial(var, free_port)
    second.wait_until_ready()
    assert "Loading the report" not in second.output
    assert second.fetch("/") == front_page
    assert (var / "first-sign-in.txt").read_text() == sign_ins
    assert str(var / "first-sign-in.txt") in second.output
    # Passwords are shown once.
    assert sign_ins.split()[-1] not in second.output
    assert second.stop(signal.SIGINT) == 0


def test_trial_without_the_report_begins_empty_and_stays_so(
    tmp_path: Path, free_port: int, start_trial: Callable[..., Trial]
) -> None:
    var = tmp_path / "var"
    first = start_trial(var, free_port, "--report", "none")
    first.wait_until_ready()
    assert "Loading the report" not in first.output
    front_page = first.fetch("/")
    assert "This site is being prepared." in " ".join(front_page.split())
    assert "Recommendation Tracker" in front_page and "Alliance" not in front_page
    assert "提言トラッカー" in first.fetch("/ja/")
    assert first.stop() == 0
    second = start_trial(var, free_port)
    second.wait_until_ready()
    assert "Loading the report" not in second.output
    assert second.fetch("/") == front_page
    assert second.stop() == 0


def make_account_without_variables(var: Path) -> None:
    command = [sys.executable, "manage.py", "createstaff", "nina", "--role", "analyst"]
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ALLIANCE_VAR": str(var)}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"in the trial of `make run`, in {var}." in done.stderr
    assert "User name: nina" in done.stdout


def test_port_in_use_ends_the_trial_before_anything_is_made(
    tmp_path: Path, start_trial: Callable[..., Trial]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        trial = start_trial(tmp_path / "var", port)
        output, _ = trial.process.communicate(timeout=HANGS)
    assert trial.process.returncode == 1
    assert f"Port {port} is in use" in output
    assert not (tmp_path / "var" / "db.sqlite3").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for its processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_server_and_worker_end_with_the_trial(
    tmp_path: Path, free_port: int, start_trial: Callable[..., Trial], number: int
) -> None:
    trial = start_trial(tmp_path / "var", free_port)
    trial.wait_until_ready()
    mark = f"ALLIANCE_VAR={tmp_path / 'var'}".encode()
    assert {b"gunicorn", b"run_worker"} <= {word for line in running(mark) for word in line}
    trial.stop(number)
    until = time.monotonic() + HANGS
    while left := running(mark):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def running(mark: bytes) -> list[list[bytes]]:
    """The commands of all processes that have something in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().split(b"\0"))
    return found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_trial_on_postgresql_makes_no_sign_ins(
    tmp_path: Path, free_port: int, start_trial: Callable[..., Trial]
) -> None:
    place = connection.settings_dict
    user = f"{place['USER']}:{place['PASSWORD']}@" if place["USER"] else ""
    url = f"postgres://{user}{place['HOST']}:{place['PORT']}/{place['NAME']}"
    trial = start_trial(tmp_path / "var", free_port, DATABASE_URL=url)
    trial.wait_until_ready()
    assert "createstaff NAME --role" in trial.output
    assert not (tmp_path / "var" / "first-sign-in.txt").exists()
    # Its commands need to be told of the database, and would find another without.
    assert not (tmp_path / "var" / "trial").exists()
    assert not User.objects.exists()
