"""The citation of a page as a file."""

from __future__ import annotations

import copy

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.viewpoint import PARAMETERS
from recommendations.web.citation import CITABLE, Citation
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import Site
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import strict


@require_safe
@revalidated
@strict("page")
def cite_bibtex(request: HttpRequest) -> HttpResponse:
    found = _citation(request)
    if isinstance(found, HttpResponse):
        return found
    return _file(found.bibtex, f"{found.key}.bib", "application/x-bibtex")


@require_safe
@revalidated
@strict("page")
def cite_ris(request: HttpRequest) -> HttpResponse:
    found = _citation(request)
    if isinstance(found, HttpResponse):
        return found
    return _file(found.ris, f"{found.key}.ris", "application/x-research-info-systems")


def _file(text: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _citation(request: HttpRequest) -> Citation | HttpResponse:
    """Return the citation of the page that ?page= names, or what the page refuses with.

    The page is made as for a reader: it alone knows its parameters and its title.
    """
    address = _local_address(request)
    language = translation.get_language_from_path(address.partition("?")[0])
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            page = _request_of(request, address)
            answer = page.resolver_match.func(
                page, *page.resolver_match.args, **page.resolver_match.kwargs
            )
        except Http404:
            raise _not_citable(address) from None
        if answer.status_code != 200:
            return answer
        found = Site(page).citation
        if found is None:
            raise _not_citable(address)
        return found


def _local_address(request: HttpRequest) -> str:
    asked = request.GET.getlist("page")
    address = asked[0].partition("#")[0] if len(asked) == 1 else ""
    if not address.startswith("/") or address.startswith("//"):
        raise _not_citable(", ".join(asked))
    return address


def _not_citable(address: str) -> BadAddress:
    return BadAddress(
        [
            _(
                "“%(address)s” is no page that can be cited. Give one page of the tracker, from "
                "the first slash on, as in ?page=/recommendations/."
            )
            % {"address": address[:200]}
        ]
    )


def _request_of(request: HttpRequest, address: str) -> HttpRequest:
    """Return the request for a page that whoever asks for its citation would make."""
    path, _mark, own = address.partition("?")
    match = resolve(path)
    if match.view_name not in CITABLE:
        raise _not_citable(address)
    query = QueryDict(own, mutable=True)
    for name in PARAMETERS:
        for value in request.GET.getlist(name):
            query.appendlist(name, value)
    page = copy.copy(request)
    # What the reader has of this file says nothing of the page.
    page.META = {k: v for k, v in request.META.items() if k != "HTTP_IF_NONE_MATCH"}
    page.META |= {"QUERY_STRING": query.urlencode(), "PATH_INFO": path}
    page.path = page.path_info = path
    page.GET, page.resolver_match, page.htmx = query, match, False
    return page
