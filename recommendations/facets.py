"""Counts beside each value of each filter, and the totals of the list: all in one query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast

from .filters import AnyOf, RecommendationFilterSet, UnderReview
from .models import Action, Recommendation
from .statistics import Counts

TOTAL, ROWS, RECOMMENDATIONS = ":total", ":rows", ":recommendations"
SHOWN_VALUES = 8


def facet_filters(filterset: RecommendationFilterSet) -> list[AnyOf]:
    return [one for one in filterset.filters.values() if isinstance(one, AnyOf)]


@dataclass(frozen=True)
class FacetValue:
    code: str
    label: str
    n: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter as the page shows it. Long ones fold what is rare."""

    name: str
    label: str
    values: list[FacetValue]

    @property
    def is_chosen(self) -> bool:
        return any(value.is_chosen for value in self.values)

    @property
    def shown(self) -> list[FacetValue]:
        if len(self.values) <= SHOWN_VALUES + 2:
            return self.values
        return [v for i, v in enumerate(self.values) if i < SHOWN_VALUES or v.is_chosen]

    @property
    def folded(self) -> list[FacetValue]:
        shown = self.shown
        return [value for value in self.values if value not in shown]


@dataclass(frozen=True)
class Totals:
    """`total` is the denominator: all rows of this unit in the record."""

    facets: list[Facet]
    counts: Counts
    total: int
    recommendations: int


def totals_of(filterset: RecommendationFilterSet) -> Totals:
    """Return facets and totals of a valid filter set (one query)."""
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    first, *others = _branches(filterset)
    for facet, value, n in first.union(*others, all=True):
        if value is not None:
            numbers[facet][value] = n
    facets = [_facet(filterset, one, numbers[one.name]) for one in facet_filters(filterset)]
    return Totals(
        [facet for facet in facets if len(facet.values) > 1 or facet.is_chosen],
        Counts(numbers[ROWS]),
        numbers[TOTAL].get("", 0),
        numbers[RECOMMENDATIONS].get("", 0),
    )


def _facet(filterset: RecommendationFilterSet, one: AnyOf, numbers: dict[str, int]) -> Facet:
    chosen = filterset.values.get(one.name, [])
    values = [
        FacetValue(option.code, option.label, numbers.get(option.code, 0), option.code in chosen)
        for option in one.options()
    ]
    if isinstance(one.source, str) and one.source not in {"reports", "sections"}:
        values.sort(key=lambda value: (not value.is_chosen, -value.n, value.label))
    return Facet(one.name, str(one.label), values)


def _branches(filterset: RecommendationFilterSet) -> list[QuerySet]:
    is_actions = filterset.is_of_actions
    rows = filterset.actions() if is_actions else filterset.recommendations()
    everything = Action.objects.counted() if is_actions else Recommendation.objects.counted()
    recommendation = "recommendation" if is_actions else "pk"
    branches = [
        _grouped(everything, TOTAL, Value("")),
        _grouped(rows, ROWS, F("status")),
        _grouped(rows, RECOMMENDATIONS, Value(""), count=recommendation),
    ]
    for one in facet_filters(filterset):
        branches += _facet_branches(filterset, one, is_actions=is_actions)
    return branches


def _facet_branches(
    filterset: RecommendationFilterSet, one: AnyOf, *, is_actions: bool
) -> list[QuerySet]:
    """Return the counts of one filter, which ignore its own choice."""
    if is_actions or one.of == "action":
        rows = filterset.actions(without=one.name)
        count = "pk" if is_actions else "recommendation"
    else:
        rows, count = filterset.recommendations(without=one.name), "pk"
    if isinstance(one, UnderReview):
        return [
            _grouped(rows.with_second_review().filter(condition), one.name, Value(str(code)), count)
            for code, condition in one.conditions().items()
        ]
    return [_grouped(one.prepared(rows), one.name, F(one.path_on(rows.model)), count)]


def _grouped(rows: QuerySet, facet: str, value, count: str = "pk") -> QuerySet:
    text = CharField()
    return (
        rows.order_by()
        .annotate(
            facet_name=Value(facet, output_field=text), facet_value=Cast(value, output_field=text)
        )
        .values("facet_name", "facet_value")
        .annotate(facet_n=Count(count, distinct=True))
        .values_list("facet_name", "facet_value", "facet_n")
    )
