"""Deadlines as a page, and as a calendar to subscribe to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from recommendations.deadlines import STATES, DeadlineOverview
from recommendations.exports.calendar_export import FILE_NAME, calendar_name, calendar_of
from recommendations.facets import Facet, FacetValue, facets_of
from recommendations.filters import AnyOf, RecommendationFilterSet, Sort
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint

from .filtering import chips_of, filterset_of, plain_refusal
from .parameters import strict, viewpoint_of

# An order and a unit are for the list to have: these are deadlines of actions, by date.
UNKNOWN = ("sort", "unit")
KNOWN = [name for name in RecommendationFilterSet.base_filters if name not in UNKNOWN]
OFFERED = ("schedule", "party", "body", "area", "report")


@require_safe
@strict(*KNOWN)
def deadline_page(request: HttpRequest) -> HttpResponse:
    viewpoint = request.viewpoint
    filterset = _filterset(request, viewpoint)
    figures = DeadlineOverview(filterset)
    context = {
        "viewpoint": viewpoint,
        "figures": figures,
        "facets": _facets(filterset),
        "kept": list(_kept(filterset)),
        "chips": chips_of(filterset),
        "query": filterset.query(),
        "csv_query": filterset.query(
            schedule=filterset.values.get("schedule", list(STATES)), sort=Sort.DEADLINE
        ),
    }
    return render(request, "recommendations/deadlines.html", context)


def _filterset(request: HttpRequest, viewpoint: Viewpoint) -> RecommendationFilterSet:
    filterset = filterset_of(request, viewpoint, without=UNKNOWN)
    filterset.filters["schedule"].words = STATES
    return filterset


def _facets(filterset: RecommendationFilterSet) -> list[Facet]:
    """Return the filters that the page offers, with numbers of actions that have a deadline."""
    facets = facets_of(filterset, OFFERED, only=Q(due_on__isnull=False))
    facets.sort(key=lambda facet: OFFERED.index(facet.name))
    useful = (
        Facet(facet.name, facet.label, [value for value in facet.values if _is_of_use(value)])
        for facet in facets
    )
    return [facet for facet in useful if facet.values]


def _is_of_use(value: FacetValue) -> bool:
    return value.is_chosen or value.n > 0 or value.option.code in STATES


def _kept(filterset: RecommendationFilterSet) -> Iterator[tuple[str, str]]:
    """Yield the filters in use that the form does not offer, as it sends them along."""
    for one in filterset.in_use:
        if one.name in OFFERED:
            continue
        value = filterset.values[one.name]
        for text in value if isinstance(one, AnyOf) else [value]:
            yield one.name, text.isoformat() if isinstance(text, date) else text


@require_safe
@plain_refusal
def deadline_calendar(request: HttpRequest) -> HttpResponse:
    """All deadlines of the page with the same filters, those too that it leaves to the list."""
    viewpoint = viewpoint_of(request)
    filterset = _filterset(request, viewpoint)
    # Asked for before the actions: what is published in between is told by the next one.
    edition = viewpoint.edition or Edition.objects.order_by("-number").first()
    content = calendar_of(
        filterset.actions().for_calendar(on=viewpoint.on),
        edition=edition,
        host=urlsplit(f"//{request.get_host()}").hostname or "",
        root=request.build_absolute_uri("/").rstrip("/"),
        name=calendar_name(chip.value for chip in chips_of(filterset)),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
