"""Asks the index as pages do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from recommendations.figures.facets import Totals, totals_of
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at


@contextmanager
def selected(filterset: RecommendationFilterSet) -> Iterator[Selection]:
    with opened_at(filterset.viewpoint) as index:
        yield Selection(filterset, index)


def counted(filterset: RecommendationFilterSet) -> Totals:
    with selected(filterset) as selection:
        return totals_of(selection)


def listed(filterset: RecommendationFilterSet) -> list[int]:
    with selected(filterset) as selection:
        return list(selection.all_keys())
