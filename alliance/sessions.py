"""Sessions end some hours after their last use, not after their start."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

RENEWED_AT = "renewed_at"
# Not at each request: a save is a write, and of two at once the later undoes the earlier.
RENEWALS_IN_A_LIFE = 24


def stamp(request: HttpRequest) -> None:
    request.session[RENEWED_AT] = int(time.time())


class SlidingSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Looking into the session makes an answer vary by cookie: visitors have none.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and is_due(request):
            stamp(request)
        return self.get_response(request)


def is_due(request: HttpRequest) -> bool:
    renewed_at = request.session.get(RENEWED_AT)
    step = settings.SESSION_COOKIE_AGE / RENEWALS_IN_A_LIFE
    return renewed_at is not None and time.time() - renewed_at > step
