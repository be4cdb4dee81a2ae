"""The list measured inside the process that answers: its counts, its work, its page."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from recommendations.figures.facets import Totals, totals_of
from recommendations.filters import RecommendationFilterSet
from recommendations.filters.selection import Selection
from recommendations.index.keeping import opened_at
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint
from recommendations.views.recommendation_list import ROWS_A_PAGE

from .cases import COMPARED
from .page_answers import HOST, answer, reader
from .rounds import milliseconds_of

# The module, whose name is that of its view too.
LIST = import_module("recommendations.views.recommendation_list")
# Of what takes less than a millisecond.
TIMES = 5
FOUND = re.compile(r'<h2 id="found"[^>]*>\s*(\d+) of ')


def values() -> dict[str, str]:
    """Return the area and the report that have most actions."""
    with opened_at(Viewpoint.present()) as index:
        filterset = RecommendationFilterSet()
        counted = index.view.counted_actions
        owners = index.view.values("action", "report")
        most = max(owners, key=lambda key: owners[key].intersection_cardinality(counted))
        area = filterset.vocabularies.areas[0].code
    report = Record(Viewpoint.present()).reports().get(pk=most)
    return {"area": area, "report": report.slug}


@cache
def filterset_of(query: str) -> RecommendationFilterSet:
    """Return the filters of an address. They keep what they ask the database for."""
    filterset = RecommendationFilterSet(QueryDict(query))
    assert filterset.is_valid(), filterset.problems
    return filterset


def counts_and_hits(query: str, *, is_searched: bool) -> float:
    """Measure the counts and the first page of a new selection, from an index that is open.

    `is_searched`: what words have is looked up again each time.
    """
    with opened_at(Viewpoint.present()) as index:
        filterset = filterset_of(query)

        def answer() -> None:
            if is_searched:
                index.words.kept.found.clear()
            selection = Selection(filterset, index)
            totals_of(selection)
            selection.keys(0, ROWS_A_PAGE)

        return milliseconds_of(answer, times=TIMES)


def counted(query: str) -> dict[str, Any]:
    """Return how many rows there are, and how many have each value of the facets compared."""
    with opened_at(Viewpoint.present()) as index:
        totals = totals_of(Selection(filterset_of(query), index))
    return {"total": totals.counts.total, "facets": _facets(totals)}


def _facets(totals: Totals) -> dict[str, dict[str, int]]:
    """Return the facets that the page shows: it shows none that has one value alone."""
    return {
        facet.name: {value.option.code: value.n for value in facet.values if value.n}
        for facet in totals.facets
        if facet.name in COMPARED
    }


def all_but_rendering(query: str) -> float:
    """Measure the view with what its decorators do, but for its template."""
    request = RequestFactory(headers=HOST).get(f"{reverse('recommendations:list')}?{query}")
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    _forget_hits()
    with patch.object(LIST, "render_page", lambda *_arguments, **_named: HttpResponse()):
        return milliseconds_of(lambda: _is_well(LIST.recommendation_list(request)))


def _is_well(response: Any) -> None:
    assert response.status_code == 200, response


def whole_page(query: str) -> dict[str, float]:
    """Measure the answer of all middleware, and return what its heading counts."""
    address = f"{reverse('recommendations:list')}?{query}"
    _forget_hits()
    found = answer(address)
    assert found["status"] == 200, found
    heading = FOUND.search(reader().get(address).content.decode())
    return {"ms": found["ms"], "total": int(heading.group(1)) if heading else 0}


def _forget_hits() -> None:
    with opened_at(Viewpoint.present()) as index:
        index.words.kept.found.clear()
