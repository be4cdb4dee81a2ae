"""Two parties side by side: what is asked of each alone of the two, and what of both.

All figures are those of the pages of the parties, counted by the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from pyroaring import BitMap

from recommendations.index.keeping import Index
from recommendations.models import Party, PolicyArea
from recommendations.record import Record
from recommendations.text.languages import plain

from .counts import Counts
from .dashboard import SCORECARD_ACTIONS
from .scope import Scope

if TYPE_CHECKING:
    from recommendations.rows import ListedAction

# More of a kind than one reads; the pages of the parties have the rest.
SHOWN_ACTIONS = 40


@dataclass(frozen=True)
class Side:
    """A party, and the actions that are asked of it."""

    party: Party
    scope: Scope

    @cached_property
    def counts(self) -> Counts:
        return counts_of(self.scope, self.scope.rows)

    @property
    def name(self) -> str:
        return str(self.party)


@dataclass(frozen=True)
class AreaRow:
    """What is asked of each in a policy area."""

    slug: str
    label: str
    first: Counts
    second: Counts


@dataclass(frozen=True)
class Share:
    """Actions that are asked of one of the two alone, or of both."""

    counts: Counts
    actions: Sequence[ListedAction]

    @property
    def rest(self) -> int:
        return self.counts.total - len(self.actions)


def counts_of(scope: Scope, rows: BitMap) -> Counts:
    return Counts(scope.numbers("status", rows))


@dataclass(frozen=True)
class TwoParties:
    first: Side
    second: Side
    record: Record

    @classmethod
    def of(cls, first: Party, second: Party, *, record: Record, index: Index) -> TwoParties:
        def side(party: Party) -> Side:
            return Side(party, Scope(index, record, "party", party.pk))

        return cls(side(first), side(second), record)

    @cached_property
    def areas(self) -> list[AreaRow]:
        """Return the policy areas of either, those with most actions first (one query)."""
        of_first, of_second = (side.scope.among("area") for side in (self.first, self.second))
        keys = [int(key) for key in {*of_first, *of_second}]
        none, scope = BitMap(), self.first.scope
        rows = [
            AreaRow(
                area.slug,
                plain(area.name, "policyarea.name"),
                counts_of(scope, of_first.get(str(area.pk), none)),
                counts_of(scope, of_second.get(str(area.pk), none)),
            )
            for area in self.record.labels(PolicyArea, keys)
        ]
        return sorted(rows, key=lambda row: (-max(row.first.total, row.second.total), row.slug))

    @cached_property
    def shares(self) -> dict[str, Share]:
        """Return what is asked of either alone and of both (four queries)."""
        first, second = self.first.scope.rows, self.second.scope.rows
        sets = {"first": first - second, "second": second - first, "both": first & second}
        in_order = self.first.scope.view.structure.actions_in_order
        shown = {name: list(islice(in_order(rows), SHOWN_ACTIONS)) for name, rows in sets.items()}
        keys = [key for some in shown.values() for key in some]
        by_key = {one.pk: one for one in SCORECARD_ACTIONS(self.record.viewpoint, keys=keys)}
        return {
            name: Share(
                counts_of(self.first.scope, rows),
                [by_key[key] for key in shown[name] if key in by_key],
            )
            for name, rows in sets.items()
        }
