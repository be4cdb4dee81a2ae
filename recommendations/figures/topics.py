"""The filters behind the topics that editors name."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from recommendations.filters import RecommendationFilterSet
from recommendations.viewpoint import Viewpoint

# What keeps rows from the list. How it shows them is for each reader to say.
FILTERS = frozenset(
    name for name, one in RecommendationFilterSet.base_filters.items() if one.of != "page"
)


def filterset_of_topic(query: str, viewpoint: Viewpoint) -> RecommendationFilterSet | None:
    """Return the filters of a topic; None where a viewpoint does not know what they ask for."""
    filterset = RecommendationFilterSet(QueryDict(query), viewpoint=viewpoint)
    return None if any(_problems(filterset)) else filterset


def problems_of_topic(query: str) -> list[str]:
    """Return why the list cannot be asked for this, in sentences."""
    return list(_problems(RecommendationFilterSet(QueryDict(query), viewpoint=Viewpoint.present())))


def _problems(filterset: RecommendationFilterSet) -> Iterator[str]:
    for name in filterset.data:
        if name not in FILTERS:
            yield _("“%(name)s” is no filter of the list.") % {"name": name[:80]}
    if not filterset.is_valid():
        yield from filterset.problems
    elif not filterset.in_use:
        yield _("These filters leave nothing out.")
