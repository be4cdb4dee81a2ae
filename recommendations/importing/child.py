"""The process that reads one file: `python -m recommendations.importing.child`.

It is asked on its standard input: eight bytes with the length of the question, the question as
JSON, the file. It answers on its standard output: an outline as JSON, or the words of a refusal.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
import msgspec
from django.conf import settings
from django.utils import translation

from . import propose
from .addressees import AddresseeNames
from .problems import ImportProblem

ANSWERED, REFUSED, TOO_MUCH = 0, 3, 4
LENGTH = 8


class Question(msgspec.Struct, frozen=True):
    """What is asked of a file. `language` is that of the notes and refusals.

    `languages` are those that a report may be in: LANGUAGES of the settings.
    """

    language: str
    languages: tuple[tuple[str, str], ...]
    names: AddresseeNames

    def to_bytes(self) -> bytes:
        question = msgspec.json.encode(self)
        return len(question).to_bytes(LENGTH, "big") + question


def main() -> int:
    stdin = sys.stdin.buffer
    size = int.from_bytes(stdin.read(LENGTH), "big")
    question = msgspec.json.decode(stdin.read(size), type=Question)
    data = stdin.read()
    # Only the translations are needed: no database, no application, no secret.
    locale = Path(__file__).resolve().parent.parent / "locale"
    settings.configure(
        USE_I18N=True,
        LOCALE_PATHS=[locale],
        LANGUAGE_CODE="en",
        LANGUAGES=question.languages,
    )
    django.setup()
    translation.activate(question.language)
    try:
        outline = propose(data, question.names)
    except ImportProblem as problem:
        sys.stdout.buffer.write(str(problem).encode())
        return REFUSED
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.buffer.write(msgspec.json.encode(outline))
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main())
