"""Answers that are asked for again: unchanged, they cost one query and no page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from recommendations.models import TrackerState
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .context_processors import Site

PARTS_OF_THE_PROGRAM = ("alliance", "recommendations", "templates")
# What an answer depends on besides its address.
HEADERS = ("Cookie", "HX-Request", "HX-History-Restore-Request")

View = Callable[..., HttpResponseBase]


def revalidated(view: View) -> View:
    """Give the answers of a public view an ETag, and answer 304 where the reader has them.

    To signed-in people pages show more, and are kept nowhere. An answer made while something is
    published carries the older tag, and so is asked for again.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response
        tag = _etag_if_known(request)
        response = get_conditional_response(request, etag=tag)
        if response is None:
            response = view(request, *args, **kwargs)
        if tag and response.status_code in (200, 304):
            response["ETag"] = tag
            response["Cache-Control"] = "no-cache"
            patch_vary_headers(response, HEADERS)
        return response

    wrapper.is_revalidated = True
    return wrapper


def _etag_if_known(request: HttpRequest) -> str | None:
    """Return the tag, or nothing while the database is away: the view has its own answer."""
    try:
        return etag_of(request)
    except DatabaseError:
        return None


def etag_of(request: HttpRequest) -> str:
    """Return what stays the same as long as the answer does (one query).

    The day is part of it, since deadlines pass without anything being published. The page need
    not ask again for the newest edition: the request has it.
    """
    revision = TrackerState.objects.values("content_revision")[:1]
    editions = Record(Viewpoint.present()).editions().order_by("-number")
    edition = editions.annotate(revision=Subquery(revision)).first()
    request.newest_edition = edition
    said = (
        (edition.number, edition.revision) if edition else None,
        today(),
        translation.get_language(),
        Site(request).theme,
        [request.headers.get(name, "") for name in HEADERS if name != "Cookie"],
        request.build_absolute_uri(),
        release(),
    )
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


@cache
def release() -> str:
    """Return what changes when the program does: the paths, sizes and times of its files."""
    files = (
        path
        for part in PARTS_OF_THE_PROGRAM
        for path in sorted(Path(settings.BASE_DIR, part).rglob("*"))
        if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".mo")
    )
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
