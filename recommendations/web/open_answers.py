"""Answers that pages of other sites may show: embeds in a frame, pictures, and what names them.

They are the same to everybody. No cookie is read for them and none is set, so that a frame says
nothing of whoever sits before it, and shows nobody more than the public sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import HEADER, NONE
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import cc_delim_re

from .errors import View

# By path, since what comes before the view reads cookies too. A test compares it with the views.
OPEN = re.compile(r"/(?:[a-z]{2}(?:-[a-z]+)?/)?(?:embed/.*|oembed|.*\.(?:svg|png))")
ANY = ["*"]


def is_open(path: str) -> bool:
    return bool(OPEN.fullmatch(path))


class CookielessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_open(request.path_info):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        _vary_by_no_cookie(response)
        return response


def _vary_by_no_cookie(response: HttpResponse) -> None:
    names = [name for name in cc_delim_re.split(response.get("Vary", "")) if name]
    kept = [name for name in names if name.lower() != "cookie"]
    if kept:
        response["Vary"] = ", ".join(kept)
    else:
        del response["Vary"]


def shown_anywhere(view: View) -> View:
    """Let pages of other sites load an answer, as a picture or by a script."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    wrapper.__dict__["is_shown_anywhere"] = True
    return wrapper


def framable(view: View) -> View:
    """Let pages of other sites show an answer in a frame, as no other page of ours.

    The policy stands in the answer itself, and so in what is kept of it: what django-csp's own
    decorators leave on a response is gone when it is answered again.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response[HEADER] = build_policy(replace={"frame-ancestors": ANY, "form-action": [NONE]})
        response.__dict__["xframe_options_exempt"] = True
        return response

    wrapper.__dict__["is_framable"] = True
    return shown_anywhere(wrapper)
