"""Answers that are asked for again: unchanged, they cost one query and no page."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition

from alliance import replica
from alliance.prepared_statements import answer_of
from alliance.release import release_id
from recommendations.index.keeping import State
from recommendations.models import Edition, TrackerState
from recommendations.viewpoint import today

from .context_processors import Surroundings
from .errors import View
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
    answer = condition(etag_func=_tag_for)(view)

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
                # nginx would not keep it at all: with this it does, and then asks again. It sends
                # it on to nobody.
                response["X-Accel-Expires"] = str(settings.PROXY_KEEPS or OUT_OF_DATE)
            patch_vary_headers(response, HEADERS)
        return response

    wrapper.__dict__["is_revalidated"] = True
    return wrapper


def _tag_for(request: PublicRequest, *args: Any, **kwargs: Any) -> str | None:
    """Return the tag of an answer that may be kept.

    There is none while the database is away: the view has its own answer to that.
    """
    if request.user.is_authenticated:
        return None
    if getattr(request, "page_tag", None) is None:
        request.page_tag = None
        with suppress(DatabaseError):
            request.page_tag = etag_of(request, language=translation.get_language())
    return request.page_tag


STATE = f"""
    SELECT (SELECT max(number) FROM {Edition._meta.db_table}), content_revision, content_token
    FROM {TrackerState._meta.db_table}
"""


def etag_of(request: PublicRequest, *, language: str | None) -> str:
    """Return what stays the same as long as the answer does (one query)."""
    said = (
        *content_of(request, language=language),
        Surroundings(request).theme,
        [request.headers.get(name, "") for name in HEADERS if name != "Cookie"],
    )
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


def content_of(request: PublicRequest, *, language: str | None) -> tuple[Any, ...]:
    """Return what the content of an answer depends on, however it is shown (one query).

    The day is part of it, since deadlines pass without anything being published.
    """
    rows = answer_of(connections[replica.being_read()], STATE)
    state = rows[0] if rows else None
    request.content_state = State(*state[1:]) if state else None
    return state, today(), language, request.build_absolute_uri(), release_id()
