"""Pages of a table: which rows, in which order, and where the next ones begin.

No page is found by counting the rows before it, which costs more the further one goes and skips
rows where some are published or withdrawn meanwhile.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from recommendations.exports.tables import actions as of_actions
from recommendations.exports.tables import history, sources, structure
from recommendations.exports.tables.registry import TABLES, Table
from recommendations.exports.tables.source import Source
from recommendations.figures.logged_updates import Logged, LoggedUpdates
from recommendations.filters import Unit
from recommendations.filters.selection import Place, Selection
from recommendations.kept_of_state import kept_of_state
from recommendations.web.filtering import FILTERS

from .asked import Asked
from .cursors import cursor_of, place_of


class Page(NamedTuple):
    """The keys of some rows, of how many, and the cursor of what comes behind them."""

    keys: Sequence[int]
    total: int
    cursor: str


class Collection:
    """A table as it can be asked for.

    `parameters` are those that it takes besides what all take; `place` is what a cursor holds.
    """

    parameters: tuple[str, ...] = ()
    unit = ""
    place: Any = int

    def __init__(self, table: Table) -> None:
        self.table, self.name = table, table.name

    def page(self, asked: Asked) -> Page:
        """Return the page that is asked for, or raise BadAddress."""
        query, most = asked.query, asked.limit
        start = place_of(asked.cursor, self.place, query=query) if asked.cursor else None
        # One more tells whether there is a next page.
        found = self.behind(asked, start, most + 1)
        shown = found[:most]
        cursor = cursor_of(shown[-1][0], query=query) if len(found) > most else ""
        return Page([key for _place, key in shown], self.total(asked), cursor)

    def behind(self, asked: Asked, start: Any, n: int) -> Sequence[tuple[Any, int]]:
        """Return places and keys of so many rows behind a place, or from the first on."""
        raise NotImplementedError

    def total(self, asked: Asked) -> int:
        raise NotImplementedError

    def all_keys(self, asked: Asked) -> Sequence[int]:
        """Return the keys of all rows that are asked for, in the order of the pages."""
        raise NotImplementedError


class Listed(Collection):
    """Actions or recommendations, as the list shows them."""

    parameters = (*FILTERS, "sort")
    place = Place

    def __init__(self, table: Table, unit: Unit) -> None:
        super().__init__(table)
        self.unit = unit.value

    def behind(self, asked: Asked, start: Any, n: int) -> Sequence[tuple[Any, int]]:
        places = islice(self._selection(asked).after(start), n)
        return [(place, place.key) for place in places]

    def total(self, asked: Asked) -> int:
        return len(self._selection(asked).kept())

    def all_keys(self, asked: Asked) -> Sequence[int]:
        return list(self._selection(asked).all_keys())

    def _selection(self, asked: Asked) -> Selection:
        return Selection(asked.filterset, asked.request.index)


class InLog(Collection):
    """Updates, as the change log shows them."""

    parameters = FILTERS
    place = Logged

    def behind(self, asked: Asked, start: Any, n: int) -> Sequence[tuple[Any, int]]:
        return [(place, place.key) for place in self._log(asked).after(start, n)]

    def total(self, asked: Asked) -> int:
        return len(self._log(asked))

    def all_keys(self, asked: Asked) -> Sequence[int]:
        return [place.key for place in self._log(asked).after(None, self.total(asked))]

    def _log(self, asked: Asked) -> LoggedUpdates:
        return LoggedUpdates(Selection(asked.filterset, asked.request.index))


class InOrder(Collection):
    """Rows of the database by columns that never repeat together, of a report or of an action.

    `paths` say by which columns they are of what a parameter names.
    """

    place = tuple[int, ...]

    def __init__(
        self,
        table: Table,
        rows: Callable[[Source], QuerySet],
        *,
        order: tuple[str, ...] = ("pk",),
        **paths: str,
    ) -> None:
        super().__init__(table)
        self.rows, self.order, self.paths = rows, order, paths
        self.parameters = tuple(paths)

    def behind(self, asked: Asked, start: Any, n: int) -> Sequence[tuple[Any, int]]:
        rows = self._asked(asked)
        if start is not None:
            rows = rows.filter(_behind(self.order, start))
        found = rows.order_by(*self.order).values_list(*self.order, "pk")[:n]
        return [(place, key) for *place, key in found]

    def total(self, asked: Asked) -> int:
        if any(asked.single(name) for name in self.paths):
            return self._asked(asked).count()
        source = asked.source
        name = f"rows of {self.name}"
        return kept_of_state(source.record.viewpoint, name, lambda: self._asked(asked).count())

    def all_keys(self, asked: Asked) -> Sequence[int]:
        keys = self._asked(asked).order_by(*self.order).values_list("pk", flat=True)
        return list(keys.iterator(chunk_size=10_000))

    def _asked(self, asked: Asked) -> QuerySet:
        rows = self.rows(asked.source)
        if "report" in self.paths and asked.report:
            rows = rows.filter(**{self.paths["report"]: asked.report})
        if "action" in self.paths and asked.action:
            rows = rows.filter(**{self.paths["action"]: asked.action.pk})
        if "source" in self.paths and (slug := asked.cited_source):
            rows = rows.filter(**{self.paths["source"]: slug})
        return rows


def _behind(order: Sequence[str], place: Sequence[int]) -> Q:
    """Ask for what stands behind a place: a later value of a column, those before it the same."""
    found = Q()
    for n, name in enumerate(order):
        same = dict(zip(order[:n], place[:n], strict=False))
        found |= Q(**same, **{f"{name}__gt": place[n]})
    return found


class Few(Collection):
    """Rows of which all keys are told at once, in the order of the keys."""

    def behind(self, asked: Asked, start: Any, n: int) -> Sequence[tuple[Any, int]]:
        keys = self.all_keys(asked)
        first = 0 if start is None else bisect_right(keys, start)
        return [(key, key) for key in keys[first : first + n]]

    def total(self, asked: Asked) -> int:
        return len(self.all_keys(asked))

    def all_keys(self, asked: Asked) -> Sequence[int]:
        source = asked.source
        name = f"keys of {self.name}"
        return kept_of_state(source.record.viewpoint, name, lambda: self.table.keys(source))


class Terms(Few):
    """The entries of all vocabularies, or of one."""

    parameters = ("vocabulary",)

    def all_keys(self, asked: Asked) -> Sequence[int]:
        name, keys = asked.single("vocabulary"), super().all_keys(asked)
        if not name:
            return keys
        terms = self.table.read(asked.source, keys)
        own = [key for key, term in zip(keys, terms, strict=True) if term.vocabulary == name]
        if not own:
            raise asked.unknown("vocabulary", name)
        return own


REPORT_OF_ACTION = "action__recommendation__report__slug"
_ALL: list[Collection] = [
    Few(TABLES["reports"]),
    InOrder(
        TABLES["sections"],
        structure.sections,
        order=("report_id", "position", "pk"),
        report="report__slug",
    ),
    Listed(TABLES["recommendations"], Unit.RECOMMENDATIONS),
    Listed(TABLES["actions"], Unit.ACTIONS),
    InOrder(
        TABLES["deadlines"],
        of_actions.deadlines,
        report=REPORT_OF_ACTION,
        action="action",
    ),
    InLog(TABLES["updates"]),
    InOrder(
        TABLES["evidence"],
        history.evidence,
        order=("update_id", "position"),
        report=f"update__{REPORT_OF_ACTION}",
        action="update__action",
    ),
    InOrder(TABLES["sources"], sources.sources),
    InOrder(TABLES["captures"], sources.captures, source="source__slug"),
    Few(TABLES["editions"]),
    InOrder(TABLES["codings"], history.codings, report=REPORT_OF_ACTION, action="action"),
    Few(TABLES["relations"]),
    Terms(TABLES["terms"]),
    Few(TABLES["translations"]),
]
COLLECTIONS = {one.name: one for one in _ALL}
