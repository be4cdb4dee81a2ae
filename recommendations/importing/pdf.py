"""PDF with text in it, by the sizes and weights of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pypdfium2
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .document import Facts
from .metadata import names_of_authors
from .pdf_lines import PrintedLine, lines_of
from .pdf_margins import type_of, without_margins
from .pdf_paragraphs import html_of_lines, title_of_cover
from .problems import ImportProblem

MOST_PAGES = 2_000
FEWEST_LETTERS = 40
LOCKED = 4
# A quarter of the pages.
FEW = 4
# What word processors put there when nobody gave a title.
NO_TITLE = re.compile(r"\.\w{2,4}$|^Microsoft|^untitled", re.IGNORECASE)


class Page(NamedTuple):
    """The height of a page in points, and its lines."""

    height: float
    lines: list[PrintedLine]


def html_of_pdf(data: bytes) -> tuple[str, Facts]:
    """Return the text as HTML, which is sanitised later on, and the properties of the file."""
    document = _opened(data)
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise ImportProblem(
                _("The PDF has more than %(n)d pages. Import it in parts.") % {"n": MOST_PAGES}
            )
        # Said before anything is read: of a scan, each page is asked for its text alone.
        if not any(_has_text(document, n) for n in range(count)):
            raise _pictures()
        pages = [_page(document, n) for n in range(count)]
        facts = _facts(document)
    except pypdfium2.PdfiumError as error:
        raise _unreadable() from error
    finally:
        document.close()
    lines = [line for page in pages for line in page.lines]
    letters = (c for line in lines for c in line.text if c.isalnum())
    if len(list(islice(letters, FEWEST_LETTERS))) < FEWEST_LETTERS:
        raise _pictures()
    body = type_of(lines, {n: page.height for n, page in enumerate(pages)})
    text = without_margins(lines, body)
    facts.notes += _notes(pages)
    facts.cover_title = title_of_cover(text, body) if text else ""
    return "\n".join(html_of_lines(text, body)), facts


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == LOCKED:
            raise ImportProblem(
                _("The PDF is locked with a password. Save it without one and import it again.")
            ) from error
        raise _unreadable() from error


def _unreadable() -> ImportProblem:
    return ImportProblem(
        _("The PDF cannot be read. Save it as PDF again, or give the text as DOCX or HTML.")
    )


def _pictures() -> ImportProblem:
    return ImportProblem(
        _(
            "The PDF has no text in it: its pages are pictures. Recognise the text with a "
            "program for that (OCR), or give the text as DOCX or HTML."
        )
    )


def _notes(pages: Sequence[Page]) -> Iterator[str]:
    """Say how many pages between the covers were not read, if they are more than a few."""
    empty = sum(not page.lines for page in pages[1:-1])
    if empty > len(pages) / FEW:
        yield (
            ngettext(
                "%(n)d page has no text in it: it is a picture and was not read.",
                "%(n)d pages have no text in them: they are pictures and were not read.",
                empty,
            )
            % {"n": empty}
        )


def _has_text(document: pypdfium2.PdfDocument, number: int) -> bool:
    page = document[number]
    text_page = page.get_textpage()
    try:
        return text_page.count_chars() > 0
    finally:
        text_page.close()
        page.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    """Return a page. It is closed at once: there may be many."""
    page = document[number]
    try:
        return Page(page.get_height(), lines_of(page, number))
    finally:
        page.close()


def _facts(document: pypdfium2.PdfDocument) -> Facts:
    values = document.get_metadata_dict(skip_empty=True)
    title = values.get("Title", "").strip("\0 ")
    author = values.get("Author", "").strip("\0 ")
    return Facts(title="" if NO_TITLE.search(title) else title, authors=names_of_authors(author))
