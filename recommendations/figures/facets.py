"""Counts beside each value of each filter, and the totals of the list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from recommendations.filters import MOST_REPORTS, AnyOf, Option, RecommendationFilterSet
from recommendations.filters.selection import Selection

from .counts import Counts

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


def totals_of(selection: Selection) -> Totals:
    """Return facets and totals of a list."""
    filterset = selection.filterset
    return Totals(
        _facets(selection, facet_filters(filterset)),
        Counts(selection.statuses()),
        len(selection.everything),
        len(selection.recommendations()),
        len(selection.uncounted()) if filterset.is_of_actions else 0,
        {one.name: len(selection.kept(without=one.name)) for one in filterset.in_use},
    )


def facets_of(
    selection: Selection, names: Collection[str], *, only: BitMap | None = None
) -> list[Facet]:
    """Return some facets, with counts of the rows that are among others."""
    chosen = [one for one in facet_filters(selection.filterset) if one.name in names]
    return _facets(selection, chosen, only=only)


def _facets(
    selection: Selection, chosen: Iterable[AnyOf], *, only: BitMap | None = None
) -> list[Facet]:
    facets = [_facet(selection.filterset, one, selection.counts(one, only=only)) for one in chosen]
    return [facet for facet in facets if len(facet.values) > 1 or facet.is_chosen or facet.finder]


def _facet(filterset: RecommendationFilterSet, one: AnyOf, count: Callable[[str], int]) -> Facet:
    chosen = filterset.asked_of(one)
    values = (
        FacetValue(
            option,
            sum(map(count, option.keys or [option.code])),
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
