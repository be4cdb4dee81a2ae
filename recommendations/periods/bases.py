"""On which sources the status of an action rests, day by day: pure functions.

A status rests on the items of the update that decides it, and on those of the updates that this
one relies on and that count still. A confirmation has none of its own: what it relies on has, or
else the status that it confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .spans import Claim, decisive


@dataclass(frozen=True, slots=True)
class Source:
    """What counts of an item of evidence: its address and its kind."""

    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class SourcedClaim(Claim):
    relies_on: frozenset[int] = frozenset()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """A claim that decides the status from its day on, and the claims whose sources carry it."""

    claim: SourcedClaim
    lenders: tuple[SourcedClaim, ...]

    @property
    def sources(self) -> list[Source]:
        return [source for lender in self.lenders for source in lender.sources]


def supports_of(claims: Collection[SourcedClaim]) -> list[Support]:
    """Return what the status of an action rests on, oldest first, of the claims that count."""
    by_id = {claim.update_id: claim for claim in claims}
    supports: list[Support] = []
    for claim in decisive(claims):
        lenders = _lenders_of(claim, by_id, seen=set())
        if not lenders and supports and supports[-1].claim.status == claim.status:
            lenders = supports[-1].lenders
        supports.append(Support(claim, tuple(lenders)))
    return supports


def _lenders_of(
    claim: SourcedClaim, by_id: Mapping[int, SourcedClaim], *, seen: set[int]
) -> Iterable[SourcedClaim]:
    """Return itself, if it has sources, and what it relies on.

    What it relies on and has no source passes on what it relies on itself.
    """
    seen.add(claim.update_id)
    found = [claim] if claim.sources else []
    for pk in sorted(claim.relies_on & by_id.keys() - seen):
        other = by_id[pk]
        if pk in seen:
            continue
        if other.sources:
            seen.add(pk)
            found.append(other)
        else:
            found += _lenders_of(other, by_id, seen=seen)
    return found
