"""The filters of an address, for all pages and files that share those of the list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse

from recommendations.filters import AnyOf, RecommendationFilterSet
from recommendations.viewpoint import PARAMETERS, Viewpoint

from .errors import BadAddress
from .parameters import known_parameters, refuse_unknown


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the query string without it."""

    label: str
    value: str
    url: str


def filterset_of(
    request: HttpRequest, viewpoint: Viewpoint, *also: str, without: Collection[str] = ()
) -> RecommendationFilterSet:
    """Return the valid filters of the address, or raise BadAddress.

    A page may know further parameters (`also`), or not all of those of the list (`without`).
    """
    known = [name for name in RecommendationFilterSet.base_filters if name not in without]
    refuse_unknown(request, [*known, *PARAMETERS, *also])
    data = QueryDict(mutable=True)
    for name, values in known_parameters(request).items():
        data.setlist(name, values)
    filterset = RecommendationFilterSet(data, viewpoint=viewpoint)
    if filterset.problems:
        raise BadAddress(filterset.problems)
    return filterset


def chips_of(filterset: RecommendationFilterSet) -> list[Chip]:
    chips = []
    for one in filterset.in_use:
        value = filterset.values[one.name]
        if not isinstance(one, AnyOf):
            chips.append(Chip(str(one.label), str(value), filterset.query(**{one.name: None})))
            continue
        labels = {option.code: option.label for option in one.options()}
        for code in value:
            rest = [other for other in value if other != code]
            chips.append(Chip(str(one.label), labels[code], filterset.query(**{one.name: rest})))
    return chips


def plain_refusal(view):
    """Answer BadAddress in plain text: who asks for a file gets no page."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        try:
            return view(request)
        except BadAddress as error:
            text = "\n".join(error.reasons)
            return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")

    return wrapper
