"""Rows of the CSV as plain values: what its columns can say of an action or recommendation.

A `Cell` stands in the file as it is: in its language, safe, and in quotation marks where it has to
be. What many rows say in the same words is made a cell once.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from recommendations.models.action import letters
from recommendations.statuses import Basis, EvidenceKind, Precision, Status

# A spreadsheet takes a cell that begins so for a formula; one set up for Japanese takes the
# full-width forms for the same.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
ENDS_A_CELL = re.compile('[",\r\n]')

# Of a date, as far as it is known.
LETTERS = {Precision.MONTH.value: 7, Precision.YEAR.value: 4}
IMPLEMENTED = Status.IMPLEMENTED.value

Cell = str


def safe(value: Any) -> str:
    """Return a text that no spreadsheet runs. Dates are ISO 8601; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    first = text[:1]
    # So is what begins with the mark itself: whoever takes one off has the text.
    if first in FORMULA_STARTS or (first == "'" and text.lstrip("'")[:1] in FORMULA_STARTS):
        return f"'{text}"
    return text


def cell_of(value: Any) -> Cell:
    """Return a safe cell as csv.writer would write it, which looks at each letter by itself."""
    text = safe(value)
    return '"' + text.replace('"', '""') + '"' if ENDS_A_CELL.search(text) else text


def stated(on: date | None, precision: str) -> Cell:
    """Return a date in ISO 8601 as exactly as it is known: 2025-03-24, 2025-03 or 2025."""
    if on is None:
        return ""
    return on.isoformat()[: LETTERS.get(precision, 10)]


class LabelCells(NamedTuple):
    codes: Cell = ""
    names: Cell = ""


class ReportCells(NamedTuple):
    slug: Cell
    title: Cell
    # What its newest research says of findings that nobody has confirmed.
    caveat: Cell


class Place(NamedTuple):
    """A recommendation, as its own row and those of its actions name it."""

    report: ReportCells
    section: Cell
    number: Cell
    headline: Cell
    origin: str
    areas: LabelCells
    bare_number: str
    url: Cell


class ActionRow(NamedTuple):
    """The columns of the database come first, in the order in which they are asked for."""

    pk: int
    recommendation: int
    status_since: date | None
    evidence_text: str | None
    number: int
    title: str
    kind: str
    ask_strength: str
    addressee: str
    status: str
    evidence_kind: str
    fell_from: str
    due_on: date | None
    schedule: str
    last_reviewed_on: date | None
    review_due_on: date | None
    recommendation_status: str
    edition: int
    edition_digest: str | None
    place: Place
    parties: LabelCells
    bodies: LabelCells
    since_on: date | None
    since_precision: str
    deadline_precision: str
    sources: SourceCells
    is_reviewed: bool

    @property
    def label(self) -> Cell:
        return cell_of(f"{self.place.bare_number}{letters(self.number)}")

    @property
    def stated_since(self) -> Cell:
        return stated(self.since_on, self.since_precision)

    @property
    def stated_precision(self) -> str:
        return self.since_precision if self.since_on else ""

    @property
    def lapsed(self) -> Cell:
        return "yes" if self.fell_from == IMPLEMENTED else "no"

    @property
    def second_review(self) -> Cell:
        if self.is_reviewed:
            return "confirmed"
        return "awaiting" if self.last_reviewed_on else "not assessed"

    @property
    def caveat(self) -> Cell:
        is_unconfirmed = not self.is_reviewed and self.last_reviewed_on
        return self.place.report.caveat if is_unconfirmed else ""

    @property
    def url(self) -> Cell:
        return f"{self.place.url}#action-{self.number}"


class RecommendationRow(NamedTuple):
    pk: int
    status: str
    status_since: date | None
    since_on: date | None
    since_precision: str
    edition: int
    edition_digest: str | None
    place: Place
    n_actions: int
    n_implemented: int
    n_unconfirmed: int

    @property
    def stated_since(self) -> Cell:
        return stated(self.since_on, self.since_precision)

    @property
    def stated_precision(self) -> str:
        return self.since_precision if self.since_on else ""

    @property
    def caveat(self) -> Cell:
        return self.place.report.caveat if self.n_unconfirmed else ""

    @property
    def url(self) -> Cell:
        return self.place.url


class SourceCells(NamedTuple):
    """How many sources there are of each kind."""

    primary: Cell
    official: Cell
    independent: Cell
    press: Cell
    announcement: Cell


@lru_cache(maxsize=4_096)
def sources_of(counts: str | None) -> SourceCells:
    """Return what the text of a column counts."""
    basis = Basis(**(json.loads(counts or "{}") or {}))
    return SourceCells(**{kind.value: str(basis.count(kind)) for kind in EvidenceKind})
