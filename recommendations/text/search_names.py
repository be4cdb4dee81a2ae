"""Names that mean the same to search, and the reports that some of them are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        if not self.reports:
            return set()
        longest = max(map(len, self.reports))
        found = set()
        for terms in phrases_of(text):
            for start in range(len(terms)):
                key: Key = ()
                for term in terms[start : start + longest]:
                    key += term.tokens
                    if key in self.reports:
                        found.add(self.reports[key])
        return found


NO_NAMES = SearchNames({}, {})
kept_key = lru_cache(maxsize=10_000)(key_of_name)
