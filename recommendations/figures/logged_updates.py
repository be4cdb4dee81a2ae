"""Updates as the index finds them, what came last first: of the change log, its feed, corrections.

Of a long list the keys of a page come from the sets of the editions that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pyroaring import BitMap

from recommendations.filters.selection import Selection
from recommendations.index.conditions import keys
from recommendations.index.names import FROM, UNTIL, UPDATE
from recommendations.index.view import View, union
from recommendations.querysets import StatusUpdateQuerySet
from recommendations.record import Record

if TYPE_CHECKING:
    from recommendations.rows import LoggedUpdate

# Of an update, these ask for itself; the others ask for its action.
OF_UPDATES = ("status", "changed_since")


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
        if in_use - set(OF_UPDATES):
            rows = self.view.owners.owned_by(self._actions, rows)
        return rows

    @cached_property
    def _actions(self) -> BitMap:
        return self.selection.actions_told(without=OF_UPDATES)

    def fetched(self, rows: StatusUpdateQuerySet) -> StatusUpdateQuerySet:
        return rows.for_change_log()

    def newest(self, n: int) -> list[LoggedUpdate]:
        """Return those that were said or ended last, for a feed."""
        found = BitMap()
        for rows in self._last_hundreds():
            found |= rows
            if len(found) >= n:
                break
        newest = self.rows_of(found).in_order_of_feed().values_list("pk", flat=True)[:n]
        return cast("list[LoggedUpdate]", list(self.rows_of(BitMap(newest)).for_feed()))

    def _last_hundreds(self) -> Iterator[BitMap]:
        """Yield what is kept of what a hundred editions said or ended, the last of them first."""
        told = self.view.rows(UPDATE, "told")
        said = dict(self.view.editions(UPDATE, FROM))
        ended = dict(self.view.editions(UPDATE, UNTIL))
        for hundred in sorted({*said, *ended}, reverse=True):
            rows = said.get(hundred, BitMap()) | ended.get(hundred, BitMap())
            yield self._among(rows & told)


class EndedUpdates(_ByEdition):
    """The updates that were corrected or retracted."""

    name, column = UNTIL, "ended_in_edition_id"

    @cached_property
    def kept(self) -> BitMap:
        return self.view.ended_updates()

    def fetched(self, rows: StatusUpdateQuerySet) -> StatusUpdateQuerySet:
        return rows.for_corrections()
