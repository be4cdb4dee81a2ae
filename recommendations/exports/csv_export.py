"""CSV of exactly what is filtered, row by row: columns are data, never a list of rows in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models.enums import Choices
from django.utils import translation

from recommendations.addressee_groups import GroupLabels
from recommendations.models.action import ActionKind, AskStrength
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.statuses import EvidenceKind, EvidenceStrength, Schedule, Status
from recommendations.text.languages import plain_texts

from .csv_reading import RowReader
from .csv_rows import ActionRow, Cell, cell_of

# So many rows are in memory at once.
CHUNK = 4_000
# Without it Excel takes a file for one in the old encoding of its system. In English hardly a
# letter shows that, and programs that know no such mark can do without.
BYTE_ORDER_MARK = "\ufeff"
LINE_END = "\r\n"


class Column(NamedTuple):
    """Its name, and where a row has its value: a code or a cell, which are written as they are.

    Of values that are neither it says what to write: `labels` in the place of a code, a date or a
    number as it `is_value`, or a text of the record of some `kind`, in the language of the file.
    """

    name: str
    attribute: str
    labels: type[Choices] | GroupLabels | None = None
    is_value: bool = False
    kind: str = ""

    @property
    def is_as_it_is(self) -> bool:
        return not (self.labels or self.is_value or self.kind)

    def writing(self) -> Callable[[Any], Cell]:
        """Return what writes its values in the active language."""
        if self.kind:
            text = plain_texts(self.kind)
            return lambda value: cell_of(text(value))
        known = {code: cell_of(label) for code, label in self.labels.choices} if self.labels else {}
        return Written(known).__getitem__


class Written(dict[Any, Cell]):
    """What is written for each of a few values, found out once for each."""

    def __missing__(self, value: Any) -> Cell:
        self[value] = cell_of(value)
        return self[value]


PLACE = [
    Column("report", "place.report.slug"),
    Column("report_title", "place.report.title"),
    Column("section", "place.section"),
    Column("recommendation_number", "place.number"),
    Column("recommendation", "place.headline"),
]
LABELS = [
    Column("origin", "place.origin"),
    Column("origin_label", "place.origin", RecommendationOrigin),
    Column("areas", "place.areas.codes"),
    Column("areas_label", "place.areas.names"),
]
# The day from which a status counts; and the date as it was stated, a month or a year perhaps.
SINCE = [
    Column("status_since", "status_since", is_value=True),
    Column("status_since_stated", "stated_since"),
    Column("status_since_precision", "stated_precision"),
]
RECOMMENDATION_COLUMNS = [
    *PLACE,
    Column("recommendation_status", "status"),
    Column("recommendation_status_label", "status", Status),
    *LABELS,
    *SINCE,
    Column("actions", "n_actions", is_value=True),
    Column("actions_implemented", "n_implemented", is_value=True),
    Column("actions_awaiting_review", "n_unconfirmed", is_value=True),
]
ACTION_COLUMNS = [
    *PLACE,
    Column("recommendation_status", "recommendation_status"),
    Column("recommendation_status_label", "recommendation_status", Status),
    *LABELS,
    Column("action_number", "label"),
    Column("action", "title", kind="action.title"),
    Column("kind", "kind"),
    Column("kind_label", "kind", ActionKind),
    Column("ask_strength", "ask_strength"),
    Column("ask_strength_label", "ask_strength", AskStrength),
    Column("parties", "parties.codes"),
    Column("parties_label", "parties.names"),
    Column("addressee", "addressee"),
    Column("addressee_label", "addressee", GroupLabels()),
    Column("bodies", "bodies.codes"),
    Column("bodies_label", "bodies.names"),
    Column("status", "status"),
    Column("status_label", "status", Status),
    *SINCE,
    # The strongest kind of evidence on which the status rests, and how many sources of each kind.
    Column("evidence", "evidence_kind"),
    Column("evidence_label", "evidence_kind", EvidenceStrength),
    *(Column(f"evidence_{kind.value}", f"sources.{kind.value}") for kind in EvidenceKind),
    Column("lapsed", "lapsed"),
    Column("fell_from", "fell_from"),
    # The last day; the precision says of what: a month, a quarter, a year.
    Column("deadline", "due_on", is_value=True),
    Column("deadline_precision", "deadline_precision"),
    Column("schedule", "schedule"),
    Column("schedule_label", "schedule", Schedule),
    Column("last_reviewed_on", "last_reviewed_on", is_value=True),
    Column("review_due_on", "review_due_on", is_value=True),
    Column("second_review", "second_review"),
]


def mark_of(language: str | None) -> str:
    """Return what a file in a language begins with."""
    return "" if language == settings.LANGUAGE_CODE else BYTE_ORDER_MARK


def file_name(unit: str, *, as_of: date, ending: str = "csv") -> str:
    return f"{unit}-as-of-{as_of.isoformat()}.{ending}"


def columns_of(reader: RowReader) -> list[Column]:
    """Return all columns but the first, which says as of when."""
    own = ACTION_COLUMNS if reader.row is ActionRow else RECOMMENDATION_COLUMNS
    return [
        Column("edition", "edition", is_value=True),
        *own,
        Column("caveat", "caveat"),
        Column("edition_digest", "edition_digest", is_value=True),
        Column("url", "url"),
    ]


def lines(reader: RowReader, keys: Sequence[int], *, as_of: date) -> Iterator[str]:
    """Return the text of the file, some rows at a time, in the order of their keys."""
    # A server reads the lines when the request is over, and with it the reader's language.
    found = _texts(reader, keys, columns_of(reader), as_of.isoformat(), translation.get_language())
    # Reads the first rows too: a database that fails does so before the answer has begun.
    return chain([next(found)], found)


def _texts(
    reader: RowReader,
    keys: Sequence[int],
    columns: Sequence[Column],
    as_of: str,
    language: str | None,
) -> Iterator[str]:
    text = (
        f"{mark_of(language)}{','.join(['as_of', *(column.name for column in columns)])}{LINE_END}"
    )
    if not keys:
        yield text
    for start in range(0, len(keys), CHUNK):
        with translation.override(language):
            rows = reader.rows(keys[start : start + CHUNK])
            text += "".join(_lines(rows, columns, as_of))
        yield text
        text = ""


def _lines(rows: Iterable[Any], columns: Sequence[Column], as_of: str) -> Iterator[str]:
    values_of = attrgetter(*(column.attribute for column in columns))
    written = [(n, one.writing()) for n, one in enumerate(columns) if not one.is_as_it_is]
    for row in rows:
        cells = list(values_of(row))
        for n, write in written:
            cells[n] = write(cells[n])
        yield f"{as_of},{','.join(cells)}{LINE_END}"
