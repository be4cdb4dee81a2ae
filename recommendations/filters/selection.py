"""What the filters of a list keep, by the index: how many, of which kinds, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import NamedTuple

from pyroaring import BitMap

from recommendations.index.keeping import Index
from recommendations.index.names import ACTION, HAVING, NO_DAY, RECOMMENDATION, Values
from recommendations.statuses import Status

from .filterset import OF_ACTIONS, RecommendationFilterSet
from .parameters import AnyOf, CitingSource, Parameter, PublishedSince, SearchWords, SinceDay
from .vocabularies import Sort

# By which sets a sort goes, the first of them first.
BY_DAY = {
    Sort.DEADLINE: "due_on",
    Sort.CHANGED: "status_since",
    Sort.REVIEWED: "last_reviewed_on",
}


class Place(NamedTuple):
    """Where a row of a list stands: the rank of what it is sorted by, and its key."""

    rank: int
    key: int


class Selection:
    """The rows of a valid filter set in one state of the index.

    Sets are of primary keys: of actions, or of recommendations where the list is of them.
    """

    def __init__(self, filterset: RecommendationFilterSet, index: Index) -> None:
        self.filterset, self.view, self.words = filterset, index.view, index.words
        self.unit = ACTION if filterset.is_of_actions else RECOMMENDATION
        self._chosen: dict[tuple[str, str], BitMap] = {}
        self._kept: dict[str, BitMap] = {}

    @property
    def everything(self) -> BitMap:
        """All that the list could show."""
        if self.unit == ACTION:
            return self.view.counted_actions
        return self.view.counted_recommendations

    def kept(self, *, without: str = "") -> BitMap:
        """Return what the filters keep, or all of them but one."""
        if without not in self._kept:
            rows = self._narrowed(self.everything, self.unit, self._own, without)
            if self.unit == RECOMMENDATION and (actions := self._actions(without)) is not None:
                rows = rows & self.view.structure.owners_of(actions)
            self._kept[without] = rows
        return self._kept[without]

    def judged(self) -> BitMap:
        """Return the verifiable actions from which the statuses of the kept rows come."""
        if self.unit == ACTION:
            return self.kept()
        if not self.filterset.in_use:
            return self.view.counted_actions
        owned = self.view.structure.actions_of_all(self.kept())
        return owned & self.view.counted_actions

    def uncounted(self) -> BitMap:
        """Return the actions that all filters keep and that stand in no count."""
        return self._narrowed(self.view.uncounted_actions, ACTION, OF_ACTIONS, "")

    def actions_told(self, *, without: Collection[str]) -> BitMap:
        """Return the actions that the filters but for some keep, withdrawn ones included."""
        rows = self.view.rows(ACTION, "told")
        for one in self.filterset.in_use:
            if one.of in OF_ACTIONS and one.name not in without:
                rows = rows & self._asked(ACTION, one)
        return rows

    @property
    def _own(self) -> Collection[str]:
        return OF_ACTIONS if self.unit == ACTION else ("recommendation", "row")

    def _actions(self, without: str) -> BitMap | None:
        """Return the actions that filters of actions keep; None where there is no such filter."""
        if not any(one.of == "action" and one.name != without for one in self.filterset.in_use):
            return None
        return self._narrowed(self.view.actions_in_record, ACTION, ("action",), without)

    def _narrowed(self, rows: BitMap, unit: str, owners: Collection[str], without: str) -> BitMap:
        for one in self.filterset.in_use:
            if one.of in owners and one.name != without:
                rows = rows & self._asked(unit, one)
        return rows

    def _asked(self, unit: str, one: Parameter) -> BitMap:
        """Return the rows that have what a filter in use asks for."""
        key = (unit, one.name)
        if key not in self._chosen:
            self._chosen[key] = self._look_up(unit, one)
        return self._chosen[key]

    def _look_up(self, unit: str, one: Parameter) -> BitMap:
        value = self.filterset.form.cleaned_data[one.name]
        if isinstance(one, SearchWords):
            return self.words.hits(self.filterset.query_of_words, unit)
        if isinstance(one, PublishedSince):
            return self.view.actions_published_since(value)
        if isinstance(one, CitingSource):
            return BitMap(one.actions(value))
        if isinstance(one, SinceDay):
            return self.view.since(unit, "status_since", value)
        assert isinstance(one, AnyOf)
        values = self._values(unit, one)
        keys = one.keys_of(value)
        return BitMap.union(BitMap(), *(values[key] for key in keys if key in values))

    def _values(self, unit: str, one: AnyOf) -> Values:
        return self.view.values(unit, one.name, on=self.filterset.on)

    # Counts -----------------------------------------------------------------------------------

    def counts(self, one: AnyOf, *, only: BitMap | None = None) -> Callable[[str], int]:
        """Return how many rows have each value of a filter, whatever is chosen of that filter."""
        if one.of == "action" and self.unit == RECOMMENDATION:
            return self._counts_through_actions(one)
        rows = self.kept(without=one.name)
        if only is not None:
            return _counter(rows & only, self._values(self.unit, one))
        return self._counter_of(rows, self.unit, one.name)

    def _counts_through_actions(self, one: AnyOf) -> Callable[[str], int]:
        rows = self._narrowed(self.everything, self.unit, self._own, one.name)
        actions = self._actions(one.name)
        if actions is None:
            return self._counter_of(rows, HAVING, one.name)
        if 2 * len(rows) < len(self.everything):
            # To look up whose they are takes longest: those of other recommendations need not be.
            actions = actions & self._actions_of_kept
        values, owners_of = self._values(ACTION, one), self.view.structure.owners_of
        owners = {value: owners_of(own & actions) for value, own in values.items()}
        return _counter(rows, owners)

    @cached_property
    def _actions_of_kept(self) -> BitMap:
        """The actions of the recommendations that filters of recommendations keep."""
        rows = self._narrowed(self.everything, self.unit, self._own, "")
        return self.view.structure.actions_of_all(rows)

    def _counter_of(self, rows: BitMap, unit: str, name: str) -> Callable[[str], int]:
        """Return what counts rows by a value; of all that the list could show it is known."""
        on = self.filterset.on
        if rows is not self.everything:
            return _counter(rows, self.view.values(unit, name, on=on))
        sizes = self.view.sizes(unit, name, on=on)
        return lambda value: sizes.get(value, 0)

    def statuses(self) -> dict[str, int]:
        """Return how many rows have each status."""
        count = self._counter_of(self.kept(), self.unit, "status")
        return {str(status): n for status in Status if (n := count(str(status)))}

    def recommendations(self) -> BitMap:
        """Return the recommendations that the rows are of."""
        if self.unit == RECOMMENDATION:
            return self.kept()
        if all(one.of == "recommendation" for one in self.filterset.in_use):
            # What is asked for holds of all actions of a recommendation or of none.
            having = self.view.rows(HAVING, "counted")
            return self._narrowed(having, RECOMMENDATION, ("recommendation",), "")
        return self.view.structure.owners_of(self.kept())

    # Order ------------------------------------------------------------------------------------

    def keys(self, start: int, n: int) -> list[int]:
        """Return the keys of some rows of the list, from one on, in its order."""
        buckets = (rows for _rank, rows in self._buckets())
        return list(islice(_from(buckets, start, self._in_order), n))

    def all_keys(self) -> Iterator[int]:
        return chain.from_iterable(self._in_order(rows) for _rank, rows in self._buckets())

    def after(self, place: Place | None) -> Iterator[Place]:
        """Yield the places of the rows behind one, which need not be in the list any more.

        What has moved in the meantime is behind it or not, as it stands now.
        """
        for rank, rows in self._buckets():
            if place is None or rank > place.rank:
                keys = self._in_order(rows)
            elif rank == place.rank:
                keys = self._in_order_after(place.key, rows)
            else:
                continue
            yield from (Place(rank, key) for key in keys)

    def _in_order_after(self, key: int, rows: BitMap) -> Iterator[int]:
        structure = self.view.structure
        if self.unit == ACTION:
            return structure.actions_after(key, rows)
        return structure.recommendations_after(key, rows)

    def _in_order(self, rows: BitMap) -> Iterator[int]:
        structure = self.view.structure
        if self.unit == ACTION:
            return structure.actions_in_order(rows)
        return structure.recommendations_in_order(rows)

    def _buckets(self) -> Iterator[tuple[int, BitMap]]:
        """Yield the rows that a sort tells apart, in their order, each with its rank in it.

        A rank depends on what the rows have alike, and on nothing that others have.
        """
        rows, sort = self.kept(), self.filterset.chosen_sort
        if sort == Sort.MATCH and (query := self.filterset.query_of_words):
            tiers = self.words.tiers(query, self.unit)
            return ((rank, rows & tier) for rank, tier in tiers)
        if sort == Sort.STATUS:
            own = self.view.values(self.unit, "status")
            ranks = enumerate(Status)
            return ((rank, rows & own[status]) for rank, status in ranks if status in own)
        if sort in BY_DAY:
            return ((rank, rows & own) for rank, own in self._by_day(Sort(sort)))
        return iter([(0, rows)])

    def _by_day(self, sort: Sort) -> list[tuple[int, BitMap]]:
        days = self.view.days(self.unit, BY_DAY[sort])
        return sorted((_rank_of(value, sort), rows) for value, rows in days)


@lru_cache(maxsize=10_000)
def _rank_of(day: str, sort: Sort) -> int:
    if day == NO_DAY:
        return 0 if sort == Sort.REVIEWED else date.max.toordinal()
    ordinal = date.fromisoformat(day).toordinal()
    return -ordinal if sort == Sort.CHANGED else ordinal


def _counter(rows: BitMap, values: Values) -> Callable[[str], int]:
    def count(value: str) -> int:
        found = values.get(value)
        return rows.intersection_cardinality(found) if found else 0

    return count


def _from(
    buckets: Iterable[BitMap], start: int, in_order: Callable[[BitMap], Iterator[int]]
) -> Iterator[int]:
    """Yield the keys of buckets one after another, from one on; what is skipped is only counted."""
    for rows in buckets:
        if start >= len(rows):
            start -= len(rows)
        else:
            yield from islice(in_order(rows), start, None)
            start = 0
