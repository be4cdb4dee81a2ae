"""Rows of the CSV as plain values: what its columns can say of an action or recommendation.

What many rows say in the same words is a cell already: in the language of the file, and safe.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from recommendations.statuses import Basis, EvidenceKind

# A spreadsheet takes a cell that begins so for a formula; one set up for Japanese takes the
# full-width forms for the same.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def safe(value: Any) -> str:
    """Return a cell that no spreadsheet runs. Dates are ISO 8601; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


class LabelCells(NamedTuple):
    codes: str = ""
    names: str = ""


class ReportCells(NamedTuple):
    slug: str
    title: str
    # What its newest research says of findings that nobody has confirmed.
    caveat: str


class PlaceCells(NamedTuple):
    """A recommendation, as its own row and those of its actions name it."""

    report: ReportCells
    section: str
    number: str
    headline: str
    origin: str
    areas: LabelCells
    path: str


class ActionRow(NamedTuple):
    """The columns of the database come first, in the order in which they are asked for."""

    pk: int
    recommendation: int
    status_since: date | None
    number: int
    title: str
    kind: str
    ask_strength: str
    addressee: str
    status: str
    evidence_kind: str
    evidence_text: str | None
    fell_from: str
    due_on: date | None
    schedule: str
    last_reviewed_on: date | None
    review_due_on: date | None
    recommendation_status: str
    edition: int
    edition_digest: str | None
    place: PlaceCells
    parties: LabelCells
    bodies: LabelCells
    since_on: date | None
    since_precision: str
    deadline_precision: str | None
    # How many there are of each kind.
    sources: tuple[int, ...]
    is_reviewed: bool

    @property
    def is_unconfirmed(self) -> bool:
        """Whether somebody has looked at it, and no reviewer has confirmed the finding."""
        return not self.is_reviewed and self.last_reviewed_on is not None

    @property
    def path(self) -> str:
        return f"{self.place.path}#action-{self.number}"


class RecommendationRow(NamedTuple):
    pk: int
    status: str
    status_since: date | None
    since_on: date | None
    since_precision: str
    edition: int
    edition_digest: str | None
    place: PlaceCells
    n_actions: int
    n_implemented: int
    n_unconfirmed: int

    @property
    def is_unconfirmed(self) -> bool:
        return bool(self.n_unconfirmed)

    @property
    def path(self) -> str:
        return self.place.path


@lru_cache(maxsize=4_096)
def sources_of(counts: str | None) -> tuple[int, ...]:
    """Return how many sources of each kind there are, from the text of a column."""
    basis = Basis(**(json.loads(counts or "{}") or {}))
    return tuple(basis.count(kind) for kind in EvidenceKind)
