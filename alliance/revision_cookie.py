"""Whoever changed what the public reads is shown it at once, wherever their next page is read.

While they are signed in the primary is read. Afterwards the cookie says up to which revision of
the content they wrote, and a replica that is not so far is passed over. Pages do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from alliance import replica

# Longer than any replica may be behind and be read.
SECONDS = 24 * 3600
_is_raised: ContextVar[bool] = ContextVar("content revision raised", default=False)


def note_raised() -> None:
    _is_raised.set(True)


class RevisionCookieMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not replica.is_set_up():
            return self.get_response(request)
        token = _is_raised.set(False)
        try:
            response = self.get_response(request)
            if _is_raised.get() and request.user.is_authenticated:
                # What was done is done, and its answer is sent.
                with suppress(DatabaseError):
                    remember_revision(response)
        finally:
            _is_raised.reset(token)
        return response


def remember_revision(response: HttpResponse) -> None:
    """Tell the browser of the newest revision, which is what was written or a later one."""
    state = apps.get_model("recommendations", "TrackerState").objects
    revision = state.using(replica.PRIMARY).values_list("content_revision", flat=True).first()
    response.set_cookie(
        settings.REVISION_COOKIE_NAME,
        str(revision or 0),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
