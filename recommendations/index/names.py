"""How sets of the index are named: by whose they are, what is true of them, and which value it has.

Rows are told by their primary keys.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import QuerySet
from pyroaring import BitMap

# Of actions, of recommendations, or of the recommendations that have an action in the record of
# which it is true.
ACTION, RECOMMENDATION, HAVING = "action", "recommendation", "having"
# Of what was said of them, and from when until when.
UPDATE, STATUS_PERIOD, EVIDENCE_PERIOD = "update", "status period", "evidence period"
VERIFIABILITY_PERIOD = "verifiability period"
# Not a row: which updates judge the finding of a baseline.
JUDGEMENT = "judgement"

# Days on which a period begins and ends, and editions that first told something and no longer do.
BEGAN, ENDED = "began", "ended"
FROM, UNTIL = "from edition", "until edition"
# Of an update: the edition that published the next one on its action.
FOLLOWED = "followed in edition"
# Whose periods they are.
OF = "of"

# Behind a month in which the same happened to an action again.
AGAIN = "+"
# Sets by day have those without one too.
NO_DAY = ""
YES = "yes"

# A key of the database, in as many bytes as a set holds.
KEY = "I"

Key = tuple[str, str, str]
Sets = dict[Key, BitMap]
Values = dict[str, BitMap]
Rows = TypeVar("Rows", bound=QuerySet)


def within(name: str, hundred: int) -> str:
    """Return what the sets of the single editions of a hundred are named."""
    return f"{name} {hundred}.."


class Lists:
    """Keys by the sets that they go into."""

    def __init__(self) -> None:
        self._found: dict[Key, array[int]] = defaultdict(lambda: array(KEY))

    def add(self, unit: str, name: str, value: Any, pk: int) -> None:
        self._found[unit, name, str(value)].append(pk)

    def add_edition(self, unit: str, name: str, number: int, pk: int) -> None:
        """Add it twice: nobody who looks for all up to an edition reads each of forty thousand."""
        hundred = number // 100
        self.add(unit, name, hundred, pk)
        self.add(unit, within(name, hundred), number, pk)

    def sets(self) -> Sets:
        return {key: BitMap(rows) for key, rows in self._found.items()}


def narrowed(rows: Rows, recommendations: Collection[int] | None, path: str) -> Rows:
    """Return the rows of some recommendations; of all, where none are named."""
    if recommendations is None:
        return rows
    return rows.filter(**{f"{path}__in": recommendations})
