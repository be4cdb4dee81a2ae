"""Updates as the index finds them, what came last first: of the change log, its feed, corrections.

Of a long list the keys of a page come from the sets of the editions that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q
from pyroaring import BitMap

from recommendations.filters.selection import Selection
from recommendations.index.conditions import keys
from recommendations.index.names import FROM, UNTIL, UPDATE
from recommendations.index.view import View, union
from recommendations.querysets import StatusUpdateQuerySet
from recommendations.record import Record

# Of an update, these ask for itself; the others ask for its action.
OF_UPDATES = ("status", "changed_since", "published_since")


class Logged(NamedTuple):
    """Where an update stands in the change log."""

    edition: int
    effective_day: date
    key: int


def _behind(place: Logged) -> Q:
    """Ask for what stands behind a place of the change log."""
    on_same_day = Q(effective_day=place.effective_day, pk__lt=place.key)
    in_same = Q(edition=place.edition) & (Q(effective_day__lt=place.effective_day) | on_same_day)
    return in_same | Q(edition__lt=place.edition)


class _ByEdition(Sequence[Any]):
    """Updates by the edition that first told them, or no longer did; a slice of them is fetched."""

    # Which edition, as the index and as the database name it.
    name, column = FROM, "edition_id"

    def __init__(self, record: Record, view: View) -> None:
        self.record, self.view = record, view

    @cached_property
    def kept(self) -> BitMap:
        raise NotImplementedError

    def fetched(self, rows: StatusUpdateQuerySet) -> StatusUpdateQuerySet:
        """Return rows in their order, with what a page shows of them."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.kept)

    def __getitem__(self, part: Any) -> Any:
        """Return the updates of a slice (two queries and what rows need)."""
        found, before = self._covering(part.start, part.stop)
        ordered = self.rows_of(found).order_by(f"-{self.column}", "-effective_day", "-pk")
        shown = ordered.values_list("pk", flat=True)[part.start - before : part.stop - before]
        return list(self.fetched(self.rows_of(BitMap(shown))))

    def rows_of(self, updates: BitMap) -> StatusUpdateQuerySet:
        return self.record.updates().filter(pk__in=keys(updates))

    def _covering(self, start: int, stop: int) -> tuple[BitMap, int]:
        """Return all of the editions that a slice is of, and how many come before them."""
        found, before = BitMap(), 0
        for rows in self._editions_from(start):
            own = rows & self.kept
            if not found and before + len(own) <= start:
                before += len(own)
            else:
                found |= own
            if before + len(found) >= stop:
                break
        return found, before

    def _editions_from(self, start: int) -> Iterator[BitMap]:
        """Yield the updates of editions, the newest first: of a hundred at once before a start."""
        n = 0
        for hundred, rows in self.view.editions(UPDATE, self.name):
            n += rows.intersection_cardinality(self.kept)
            if n <= start:
                yield rows
            else:
                yield from (own for _n, own in self.view.editions(UPDATE, self.name, hundred))


class LoggedUpdates(_ByEdition):
    """The updates of the change log that the filters keep."""

    def __init__(self, selection: Selection) -> None:
        super().__init__(selection.filterset.record, selection.view)
        self.selection, self.filterset = selection, selection.filterset

    @cached_property
    def kept(self) -> BitMap:
        return self._among(self.view.rows(UPDATE, "told"))

    def _among(self, rows: BitMap) -> BitMap:
        """Return those of some updates that the filters keep."""
        asked = self.filterset.form.cleaned_data
        in_use = {one.name for one in self.filterset.in_use}
        if "status" in in_use:
            statuses = self.view.values(UPDATE, "status")
            rows = rows & union(statuses.get(str(one), BitMap()) for one in asked["status"])
        if "changed_since" in in_use:
            rows = rows & self.view.since(UPDATE, "effective_day", asked["changed_since"])
        if "published_since" in in_use:
            rows = rows & self.view.since(UPDATE, "published_on", asked["published_since"])
        if in_use - set(OF_UPDATES):
            rows = self.view.owners.owned_by(self._actions, rows)
        return rows

    @cached_property
    def _actions(self) -> BitMap:
        return self.selection.actions_told(without=OF_UPDATES)

    def fetched(self, rows: StatusUpdateQuerySet) -> StatusUpdateQuerySet:
        return rows.for_change_log()

    def after(self, place: Logged | None, n: int) -> list[Logged]:
        """Return the places of so many updates behind one, which may have gone (one query)."""
        found, sure = BitMap(), 0
        for number, rows in self.view.all_editions(UPDATE, self.name):
            if place and number > place.edition:
                continue
            own = rows & self.kept
            found |= own
            # Of its own edition some come before it.
            sure += 0 if place and number == place.edition else len(own)
            if sure >= n:
                break
        updates = self.rows_of(found)
        if place:
            updates = updates.filter(_behind(place))
        ordered = updates.order_by("-edition_id", "-effective_day", "-pk")
        columns = ordered.values_list("edition_id", "effective_day", "pk")
        return [Logged(*row) for row in columns[:n]]


class FedUpdates(Sequence[Any]):
    """The same as a feed has them: what ended stands with the edition that ended it."""

    def __init__(self, selection: Selection) -> None:
        self.logged = LoggedUpdates(selection)
        self.view = selection.view

    def __len__(self) -> int:
        return len(self.logged)

    def __getitem__(self, part: Any) -> Any:
        """Return the updates of a slice (two queries and what rows need)."""
        found, before = self._covering(part.start, part.stop)
        ordered = self.logged.rows_of(found).in_order_of_feed()
        shown = ordered.values_list("pk", flat=True)[part.start - before : part.stop - before]
        return list(self.logged.rows_of(BitMap(shown)).for_feed())

    def _covering(self, start: int, stop: int) -> tuple[BitMap, int]:
        """Return all of the editions that a slice is of, and how many come before them."""
        found, before = BitMap(), 0
        for rows in self._editions_from(start):
            if not found and before + len(rows) <= start:
                before += len(rows)
            else:
                found |= rows
            if before + len(found) >= stop:
                break
        return found, before

    def _editions_from(self, start: int) -> Iterator[BitMap]:
        """Yield what was last said or ended by editions: of a hundred at once before a start."""
        later, kept = BitMap(), self.logged.kept
        for hundred, rows in self._last(None):
            own = rows & kept - later
            if len(later) + len(own) <= start:
                later |= own
                yield own
                continue
            for _number, rows_of_one in self._last(hundred):
                own = rows_of_one & kept - later
                later |= own
                yield own

    def _last(self, hundred: int | None) -> list[tuple[int, BitMap]]:
        """Return what hundreds of editions, or the editions of one, said or ended, newest first."""
        rows: dict[int, BitMap] = {}
        for name in (FROM, UNTIL):
            for number, own in self.view.editions(UPDATE, name, hundred):
                rows[number] = rows.get(number, BitMap()) | own
        return sorted(rows.items(), reverse=True)


class EndedUpdates(_ByEdition):
    """The updates that were corrected or retracted."""

    name, column = UNTIL, "ended_in_edition_id"

    @cached_property
    def kept(self) -> BitMap:
        return self.view.ended_updates()

    def fetched(self, rows: StatusUpdateQuerySet) -> StatusUpdateQuerySet:
        return rows.for_corrections()
