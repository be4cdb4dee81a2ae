"""What a status rests on: how many sources of each kind, and the strongest of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from .vocabulary import EvidenceKind, EvidenceStrength

PHRASES: dict[EvidenceKind, Callable[[int], str]] = {
    EvidenceKind.PRIMARY: lambda n: ngettext("%(n)d primary", "%(n)d primary", n),
    EvidenceKind.OFFICIAL: lambda n: ngettext("%(n)d official", "%(n)d official", n),
    EvidenceKind.INDEPENDENT: lambda n: ngettext("%(n)d independent", "%(n)d independent", n),
    EvidenceKind.PRESS: lambda n: ngettext("%(n)d press", "%(n)d press", n),
    EvidenceKind.ANNOUNCEMENT: lambda n: ngettext("%(n)d announcement", "%(n)d announcements", n),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """How many sources of each kind. The names of the fields are those of the kinds."""

    primary: int = 0
    official: int = 0
    independent: int = 0
    press: int = 0
    announcement: int = 0

    def count(self, kind: EvidenceKind) -> int:
        return getattr(self, kind.value)

    @property
    def strongest(self) -> str:
        """Return the strongest kind, or "none". Of promises alone it is an announcement."""
        found = (kind.value for kind in EvidenceKind if self.count(kind))
        return next(found, EvidenceStrength.NONE.value)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind, without those of which there are none."""
        return {kind.value: self.count(kind) for kind in EvidenceKind if self.count(kind)}

    @property
    def phrases(self) -> list[str]:
        """Return "1 primary", "2 press": what the status rests on, promises left out."""
        return [
            PHRASES[kind](self.count(kind)) % {"n": self.count(kind)}
            for kind in EvidenceKind
            if self.count(kind) and kind != EvidenceKind.ANNOUNCEMENT
        ]

    @property
    def announced(self) -> str:
        """Return how many promises there are besides, which no status but one can rest on."""
        if not self.announcement:
            return ""
        phrase = PHRASES[EvidenceKind.ANNOUNCEMENT](self.announcement)
        return phrase % {"n": self.announcement}


def basis_of(sources: Iterable[tuple[str, str]]) -> Basis:
    """Return the basis that addresses and their kinds make.

    An address counts once, with the strongest kind that it is given.
    """
    strength = {kind.value: place for place, kind in enumerate(EvidenceKind)}
    kinds: dict[str, str] = {}
    for address, kind in sources:
        known = kinds.setdefault(address, kind)
        if strength[kind] < strength[known]:
            kinds[address] = kind
    counts = dict.fromkeys(strength, 0)
    for kind in kinds.values():
        counts[kind] += 1
    return Basis(**counts)
