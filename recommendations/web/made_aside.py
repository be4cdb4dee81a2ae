"""Answers that take longer to write than a server waits: another process writes them into a file.

The file is of one address in one state of the record and on one day. Until it is there, readers
are told to come back. The process answers the same view as anybody who is not signed in, and keeps
what the view would have sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation

from recommendations.exports import kept_files
from recommendations.exports.kept_files import FileBeingMade, Make

from .conditional import content_of
from .data_files import streamed, whole
from .public_request import PublicRequest

# So many rows are written while a reader waits.
MOST_IN_WORKBOOK, MOST_STREAMED = 20_000, 100_000
# How many files of the past are kept for readers who come back.
MOST_KEPT = 12
PREFIX = "answer-"
# Of the environment of a request: no header has such a name.
IS_ASIDE = "tracker.is_aside"


def workbook(
    request: PublicRequest, make: Make, *, n: int, content_type: str, name: str
) -> HttpResponseBase:
    """Answer with a workbook of n rows. Raises FileBeingMade."""
    if n > MOST_IN_WORKBOOK and kept_files.can_be_kept():
        return _kept(request, make, content_type=content_type, name=name)
    path = kept_files.made_aside(make, ".xlsx")
    return whole(path, content_type, name, is_kept=False)


def text(
    request: PublicRequest,
    parts: Iterable[str | bytes],
    *,
    n: int,
    content_type: str,
    name: str,
) -> HttpResponseBase:
    """Answer with n rows of text, part by part, or from a file. Raises FileBeingMade."""
    if n > MOST_STREAMED and kept_files.can_be_kept():
        return _kept(
            request, lambda path: _write(path, parts), content_type=content_type, name=name
        )
    return streamed(parts, content_type, name)


def _write(path: Path, parts: Iterable[str | bytes]) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part.encode() if isinstance(part, str) else part)


def _kept(request: PublicRequest, make: Make, *, content_type: str, name: str) -> HttpResponseBase:
    kept = f"{PREFIX}{_digest(request)}{Path(name).suffix}"
    if is_aside(request):
        kept_files.made(kept, make)
        return HttpResponse(status=204)
    if path := kept_files.known(kept):
        return whole(path, content_type, name, is_kept=True)
    kept_files.start_making("--address", request.build_absolute_uri())
    raise FileBeingMade(kept)


def is_aside(request: HttpRequest) -> bool:
    """Whether the process that writes files asks."""
    return bool(request.META.get(IS_ASIDE))


def _digest(request: PublicRequest) -> str:
    said = content_of(request, language=translation.get_language())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def make(address: str) -> None:
    """Write the file of an address, one at a time on this machine. Raises FileBeingMade."""
    with kept_files.alone("aside"):
        request = request_of(address)
        language = translation.get_language_from_path(request.path_info)
        with translation.override(language or settings.LANGUAGE_CODE):
            match = resolve(request.path_info)
            request.resolver_match = match
            match.func(request, *match.args, **match.kwargs)
        kept_files.drop_all_but_newest(PREFIX, MOST_KEPT)


def request_of(address: str) -> HttpRequest:
    """Return the request that a reader without a session would have sent."""
    parts = urlsplit(address)
    environment: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(),
        IS_ASIDE: True,
    }
    request = WSGIRequest(environment)
    request.user = AnonymousUser()
    return request
