"""Which actions and recommendations have the words that are asked for, and in what order.

A term is found in the wording of a recommendation, in that of an action, or in an update that
counts at the viewpoint. An action has the words of its recommendation too; a recommendation has
those of its actions in the record.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from threading import Lock

from pyroaring import BitMap

from recommendations.text.queries import Part, Query, Term

from . import frequent
from .building import write_words
from .facts import ACTION
from .frequent import COLUMNS, OF_UPDATES, WORDING
from .view import View

# Where all words stand in the first of these, matches come first; then in the first two; and so on.
TIERS = (("number", "headline"), ("title",), ("rest", "note"), ("evidence",))
EVERYWHERE = frozenset(WORDING + OF_UPDATES)
# Sets of hits that a process keeps: one has 250 kB at most where there are two million updates.
MOST_KEPT = 100


@dataclass
class Kept:
    """What was found before in one state of the index, the last asked for kept longest."""

    found: OrderedDict[tuple[object, ...], BitMap] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[object, ...]) -> BitMap | None:
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
            return self.found.get(key)

    def keep(self, key: tuple[object, ...], rows: BitMap) -> BitMap:
        with self.lock:
            self.found[key] = rows
            while len(self.found) > MOST_KEPT:
                self.found.popitem(last=False)
        return rows


class Words:
    """Words as a viewpoint has them. `kept` is of the same state of the index."""

    def __init__(self, view: View, kept: Kept) -> None:
        self.view, self.kept, self.store = view, kept, view.store

    def hits(self, query: Query, unit: str, fields: Collection[str] = EVERYWHERE) -> BitMap:
        """Return the rows of a unit that have what is wanted and not what is unwanted.

        Of words that are looked for nowhere there are none.
        """
        if not query:
            return BitMap()
        if not self.store.has_words:
            write_words(self.store)
        wanted = self._with_all(query.wanted, unit, fields) if query.wanted else None
        if wanted is None:
            wanted = self._everything(unit)
        for group in query.unwanted:
            wanted = wanted - self._with_all(group, unit, EVERYWHERE)
        return wanted

    def tiers(self, query: Query, unit: str) -> Iterator[tuple[int, BitMap]]:
        """Yield the hits in the order of their fields, each once: the exact number first.

        With each stands its place, which does not depend on what else is found.
        """
        rest = self.hits(query, unit)
        numbers = self._numbered(query, unit)
        fields: tuple[str, ...] = ()
        in_order: list[BitMap | tuple[str, ...]] = [numbers, *TIERS]
        for place, tier in enumerate(in_order):
            if isinstance(tier, BitMap):
                found = tier & rest
            else:
                fields += tier
                found = self.hits(query, unit, frozenset(fields)) & rest
            if found:
                yield place, found
            rest = rest - found
            if not rest:
                return

    def _numbered(self, query: Query, unit: str) -> BitMap:
        """Return what has exactly the number that is asked for: "1.1", or "1.1a"."""
        wanted = query.wanted[0] if len(query.wanted) == 1 else None
        if not isinstance(wanted, Term) or wanted.is_prefix:
            return BitMap()
        number = " ".join(wanted.tokens)
        if not any(letter.isdigit() for letter in number):
            # Each number has a digit, and a page asks for words more often.
            return BitMap()
        match = f'number : "{number}"'
        found = {
            name: BitMap(
                pk
                for (pk,) in self.store.execute(
                    f"SELECT rowid FROM {name}_words WHERE {name}_words MATCH ? AND number = ?",
                    (match, number),
                )
            )
            for name in ("recommendation", "action")
        }
        structure = self.view.structure
        if unit == ACTION:
            return found["action"] | structure.actions_of_all(found["recommendation"])
        actions = found["action"] & self.view.actions_in_record
        return found["recommendation"] | structure.owners_of(actions)

    def _everything(self, unit: str) -> BitMap:
        structure = self.view.structure
        return BitMap(structure.actions if unit == ACTION else structure.recommendations)

    def _with_all(self, parts: Collection[Part], unit: str, fields: Collection[str]) -> BitMap:
        return BitMap.intersection(*(self._with_part(part, unit, fields) for part in parts))

    def _with_part(self, part: Part, unit: str, fields: Collection[str]) -> BitMap:
        if isinstance(part, Term):
            return self._with(part, unit, fields)
        names = (part.words, *part.others)
        return BitMap.union(*(self._with_all(terms, unit, fields) for terms in names))

    def _with(self, term: Term, unit: str, fields: Collection[str]) -> BitMap:
        key = (self.view.key, term, unit, frozenset(fields))
        found = self.kept.get(key)
        return self.kept.keep(key, self._found(term, unit, fields)) if found is None else found

    def _found(self, term: Term, unit: str, fields: Collection[str]) -> BitMap:
        structure = self.view.structure
        of_recommendations = self._matching("recommendation_words", term, fields)
        actions = self._matching("action_words", term, fields)
        actions |= self._of_updates(term, fields)
        if unit == ACTION:
            return actions | structure.actions_of_all(of_recommendations)
        return of_recommendations | structure.owners_of(actions & self.view.actions_in_record)

    def _of_updates(self, term: Term, fields: Collection[str]) -> BitMap:
        """Return the actions of the updates that count here and have a term."""
        updates = self._matching("update_words", term, fields) & self.view.updates
        return self.view.owners.of(updates)

    def _matching(self, table: str, term: Term, fields: Collection[str]) -> BitMap:
        wanted = [name for name in COLUMNS[table] if name in fields]
        if not wanted:
            return BitMap()
        if len(term.tokens) == 1 and not term.is_prefix:
            rows = frequent.rows_with(self.store, table, wanted, term.tokens[0])
            if rows is not None:
                return rows
        return frequent.searched(self.store, table, wanted, fts5(term))


def fts5(term: Term) -> str:
    """Return a term in the language of SQLite's full-text search, quoted."""
    quoted = f'"{" ".join(term.tokens)}"'
    return f"{quoted} *" if term.is_prefix else quoted
