"""Reading spreadsheets in a process of their own, within the limits of `importing.sandbox`."""

from __future__ import annotations

import subprocess

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from recommendations.importing import sandbox
from recommendations.importing.child import ANSWERED, REFUSED
from recommendations.importing.problems import LARGEST_FILE, ImportProblem, too_large

from .child import TableQuestion
from .csv_file import Encoding
from .table import UnreadableTable, unpacked

CHILD = ["-m", "recommendations.importing.tables.child"]
# While a browser waits for the answer.
SECONDS = 20


def read_safely(data: bytes, *, encoding: Encoding = "") -> bytes:
    """Return the packed workbook of a file. Raises ImportProblem."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    question = TableQuestion(
        translation.get_language() or settings.LANGUAGE_CODE,
        tuple((code, str(name)) for code, name in settings.LANGUAGES),
        encoding,
    )
    try:
        answer = sandbox.run_confined(
            CHILD, question.to_bytes() + data, seconds=SECONDS, wall=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _not_read() from error
    if answer.returncode == REFUSED:
        raise ImportProblem(answer.stdout.decode())
    if answer.returncode != ANSWERED:
        raise _not_read()
    try:
        unpacked(answer.stdout)
    except UnreadableTable as error:
        raise _not_read() from error
    return answer.stdout


def _not_read() -> ImportProblem:
    return ImportProblem(
        _(
            "The file could not be read within the memory and time that it may take. Save the "
            "sheet with the recommendations as CSV, or import it in parts."
        )
    )
