"""Names that mean the same to search, and the reports that some of them are of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .queries import OtherNames, Query, key_of_name, parse, phrases_of

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchNames:
    """By what two spellings of a name have in common: the other names, and the report."""

    others: OtherNames
    reports: Mapping[Key, int]

    @classmethod
    def of(cls, groups: Iterable[tuple[str, int | None]]) -> SearchNames:
        """Return them of groups of names, one a line, each with the key of its report."""
        others: dict[Key, list[str]] = {}
        reports: dict[Key, int] = {}
        for names, report in groups:
            keyed = {key: name for name in names.split("\n") if (key := kept_key(name))}
            for key in keyed:
                rest = [name for other, name in keyed.items() if other != key]
                if rest:
                    others[key] = rest
                if report is not None:
                    reports[key] = report
        return cls(others, reports)

    def query(self, text: str) -> Query:
        return parse(text, self.others)

    def reports_in(self, text: str) -> set[int]:
        """Return the keys of the reports whose names stand in what is asked for."""
        return {self.reports[key] for key in _names_in(text, self.reports)}

    def others_in(self, text: str) -> list[str]:
        """Return the other names of what a text names, each once."""
        names = (name for key in _names_in(text, self.others) for name in self.others[key])
        return list(dict.fromkeys(names))


def _names_in(text: str, known: Collection[Key]) -> Iterator[Key]:
    """Yield those of the known names that stand in a text."""
    longest = max(map(len, known), default=0)
    for terms in phrases_of(text) if longest else ():
        for start in range(len(terms)):
            key: Key = ()
            for term in terms[start : start + longest]:
                key += term.tokens
                if key in known:
                    yield key


NO_NAMES = SearchNames({}, {})
kept_key = lru_cache(maxsize=10_000)(key_of_name)
