"""Pages that this process has made before, kept under the tag of their answer.

The tag names all that an answer depends on, the newest state of the content first, so that a page
is never shown that says something else. What signed-in people see has no tag and is never kept.
"""

from __future__ import annotations

import gzip
from functools import wraps
from typing import Any, TypeGuard

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from alliance.compression import accepts_gzip, compressed

from .errors import View

# In bytes, before they are compressed. Longer ones are files more than pages.
LONGEST = 500_000


def kept(view: View) -> View:
    """Answer from what was kept under `request.page_tag`, else keep what the view answers."""

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        tag = request.page_tag
        if tag and (found := caches["pages"].get(tag)):
            return _again(request, *found)
        response = view(request, *args, **kwargs)
        if tag and _is_keepable(response):
            caches["pages"].set(tag, (compressed(response.content), dict(response.headers)))
        return response

    return wrapper


def _is_keepable(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and len(response.content) <= LONGEST
    )


def _again(request: HttpRequest, body: bytes, headers: dict[str, str]) -> HttpResponse:
    if not accepts_gzip(request):
        return HttpResponse(gzip.decompress(body), headers=headers)
    return HttpResponse(body, headers={**headers, "Content-Encoding": "gzip"})
