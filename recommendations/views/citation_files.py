"""The citation of a page as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.urls import ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.viewpoint import PARAMETERS
from recommendations.web.citation import Citation
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import Site
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import parameters_of, refuse_unknown, strict, viewpoint_of
from recommendations.web.public_request import PublicRequest, newest_edition_of

from . import (
    changes,
    corrections,
    dashboards,
    deadlines,
    editions,
    pages,
    recommendation,
    recommendation_list,
    report_text,
    reports,
)

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict

# How each page of the record is called, which also refuses what the page would refuse.
TITLES: dict[str, Callable[..., str]] = {
    "recommendations:home": dashboards.home_title,
    "recommendations:reports": reports.index_title,
    "recommendations:report": dashboards.report_title,
    "recommendations:text": report_text.text_title,
    "recommendations:earlier": reports.earlier_title,
    "recommendations:detail": recommendation.recommendation_title,
    "recommendations:list": recommendation_list.list_title,
    "recommendations:area": dashboards.area_title,
    "recommendations:party": dashboards.party_title,
    "recommendations:deadlines": deadlines.deadlines_title,
    "recommendations:changes": changes.changes_title,
    "recommendations:compare": changes.compare_title,
    "recommendations:corrections": corrections.corrections_title,
    "recommendations:editions": editions.editions_title,
    "recommendations:edition": editions.edition_title,
    "recommendations:methodology": pages.methodology_title,
    "recommendations:accessibility": pages.accessibility_title,
}


@require_safe
@revalidated
@strict("page")
def cite_bibtex(request: PublicRequest) -> HttpResponse:
    found = _citation(request)
    return _file(found.bibtex, f"{found.key}.bib", "application/x-bibtex")


@require_safe
@revalidated
@strict("page")
def cite_ris(request: PublicRequest) -> HttpResponse:
    found = _citation(request)
    return _file(found.ris, f"{found.key}.ris", "application/x-research-info-systems")


def _file(text: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _citation(request: PublicRequest) -> Citation:
    """Return the citation of the page that ?page= names, or raise BadAddress."""
    address = _local_address(request)
    language = translation.get_language_from_path(address.partition("?")[0])
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            page, match = _request_of(request, address)
            refuse_unknown(page, parameters_of(match.func))
            page.viewpoint = viewpoint_of(page)
            title = TITLES[match.view_name](page, *match.args, **match.kwargs)
        except Http404:
            raise _not_citable(address) from None
        found = Site(page, title=title, path=_lasting_path(page, match)).citation
        if found is None:
            raise _not_citable(address)
        return found


def _lasting_path(page: PublicRequest, match: ResolverMatch) -> str:
    """Return the path of a page, or where it leads today: another report may be featured."""
    if match.view_name != "recommendations:home":
        return page.path
    return dashboards.home_path(page)


def _local_address(request: PublicRequest) -> str:
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


def _request_of(request: PublicRequest, address: str) -> tuple[PublicRequest, ResolverMatch]:
    """Return what whoever asks for a citation would ask for the page, and what answers that."""
    path, _mark, own = address.partition("?")
    match = resolve(path)
    if match.view_name not in TITLES:
        raise _not_citable(address)
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
