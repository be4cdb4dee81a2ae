"""What a page or a file says: its facts and its text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urljoin

import msgspec

from recommendations.importing.blocks import blocks_of
from recommendations.importing.document import Block, Document
from recommendations.importing.metadata import names_of_authors
from recommendations.importing.reading import MARKUP, read
from recommendations.text.scripts import language_of

from .addresses import target_of
from .answers import Kind, Page
from .charsets import decoded
from .heads import Head, head_of, names_in
from .problems import Refused
from .stated_dates import published_on

PDF, ZIPPED = b"%PDF-", b"PK\x03\x04"
HTML = ("text/html", "application/xhtml+xml")
LONGEST_TEXT = 2_000_000
BORDERS = (" | ", " - ", " – ", " — ", " :: ", "｜", " : ")
# By which a text is told to be in a script of its own.
SAMPLE = 20_000


def page_of(body: bytes, *, content_type: str, address: str, today: date) -> Page:
    """Return what a body says. Raises ImportProblem for a file that cannot be read.

    `address` is where it was in the end, `today` the day on which it was fetched.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    start = body.lstrip()[:256].lower()
    if body.startswith(PDF):
        return _of_document(read(body), "pdf")
    if body.startswith(ZIPPED):
        return _of_document(read(body), "document")
    if media_type in HTML or any(mark in start for mark in MARKUP):
        return _of_html(body, content_type, address, today)
    if media_type.startswith("text/") or not media_type:
        text, encoding = decoded(body, content_type)
        return _with_text("text", text, language=language_of(text[:SAMPLE]), encoding=encoding)
    return _of_document(read(body), "document")


def _of_html(body: bytes, content_type: str, address: str, today: date) -> Page:
    html, encoding = decoded(body, content_type)
    html = html.replace("\0", "\ufffd")
    head = head_of(html)
    blocks, _facts = blocks_of(html)
    text = "\n".join(block.text for block in blocks)
    said = published_on(head, blocks, today=today)
    publisher = _publisher(head)
    return _with_text(
        "page",
        text,
        title=_title(head, publisher),
        publisher=publisher,
        authors=tuple(_authors(head)),
        published_on=said.on if said else None,
        published_precision=said.precision if said else "day",
        language=_language(head, text),
        canonical=_canonical(head, address),
        encoding=encoding,
    )


def _with_text(kind: Kind, text: str, **facts: object) -> Page:
    page = Page(kind, text=text[:LONGEST_TEXT], is_cut=len(text) > LONGEST_TEXT)
    return msgspec.structs.replace(page, **facts)


def _of_document(document: Document, kind: Kind) -> Page:
    return _with_text(
        kind,
        _text_of(document.blocks),
        title=document.title,
        publisher=document.publisher,
        authors=document.authors,
        published_on=document.published_on,
        published_precision=document.published_precision,
        language=document.language,
    )


def _text_of(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def _publisher(head: Head) -> str:
    named = (name for article in head.articles for name in names_in(article.get("publisher")))
    return (
        head.first("og:site_name")
        or next(named, "")
        or head.first("citation_publisher", "dc.publisher", "dcterms.publisher", "publisher")
        or head.first("application-name")
    )


def _title(head: Head, publisher: str) -> str:
    headline = (name for article in head.articles for name in names_in(article.get("headline")))
    title = (
        head.first("citation_title", "og:title", "dc.title", "dcterms.title")
        or next(headline, "")
        or (head.headings[0] if len(head.headings) == 1 else "")
        or head.title
    )
    return _without_site(title, publisher)


def _without_site(title: str, publisher: str) -> str:
    for border in BORDERS:
        rest, found, site = title.rpartition(border)
        if found and rest.strip() and site.strip().casefold() == publisher.casefold():
            return rest.strip()
    return title


def _authors(head: Head) -> list[str]:
    named = [name for article in head.articles for name in names_in(article.get("author"))]
    tags = ("citation_author", "author", "article:author", "dc.creator", "dcterms.creator")
    said = named or next((head.metas[tag] for tag in tags if tag in head.metas), [])
    names = (name for value in said if "://" not in value for name in names_of_authors(value))
    return list(dict.fromkeys(names))[:50]


def _language(head: Head, text: str) -> str:
    """Return the language by the script of the text, where it has one of its own, or as told.

    Templates say "en" of pages in Japanese more often than a page in English has its letters.
    """
    seen = language_of(text[:SAMPLE] or head.title)
    told = head.language or head.first("content-language", "og:locale", "dc.language")
    code = told.strip()[:2].lower()
    is_code = len(code) == 2 and code.isascii() and code.isalpha()
    return seen if seen == "ja" or not is_code else code


def _canonical(head: Head, address: str) -> str:
    if not head.canonical:
        return ""
    try:
        return target_of(urljoin(address, head.canonical)).address
    except (Refused, ValueError):
        return ""
