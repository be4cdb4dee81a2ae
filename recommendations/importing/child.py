"""The process that reads one file: `python -m recommendations.importing.child`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation

from . import propose
from .addressees import Vocabulary
from .outline_json import as_json
from .problems import ImportProblem

TOO_MUCH = 4


def main() -> int:
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    question = json.loads(sys.stdin.buffer.read(size))
    data = sys.stdin.buffer.read()
    # Only the translations are needed: no database, no application, no secret.
    locale = Path(__file__).resolve().parent.parent / "locale"
    settings.configure(USE_I18N=True, LOCALE_PATHS=[locale], LANGUAGE_CODE="en")
    django.setup()
    translation.activate(question["language"])
    try:
        outline = propose(data, Vocabulary(**question["vocabulary"]))
    except ImportProblem as problem:
        sys.stdout.buffer.write(str(problem).encode())
        return 3
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.buffer.write(json.dumps(as_json(outline), ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
