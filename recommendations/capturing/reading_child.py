"""The process that reads one page or file: `python -m recommendations.capturing.reading_child`.

It is asked on its standard input: eight bytes with the length of the question, the question as
JSON, the body. It answers with a page, packed, or the words of a refusal. Before it looks at the
body it gives up opening anything: no file, no connection, no process.
"""

from __future__ import annotations

import codecs
import resource
import sys
from importlib import import_module
from pathlib import Path

import django
import msgspec
from django.conf import settings
from django.utils import translation

from recommendations.importing.child import ANSWERED, LENGTH, REFUSED, TOO_MUCH
from recommendations.importing.problems import ImportProblem

from .charsets import load
from .pages import PDF, ZIPPED, page_of
from .questions import PageQuestion

# What readers of files decode by, beside the letters of pages.
OF_READERS = ("utf-16-le", "utf-16-be", "utf-32-le", "cp437")


def main() -> int:
    stdin = sys.stdin.buffer
    size = int.from_bytes(stdin.read(LENGTH), "big")
    question = msgspec.json.decode(stdin.read(size), type=PageQuestion)
    body = stdin.read()
    settings.configure(
        USE_I18N=True,
        LOCALE_PATHS=[Path(__file__).resolve().parent.parent / "locale"],
        LANGUAGE_CODE="en",
        LANGUAGES=question.languages,
    )
    django.setup()
    translation.activate(question.language)
    load_readers(body)
    give_up_opening()
    try:
        page = page_of(
            body,
            content_type=question.content_type,
            address=question.address,
            today=question.today,
        )
    except ImportProblem as problem:
        sys.stdout.buffer.write(str(problem).encode())
        return REFUSED
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.buffer.write(msgspec.msgpack.encode(page))
    return ANSWERED


def load_readers(body: bytes) -> None:
    """Load what a body may take to read: later on nothing can be."""
    load()
    for encoding in OF_READERS:
        codecs.lookup(encoding)
    if body.startswith(PDF):
        import_module("recommendations.importing.pdf")
    elif body.startswith(ZIPPED):
        import_module("recommendations.importing.docx")
    else:
        import_module("charset_normalizer")
        import_module("recommendations.importing.markdown")


def give_up_opening() -> None:
    """Reach the limit of open files at once."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
