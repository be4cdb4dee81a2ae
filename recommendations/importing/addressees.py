"""Who is asked: parties and bodies that the tracker knows, found in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class AddresseeNames:
    """Parties and bodies by their names: {"Washington": "united-states"}, {"SDF": "self-defense"}.

    Values are slugs. Longer names are found before shorter ones inside them.
    """

    parties: Mapping[str, str]
    bodies: Mapping[str, str]
    # The party of a body, by the slug of the body.
    party_of: Mapping[str, str]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        names = sorted({*self.parties, *self.bodies}, key=len, reverse=True)
        return re.compile("|".join(_as_word(name) for name in names)) if names else None

    def named_in(self, text: str) -> Addressees:
        """Return who is named, each once, in the order of the text."""
        found = self._pattern.findall(text) if self._pattern else []
        parties = [self.parties[name] for name in found if name in self.parties]
        bodies = [self.bodies[name] for name in found if name in self.bodies]
        parties += [self.party_of[slug] for slug in bodies if slug in self.party_of]
        return Addressees(_once(parties), _once(bodies))


@dataclass(frozen=True)
class Addressees:
    parties: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()


def _as_word(name: str) -> str:
    """Return a pattern that finds a Latin name as a word, and any other as it stands."""
    pattern = re.escape(name)
    if re.match(r"\w", name, re.ASCII):
        pattern = r"(?<![A-Za-z0-9])" + pattern
    # "Japan's" names Japan, and "Japanese" does not.
    return pattern + r"(?![A-Za-z0-9])" if re.search(r"\w$", name, re.ASCII) else pattern


def _once(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slugs))
