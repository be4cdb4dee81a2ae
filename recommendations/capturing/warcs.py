"""A fetched page as a file of web archives (WARC 1.1), and its body out of one again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .answers import Exchange, Fetched, Fields, field_of

VERSION = "WARC/1.1"
# The body is kept as it reads, so these are no more true of it; what they said is.
UNDONE = ("content-encoding", "transfer-encoding")
ORIGINAL = "X-Archive-Orig-"
DIGEST = "sha256:"


class BadCopy(Exception):
    """A copy is not what was kept, or holds no such page."""


def warc(fetched: Fetched) -> bytes:
    """Return all exchanges that led to a page, compressed: answers with their questions.

    WARC-Payload-Digest is the SHA-256 of the body in hexadecimal digits, which is `fetched.sha256`
    for the last one.
    """
    written = BytesIO()
    writer = WARCWriter(written, gzip=True, warc_version=VERSION)
    for exchange in fetched.exchanges:
        answer = _answer(writer, exchange)
        writer.write_request_response_pair(_question(writer, exchange), answer)
    return written.getvalue()


def body_in(copy: bytes, *, sha256: str) -> bytes:
    """Return the body of a page out of its copy. Raises BadCopy if it is another."""
    body = next((body for body, _fields in reversed(list(_bodies(copy)))), None)
    if body is None:
        raise BadCopy("There is no page in this copy.")
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BadCopy("This copy holds another page than the one that was kept.")
    return body


def content_type_in(copy: bytes) -> str:
    """Return what the site called the page, "" if it said nothing. Raises BadCopy."""
    fields = next((fields for _body, fields in reversed(list(_bodies(copy)))), ())
    return field_of(fields, "Content-Type")


def _bodies(copy: bytes) -> Iterator[tuple[bytes, Fields]]:
    try:
        for record in ArchiveIterator(BytesIO(copy)):
            if record.rec_type == "response":
                yield record.content_stream().read(), tuple(record.http_headers.headers)
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise BadCopy("This copy cannot be read.") from error


def _answer(writer: WARCWriter, exchange: Exchange) -> ArcWarcRecord:
    fields = [
        (f"{ORIGINAL}{name}" if name.lower() in UNDONE else name, value)
        for name, value in exchange.answered
        if name.lower() != "content-length"
    ]
    fields.append(("Content-Length", str(len(exchange.body))))
    status = f"{exchange.status} {exchange.phrase}".strip()
    return writer.create_warc_record(
        exchange.address,
        "response",
        payload=BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=StatusAndHeaders(status, fields, protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": _moment(exchange.asked_at),
            "WARC-IP-Address": exchange.ip,
            "WARC-Payload-Digest": DIGEST + hashlib.sha256(exchange.body).hexdigest(),
        },
    )


def _question(writer: WARCWriter, exchange: Exchange) -> ArcWarcRecord:
    line = f"{exchange.method} {exchange.target} HTTP/1.1"
    return writer.create_warc_record(
        exchange.address,
        "request",
        http_headers=StatusAndHeaders(line, list(exchange.asked), is_http_request=True),
        warc_headers_dict={"WARC-Date": _moment(exchange.asked_at)},
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
