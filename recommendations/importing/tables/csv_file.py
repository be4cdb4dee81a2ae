"""CSV to rows: whichever its separator and its encoding are."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _

from recommendations.importing.problems import ImportProblem

from .table import VERSION, Cells, Workbook

Encoding = Literal["", "utf-8", "cp932", "cp1252"]
NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp932": "Shift_JIS (cp932)",
    "cp1252": "Windows-1252",
}
SEPARATORS = ",;\t|"
BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Spreadsheet programs say the separator so, in a line of its own.
DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# Kana, and what Japanese writes between words.
JAPANESE = re.compile(r"[\u3040-\u30ff\u3001\u3002\u300c\u300d\u30fb]")
CHINESE_OR_KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
BAD_BYTE = re.compile("[\udc80-\udcff]+")
LOOKED_AT = 200


def read_csv(data: bytes, *, encoding: Encoding = "") -> Workbook:
    """Return the one sheet of a CSV file. Raises ImportProblem."""
    text, code = decoded(data, encoding)
    declared = DECLARED.match(text)
    text = text[declared.end() :] if declared else text
    separator = declared[1] if declared else separator_of(text)
    cells = Cells("")
    for row in _records(text, separator):
        number = len(cells.sheet.rows) + 1
        for column, value in enumerate(row):
            if not value.isascii() and is_foreign(value, code):
                cells.fault(number, column, "undecodable", _shown(value, code))
        cells.add_row([BAD_BYTE.sub("\ufffd", value) for value in row])
    sheet = cells.close()
    if not sheet.rows:
        raise ImportProblem(_("The table is empty. Choose the file with the recommendations."))
    return Workbook(VERSION, "csv", _read_as(code, separator), [sheet])


def _read_as(code: str, separator: str) -> str:
    shown = _("tab") if separator == "\t" else separator
    return _("%(encoding)s, cells parted by “%(separator)s”") % {
        "encoding": NAMES[code],
        "separator": shown,
    }


# Encoding ---------------------------------------------------------------------------------------


def decoded(data: bytes, encoding: Encoding = "") -> tuple[str, str]:
    """Return the text and its encoding. Bytes that are not of it stand there as surrogates."""
    for mark, code in BOMS:
        if data.startswith(mark):
            if code == "utf-16":
                return data.decode(code, "replace"), code
            return _decoded(data[len(mark) :], code), code
    if b"\0" in data:
        raise ImportProblem(
            _("This is no table: it looks like a picture, an archive or a program. Save it as CSV.")
        )
    code = encoding or encoding_of(data)
    return _decoded(data, code), code


def _decoded(data: bytes, code: str) -> str:
    return data.decode(code, "surrogateescape")


def encoding_of(data: bytes) -> str:
    """Return in which encoding most of its lines are that are not plain ASCII.

    A file put together from others may have lines of several; those of the rest are named.
    """
    lines = [line for line in data.splitlines() if not line.isascii()]
    votes = Counter(_encoding_of_line(line) for line in lines)
    return max(("utf-8", "cp932", "cp1252"), key=lambda code: votes[code])


def _encoding_of_line(line: bytes) -> str:
    if _is_in(line, "utf-8"):
        return "utf-8"
    if not _is_in(line, "cp1252"):
        return "cp932"
    return "cp932" if _is_in(line, "cp932") and _reads_as_japanese(line) else "cp1252"


def _is_in(line: bytes, code: str) -> bool:
    try:
        line.decode(code)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_japanese(line: bytes) -> bool:
    """Whether a line is Japanese in cp932, and not accents and quotes among Latin letters.

    Two bytes of the kind follow each other in Japanese; an accent stands alone in its word.
    """
    text = line.decode("cp932")
    wide = [character for character in text if character > "\x7f"]
    if len(JAPANESE.findall(text)) * 10 >= len(wide):
        return True
    alone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", line))
    return alone * 4 < sum(byte > 0x7F for byte in line)


def is_foreign(value: str, code: str) -> bool:
    """Whether a cell was written in another encoding than the file was read in.

    Bytes that both encodings know are told by what they say: nobody writes "æ—¥æœ¬" for 日本.
    """
    if BAD_BYTE.search(value):
        return True
    if code not in ("cp932", "cp1252"):
        return False
    raw = value.encode(code, "surrogateescape")
    if _is_in(raw, "utf-8"):
        return code == "cp1252" or bool(CHINESE_OR_KANA.search(raw.decode("utf-8")))
    return code == "cp1252" and _encoding_of_line(raw) == "cp932"


def _shown(value: str, code: str) -> str:
    """Return a cell with foreign bytes as another encoding reads them, for its fault."""
    raw = value.encode(code, "surrogateescape")
    for other in ("utf-8", "cp932", "cp1252"):
        if _is_in(raw, other):
            said = {"text": raw.decode(other)[:40], "encoding": NAMES[other]}
            return _("“%(text)s” in %(encoding)s") % said
    return BAD_BYTE.sub("\ufffd", value)


# Records ----------------------------------------------------------------------------------------


def separator_of(text: str) -> str:
    """Return the separator by which most records have as many cells as most others, and several."""
    sample = "".join(text.splitlines(keepends=True)[: LOOKED_AT * 2])
    return max(SEPARATORS, key=lambda separator: _fit(sample, separator))


def _fit(sample: str, separator: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if any(row):
                widths[len(row)] += 1
            if sum(widths.values()) == LOOKED_AT:
                break
    except csv.Error:
        return 0.0, 0
    several = [(n, width) for width, n in widths.items() if width > 1]
    if not several:
        return 0.0, 0
    n, width = max(several)
    return n / sum(widths.values()), width


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(len(text) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ImportProblem(
                _(
                    "Row %(row)d cannot be read: a quotation mark in it opens a cell and is not "
                    "closed, or stands inside one and is not doubled."
                )
                % {"row": number + 1}
            ) from error
        if row is None:
            return
        number += 1
        yield row
