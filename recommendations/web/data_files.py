"""What the answers of data files have in common: what they are called, and on what terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance import database_away
from recommendations.exports.tables.reading import Pinned
from recommendations.text.licence import LICENCE_URL
from recommendations.viewpoint import Viewpoint

CSV = "text/csv; charset=utf-8; header=present"
JSON_LINES = "application/jsonl"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


def described(response: HttpResponseBase) -> HttpResponseBase:
    """Say the licence and where the fields are told, for formats that have no place for either.

    Pages of any origin may read it.
    """
    codebook = reverse("recommendations:codebook_csv")
    response["Link"] = f'<{LICENCE_URL}>; rel="license", <{codebook}>; rel="describedby"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def streamed(parts: Iterable[str | bytes], content_type: str, name: str) -> HttpResponseBase:
    """Answer with a file part by part. A database that fails at once does so before it begins."""
    found: Iterator[str | bytes] = iter(parts)
    first = [part for part in (next(found, None),) if part is not None]
    response = StreamingHttpResponse(chain(first, found), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return described(response)


def whole(path: Path, content_type: str, name: str, *, is_kept: bool) -> HttpResponseBase:
    """Answer with a file of the disk; one that is not kept goes when it was sent."""
    file = path.open("rb")
    if not is_kept:
        path.unlink()
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    return described(response)


def being_made() -> HttpResponse:
    message = _("This file is being made. Please try again in a minute.")
    return database_away.unavailable(message, seconds=60)


def file_name(subject: str, pinned: Pinned, viewpoint: Viewpoint, ending: str) -> str:
    """Return a name that says what the file is of: an edition, and a day."""
    edition = f"-edition-{pinned.number}" if pinned.number else ""
    return f"{subject}{edition}-as-of-{viewpoint.on.isoformat()}.{ending}"
