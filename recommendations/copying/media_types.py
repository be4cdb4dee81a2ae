"""What a copy is, told by its bytes and not by whoever sent it."""

from __future__ import annotations

from recommendations.capturing.answers import Page
from recommendations.capturing.pages import PDF, ZIPPED

WARC = "application/warc"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
# With what texts begin that have a zero in them: UTF-16 and UTF-32.
WIDE_LETTERS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
READ_AS = {"page": "text/html", "text": "text/plain", "pdf": "application/pdf"}


def media_type_of(data: bytes, page: Page | None, *, name: str) -> str:
    """Return the type of an uploaded file, "" for one that is none of a document.

    Nothing can be read in a scan, and it is one all the same.
    """
    if data.startswith(PDF):
        return "application/pdf"
    if page is None:
        return ""
    if data.startswith(ZIPPED):
        return ODT if name.lower().endswith(".odt") else DOCX
    if page.kind == "text" and b"\0" in data and not data.startswith(WIDE_LETTERS):
        return ""
    return READ_AS.get(page.kind, "")
