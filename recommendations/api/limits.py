"""How much one network may ask within some minutes, counted by all nodes together.

What is answered from memory, or not modified, is not counted: it costs next to nothing, and
nothing is written for it. Fields as in draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from alliance.client_address import client_network
from alliance.throttle import seconds_left, times_within
from recommendations.web import made_aside
from recommendations.web.errors import View

from .problems import Refused

NAME = "requests"
# In seconds.
PERIOD = 300


@dataclass(frozen=True)
class Quota:
    """What is left of what a network may ask, and for how many seconds."""

    left: int
    seconds: int

    @property
    def field(self) -> str:
        return f'"{NAME}";r={self.left};t={self.seconds}'


def policy() -> str:
    """Return what everybody may ask, or nothing where there is no limit."""
    limit = settings.API_REQUESTS
    return f'"{NAME}";q={limit};w={PERIOD}' if limit else ""


def limited(view: View) -> View:
    """Count a request, and refuse it where there were too many. Below revalidated()."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # A file that readers are waiting for is asked for by a process of our own.
        if not made_aside.is_aside(request):
            _count(request)
        return view(request, *args, **kwargs)

    return wrapper


def _count(request: HttpRequest) -> None:
    limit = settings.API_REQUESTS
    if not limit:
        return
    now = timezone.now()
    n = times_within("api", client_network(request), period=PERIOD, now=now)
    if n is None:
        return
    quota = Quota(max(0, limit - n), seconds_left(period=PERIOD, now=now))
    request.__dict__["quota"] = quota
    if n > limit:
        raise Refused(429, headers={"Retry-After": str(quota.seconds)})


def quota_of(request: HttpRequest) -> Quota | None:
    """Return what is left after this request; None of one that was not counted."""
    return request.__dict__.get("quota")
