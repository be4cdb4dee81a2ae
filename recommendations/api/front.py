"""What answers to programs have alike, whoever gives them: headers, and refusals as problems.

Stands ahead of what is kept, so that what depends on the request alone is not kept with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from recommendations.web.data_files import JSON_LINES

from .limits import policy, quota_of
from .problems import CONTENT_TYPE, refusal

# In whatever language. Its documentation is a page as others are.
OF_API = re.compile(r"/(?:[a-z]{2}/)?api/v1/(?!docs/)")
# What is made to be read by programs of others, too: it says the same to everybody.
OF_DATA = re.compile(
    r"/(?!admin/|accounts/)[^?]*\.(?:csv|jsonl?|jsonld|md|atom|ics|bib|ris|xlsx|zip)"
)
FORMS = {".jsonl": (JSON_LINES, "application/x-ndjson", "text/plain")}
USUAL_FORMS = ("application/json", "application/vnd.oai.openapi+json", CONTENT_TYPE)
EXPOSED = "Content-Language, ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
# What a problem takes over of the answer in whose place it stands.
KEPT_HEADERS = ("Allow", "Cache-Control", "Retry-After")


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if not OF_API.match(request.path_info):
            response = self.get_response(request)
            return opened(response) if OF_DATA.fullmatch(request.path_info) else response
        with translation.override(_language_of(request)):
            if is_unacceptable(request):
                return _dressed(request, refusal(406))
        return _dressed(request, self.get_response(request))


def opened(response: Any) -> Any:
    """Let pages of other origins read an answer, without what a browser knows of its reader."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _dressed(request: HttpRequest, response: Any) -> Any:
    if response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE:
        response = _as_problem(request, response)
    if allowed := policy():
        response["RateLimit-Policy"] = allowed
    if quota := quota_of(request):
        response["RateLimit"] = quota.field
    return opened(response)


def _as_problem(request: HttpRequest, page: Any) -> HttpResponse:
    """Say of a page about an error what programs read of it."""
    with translation.override(_language_of(request)):
        problem = refusal(page.status_code)
    for name in KEPT_HEADERS:
        if name in page:
            problem[name] = page[name]
    return problem


def is_unacceptable(request: HttpRequest) -> bool:
    """Whether a reader accepts none of the forms that there are at the address."""
    asked = request.headers.get("Accept", "")
    ending = request.path_info[request.path_info.rfind(".") :]
    forms = FORMS.get(ending, USUAL_FORMS)
    return bool(asked.strip()) and not any(request.accepts(form) for form in forms)


def _language_of(request: HttpRequest) -> str:
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
