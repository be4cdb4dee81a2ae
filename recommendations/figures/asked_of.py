"""A party alone, told from all that ask something of it."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.addressee_groups import groups
from recommendations.index.names import ACTION
from recommendations.models import Party

from .scope import Scope


@dataclass(frozen=True)
class AskedOf:
    """How many actions of a scope ask something of a party, and how many of it alone.

    `is_whole` says that its own page has no others.
    """

    party: Party
    addressee: str
    n: int
    alone: int
    is_whole: bool

    @property
    def name(self) -> str:
        return str(self.party)


def asked_of(scope: Scope) -> list[AskedOf]:
    """Return the parties that rows of addressees name alone, in the order of rows (one query)."""
    addressees = scope.among("addressee")
    alone = {one.party: one.code for one in groups() if one.party and addressees.get(one.code)}
    known = scope.record.parties(alone)
    return [
        _asked_of(scope, known[slug], code, len(addressees[code]))
        for slug, code in alone.items()
        if slug in known
    ]


def _asked_of(scope: Scope, party: Party, addressee: str, alone: int) -> AskedOf:
    all_rows = scope.view.rows(ACTION, "party", str(party.pk)) & scope.view.counted_actions
    n = all_rows.intersection_cardinality(scope.rows)
    return AskedOf(party, addressee, n, alone, n == len(all_rows))
