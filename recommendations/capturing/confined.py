"""Running a child of ours within limits of memory, processor, time and words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Timer
from typing import NamedTuple

from django.conf import settings

from recommendations.importing import sandbox


class Outcome(NamedTuple):
    """How a child ended: by its code, negative for a signal, and what it said.

    `said` is empty where it said more than it may.
    """

    code: int
    said: bytes
    took_too_long: bool


def run(child: Sequence[str], sent: bytes, *, seconds: int, wall: float, most: int) -> Outcome:
    """Run a child and return what it said, at most `most` bytes.

    `seconds` are those that it may take of the processor, `wall` those of the clock, after which it
    is killed.
    """
    process = subprocess.Popen(
        [sys.executable, *child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(settings.BASE_DIR),
        env=sandbox.environment(),
        preexec_fn=partial(sandbox.limit, seconds),
    )
    late: list[bool] = []
    timer = Timer(wall, partial(_kill, process, late))
    timer.start()
    try:
        said = _conversation(process, sent, most)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
    return Outcome(process.returncode, said, bool(late))


def _conversation(process: subprocess.Popen[bytes], sent: bytes, most: int) -> bytes:
    assert process.stdin and process.stdout
    with suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(sent)
    with process.stdout as stdout:
        said = stdout.read(most + 1)
    if len(said) > most:
        return b""
    process.wait()
    return said


def _kill(process: subprocess.Popen[bytes], late: list[bool]) -> None:
    late.append(True)
    process.kill()
