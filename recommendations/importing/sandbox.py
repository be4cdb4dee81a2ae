"""Reading files in a process of their own, so that none can take the server with it.

Measured per file: at most 512 MB of memory and 20 seconds. The child is given the file and the
names of addressees on its standard input and answers on its output, so that nothing is left on
the disk.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
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
SECONDS = 20
CHILD = ["-m", "recommendations.importing.child"]


def propose_safely(data: bytes, names: AddresseeNames) -> Outline:
    """Return the outline of a file. Raises ImportProblem."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    question = Question(
        translation.get_language() or settings.LANGUAGE_CODE,
        tuple((code, str(name)) for code, name in settings.LANGUAGES),
        names,
    )
    try:
        answer = subprocess.run(
            [sys.executable, *CHILD],
            input=question.to_bytes() + data,
            capture_output=True,
            timeout=SECONDS,
            cwd=Path(settings.BASE_DIR),
            env=_environment(),
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ImportProblem(
            _(
                "Reading the file took longer than %(n)d seconds and was stopped. Give the text in "
                "a simpler form, such as Markdown."
            )
            % {"n": SECONDS}
        ) from error
    return _answer(answer)


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


def _environment() -> dict[str, str]:
    """Return what the child may know: where Python is, and nothing of the service's secrets."""
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
