"""The request of another page of ours, as whoever asks about the page would ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import QueryDict
from django.urls import ResolverMatch, resolve

from recommendations.viewpoint import PARAMETERS

from .public_request import PublicRequest, newest_edition_of

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict


def request_of(request: PublicRequest, address: str) -> tuple[PublicRequest, ResolverMatch]:
    """Return the request of a local address, and what answers it, or raise Resolver404.

    It is seen from where the asking request looks, if that says so.
    """
    path, _mark, own = address.partition("?")
    match = resolve(path)
    query = QueryDict(own, mutable=True)
    for name in PARAMETERS:
        for value in request.GET.getlist(name):
            query.appendlist(name, value)
    page = PublicRequest()
    page.method, page.path, page.path_info = "GET", path, path
    page.GET = cast("_ImmutableQueryDict", query)
    # Of the asking request: by which name and scheme it reached this server.
    page.META, page.COOKIES = request.META, request.COOKIES
    page.resolver_match = match
    page.newest_edition = newest_edition_of(request)
    return page, match
