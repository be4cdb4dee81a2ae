"""Answers that were given before, and can be given again without asking what they are made of.

Stands ahead of all that is for people with a session. The tag of an answer names all that it
depends on, the newest state of the content first: so whoever has the tag has the answer, and what
was kept under it says nothing else. One query tells the tag. What signed-in people see has none.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import parse_etags

from alliance.compression import accepts_gzip, compressed
from alliance.database_away import OF_OPERATORS
from recommendations.kept_of_state import answering

from .conditional import etag_of
from .public_request import PublicRequest

# In bytes, before they are compressed. Longer ones are files more than pages.
LONGEST = 500_000
MESSAGES_COOKIE = "messages"
OF_UNCHANGED = "304"


@dataclass(frozen=True, slots=True)
class NamedView:
    """What metrics call a page that no view was looked up for."""

    view_name: str


class KeptAnswersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PublicRequest) -> HttpResponse:
        request.page_tag = request.content_state = None
        if not is_of_anybody(request):
            return self.get_response(request)
        with suppress(DatabaseError):
            request.page_tag = etag_of(request, language=_language_of(request))
        tag = request.page_tag
        if tag and (found := _kept(request, tag)):
            return found
        with answering(request.content_state):
            response = self.get_response(request)
        if tag and response.headers.get("ETag") == tag:
            _keep(request, response, tag)
        return response


def is_of_anybody(request: HttpRequest) -> bool:
    """Whether everybody without a session gets the same answer, as long as the record is the same.

    What operators ask for is about this very moment, and is answered while no database is.
    """
    return (
        request.method in ("GET", "HEAD")
        and request.path_info not in OF_OPERATORS
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and MESSAGES_COOKIE not in request.COOKIES
    )


def _language_of(request: HttpRequest) -> str:
    """Return the language of an address, as its middleware will."""
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


def _kept(request: HttpRequest, tag: str) -> HttpResponse | None:
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    is_known = tag in {one.removeprefix("W/") for one in asked}
    kept = caches["pages"].get(OF_UNCHANGED + tag if is_known else tag)
    if kept is None:
        return None
    body, headers, name = kept
    request.resolver_match = NamedView(name)  # type: ignore[assignment]
    if is_known:
        return HttpResponse(status=304, headers=headers)
    if accepts_gzip(request):
        headers = {**headers, "Content-Encoding": "gzip"}
    else:
        body = gzip.decompress(body)
    return HttpResponse(body, headers={**headers, "Content-Length": str(len(body))})


def _keep(request: HttpRequest, response: Any, tag: str) -> None:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if response.status_code == 304:
        caches["pages"].set(OF_UNCHANGED + tag, (b"", dict(response.headers), name))
    elif _is_keepable(response):
        body = compressed(response.content)
        caches["pages"].set(tag, (body, dict(response.headers), name))
        if accepts_gzip(request):
            # Sent as it is kept: compressed once.
            response.content = body
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(body))


def _is_keepable(response: Any) -> bool:
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and len(response.content) <= LONGEST
    )
