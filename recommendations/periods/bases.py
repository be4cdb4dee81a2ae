"""On which sources the status of an action rests, day by day: pure functions.

A status rests on the items of the update that set it and of those that repeated it since, and on
those of the updates that these rely on and that count still.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from recommendations.statuses import Basis, basis_of

from .spans import Claim, ToldSpan, decisive, editions_of, replay


@dataclass(frozen=True, slots=True)
class Source:
    """What counts of an item of evidence: its address and its kind.

    Of two spellings of one address it is the comparable one (text.web_addresses).
    """

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
        lenders = {one.update_id: one for one in _lenders_of(claim, by_id, seen=set())}
        if supports and supports[-1].claim.status == claim.status:
            lenders = {one.update_id: one for one in supports[-1].lenders} | lenders
        supports.append(Support(claim, tuple(lenders.values())))
    return supports


@dataclass(frozen=True, slots=True)
class BasisSpan:
    """From `starts_on` until `ends_on` (exclusive; None: still) a status rested on these sources.

    `kind` is the strongest of them, `counts` are pairs of a kind and a number.
    """

    kind: str
    counts: tuple[tuple[str, int], ...]
    starts_on: date
    ends_on: date | None


def basis_spans(claims: Collection[SourcedClaim]) -> list[BasisSpan]:
    """Return the spans of one action, oldest first. There is none where there is no source."""
    changes: list[tuple[date, Basis]] = []
    for support in supports_of(claims):
        basis = basis_of((source.address, source.kind) for source in support.sources)
        if not changes or changes[-1][1] != basis:
            changes.append((support.claim.effective_day, basis))
    ends: list[date | None] = [day for day, _basis in changes[1:]]
    return [
        BasisSpan(basis.strongest, tuple(sorted(basis.counts.items())), day, ends_on)
        for (day, basis), ends_on in zip(changes, [*ends, None], strict=False)
        if basis.counts
    ]


def basis_rows(claims: Collection[SourcedClaim]) -> list[ToldSpan[BasisSpan]]:
    """Return the rows that publishing edition after edition leaves behind."""
    return replay(
        editions_of(claims), lambda n: basis_spans([c for c in claims if c.counts.holds_in(n)])
    )


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
