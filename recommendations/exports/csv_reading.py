"""Reads the rows of the CSV: those of some keys at a time, by a fixed number of queries.

No snapshot and no cursor is held between two times. Each is read in one state of the record, and
its rows say of which edition they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol

from django.db.models import F
from pyroaring import BitMap

from recommendations.figures.caveats import caveat_text, research_of
from recommendations.index.conditions import Keys
from recommendations.index.conditions import keys as among
from recommendations.index.keeping import Index, of_one_state
from recommendations.index.names import ACTION
from recommendations.models import Action, Body, Party, PolicyArea, Recommendation, Report
from recommendations.paths import path_of
from recommendations.querysets import ActionQuerySet
from recommendations.querysets.labels import label_keys
from recommendations.record import Record
from recommendations.statuses import Precision, Status
from recommendations.text.languages import plain_texts

from .csv_rows import (
    ActionRow,
    LabelCells,
    Place,
    RecommendationRow,
    ReportCells,
    cell_of,
    sources_of,
)

# Combinations of labels that are kept as they are written.
MOST_KEPT = 4_096
DETAIL = "recommendations:detail"
# What an address needs no sign for.
PLAIN_NUMBER = re.compile(r"[A-Za-z0-9.]+")
NONE = LabelCells()
OWNER, SINCE, COUNTS = (
    ActionRow._fields.index(name) for name in ("recommendation", "status_since", "evidence_text")
)


class RowReader(Protocol):
    @property
    def row(self) -> type[ActionRow] | type[RecommendationRow]: ...

    def rows(self, keys: Sequence[int]) -> Iterator[ActionRow] | Iterator[RecommendationRow]:
        """Return the rows of keys in their order, all of them read; what is gone is left out."""
        ...


# How a text is written: as a cell of a CSV, or as it is (`str`) in rows that have types.
Write = Callable[[str], str]


class Vocabulary:
    """Areas, parties or bodies in their order and in the language of the file."""

    def __init__(
        self,
        record: Record,
        model: type[PolicyArea] | type[Party] | type[Body],
        write: Write = cell_of,
    ) -> None:
        self.record, self.model, self.write = record, model, write
        self.entries: dict[int, tuple[int, str, str]] = {}
        self.labels = lru_cache(MOST_KEPT)(self._labels)

    def _labels(self, *keys: int) -> LabelCells:
        if not self.entries.keys() >= set(keys):
            self._read()
        found = sorted(self.entries[key] for key in keys if key in self.entries)
        return LabelCells(
            self.write("; ".join(slug for _place, slug, _name in found)),
            self.write("; ".join(name for _place, _slug, name in found)),
        )

    def _read(self) -> None:
        rows = enumerate(self.record.vocabulary(self.model))
        self.entries = {one.pk: (n, one.slug, str(one)) for n, one in rows}

    def of_each(self, owner: type[Action] | type[Recommendation], name: str, some: Keys) -> Any:
        """Return the labels of rows by their keys (one query); of those that have any."""
        pairs = label_keys(owner, name, some)
        return {pk: self.labels(*labels) for pk, labels in pairs.items()}


class Places:
    """What rows say of their recommendations and reports, in the language of the file."""

    COLUMNS = (
        *("pk", "report_id", "report__slug", "report__title", "report__subtitle"),
        *("section__title", "number", "headline", "origin"),
    )

    def __init__(self, record: Record, root: str, write: Write = cell_of) -> None:
        self.record, self.root, self.write = record, root, write
        self.areas = Vocabulary(record, PolicyArea, write)
        self.reports: dict[int, ReportCells] = {}
        # Of each, what stands before and behind the number of a recommendation.
        self.paths: dict[str, tuple[str, str]] = {}

    @cached_property
    def caveats(self) -> dict[int, str]:
        research = research_of(self.record)
        return {pk: self.write(caveat_text(edition)) for pk, edition in research.items()}

    def of(self, keys: Collection[int]) -> dict[int, Place]:
        """Return recommendations by their keys (two queries)."""
        some = among(keys)
        areas, write = self.areas.of_each(Recommendation, "areas", some), self.write
        section, headline = plain_texts("section.title"), plain_texts("recommendation.headline")
        rows = self.record.recommendations().unrestricted().filter(pk__in=some).order_by()
        found = {}
        for pk, report, *named, title, number, words, origin in rows.values_list(*self.COLUMNS):
            cells = self.reports.get(report) or self._report(report, *named)
            found[pk] = Place(
                cells,
                write(section(title)),
                write(number),
                write(headline(words)),
                origin,
                areas.get(pk, NONE),
                number,
                self.address(named[0], number),
            )
        return found

    def _report(self, pk: int, slug: str, title: str, subtitle: str) -> ReportCells:
        full_title = Report(title=title, subtitle=subtitle).full_title
        cells = ReportCells(self.write(slug), self.write(full_title), self.caveats.get(pk, ""))
        self.reports[pk] = cells
        return cells

    def address(self, report: str, number: str) -> str:
        return f"{self.root}{self._path(report, number)}"

    def _path(self, report: str, number: str) -> str:
        """Return the path of a recommendation, put together from another of the same report."""
        if not PLAIN_NUMBER.fullmatch(number):
            return path_of(DETAIL, report, number)
        if report not in self.paths:
            before, _slash, after = path_of(DETAIL, report, "1").rpartition("1")
            self.paths[report] = before, after
        before, after = self.paths[report]
        return f"{before}{number}{after}"


class ActionRows:
    """Actions of the record as its viewpoint sees them."""

    row = ActionRow
    COLUMNS = ActionRow._fields[: ActionRow._fields.index("place")]

    def __init__(self, record: Record, *, root: str, write: Write = cell_of) -> None:
        self.record, self.places = record, Places(record, root, write)
        self.parties, self.bodies = (Vocabulary(record, one, write) for one in (Party, Body))

    def rows(self, keys: Sequence[int]) -> Iterator[ActionRow]:
        def read(index: Index) -> Iterator[ActionRow]:
            return self.read(self.record.actions(), keys, index.view.rows(ACTION, "unreviewed"))

        return of_one_state(self.record.viewpoint, read)

    def read(
        self, actions: ActionQuerySet, keys: Sequence[int], unreviewed: BitMap
    ) -> Iterator[ActionRow]:
        """Return the rows of keys (seven queries). It is known which of them are not reviewed."""
        some = among(keys)
        rows = actions.filter(pk__in=some).for_csv(on=self.record.viewpoint.on).order_by()
        found = {row[0]: row for row in rows.values_list(*self.COLUMNS)}
        places = self.places.of({row[OWNER] for row in found.values()})
        parties = self.parties.of_each(Action, "parties", some)
        bodies = self.bodies.of_each(Action, "bodies", some)
        stated, deadlines = self._stated(some, found), self._deadlines(some)

        def whole(pk: int, row: Sequence[Any]) -> ActionRow:
            labels = places[row[OWNER]], parties.get(pk, NONE), bodies.get(pk, NONE)
            since = stated.get(pk, (row[SINCE], Precision.DAY.value))
            rest = deadlines.get(pk, ""), sources_of(row[COUNTS]), pk not in unreviewed
            return ActionRow._make((*row, *labels, *since, *rest))

        return (whole(pk, row) for pk in keys if (row := found.get(pk)) and row[OWNER] in places)

    def _stated(self, some: Keys, rows: Mapping[int, Sequence[Any]]) -> dict[int, tuple[date, str]]:
        """Return since when each has its status as the update that set it stated it.

        Of several on that day it is the most exact: what `stated_since()` says of single rows.
        """
        periods = self.record.periods_told().filter(action__in=some, update__isnull=False)
        if self.record.viewpoint.is_present:
            periods = periods.filter(starts_on=F("action__status_since"))
        # In the order of the alphabet a year comes after a month, and a month after a day.
        least_exact_first = periods.order_by("-update__effective_precision", "-pk")
        dates = ("starts_on", "update__effective_on", "update__effective_precision")
        return {
            pk: (on, precision)
            for pk, day, on, precision in least_exact_first.values_list("action_id", *dates)
            if pk in rows and day == rows[pk][SINCE]
        }

    def _deadlines(self, some: Keys) -> dict[int, str]:
        """Return the precision of the deadline of each that has one: of the one that decides."""
        found: dict[int, str] = {}
        deadlines = self.record.deadlines().filter(action__in=some).decisive_first()
        for pk, precision in deadlines.values_list("action_id", "precision"):
            found.setdefault(pk, precision)
        return found


class RecommendationRows:
    """Recommendations as the viewpoint of a record sees them, with counts of their actions."""

    row = RecommendationRow
    COLUMNS = RecommendationRow._fields[: RecommendationRow._fields.index("place")]

    def __init__(self, record: Record, *, root: str, write: Write = cell_of) -> None:
        self.record, self.places = record, Places(record, root, write)

    def rows(self, keys: Sequence[int]) -> Iterator[RecommendationRow]:
        return of_one_state(self.record.viewpoint, lambda index: self.read(keys, index))

    def read(self, keys: Sequence[int], index: Index) -> Iterator[RecommendationRow]:
        rows = self.record.recommendations().filter(pk__in=among(keys)).for_csv().order_by()
        found = {row[0]: row for row in rows.values_list(*self.COLUMNS)}
        places, count = self.places.of(found), counter(index)
        return (
            RecommendationRow._make((*row, places[pk], *count(pk)))
            for pk in keys
            if (row := found.get(pk)) and pk in places
        )


def counter(index: Index) -> Callable[[int], tuple[int, ...]]:
    """Return how many counted actions a recommendation has, done, and confirmed by nobody."""
    view = index.view
    counted = view.counted_actions
    sets = (
        counted,
        counted & view.rows(ACTION, "status", Status.IMPLEMENTED),
        counted & view.rows(ACTION, "unconfirmed"),
    )

    def count(recommendation: int) -> tuple[int, ...]:
        own = BitMap(view.structure.actions_of(recommendation))
        return tuple(own.intersection_cardinality(one) for one in sets)

    return count
