"""A file to a document: what it is by its content, whatever its name says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from recommendations.text.scripts import language_of

from .blocks import blocks_of, clean_text
from .document import Block, Document, Facts
from .markdown import html_of_markdown
from .metadata import day_in, names_of_authors
from .problems import LARGEST_FILE, ImportProblem, too_large

LONGEST_LINE = 120
BYLINE = re.compile(
    r"(?:by|prepared by|written by|執筆[：:]?|著者[：:]?)\s*(?P<names>\S.+)", re.IGNORECASE
)
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<div", b"<article", b"<section")
# ISO-2022-JP is made of ASCII characters alone.
ESCAPE_TO_KANJI = b"\x1b$"
BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def read(data: bytes) -> Document:
    """Return the document of a file. Raises ImportProblem with what to do."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    if not data.strip(b"\0 \t\r\n"):
        raise ImportProblem(_("The file is empty. Choose the file with the text of the report."))
    if data.startswith(b"%PDF-"):
        from .pdf import html_of_pdf

        return _document(*html_of_pdf(data))
    if data.startswith(b"PK\x03\x04"):
        from .docx import html_of_docx

        return _document(*html_of_docx(data))
    text = decode(data)
    start = data.lstrip()[:256].lower()
    if any(mark in start for mark in MARKUP):
        return _document(text, Facts())
    return _document(*html_of_markdown(text))


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 or another encoding that can be told for sure."""
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), "utf-8")
    if ESCAPE_TO_KANJI in data:
        encoding = "iso2022_jp"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _guess(data)
    if _is_binary(text):
        raise ImportProblem(
            _(
                "This is no text: it looks like a picture, an archive or a program. Give Markdown, "
                "HTML, DOCX or a PDF with text in it."
            )
        )
    return text


def _guess(data: bytes) -> str:
    found = from_bytes(data, threshold=0.2).best()
    if found is None or b"\0" in data[:4096]:
        raise ImportProblem(
            _("The encoding of the text cannot be told. Save it as UTF-8 and import it again.")
        )
    return str(found)


def _is_binary(text: str) -> bool:
    odd = sum(c < " " and c not in "\t\n\r\f\v" or c == "\ufffd" for c in text[:20_000])
    return odd * 50 > len(text[:20_000])


def _document(html: str, facts: Facts) -> Document:
    blocks, head = blocks_of(html)
    if not blocks:
        raise ImportProblem(
            _("No text was found in the file. Give Markdown, HTML, DOCX or a PDF with text in it.")
        )
    blocks, title = _without_title(blocks, facts.title)
    text = " ".join(block.text for block in blocks[:200])
    authors = facts.authors or head.authors or byline_of(blocks)
    return Document(
        tuple(blocks),
        title=clean_text(facts.title or title or head.title).strip(),
        subtitle=clean_text(facts.subtitle).strip(),
        authors=tuple(clean_text(name).strip() for name in authors),
        published_on=facts.published_on or head.published_on or opening_day(blocks),
        publisher=clean_text(facts.publisher or head.publisher).strip(),
        language=_code(facts.language) or _code(head.language) or language_of(text) or "en",
    )


def _code(language: str) -> str:
    """Return a language code, empty for what is none."""
    return language if len(language) == 2 and language.isascii() and language.isalpha() else ""


def _without_title(blocks: list[Block], title: str) -> tuple[list[Block], str]:
    """Return the blocks without a single top heading that is the title of the whole.

    A heading above all others is one; the levels of the others rise where nothing is above them.
    """
    headings = [block for block in blocks if block.kind == "heading"]
    top = min((block.level for block in headings), default=0)
    alone = [block for block in headings if block.level == top]
    if len(alone) == 1 and headings[0] is alone[0] and (len(headings) > 1 or not title):
        same = not title or alone[0].text.casefold() == title.casefold()
        if same and _opens(blocks, alone[0]):
            return [block for block in blocks if block is not alone[0]], alone[0].text
    return blocks, ""


def _opens(blocks: Sequence[Block], heading: Block) -> bool:
    """Whether a heading stands before all text but a line or two."""
    return sum(len(block.text) for block in blocks[: blocks.index(heading)]) < 400


def _opening(blocks: Sequence[Block]) -> list[str]:
    """Return the short lines before the first long paragraph, where reports name themselves."""
    found = []
    for block in blocks[:8]:
        if len(block.text) > LONGEST_LINE:
            break
        found.append(block.text)
    return found


def byline_of(blocks: Sequence[Block]) -> list[str]:
    """Return the names after a "by" on a line of its own."""
    lines = (BYLINE.fullmatch(line) for line in _opening(blocks))
    return next((names_of_authors(line["names"]) for line in lines if line), [])


def opening_day(blocks: Sequence[Block]) -> date | None:
    return next((day for line in _opening(blocks) if (day := day_in(line))), None)
