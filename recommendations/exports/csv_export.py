"""CSV of exactly what is filtered, row by row: columns are data, never a list of rows in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommendations.models import Action, Recommendation

CHUNK = 500
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Stamp:
    """What every row repeats, so that it can be cited alone."""

    as_of: date
    edition: int | None
    root: str


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe(value: Any) -> str:
    """Return a cell that no spreadsheet runs. Dates are ISO 8601, no value is empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _names(items: Iterable[Any]) -> str:
    return "; ".join(item.name for item in items)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _second_review(action: Action) -> str:
    if action.is_reviewed:
        return "confirmed"
    return "awaiting" if action.last_reviewed_on else "not assessed"


Column = tuple[str, Callable[[Any], Any]]

OF_RECOMMENDATION: list[Column] = [
    ("report", lambda r: r.report.slug),
    ("section", lambda r: r.section.title),
    ("recommendation_number", lambda r: r.number),
    ("recommendation", lambda r: r.headline),
    ("recommendation_status", lambda r: r.status),
    ("recommendation_status_label", lambda r: r.get_status_display()),
    ("origin", lambda r: r.origin),
    ("areas", lambda r: _names(r.areas.all())),
]
RECOMMENDATION_COLUMNS: list[Column] = [
    *OF_RECOMMENDATION,
    ("status_since", lambda r: r.status_since),
    ("actions", lambda r: r.n_actions),
    ("actions_implemented", lambda r: r.n_implemented),
]
ACTION_COLUMNS: list[Column] = [
    *((name, lambda a, get=get: get(a.recommendation)) for name, get in OF_RECOMMENDATION),
    ("action_number", lambda a: a.label),
    ("action", lambda a: a.title),
    ("kind", lambda a: a.kind),
    ("ask_strength", lambda a: a.ask_strength),
    ("parties", lambda a: _names(a.parties.all())),
    ("addressee", lambda a: a.addressee),
    ("addressee_label", lambda a: a.get_addressee_display()),
    ("bodies", lambda a: _names(a.bodies.all())),
    ("status", lambda a: a.status),
    ("status_label", lambda a: a.get_status_display()),
    ("status_since", lambda a: a.status_since),
    ("lapsed", lambda a: _yes(a.is_lapsed)),
    ("deadline", lambda a: a.due_on),
    ("schedule", lambda a: a.schedule),
    ("last_reviewed_on", lambda a: a.last_reviewed_on),
    ("review_due_on", lambda a: a.review_due_on),
    ("second_review", _second_review),
]


def columns_of(model: type) -> list[Column]:
    return RECOMMENDATION_COLUMNS if model is Recommendation else ACTION_COLUMNS


def lines(rows, stamp: Stamp) -> Iterator[str]:
    """Yield the lines of the file. `rows` is a queryset prepared by its `for_csv()`."""
    columns = columns_of(rows.model)
    write = csv.writer(Echo()).writerow
    yield write(["as_of", "edition", *(name for name, _get in columns), "url"])
    for row in rows.iterator(chunk_size=CHUNK):
        cells = [stamp.as_of, stamp.edition, *(get(row) for _name, get in columns)]
        yield write([safe(cell) for cell in [*cells, f"{stamp.root}{row.get_absolute_url()}"]])
