"""The same page in the other languages, and the address by which a page is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, override

from recommendations.site_row import site
from recommendations.viewpoint import PARAMETERS

from .parameters import known_parameters


@dataclass(frozen=True)
class LanguageLink:
    """A page in one language, whose name is in that language; its path has the parameters."""

    code: str
    name: str
    path: str

    @property
    def is_current(self) -> bool:
        return self.code == get_language()

    @property
    def is_default(self) -> bool:
        """Whether it is for those whose language there is not."""
        return self.code == site().first_language


def languages_of(request: HttpRequest, *, query: str | None = None) -> list[LanguageLink]:
    """Return the page that was asked for in each language, with all that was asked of it.

    `query` is the query string of a page that knows its own, however it was asked for.
    """
    query = asked_query(request) if query is None else query
    return [
        LanguageLink(code, name, _path_in(request, code) + query)
        for code, name in site().shown_languages
    ]


def asked_query(request: HttpRequest) -> str:
    """Return the query string of a request with its parameters in a fixed order."""
    try:
        pairs = sorted(_pairs(request))
    except TooManyFieldsSent:
        # More than any page takes. The page that refuses them is the same in each language.
        return ""
    return f"?{urlencode(pairs)}" if pairs else ""


def without_viewpoint(address: str) -> str:
    """Return a path without the day and the edition that its query names."""
    path, _mark, query = address.partition("?")
    own = [pair for pair in parse_qsl(query) if pair[0] not in PARAMETERS]
    return f"{path}?{urlencode(own)}" if own else path


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in known_parameters(request).items():
        yield from ((name, value) for value in values if value)


def _path_in(request: HttpRequest, language: str) -> str:
    """Return the path in another language, or that of its first page where there is none."""
    if language == get_language():
        return escape_uri_path(request.path)
    # What leads nowhere may look like the address of another host.
    if request.resolver_match:
        path = translate_url(escape_uri_path(request.path), language)
        if path != escape_uri_path(request.path):
            return path
    with override(language):
        return reverse("recommendations:home")
