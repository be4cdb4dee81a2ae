"""Sessions end some hours after their last use, and in any case some time after their start."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse

from alliance import second_factor
from alliance.models import SignedInSession

RENEWED_AT, BEGUN_AT, ENDS_AT = "renewed_at", "begun_at", "ends_at"
BROWSER = "browser"
# Not at each request: a save is a write, and of two at once the later undoes the earlier.
RENEWALS_IN_A_LIFE = 24
LONGEST_LIFE = 7 * 24 * 3600
# Whoever publishes or gives access shows a factor once a day.
LONGEST_LIFE_OF_POWERFUL = 24 * 3600


def begin(request: HttpRequest, user: User) -> None:
    """Note when a session begins, and when it ends however much it is used."""
    stamp(request)
    now = request.session[RENEWED_AT]
    is_powerful = any(user.has_perm(permission) for permission in second_factor.POWERFUL)
    request.session[BEGUN_AT] = now
    request.session[ENDS_AT] = now + (LONGEST_LIFE_OF_POWERFUL if is_powerful else LONGEST_LIFE)
    request.session[BROWSER] = request.headers.get("User-Agent", "")[:200]


def end_all(person: User) -> int:
    """End every session of a person, and return how many there were."""
    n, _by_model = SignedInSession.objects.filter(person_id=person.pk).delete()
    return n


def end(chosen: Iterable[SignedInSession]) -> int:
    keys = [one.session_key for one in chosen]
    n, _by_model = SignedInSession.objects.filter(session_key__in=keys).delete()
    return n


def open_sessions(person: User | AnonymousUser, *, now: datetime) -> list[SignedInSession]:
    """Return where somebody is signed in, the one that was used last first."""
    found = SignedInSession.objects.filter(person_id=person.pk, expire_date__gt=now)
    return list(found.order_by("-used_at"))


def stamp(request: HttpRequest) -> None:
    request.session[RENEWED_AT] = int(time.time())


class SlidingSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Looking into the session makes an answer vary by cookie: visitors have none.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            if is_over(request):
                request.session.flush()
            elif is_due(request):
                stamp(request)
        return self.get_response(request)


def is_over(request: HttpRequest) -> bool:
    ends_at = request.session.get(ENDS_AT)
    return ends_at is not None and time.time() >= ends_at


def is_due(request: HttpRequest) -> bool:
    renewed_at = request.session.get(RENEWED_AT)
    step = settings.SESSION_COOKIE_AGE / RENEWALS_IN_A_LIFE
    return renewed_at is not None and time.time() - renewed_at > step
