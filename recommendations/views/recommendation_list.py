"""The list of actions or recommendations, and the same as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.exports.csv_export import Stamp, lines
from recommendations.facets import totals_of
from recommendations.filters import RecommendationFilterSet, Sort, Unit
from recommendations.filters.parameters import AnyOf
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint

from .errors import BadAddress, refuse
from .parameters import known_parameters, page_number, refuse_unknown

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address of the list without it."""

    label: str
    value: str
    url: str


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponse:
    viewpoint = Viewpoint.present()
    try:
        filterset = _filterset(request, viewpoint, "page")
        page = _page(request, filterset, viewpoint)
    except BadAddress as error:
        return refuse(request, error.reasons)
    context = {
        "viewpoint": viewpoint,
        "filterset": filterset,
        "totals": totals_of(filterset),
        "page": page,
        "is_grouped": filterset.is_of_actions and filterset.chosen_sort == Sort.REPORT,
        "shown": _shown_of(filterset, page),
        "chips": _chips(filterset),
        "sorts": Sort,
        "tabs": [
            (unit.label, filterset.query(unit=unit), unit == filterset.shown_unit) for unit in Unit
        ],
        "query": filterset.query(),
        "page_query": filterset.query().replace("?", "&", 1),
    }
    return render(request, "recommendations/list.html", context)


@require_safe
def recommendation_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    viewpoint = Viewpoint.present()
    try:
        filterset = _filterset(request, viewpoint)
    except BadAddress as error:
        text = "\n".join(error.reasons)
        return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")
    last = Edition.objects.order_by("-number").values_list("number", flat=True).first()
    stamp = Stamp(viewpoint.on, last, request.build_absolute_uri("/").rstrip("/"))
    response = StreamingHttpResponse(
        lines(filterset.qs.for_csv(on=viewpoint.on), stamp), content_type="text/csv; charset=utf-8"
    )
    name = f"{filterset.shown_unit}-{viewpoint.on.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _filterset(request: HttpRequest, viewpoint: Viewpoint, *also: str) -> RecommendationFilterSet:
    """Return the valid filters of the address, or raise BadAddress."""
    refuse_unknown(request, [*RecommendationFilterSet.base_filters, *also])
    data = QueryDict(mutable=True)
    for name, values in known_parameters(request).items():
        data.setlist(name, values)
    filterset = RecommendationFilterSet(data, on=viewpoint.on)
    if filterset.problems:
        raise BadAddress(filterset.problems)
    return filterset


def _page(request: HttpRequest, filterset: RecommendationFilterSet, viewpoint: Viewpoint) -> Page:
    paginator = Paginator(filterset.qs.for_list(on=viewpoint.on), ROWS_A_PAGE)
    number = page_number(request)
    if number > paginator.num_pages:
        raise BadAddress(
            [
                _("There is no page %(number)d: the last one is %(last)d.")
                % {"number": number, "last": paginator.num_pages}
            ]
        )
    return paginator.page(number)


def _shown_of(filterset: RecommendationFilterSet, page: Page) -> dict[int, int]:
    """Return how many actions of each recommendation on the page the filters keep (one query)."""
    if not filterset.is_of_actions:
        return {}
    ids = {action.recommendation_id for action in page.object_list}
    kept: Any = filterset.actions().filter(recommendation__in=ids).order_by()
    return dict(kept.values_list("recommendation").annotate(n=Count("pk", distinct=True)))


def _chips(filterset: RecommendationFilterSet) -> list[Chip]:
    chips = []
    for one in filterset.in_use:
        value = filterset.values[one.name]
        if not isinstance(one, AnyOf):
            chips.append(Chip(str(one.label), str(value), filterset.query(**{one.name: None})))
            continue
        labels = {option.code: option.label for option in one.options()}
        for code in value:
            rest = [other for other in value if other != code]
            chips.append(
                Chip(str(one.label), labels[code], filterset.query(**{one.name: rest or None}))
            )
    return chips
