"""A file to a document: what it is by its content, whatever its name says."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from recommendations.text.scripts import language_of

from .blocks import blocks_of, clean_text
from .cover import are_authors, authors_on, cover_of, date_on, is_shown, lines_before_text, title_on
from .document import Block, Document, Facts
from .headings import with_titles
from .metadata import StatedDate
from .other_files import refuse_other_files, refuse_table
from .problems import LARGEST_FILE, ImportProblem, too_large

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
    refuse_other_files(data)
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
    refuse_table(text)
    from .markdown import html_of_markdown

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
    from charset_normalizer import from_bytes

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
    blocks = with_titles(blocks)
    cover = cover_of(blocks)
    blocks, title = _titled(blocks, cover, facts, head)
    text = " ".join(block.text for block in blocks[:200])
    stated = _date(cover, facts, head)
    return Document(
        tuple(blocks),
        title=clean_text(title).strip(),
        subtitle=clean_text(facts.subtitle).strip(),
        authors=tuple(clean_text(name).strip() for name in _authors(cover, facts, head)),
        published_on=stated.on if stated else None,
        published_precision=stated.precision if stated else "day",
        publisher=clean_text(facts.publisher or head.publisher).strip(),
        language=_code(facts.language) or _code(head.language) or language_of(text) or "en",
        notes=tuple(facts.notes),
    )


def _titled(
    blocks: list[Block], cover: Sequence[Block], facts: Facts, head: Facts
) -> tuple[list[Block], str]:
    """Return the blocks without their title, and the title.

    What somebody wrote in front matter holds. The property of a file may be that of its template,
    and counts where the cover says the same.
    """
    said = facts.title if facts.is_stated or is_shown(facts.title, cover) else ""
    rest, title = _without_title(blocks, said)
    if said or title:
        return _without_covers(rest, said or title), said or title
    shown = facts.cover_title or title_on(cover)
    if shown:
        return _without_covers(blocks, shown), shown
    return blocks, facts.title or _without_site(head)


def _without_covers(blocks: list[Block], title: str) -> list[Block]:
    """Return the blocks without the headings on the cover that are the title, or parts of it."""
    whole = title.casefold()
    lines = lines_before_text(cover_of(blocks))
    cover = {id(block) for block in lines if block.kind == "heading"}
    return [
        block for block in blocks if not (id(block) in cover and block.text.casefold() in whole)
    ]


def _without_site(head: Facts) -> str:
    """Return the title of a page without the name of its site after it."""
    for border in (" | ", " - ", " – ", " — ", " :: "):
        title, found, site = head.title.rpartition(border)
        if found and site.strip().casefold() == head.publisher.casefold():
            return title
    return head.title


def _authors(cover: Sequence[Block], facts: Facts, head: Facts) -> list[str]:
    if facts.is_stated and facts.authors:
        return facts.authors
    if names := authors_on(cover):
        return names
    said = facts.authors or head.authors
    return said if are_authors(said, cover) else []


def _date(cover: Sequence[Block], facts: Facts, head: Facts) -> StatedDate | None:
    if facts.published_on:
        return StatedDate(facts.published_on, facts.published_precision)
    if stated := date_on(cover):
        return stated
    return StatedDate(head.published_on, "day") if head.published_on else None


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
