"""Files that take long to make: each is made once on this machine, and then lies in DATA_DIR.

Of several that want to make the same one, one does; the lock of one that is killed is gone with it,
and what it had written has another name until it is whole.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

logger = logging.getLogger(__name__)
Make = Callable[[Path], None]
_running: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}


class FileBeingMade(Exception):
    """Another process is making it. Ask again in a minute."""


def folder() -> Path:
    return Path(settings.DATA_DIR)


def known(name: str) -> Path | None:
    """Return a file if it was made already."""
    path = folder() / name
    return path if path.is_file() else None


def can_be_kept() -> bool:
    """Whether this machine lets us keep files."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder(), os.W_OK)


def made(name: str, make: Make) -> Path:
    """Return a file, which is made if need be. Raises FileBeingMade, and OSError."""
    if path := known(name):
        return path
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_name(f".{path.name}.lock")):
        if not path.is_file():
            part = path.with_name(f".{path.name}.part")
            with suppress(FileNotFoundError):
                # Of one that was killed.
                part.unlink()
            make(part)
            os.replace(part, path)
    return path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileBeingMade(path.name) from error
        yield


@contextmanager
def alone(kind: str) -> Iterator[None]:
    """Let one process of this machine make files of a kind. Raises FileBeingMade."""
    folder().mkdir(parents=True, exist_ok=True)
    with _locked(folder() / f".{kind}.lock"):
        yield


def drop_all_but_newest(prefix: str, n: int) -> None:
    """Delete files that were made once, and the locks of all. Whoever reads one reads on."""
    found = sorted(folder().glob(f"{prefix}*"), key=lambda path: -path.stat().st_mtime_ns)
    for path in [*found[n:], *folder().glob(f".{prefix}*.lock")]:
        path.unlink(missing_ok=True)


def made_aside(make: Make, suffix: str) -> Path:
    """Return a file for one answer: whoever opens it takes its name away."""
    with NamedTemporaryFile(suffix=suffix, delete=False) as file:
        path = Path(file.name)
    try:
        make(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def start_making(*arguments: str) -> None:
    """Make files by `manage.py make_data` in a process of its own, unless one is at it."""
    running = _running.get(arguments)
    if running is not None and running.poll() is None:
        return
    logger.warning("Files are made by a process of its own: %s", " ".join(arguments))
    _running[arguments] = subprocess.Popen(
        _command(arguments),
        cwd=settings.BASE_DIR,
        env=os.environ.copy(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_data", *arguments]
