"""The printed lines of a PDF: their words, the size and weight of their type, and their places."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from math import hypot

import pypdfium2
import pypdfium2.raw as pdfium

LINE_END = "\r\n"
# How the library writes a hyphen at the end of a line; the next line follows it at once.
DIVIDED = "\ufffe"
BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
BOLD_WEIGHT = 600
# Fonts of signs, whose letters are bullets on the page.
SIGNS = re.compile(rb"dingbats|wingdings|webdings|symbol", re.IGNORECASE)
BULLET = "•"
LONGEST_FONT_NAME = 128
MOST_RUNS = 100
NOTE_MARK = re.compile(r"(?<=[^\W\d_])\d{1,3}(?=\s|$)|(?<=[.,;:!?”’\"')\]])\d{1,3}(?=\s|$)")
OPENING_MARK = re.compile(r"\d{1,3}(?=\s)")
SMALLER = 0.85
# Radicals, ligatures, half-width kana and compatibility ideographs: print forms of other letters.
PRINT_FORMS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff65-\uff9f]+")
WORD_START = re.compile(r"(?<!\S)\S")
# In sizes of its type. A wider gap between two words is the border of cells.
CELL_GAP = 1.5
UNEVEN_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f"), " ")


@dataclass(frozen=True)
class Run:
    """Words of one look. A mark is the small raised number of a note."""

    text: str
    is_bold: bool = False
    is_mark: bool = False


@dataclass(frozen=True)
class PrintedLine:
    """One line, in points from the top left of its page.

    Where words are divided at its end, it goes on to the end of the last of them: `last_top` is
    the top of the last printed line.
    """

    runs: tuple[Run, ...]
    size: float
    page: int
    top: float
    last_top: float
    left: float
    right: float
    height: float
    is_row: bool = False
    is_turned: bool = False
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(run.text for run in self.runs).strip())

    @property
    def is_bold(self) -> bool:
        shown = [run.is_bold for run in self.runs if run.text.strip() and not run.is_mark]
        return bool(shown) and all(shown)


def lines_of(page: pypdfium2.PdfPage, number: int) -> list[PrintedLine]:
    """Return the lines of a page in the order in which its file writes them."""
    text_page = page.get_textpage()
    try:
        found = list(_Reader(text_page, page.get_height(), number).lines())
    finally:
        text_page.close()
    return _with_rows(_with_marks(_with_turned(found)))


def unfolded(text: str) -> str:
    """Return text in the ordinary forms of letters that print gives forms of their own."""
    if text.isascii():
        return text
    text = PRINT_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.translate(UNEVEN_SPACES)


class _Reader:
    """Asks for type and place at few characters of each line: every question costs."""

    def __init__(self, text_page: pypdfium2.PdfTextPage, height: float, number: int) -> None:
        self.page, self.height, self.number = text_page.raw, height, number
        self.text = text_page.get_text_range()
        count = text_page.count_chars()
        if len(self.text) != count:
            # A character outside the basic plane, say: places in the text are no longer its own.
            one_by_one = (pdfium.FPDFText_GetUnicode(self.page, n) for n in range(count))
            self.text = "".join(chr(code) if code < 0xD800 else "\ufffd" for code in one_by_one)
        self.matrix, self.box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
        self.name = ctypes.create_string_buffer(LONGEST_FONT_NAME)
        self.flags = ctypes.c_int()
        self.bold: dict[bytes, bool] = {}

    def lines(self) -> Iterator[PrintedLine]:
        start = 0
        for written in self.text.split(LINE_END):
            if written.strip():
                first = start + len(written) - len(written.lstrip())
                yield self._line(first, start + len(written.rstrip()))
            start += len(written) + len(LINE_END)

    def _line(self, start: int, stop: int) -> PrintedLine:
        last, middle = stop - 1, (start + stop) // 2
        while middle > start and self.text[middle].isspace():
            middle -= 1
        sizes = sorted((self._size(start), self._size(middle), self._size(last)))
        is_turned = self._is_turned(start)
        left, top, _right, bottom = self._place(start)
        _left, last_top, right, _bottom = self._place(last)
        size = round(sizes[1], 1) or round(bottom - top, 1)
        runs = tuple(self._runs(start, stop, middle, size))
        is_row = any(run.is_bold for run in runs) and self._has_gaps(start, stop, size)
        return PrintedLine(
            runs,
            size,
            self.number,
            top,
            last_top,
            left,
            right,
            bottom - top,
            is_row=is_row,
            is_turned=is_turned,
        )

    def _size(self, at: int) -> float:
        pdfium.FPDFText_GetMatrix(self.page, at, self.matrix)
        scale = hypot(self.matrix.c, self.matrix.d)
        return pdfium.FPDFText_GetFontSize(self.page, at) * scale

    def _is_turned(self, at: int) -> bool:
        pdfium.FPDFText_GetMatrix(self.page, at, self.matrix)
        return abs(self.matrix.b) > abs(self.matrix.a)

    def _place(self, at: int) -> tuple[float, float, float, float]:
        pdfium.FPDFText_GetLooseCharBox(self.page, at, self.box)
        box = self.box
        return box.left, self.height - box.top, box.right, self.height - box.bottom

    def _is_bold(self, at: int) -> bool:
        pdfium.FPDFText_GetFontInfo(self.page, at, self.name, LONGEST_FONT_NAME, self.flags)
        name = self.name.value
        if name not in self.bold:
            weight = pdfium.FPDFText_GetFontWeight(self.page, at)
            self.bold[name] = bool(BOLD.search(name)) or weight >= BOLD_WEIGHT
        return self.bold[name]

    def _runs(self, start: int, stop: int, middle: int, size: float) -> Iterator[Run]:
        places = [start, stop]
        if len({self._is_bold(start), self._is_bold(middle), self._is_bold(stop - 1)}) > 1:
            places += [found.start() for found in WORD_START.finditer(self.text, start, stop)]
        marks = set()
        opening = OPENING_MARK.match(self.text, start, stop)
        for found in chain(filter(None, [opening]), NOTE_MARK.finditer(self.text, start, stop)):
            if self._size(found.start()) < size * SMALLER:
                marks.add(found.start())
                places += found.span()
        cuts = sorted(set(places))
        for begin, end in zip(cuts, cuts[1:], strict=False):
            text = unfolded(self.text[begin:end])
            is_bold = self._is_bold(begin)
            if begin == start and text[:1].isalpha() and SIGNS.search(self.name.value):
                text = BULLET + text[1:]
            yield Run(text, is_bold, is_mark=begin in marks)

    def _has_gaps(self, start: int, stop: int, size: float) -> bool:
        """Whether two words lie so far apart that they are cells of a row."""
        for found in WORD_START.finditer(self.text, start + 1, stop):
            before = found.start() - 1
            while before > start and self.text[before].isspace():
                before -= 1
            if DIVIDED in self.text[before : found.start()]:
                continue
            right, left = self._place(before)[2], self._place(found.start())[0]
            if left - right > CELL_GAP * size:
                return True
        return False


def _with_turned(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Join the letters of turned words, each of which stands on a line of its own."""
    found: list[PrintedLine] = []
    for line in lines:
        before = found[-1] if found else None
        is_beside = before and before.is_turned and line.is_turned and _has_room(before)
        if before and is_beside and abs(before.left - line.left) < 1:
            gap = min(abs(before.last_top - line.top - line.height), abs(before.top - line.top))
            space = " " if gap > line.size / 6 else ""
            runs = (*before.runs, Run(space), *line.runs) if space else (*before.runs, *line.runs)
            found[-1] = replace(before, runs=runs, last_top=line.top, is_row=True)
        else:
            found.append(replace(line, is_row=True) if line.is_turned else line)
    return found


def _with_marks(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Put the small raised numbers of notes back to the lines that they stand beside."""
    found: list[PrintedLine] = []
    for line in lines:
        before = found[-1] if found else None
        if before is None or not _has_room(before):
            found.append(line)
        elif line.text.isdigit() and _is_beside(before, line):
            runs = (*before.runs, Run(line.text, is_mark=True))
            found[-1] = replace(before, runs=runs, right=line.right)
        elif line.runs[0].is_mark and _is_same_row(before, line):
            runs = (*before.runs, *line.runs)
            found[-1] = replace(before, runs=runs, last_top=line.last_top, right=line.right)
        else:
            found.append(line)
    return found


def _has_room(line: PrintedLine) -> bool:
    """Whether more can be joined to a line. A file may have any number of pieces."""
    return len(line.runs) < MOST_RUNS


def _with_rows(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Take for a row, too, what stands in bold right below one: its cells may lie closer."""
    found: list[PrintedLine] = []
    for line in lines:
        before = found[-1] if found else None
        is_below = before and before.is_row and 0 < line.top - before.last_top < 2 * line.size
        if is_below and line.is_bold and before and line.size == before.size:
            line = replace(line, is_row=True)
        found.append(line)
    return found


def _is_beside(line: PrintedLine, mark: PrintedLine) -> bool:
    return mark.size < line.size * SMALLER and _is_same_row(line, mark)


def _is_same_row(line: PrintedLine, following: PrintedLine) -> bool:
    is_level = abs(following.top - line.last_top) < line.size
    return is_level and 0 <= following.left - line.right + 1 < line.size
