"""The filters of the list, on whatever page shares them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from recommendations.filters import AnyOf, RecommendationFilterSet
from recommendations.filters.parameters import CitingSource

from .errors import BadAddress
from .parameters import known_parameters
from .public_request import PublicRequest

# All of them, and those that leave rows out: the others say how a list shows what is left.
LIST_FILTERS = tuple(RecommendationFilterSet.base_filters)
FILTERS = tuple(
    name for name, one in RecommendationFilterSet.base_filters.items() if one.of != "page"
)
# Those that say which values a form offers: for pages that have one.
FINDERS = tuple(
    one.finder
    for one in RecommendationFilterSet.base_filters.values()
    if getattr(one, "finder", "")
)


def filterset_of(
    request: PublicRequest, *, skip_empty: bool = False, unit: str = ""
) -> RecommendationFilterSet:
    """Return the valid filters of the address, or raise BadAddress. It reads request.viewpoint.

    Which of them a page knows is what its view declares (`strict`). `skip_empty` is for pages
    whose form has lists to choose from, which send an empty value for "any"; `unit` for addresses
    that say by themselves whether they are of actions or of recommendations.
    """
    data = QueryDict(mutable=True)
    for name, values in known_parameters(request).items():
        if name in LIST_FILTERS:
            data.setlist(name, [value for value in values if value or not skip_empty])
    if unit:
        data["unit"] = unit
    filterset = RecommendationFilterSet(data, request=request)
    if not filterset.is_valid():
        raise BadAddress(filterset.problems, parameters=filterset.refused)
    return filterset


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the query of the page without it."""

    label: str
    value: str
    url: str


def chips_of(filterset: RecommendationFilterSet, **kept: str) -> list[Chip]:
    """Return one chip a value in use; their addresses keep what the page knows besides."""
    chips = []
    for one in filterset.in_use:
        asked = filterset.asked_of(one)
        labels = {o.code: o.label for o in one.named()} if isinstance(one, AnyOf) else {}
        if isinstance(one, CitingSource):
            labels = {code: one.label_of(code) for code in asked}
        for code in asked:
            rest = [other for other in asked if other != code]
            query = filterset.query(**{one.name: rest}, **kept)
            chips.append(Chip(str(one.label), labels.get(code, code), query))
    return chips
