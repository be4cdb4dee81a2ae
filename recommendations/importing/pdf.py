"""PDF with text in it, by the sizes and weights of its type."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

from .document import Facts
from .metadata import names_of_authors
from .problems import ImportProblem

MOST_PAGES = 600
FEWEST_LETTERS = 40
BULLET = re.compile(r"^[•◦▪■●○◆・‣⁃∙·–—-]\s+")
PAGE_NUMBER = re.compile(r"^[\W_]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[\W_]*$", re.I)
HYPHEN = re.compile(r"(?<=[A-Za-z]{2})[-\u2010\u00ad]$")
# So much larger than the body is a heading, and a line so much further down another paragraph.
LARGER = 1.12
FURTHER = 1.9
LONGEST_HEADING = 200


@dataclass(frozen=True)
class PrintedLine:
    """One line: its runs of text, each bold or not, the size of its type, and where it stands."""

    runs: tuple[tuple[str, bool], ...]
    size: float
    page: int
    top: float
    left: float
    right: float

    @property
    def text(self) -> str:
        return "".join(text for text, _bold in self.runs).strip()

    @property
    def is_bold(self) -> bool:
        return all(bold for text, bold in self.runs if text.strip())


def html_of_pdf(data: bytes) -> tuple[str, Facts]:
    """Return the text as HTML, which is sanitised later on, and the properties of the file."""
    try:
        facts = _facts(data)
        lines = _without_margins(list(_lines(data)))
    except ImportProblem:
        raise
    except (MemoryError, RecursionError):
        raise
    except PDFPasswordIncorrect as error:
        raise ImportProblem(
            _("The PDF is locked with a password. Save it without one and import it again.")
        ) from error
    except (PSException, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        # The library raises whatever a damaged file makes it stumble over.
        raise ImportProblem(
            _("The PDF cannot be read. Save it as PDF again, or give the text as DOCX or HTML.")
        ) from error
    if sum(c.isalnum() for line in lines for c in line.text) < FEWEST_LETTERS:
        raise ImportProblem(
            _(
                "The PDF has no text in it: its pages are pictures. Recognise the text with a "
                "program for that (OCR), or give the text as DOCX or HTML."
            )
        )
    return "\n".join(_html(lines)), facts


def _facts(data: bytes) -> Facts:
    info = PDFDocument(PDFParser(io.BytesIO(data))).info
    values = {name: _decoded(value) for name, value in (info[0] if info else {}).items()}
    title = values.get("Title", "")
    # What word processors put there when nobody gave a title.
    is_name = re.search(r"\.\w{2,4}$|^Microsoft|^untitled", title, re.IGNORECASE)
    return Facts(title="" if is_name else title, authors=names_of_authors(values.get("Author", "")))


def _decoded(value: object) -> str:
    if not isinstance(value, bytes):
        return ""
    encoding = "utf-16" if value[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"
    try:
        return value.decode(encoding).strip("\0 ")
    except UnicodeDecodeError:
        return value.decode("latin-1").strip("\0 ")


def _lines(data: bytes) -> Iterator[PrintedLine]:
    pages = extract_pages(io.BytesIO(data), laparams=LAParams(), maxpages=MOST_PAGES)
    for number, page in enumerate(pages):
        for box in page:
            if isinstance(box, LTTextContainer):
                for line in box:
                    if isinstance(line, LTTextLine) and (found := _line(line, number, page)):
                        yield found


def _line(line: LTTextLine, number: int, page: LTPage) -> PrintedLine | None:
    runs: list[tuple[str, bool]] = []
    sizes: Counter[float] = Counter()
    for char in line:
        text = char.get_text()
        bold = runs[-1][1] if runs else False
        if isinstance(char, LTChar):
            bold = bool(re.search(r"bold|black|heavy|semibold", char.fontname, re.IGNORECASE))
            sizes[round(char.size, 1)] += 1
        if runs and runs[-1][1] == bold:
            runs[-1] = (runs[-1][0] + text, bold)
        else:
            runs.append((text, bold))
    if not sizes or not "".join(text for text, _bold in runs).strip():
        return None
    size = sizes.most_common(1)[0][0]
    return PrintedLine(tuple(runs), size, number, page.height - line.y1, line.x0, line.x1)


def _without_margins(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Leave out numbers of pages, and what stands at the same height of most pages."""
    pages = {line.page for line in lines}
    seen = Counter((line.text, round(line.top / 10)) for line in lines)
    return [
        line
        for line in lines
        if not PAGE_NUMBER.match(line.text)
        and not (len(pages) > 2 and seen[line.text, round(line.top / 10)] > len(pages) / 2)
    ]


def _html(lines: list[PrintedLine]) -> Iterator[str]:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted({line.size for line in lines if line.size > body * LARGER}, reverse=True)
    levels = {size: min(n, 5) for n, size in enumerate(larger, start=1)}
    for group in _paragraphs(lines, body):
        inner = _inner(group)
        level = _level(group, body, levels)
        if level:
            yield f"<h{level}>{escape(_joined(group))}</h{level}>"
        elif BULLET.match(group[0].text):
            yield f"<ul><li>{inner}</li></ul>"
        else:
            yield f"<p>{inner}</p>"


def _level(group: list[PrintedLine], body: float, levels: dict[float, int]) -> int:
    """Return the level of a heading, 0 for any other text. Bold lines alone are the lowest."""
    text = _joined(group)
    if len(text) > LONGEST_HEADING or BULLET.match(text):
        return 0
    if group[0].size in levels:
        return levels[group[0].size]
    is_title = all(line.is_bold for line in group) and not re.search(r"[.。:：;]$", text)
    return min(len(levels) + 1, 6) if is_title else 0


def _paragraphs(lines: list[PrintedLine], body: float) -> Iterator[list[PrintedLine]]:
    """Yield the lines that run on. A short last line, a gap, a bullet or another size ends them."""
    group: list[PrintedLine] = []
    for line in lines:
        if group and not _runs_on(group, line, body):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _runs_on(group: list[PrintedLine], line: PrintedLine, body: float) -> bool:
    last = group[-1]
    if line.size != last.size or BULLET.match(line.text):
        return False
    if line.size == body and last.is_bold != line.is_bold and (last.is_bold or line.is_bold):
        return not last.is_bold or last.right > line.left + 0.75 * (line.right - line.left)
    if line.page != last.page:
        return not re.search(r"[.。!?！？:：]$", last.text)
    gap = line.top - last.top
    return 0 <= gap < last.size * FURTHER


def _joined(group: list[PrintedLine]) -> str:
    text = ""
    for line in group:
        text = _append(text, line.text)
    return text


def _append(text: str, more: str) -> str:
    if HYPHEN.search(text) and more[:1].islower():
        return HYPHEN.sub("", text) + more
    # Japanese has no spaces between its lines.
    is_cjk = text[-1:] >= "\u2e80" and more[:1] >= "\u2e80"
    return f"{text}{more}" if is_cjk or not text else f"{text} {more}"


def _inner(group: Iterable[PrintedLine]) -> str:
    """Return the text of a paragraph with its bold runs, without the bullet before it."""
    runs: list[tuple[str, bool]] = []
    for line in group:
        for n, (text, bold) in enumerate(line.runs):
            shown = text.replace("\n", " ")
            if not runs:
                shown = BULLET.sub("", shown.lstrip())
            if runs and runs[-1][1] == bold:
                joined = _append(runs[-1][0].rstrip(), shown.strip()) if n == 0 else None
                runs[-1] = (joined if joined is not None else runs[-1][0] + shown, bold)
            elif runs and n == 0:
                runs.append((" " + shown.lstrip(), bold))
            else:
                runs.append((shown, bold))
    return "".join(f"<strong>{escape(t)}</strong>" if b else escape(t) for t, b in runs)
