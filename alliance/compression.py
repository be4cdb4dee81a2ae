"""Answers on their way are compressed where everybody gets the same.

Whoever can watch the size of a compressed answer, and have words of their own stand in it, can
guess a secret that stands beside them (BREACH). An answer to somebody with a session, or one that
sets a cookie, as every form with a token does, is sent as it is.
"""

from __future__ import annotations

import gzip
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TAKES_GZIP = re.compile(r"(?<![\w-])gzip(?![\w-])(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
# Of a dashboard of 174 kB it leaves 25 kB in 2 ms; 6, which is usual, leaves 23.5 kB in 3.7.
LEVEL = 4


def compressed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


def accepts_gzip(request: HttpRequest) -> bool:
    """Say whether a reader takes gzip. Django's own middleware passes over `gzip;q=0`."""
    return bool(TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))


class CompressionMiddleware(GZipMiddleware):
    # The bytes of chance that hide a size are for answers with secrets, which are not compressed.
    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            return response
        if response.has_header("Content-Encoding"):
            return as_encoded(response)
        if not accepts_gzip(request):
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        return super().process_response(request, response)


def as_encoded(response: HttpResponseBase) -> HttpResponseBase:
    """Say of an answer that is compressed already what the middleware says of its own."""
    patch_vary_headers(response, ("Accept-Encoding",))
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
    return response
