"""The actions that a dashboard or a scorecard is of, as the index has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from recommendations.index.keeping import Index
from recommendations.index.names import ACTION
from recommendations.index.view import View
from recommendations.querysets import ActionQuerySet
from recommendations.record import Record

# How the rows of a report, an area or a party are told in the database.
PATHS = {"report": "recommendation__report", "area": "recommendation__areas", "party": "parties"}


@dataclass(frozen=True)
class Scope:
    """The actions of a report, an area or a party, by its key; without a name, all there are."""

    index: Index
    record: Record
    name: str = ""
    key: int = 0

    @cached_property
    def view(self) -> View:
        view = self.index.view
        return view.of_report(self.key) if self.name == "report" else view

    @property
    def actions(self) -> ActionQuerySet:
        """All that ever came into the record, as rows of the database."""
        actions = self.record.actions()
        return actions.filter(**{PATHS[self.name]: self.key}) if self.name else actions

    @cached_property
    def rows(self) -> BitMap:
        """The counted ones, as keys."""
        if not self.name:
            return self.view.counted_actions
        return self.view.counted_actions & self.view.rows(ACTION, self.name, str(self.key))

    @cached_property
    def n_uncounted(self) -> int:
        if not self.name:
            return len(self.view.uncounted_actions)
        of_scope = self.view.rows(ACTION, self.name, str(self.key))
        return self.view.uncounted_actions.intersection_cardinality(of_scope)

    @property
    def parties(self) -> list[int]:
        """The keys of those whom it is about: a party itself, or all whom its actions ask."""
        if self.name == "party":
            return [self.key]
        return [int(key) for key in self.numbers("party", self.rows)]

    def among(self, name: str) -> dict[str, BitMap]:
        """Return the counted actions by each value of something that any of them has."""
        values = self.view.values(ACTION, name, on=self.record.viewpoint.on)
        found = ((value, self.rows & rows) for value, rows in values.items())
        return {value: rows for value, rows in found if rows}

    def numbers(self, name: str, rows: BitMap) -> dict[str, int]:
        """Return how many of some rows have each value of something."""
        values = self.view.values(ACTION, name, on=self.record.viewpoint.on)
        found = ((value, rows.intersection_cardinality(own)) for value, own in values.items())
        return {value: n for value, n in found if n}
