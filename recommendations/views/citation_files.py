"""The citation of a page as a file."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.web.citation import Citation
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import Surroundings
from recommendations.web.errors import BadAddress
from recommendations.web.page_request import request_of
from recommendations.web.parameters import parameters_of, refuse_unknown, strict, viewpoint_of
from recommendations.web.public_request import PublicRequest

from . import (
    brief,
    changes,
    compared_parties,
    corrections,
    dashboards,
    data,
    deadlines,
    editions,
    pages,
    recommendation,
    recommendation_list,
    report_text,
    reports,
)

# How each page of the record is called, which also refuses what the page would refuse.
TITLES: dict[str, Callable[..., str]] = {
    "recommendations:home": dashboards.home_title,
    "recommendations:reports": reports.index_title,
    "recommendations:report": dashboards.report_title,
    "recommendations:text": report_text.text_title,
    "recommendations:earlier": reports.earlier_title,
    "recommendations:detail": recommendation.recommendation_title,
    "recommendations:list": recommendation_list.list_title,
    "recommendations:brief": brief.brief_title,
    "recommendations:area": dashboards.area_title,
    "recommendations:party": dashboards.party_title,
    "recommendations:compare_parties": compared_parties.party_comparison_title,
    "recommendations:deadlines": deadlines.deadlines_title,
    "recommendations:data": data.data_title,
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
    response["X-Robots-Tag"] = "noindex"
    return response


def _citation(request: PublicRequest) -> Citation:
    """Return the citation of the page that ?page= names, or raise BadAddress."""
    address = _local_address(request)
    language = translation.get_language_from_path(address.partition("?")[0])
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            page, match = request_of(request, address)
            if match.view_name not in TITLES:
                raise _not_citable(address)
            refuse_unknown(page, parameters_of(match.func))
            page.viewpoint = viewpoint_of(page)
            title = TITLES[match.view_name](page, *match.args, **match.kwargs)
        except Http404:
            raise _not_citable(address) from None
        found = Surroundings(page, title=title, path=_lasting_path(page, match)).citation
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
