"""Reading files in a process of their own, so that none can take the server with it.

Measured per file: at most 512 MB of memory and so many seconds of the processor as the caller
gives. The clock on the wall is a backstop alone: on a busy machine a file may wait. The child is
given the file and the names of addressees on its standard input and answers on its output, so that
nothing is left on the disk.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from .addressees import AddresseeNames
from .child import ANSWERED, REFUSED, Question
from .outline import Outline
from .problems import LARGEST_FILE, ImportProblem, too_large

MEMORY = 512 * 1024 * 1024
# Of the processor. Three hundred pages take less than ten.
SECONDS = 240
# While a browser waits for the answer.
SECONDS_IN_A_REQUEST = 8
# So many times longer may it take on the wall.
WAITING = 3
CHILD = ["-m", "recommendations.importing.child"]


class TookTooLong(ImportProblem):
    """The file may be read where there is more time."""


def propose_safely(
    data: bytes, names: AddresseeNames, *, seconds: int = SECONDS, wall: int | None = None
) -> Outline:
    """Return the outline of a file. Raises TookTooLong, or another ImportProblem.

    `seconds` are those that it may take of the processor, `wall` those of the clock.
    """
    if len(data) > LARGEST_FILE:
        raise too_large()
    question = Question(
        translation.get_language() or settings.LANGUAGE_CODE,
        tuple((code, str(name)) for code, name in settings.LANGUAGES),
        names,
    )
    try:
        answer = run_confined(
            CHILD, question.to_bytes() + data, seconds=seconds, wall=wall or seconds * WAITING
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(wall or seconds * WAITING) from error
    if answer.returncode == -signal.SIGXCPU:
        raise _too_long(seconds)
    return _answer(answer)


def _too_long(seconds: int) -> TookTooLong:
    return TookTooLong(
        _(
            "Reading the file took longer than %(n)d seconds and was stopped. Import it in parts, "
            "or give the text in a simpler form, such as Markdown."
        )
        % {"n": seconds}
    )


def run_confined(
    child: Sequence[str], sent: bytes, *, seconds: int, wall: int
) -> subprocess.CompletedProcess[bytes]:
    """Run a child within the limits and return its answer. Raises subprocess.TimeoutExpired.

    `seconds` are those that it may take of the processor, `wall` those of the clock.
    """
    return subprocess.run(
        [sys.executable, *child],
        input=sent,
        capture_output=True,
        timeout=wall,
        cwd=Path(settings.BASE_DIR),
        env=environment(),
        preexec_fn=partial(limit, seconds),
        check=False,
    )


def _answer(answer: subprocess.CompletedProcess[bytes]) -> Outline:
    if answer.returncode == REFUSED:
        raise ImportProblem(answer.stdout.decode())
    if answer.returncode != ANSWERED:
        raise _not_read()
    try:
        return msgspec.json.decode(answer.stdout, type=Outline)
    except msgspec.DecodeError as error:
        raise _not_read() from error


def _not_read() -> ImportProblem:
    return ImportProblem(
        _(
            "The file could not be read within the memory and time that it may take. Give the "
            "text in a simpler form, such as Markdown, or without pictures."
        )
    )


def environment() -> dict[str, str]:
    """Return what the child may know: where Python is, and nothing of the service's secrets."""
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def limit(seconds: int) -> None:
    """Hold a child to its memory and so many seconds of the processor; it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # The first is told, and ends the process with a signal of its own; the second is not.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
