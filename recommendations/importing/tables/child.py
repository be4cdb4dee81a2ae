"""The process that reads one spreadsheet: `python -m recommendations.importing.tables.child`.

It is asked as that of a report is, and answers with the rows, packed, or the words of a refusal.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
import msgspec
from django.conf import settings
from django.utils import translation

from recommendations.importing.child import ANSWERED, LENGTH, REFUSED, TOO_MUCH
from recommendations.importing.problems import ImportProblem

from .csv_file import Encoding
from .reading import read_table
from .table import packed


class TableQuestion(msgspec.Struct, frozen=True):
    """What is asked of a file: `encoding` of a CSV, where somebody says so."""

    language: str
    languages: tuple[tuple[str, str], ...]
    encoding: Encoding

    def to_bytes(self) -> bytes:
        question = msgspec.json.encode(self)
        return len(question).to_bytes(LENGTH, "big") + question


def main() -> int:
    stdin = sys.stdin.buffer
    size = int.from_bytes(stdin.read(LENGTH), "big")
    question = msgspec.json.decode(stdin.read(size), type=TableQuestion)
    data = stdin.read()
    locale = Path(__file__).resolve().parent.parent.parent / "locale"
    settings.configure(
        USE_I18N=True,
        LOCALE_PATHS=[locale],
        LANGUAGE_CODE="en",
        LANGUAGES=question.languages,
    )
    django.setup()
    translation.activate(question.language)
    try:
        workbook = read_table(data, encoding=question.encoding)
    except ImportProblem as problem:
        sys.stdout.buffer.write(str(problem).encode())
        return REFUSED
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.buffer.write(packed(workbook))
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main())
