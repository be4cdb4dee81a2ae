"""Answers that are asked for again: unchanged, they cost one query and no page."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition

from alliance.release import release_id
from recommendations.models import TrackerState
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .context_processors import Site
from .errors import View
from .page_cache import kept
from .public_request import PublicRequest

# What an answer depends on besides its address.
HEADERS = ("Cookie", "HX-Request", "HX-History-Restore-Request")

# A moment long ago, as nginx reads it.
OUT_OF_DATE = "@1"


def revalidated(view: View) -> View:
    """Give the answers of a public view an ETag, and answer 304 where the reader has them.

    To signed-in people pages show more, and are kept nowhere. An answer made while something is
    published carries the older tag, and so is asked for again.
    """
    answer = condition(etag_func=_tag_for)(kept(view))

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = answer(request, *args, **kwargs)
        if request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        elif response.status_code not in (200, 304):
            del response["ETag"]
        elif "ETag" in response:
            response["Cache-Control"] = "no-cache"
            if settings.NUM_PROXIES:
                # nginx would not keep it at all: with this it does, and asks again each time. It
                # sends it on to nobody.
                response["X-Accel-Expires"] = OUT_OF_DATE
            patch_vary_headers(response, HEADERS)
        return response

    wrapper.__dict__["is_revalidated"] = True
    return wrapper


def _tag_for(request: PublicRequest, *args: Any, **kwargs: Any) -> str | None:
    """Return the tag of an answer that may be kept.

    There is none while the database is away: the view has its own answer to that.
    """
    request.page_tag = None
    if not request.user.is_authenticated:
        with suppress(DatabaseError):
            request.page_tag = etag_of(request)
    return request.page_tag


def etag_of(request: PublicRequest) -> str:
    """Return what stays the same as long as the answer does (one query).

    The day is part of it, since deadlines pass without anything being published. The page need
    not ask again for the newest edition: the request has it.
    """
    state = TrackerState.objects
    editions = Record(Viewpoint.present()).editions().order_by("-number")
    edition = editions.annotate(
        revision=Subquery(state.values("content_revision")[:1]),
        token=Subquery(state.values("content_token")[:1]),
    ).first()
    request.newest_edition = edition
    said = (
        (edition.number, edition.revision, edition.token) if edition else None,
        today(),
        translation.get_language(),
        Site(request).theme,
        [request.headers.get(name, "") for name in HEADERS if name != "Cookie"],
        request.build_absolute_uri(),
        release_id(),
    )
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'
