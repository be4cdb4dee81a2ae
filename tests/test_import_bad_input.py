"""What is no report is refused with what to do, within the limits of a request, and leaves nothing.

Memory is the peak that the process which reads the file says of itself before it ends: what the
system counts of children begins with the size of their parent. One that is killed says nothing.
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from recommendations.importing import AddresseeNames, ImportProblem, Outline, sandbox
from recommendations.importing.sandbox import MEMORY, propose_safely

from .printed_pages import Printed, printed
from .report_files import archive, docx, picture_pdf

NOBODY = AddresseeNames({}, {}, {})
MB = 1024 * 1024
# Of the processor: what takes longer is no small file.
LONG = 20


# After which a reader is given up as hanging, however busy the machine.
HANGS = 600
# VmHWM is counted anew from the start of a program. Beside others a reader may need long for what
# would take 20 seconds of a machine of its own: those of the processor are the same.
MEASURED = f"""
import re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({LONG}, {LONG}))
from recommendations.importing import child
code = child.main()
sys.stdout.flush()
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


def tried(data: bytes) -> tuple[Outline | None, str]:
    """Return what came of a file: its outline, or why it was refused."""
    before = set(Path(tempfile.gettempdir()).iterdir())
    peaks: list[int] = []

    def run(*args: Any, **options: Any) -> subprocess.CompletedProcess:
        assert options["timeout"] == LONG * sandbox.WAITING
        ended = subprocess.run(*args, **options | {"timeout": HANGS})
        peaks.extend(int(line) for line in ended.stderr.split()[-1:] if line.isdigit())
        return ended

    try:
        with (
            patch.object(sandbox, "CHILD", ["-c", MEASURED]),
            patch.object(sandbox, "subprocess", SimpleNamespace(**vars(subprocess) | {"run": run})),
        ):
            found = propose_safely(data, NOBODY, seconds=LONG)
            problem = ""
    except ImportProblem as error:
        found, problem = None, str(error)
    assert all(peak * 1024 < MEMORY for peak in peaks), f"{peaks} kB"
    assert peaks or found is None

    left = {path for path in set(Path(tempfile.gettempdir()).iterdir()) - before}
    assert not [path for path in left if "import" in path.name]
    return found, problem


def bomb(size: int) -> bytes:
    """A DOCX whose text is one letter, repeated: small as it lies there."""
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": b"a" * size})


def lying_bomb() -> bytes:
    """The same, but for the size that it gives of itself."""
    data = bytearray(bomb(80 * MB))
    with zipfile.ZipFile(BytesIO(bytes(data))) as packed:
        real = packed.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    return bytes(data).replace(real, (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a" * (200 * MB), "more than 20 MB"),
        (bomb(200 * MB), "too large to be a report"),
        (lying_bomb(), "Save it as DOCX again"),
        (archive({"nothing.txt": "x"}), "no Word document"),
        (archive({"xl/workbook.xml": "<workbook/>"}), "a way in of their own"),
        (b"No,Ask,Due\n1,Clean it,2031\n2,Count it,2032\n", "a way in of their own"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "old version of Word"),
        (b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 50_000, "PDF cannot be read"),
        (picture_pdf(), "its pages are pictures"),
        (b"%PDF-1.7\nnothing of the kind", "PDF cannot be read"),
        (bytes(range(256)) * 400, "encoding of the text cannot be told"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1000), "encoding of the text cannot be told"),
        (b"MZ" + bytes(5000), "This is no text"),
        (b"", "The file is empty"),
        (b" \n\t\n", "The file is empty"),
        (b"<html><body><script>x()</script></body></html>", "No text was found"),
        (b"---\ntitle: [\n---\n\nText.\n", "no valid YAML"),
    ],
    ids=[
        "200 MB",
        "zip bomb",
        "zip bomb that lies",
        "archive",
        "workbook",
        "table",
        "old Word",
        "many objects",
        "scan",
        "broken PDF",
        "binary",
        "picture",
        "program",
        "empty",
        "blank",
        "scripts alone",
        "broken front matter",
    ],
)
def test_what_is_no_report_is_refused_with_what_to_do(data, words):
    found, problem = tried(data)
    assert found is None
    assert words in problem
    # A sentence that ends, and one that says what to do.
    assert problem.endswith((".", ")"))


SHORT = [f"The Board should clean well {n}." for n in range(20_000)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"# Wells\n\n" + "\n\n".join(SHORT).encode(),
        lambda: b"<h1>Wells</h1>" + "".join(f"<p>{one}</p>" for one in SHORT).encode(),
        lambda: docx([("Heading1", "Wells"), *(("Normal", one) for one in SHORT)]),
    ],
    ids=["Markdown", "HTML", "DOCX"],
)
def test_twenty_thousand_short_paragraphs_are_read(make):
    found, problem = tried(make())
    assert not problem
    assert found is not None
    assert len(found.blocks) >= len(SHORT)


def test_ten_thousand_nested_lists_and_scripts_are_read(capfd):
    depth = 10_000
    page = (
        "<html><body><h1>Deep</h1>"
        + "<ul><li>" * depth
        + "<b>Dig no deeper.</b> The council should stop.<script>alert(1)</script>"
        + "</li></ul>" * depth
        + "</body></html>"
    )
    found, problem = tried(page.encode())
    assert not problem
    assert found is not None
    assert "alert" not in str(found.blocks)
    assert any("should stop" in block.text for block in found.blocks)


def test_a_report_of_three_hundred_printed_pages_is_read_within_a_request():
    words = "The wells of the valley were dug when the river was wide, and the Board should count."
    page = [Printed(words, 70, 70 + 14.3 * n) for n in range(45)]
    found, problem = tried(printed([page] * 300))
    assert not problem
    assert found is not None
    assert sum(len(section.asks) for section in found.sections) > 10_000


def test_a_document_type_in_utf_16_is_refused():
    whole = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    data = archive({"[Content_Types].xml": "<Types/>", "word/document.xml": whole.encode("utf-16")})
    _found, problem = tried(data)
    assert "no Word document" in problem


def test_ten_thousand_open_inline_elements_are_read():
    found, problem = tried(b"<html><p>" + b"<b><i>" * 10_000 + b"The council should stop.")
    assert (found and found.blocks) or problem


def test_a_report_without_recommendations_is_finished_and_says_so():
    found, problem = tried(b"# A walk\n\nIt was a fine day.\n")
    assert not problem
    assert found is not None
    assert found.notes[0].startswith("No recommendation was found.")


def test_markdown_tables_and_emphasis_of_absurd_length_are_read_or_refused():
    for data in (b"*" * 200_000, b"|" * 200_000, b"[" * 100_000, b"> " * 50_000 + b"a"):
        found, problem = tried(data)
        assert found or problem


def test_entities_of_a_word_document_are_not_expanded():
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    whole = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{lines}]><x>&a11;</x>'
    found, problem = tried(archive({"[Content_Types].xml": "<Types/>", "word/document.xml": whole}))
    assert found is None
    assert problem


def test_a_reader_that_waits_for_ever_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr(sandbox, "CHILD", ["-c", "import time; time.sleep(600)"])
    with pytest.raises(ImportProblem, match="took longer than 2 seconds"):
        propose_safely(b"# Slow\n", NOBODY, wall=2)


def test_a_reader_that_computes_for_ever_is_stopped_by_its_time_of_the_processor(monkeypatch):
    monkeypatch.setattr(sandbox, "CHILD", ["-c", "while True: pass"])
    with pytest.raises(ImportProblem, match="took longer than 1 seconds"):
        propose_safely(b"# Slow\n", NOBODY, seconds=1, wall=HANGS)


@pytest.mark.parametrize(
    "program",
    [
        "a = bytearray(900 * 1024 * 1024)",
        "import os; os.abort()",
        "import tempfile; tempfile.TemporaryFile().write(bytes(100_000))",
    ],
    ids=["memory", "crash", "writing"],
)
def test_a_reader_that_takes_too_much_or_crashes_is_a_refusal(monkeypatch, program):
    monkeypatch.setattr(sandbox, "CHILD", ["-c", program])
    with pytest.raises(ImportProblem, match="within the memory and time"):
        propose_safely(b"# Report\n", NOBODY)


def test_the_reader_knows_no_secret_and_no_database(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setenv("DATABASE_URL", "postgres://hidden")
    program = "import os, sys; print(*os.environ.values()); sys.exit(3)"
    monkeypatch.setattr(sandbox, "CHILD", ["-c", program])
    with pytest.raises(ImportProblem) as refusal:
        propose_safely(b"# Report\n", NOBODY)
    assert str(refusal.value).strip()
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize("answer", ["", "[]", '{"version": 1', '{"version": 1, "title": "A"}'])
def test_an_answer_that_is_no_outline_is_a_refusal(monkeypatch, answer):
    monkeypatch.setattr(sandbox, "CHILD", ["-c", f"print({answer!r})"])
    with pytest.raises(ImportProblem, match="could not be read"):
        propose_safely(b"# Report\n", NOBODY)


def test_the_refusal_is_in_the_language_of_the_editor(settings):
    from django.utils import translation

    with translation.override("ja"):
        _found, problem = tried(b"")
    assert problem


def test_a_word_document_of_ordinary_size_is_read():
    lines = [("Heading1", "Work")] + [("Normal", "**Do it at once.** The council should.")] * 400
    found, problem = tried(docx(lines, title="A report"))
    assert not problem
    assert found is not None
    assert len(found.sections[0].recommendations) == 400


def test_one_paragraph_of_a_hundred_thousand_abbreviations_is_read():
    found, problem = tried(b"# Names\n\n" + b"See J. " * 100_000)
    assert not problem
    assert found is not None
    assert len(found.blocks) == 1
