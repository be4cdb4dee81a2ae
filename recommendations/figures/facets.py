"""Counts beside each value of each filter, and the totals of the list: all in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from recommendations.filters import (
    MOST_REPORTS,
    AnyOf,
    Option,
    RecommendationFilterSet,
    UnderReview,
)

from .counts import Counts

# Names of counts that are no filter's.
TOTAL, ROWS, RECOMMENDATIONS, UNCOUNTED, WITHOUT = (
    ":total",
    ":rows",
    ":recommendations",
    ":uncounted",
    ":without",
)
UNGROUPED = Value("")
EVERYTHING = Q()
SHOWN_VALUES = 8
# Folding fewer would hide them to save no room.
FEWEST_FOLDED = 3


def facet_filters(filterset: RecommendationFilterSet) -> list[AnyOf]:
    return [one for one in filterset.filters.values() if isinstance(one, AnyOf)]


@dataclass(frozen=True)
class FacetValue:
    option: Option
    n: int
    is_chosen: bool

    @property
    def is_offered(self) -> bool:
        return self.is_chosen or self.n > 0 or self.option.is_usual


@dataclass(frozen=True)
class Finder:
    """A field that finds values of a filter, with the words in it and how many they find."""

    name: str
    label: str
    words: str
    n_found: int

    @property
    def n_shown(self) -> int:
        return min(self.n_found, MOST_REPORTS)


@dataclass(frozen=True)
class Facet:
    """A filter as the page shows it. Values keep their places; the end of a long list is folded.

    With a `finder` they are those chosen and those found, and none is folded.
    """

    name: str
    label: str
    values: list[FacetValue]
    finder: Finder | None = None

    @property
    def is_chosen(self) -> bool:
        return any(value.is_chosen for value in self.values)

    @property
    def shown(self) -> list[FacetValue]:
        return self.values[: len(self.values) - len(self.folded)]

    @property
    def folded(self) -> list[FacetValue]:
        rest = self.values[SHOWN_VALUES:]
        return rest if len(rest) >= FEWEST_FOLDED and not self.finder else []

    @property
    def is_unfolded(self) -> bool:
        """A chosen value is never out of sight."""
        return any(value.is_chosen for value in self.folded)


@dataclass(frozen=True)
class Totals:
    """`total` is the denominator, all rows of this unit in the record; `counts` are of the rows.

    `recommendations` is how many the rows belong to, `uncounted` how many actions meet the filters
    and are not verifiable. `without` says how many rows there were if one filter were dropped.
    """

    facets: list[Facet]
    counts: Counts
    total: int
    recommendations: int
    uncounted: int
    without: dict[str, int]


def totals_of(filterset: RecommendationFilterSet) -> Totals:
    """Return facets and totals of a valid filter set (one query)."""
    numbers = _numbers(_branches(filterset))
    return Totals(
        _facets(filterset, facet_filters(filterset), numbers),
        Counts(numbers[ROWS]),
        numbers[TOTAL].get("", 0),
        numbers[RECOMMENDATIONS].get("", 0),
        numbers[UNCOUNTED].get("", 0),
        numbers[WITHOUT],
    )


def facets_of(
    filterset: RecommendationFilterSet, names: Collection[str], *, only: Q
) -> list[Facet]:
    """Return some facets, with counts of the rows that meet a further condition (one query)."""
    chosen = [one for one in facet_filters(filterset) if one.name in names]
    numbers = _numbers(
        branch for one in chosen for branch in _facet_branches(filterset, one, only=only)
    )
    return _facets(filterset, chosen, numbers)


def _numbers(branches: Iterable[QuerySet]) -> dict[str, dict[str, int]]:
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    first, *others = branches
    for name, value, n in first.union(*others, all=True) if others else first:
        if value is not None:
            numbers[name][value] = n
    return numbers


def _facets(
    filterset: RecommendationFilterSet,
    chosen: Iterable[AnyOf],
    numbers: dict[str, dict[str, int]],
) -> list[Facet]:
    facets = [_facet(filterset, one, numbers[one.name]) for one in chosen]
    return [facet for facet in facets if len(facet.values) > 1 or facet.is_chosen or facet.finder]


def _facet(filterset: RecommendationFilterSet, one: AnyOf, numbers: dict[str, int]) -> Facet:
    chosen = filterset.asked_of(one)
    values = (
        FacetValue(
            option,
            sum(numbers.get(key, 0) for key in option.keys or [option.code]),
            option.code in chosen,
        )
        for option in one.offered()
    )
    offered = [value for value in values if value.is_offered]
    return Facet(one.name, str(one.label), offered, finder_of(filterset, one))


def finder_of(filterset: RecommendationFilterSet, one: AnyOf) -> Finder | None:
    """Return the field that finds values of a filter, where they are too many to name."""
    if not one.is_searched:
        return None
    [words] = filterset.asked_of(filterset.filters[one.finder]) or [""]
    return Finder(one.finder, str(filterset.filters[one.finder].label), words, len(one.found))


def _branches(filterset: RecommendationFilterSet) -> Iterable[QuerySet]:
    """Yield the queries that the one is made of. The first has a row in any case."""
    is_actions = filterset.is_of_actions
    rows = filterset.rows()
    yield _grouped(filterset.everything(), TOTAL)
    yield _grouped(rows, ROWS, F("status"))
    yield _grouped(rows, RECOMMENDATIONS, count="recommendation" if is_actions else "pk")
    if is_actions:
        yield _grouped(filterset.not_verifiable(), UNCOUNTED)
    for one in filterset.in_use:
        yield _grouped(filterset.rows(without=one.name), WITHOUT, Value(one.name))
    for facet in facet_filters(filterset):
        yield from _facet_branches(filterset, facet)


def _facet_branches(
    filterset: RecommendationFilterSet, one: AnyOf, *, only: Q = EVERYTHING
) -> Iterable[QuerySet]:
    """Yield the counts of one filter, which ignore its own choice."""
    is_through_actions = one.of == "action" and not filterset.is_of_actions
    kept = filterset.actions if is_through_actions else filterset.rows
    rows = kept(without=one.name).filter(only)
    count = "recommendation" if is_through_actions else "pk"
    if isinstance(one, UnderReview):
        # Its values overlap, so they are no groups.
        for code, condition in one.conditions().items():
            yield _grouped(
                one.prepared(rows).filter(condition), one.name, Value(str(code)), count=count
            )
        return
    if one.is_searched:
        named = [option.code for option in one.offered()]
        if not named:
            return
        rows = rows.filter(**{f"{one.field_name}__in": named})
    yield _grouped(one.prepared(rows), one.name, F(one.field_name), count=count)


def _grouped(rows: QuerySet, name: str, value=UNGROUPED, *, count: str = "pk") -> QuerySet:
    text: CharField = CharField()
    return (
        rows.order_by()
        .annotate(facet=Value(name, output_field=text), value=Cast(value, output_field=text))
        .values("facet", "value")
        .annotate(n=Count(count, distinct=count != "pk"))
        .values_list("facet", "value", "n")
    )
