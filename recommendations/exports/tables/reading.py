"""Reads a whole table some rows at a time, all of them as one edition told them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from recommendations.index.keeping import of_one_state, opened_at
from recommendations.index.names import UPDATE
from recommendations.models import Edition
from recommendations.viewpoint import Viewpoint

from .registry import TABLES, Table
from .source import Keys, Source

# So many rows are in memory at once.
CHUNK = 2_000


@dataclass(frozen=True)
class Pinned:
    """Tables of one edition: that of the viewpoint, or the newest one when reading began.

    What is published meanwhile ends the present that it began with. From then on the rows are read
    as that edition told them, which takes longer and says the same.
    """

    source: Source
    edition: Edition | None
    keys: dict[str, array[int]]

    @classmethod
    def begin(cls, source: Source, names: Sequence[str] = tuple(TABLES)) -> Pinned:
        """Find out which rows there are, in one state of the record."""

        def found(_index: object) -> Pinned:
            keys = {name: TABLES[name].keys(source) for name in names}
            return cls(source, source.record.newest_edition(), keys)

        return of_one_state(source.record.viewpoint, found)

    @property
    def number(self) -> int | None:
        return self.edition.number if self.edition else None

    @property
    def digest(self) -> str:
        return (self.edition.digest if self.edition else "") or ""

    def __len__(self) -> int:
        return sum(len(keys) for keys in self.keys.values())

    def chunks(self, name: str, size: int = CHUNK) -> Iterator[Sequence[Any]]:
        table, keys, source = TABLES[name], self.keys[name], self.source
        for start in range(0, len(keys), size):
            some = keys[start : start + size]
            rows, number = _read(table, source, some)
            if number != self.number:
                source = self._of_edition()
                rows, _number = _read(table, source, some)
            yield rows

    def rows(self, name: str) -> Iterator[Any]:
        for chunk in self.chunks(name):
            yield from chunk

    def _of_edition(self) -> Source:
        record = self.source.record
        viewpoint: Viewpoint = replace(record.viewpoint, edition=self.edition)
        return self.source.seen_from(replace(record, viewpoint=viewpoint))


def _read(table: Table, source: Source, keys: Keys) -> tuple[Sequence[Any], int | None]:
    """Return rows and the edition that told them, in one state of the record."""

    def read(_index: object) -> tuple[Sequence[Any], int | None]:
        newest = source.record.newest_edition()
        return table.rows(source, keys), newest.number if newest else None

    return of_one_state(source.record.viewpoint, read)


def least_rows(source: Source) -> int:
    """Return how many rows there are at least: those of updates, which the index counts."""
    with opened_at(source.record.viewpoint) as index:
        return len(index.view.rows(UPDATE, "told"))
