"""CSV of exactly what is filtered, row by row: columns are data, never a list of rows in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from itertools import chain
from typing import Any, Generic, NamedTuple

from django.conf import settings
from django.db.models.enums import Choices
from django.utils import translation

from recommendations.models.action import ActionKind, AskStrength, letters
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.statuses import (
    Addressee,
    EvidenceKind,
    EvidenceStrength,
    Precision,
    Schedule,
    Status,
)
from recommendations.text.languages import plain_texts

from .csv_reading import RecommendationRows, Row, RowReader
from .csv_rows import ActionRow, RecommendationRow, safe

# So many rows are in memory at once.
CHUNK = 2_000
# Without it Excel takes a file for one in the old encoding of its system. In English hardly a
# letter shows that, and programs that know no such mark can do without.
BYTE_ORDER_MARK = "\ufeff"


def stated(on: date | None, precision: str) -> str:
    """Return a date in ISO 8601 as exactly as it is known: 2025-03-24, 2025-03 or 2025."""
    if on is None:
        return ""
    return on.isoformat()[: {Precision.MONTH: 7, Precision.YEAR: 4}.get(Precision(precision), 10)]


class CodeLabels(dict[str, str]):
    def __missing__(self, code: str) -> str:
        return code


class Column(NamedTuple, Generic[Row]):
    """Its name, and the cell of a row.

    Where there are `labels`, the cell is a code and the file says its label; where there is a
    `kind`, it is a text of the record and the file says it in its language.
    """

    name: str
    cell: Callable[[Row], Any]
    labels: type[Choices] | None = None
    kind: str = ""

    def in_language(self) -> Callable[[Row], Any]:
        """Return the cell in the active language."""
        cell = self.cell
        if self.labels:
            labels = CodeLabels((code, str(label)) for code, label in self.labels.choices)
            return lambda row: labels[cell(row)]
        if self.kind:
            text = plain_texts(self.kind)
            return lambda row: safe(text(cell(row)))
        return cell


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _second_review(action: ActionRow) -> str:
    if action.is_reviewed:
        return "confirmed"
    return "awaiting" if action.last_reviewed_on else "not assessed"


PLACE: list[Column[Any]] = [
    Column("report", lambda r: r.place.report.slug),
    Column("report_title", lambda r: r.place.report.title),
    Column("section", lambda r: r.place.section),
    Column("recommendation_number", lambda r: r.place.number),
    Column("recommendation", lambda r: r.place.headline),
]
LABELS: list[Column[Any]] = [
    Column("origin", lambda r: r.place.origin),
    Column("origin_label", lambda r: r.place.origin, RecommendationOrigin),
    Column("areas", lambda r: r.place.areas.codes),
    Column("areas_label", lambda r: r.place.areas.names),
]
# The day from which a status counts; and the date as it was stated, a month or a year perhaps.
SINCE: list[Column[Any]] = [
    Column("status_since", lambda r: r.status_since),
    Column("status_since_stated", lambda r: stated(r.since_on, r.since_precision)),
    Column("status_since_precision", lambda r: r.since_precision if r.since_on else ""),
]
RECOMMENDATION_COLUMNS: list[Column[RecommendationRow]] = [
    *PLACE,
    Column("recommendation_status", lambda r: r.status),
    Column("recommendation_status_label", lambda r: r.status, Status),
    *LABELS,
    *SINCE,
    Column("actions", lambda r: r.n_actions),
    Column("actions_implemented", lambda r: r.n_implemented),
    Column("actions_awaiting_review", lambda r: r.n_unconfirmed),
]


def _number_of(place: int, kind: EvidenceKind) -> Column[ActionRow]:
    return Column(f"evidence_{kind.value}", lambda a: a.sources[place])


ACTION_COLUMNS: list[Column[ActionRow]] = [
    *PLACE,
    Column("recommendation_status", lambda a: a.recommendation_status),
    Column("recommendation_status_label", lambda a: a.recommendation_status, Status),
    *LABELS,
    Column("action_number", lambda a: f"{a.place.number}{letters(a.number)}"),
    Column("action", lambda a: a.title, kind="action.title"),
    Column("kind", lambda a: a.kind),
    Column("kind_label", lambda a: a.kind, ActionKind),
    Column("ask_strength", lambda a: a.ask_strength),
    Column("ask_strength_label", lambda a: a.ask_strength, AskStrength),
    Column("parties", lambda a: a.parties.codes),
    Column("parties_label", lambda a: a.parties.names),
    Column("addressee", lambda a: a.addressee),
    Column("addressee_label", lambda a: a.addressee, Addressee),
    Column("bodies", lambda a: a.bodies.codes),
    Column("bodies_label", lambda a: a.bodies.names),
    Column("status", lambda a: a.status),
    Column("status_label", lambda a: a.status, Status),
    *SINCE,
    # The strongest kind of evidence on which the status rests, and how many sources of each kind.
    Column("evidence", lambda a: a.evidence_kind),
    Column("evidence_label", lambda a: a.evidence_kind, EvidenceStrength),
    *(_number_of(place, kind) for place, kind in enumerate(EvidenceKind)),
    Column("lapsed", lambda a: _yes(a.fell_from == Status.IMPLEMENTED)),
    Column("fell_from", lambda a: a.fell_from),
    # The last day; the precision says of what: a month, a quarter, a year.
    Column("deadline", lambda a: a.due_on),
    Column("deadline_precision", lambda a: a.deadline_precision),
    Column("schedule", lambda a: a.schedule),
    Column("schedule_label", lambda a: a.schedule, Schedule),
    Column("last_reviewed_on", lambda a: a.last_reviewed_on),
    Column("review_due_on", lambda a: a.review_due_on),
    Column("second_review", _second_review),
]


def _around(columns: Iterable[Column[Any]], *, as_of: date, root: str) -> list[Column[Any]]:
    """Return the columns of a file: those of its rows, and what each file says with them."""
    return [
        Column("as_of", lambda row: as_of),
        Column("edition", lambda row: row.edition),
        *columns,
        Column("caveat", lambda r: r.place.report.caveat if r.is_unconfirmed else ""),
        Column("edition_digest", lambda row: row.edition_digest),
        Column("url", lambda row: f"{root}{row.path}"),
    ]


def file_name(unit: str, *, as_of: date) -> str:
    return f"{unit}-as-of-{as_of.isoformat()}.csv"


def lines(
    reader: RowReader[ActionRow] | RowReader[RecommendationRow],
    keys: Sequence[int],
    *,
    as_of: date,
    root: str,
) -> Iterator[str]:
    """Return the text of the file, some rows at a time, in the order of their keys."""
    own = RECOMMENDATION_COLUMNS if isinstance(reader, RecommendationRows) else ACTION_COLUMNS
    columns = _around(own, as_of=as_of, root=root)
    # A server reads the lines when the request is over, and with it the reader's language.
    found = _texts(reader, keys, columns, translation.get_language())
    # Reads the first rows too: a database that fails does so before the answer has begun.
    return chain([next(found)], found)


def _texts(
    reader: RowReader[Any],
    keys: Sequence[int],
    columns: Sequence[Column[Any]],
    language: str | None,
) -> Iterator[str]:
    mark = "" if language == settings.LANGUAGE_CODE else BYTE_ORDER_MARK
    begin = mark + _written([[column.name for column in columns]])
    for start in range(0, len(keys), CHUNK):
        with translation.override(language):
            cells = [column.in_language() for column in columns]
            rows = reader.rows(keys[start : start + CHUNK])
            text = begin + _written([cell(row) for cell in cells] for row in rows)
        yield text
        begin = ""
    if begin:
        yield begin


def _written(rows: Iterable[list[Any]]) -> str:
    """Return rows as text; csv writes dates in ISO 8601, and nothing for what is not there."""
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()
