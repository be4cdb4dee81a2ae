"""CSV of exactly what is filtered, row by row: columns are data, never a list of rows in memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from recommendations.figures.caveats import caveat_text, is_unconfirmed
from recommendations.models import Edition, Recommendation
from recommendations.statuses import EvidenceKind, EvidenceStrength, Precision, Schedule, Status
from recommendations.text.languages import plain

if TYPE_CHECKING:
    from recommendations.rows import ExportedAction, ExportedRecommendation

CHUNK = 500
# A spreadsheet takes a cell that begins so for a formula; one set up for Japanese takes the
# full-width forms for the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# Without it Excel takes a file for one in the old encoding of its system. In English hardly a
# letter shows that, and programs that know no such mark can do without.
BYTE_ORDER_MARK = "\ufeff"


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe(value: Any) -> str:
    """Return a cell that no spreadsheet runs. Dates are ISO 8601; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def stated(on: date | None, precision: str) -> str:
    """Return a date in ISO 8601 as exactly as it is known: 2025-03-24, 2025-03 or 2025."""
    if on is None:
        return ""
    return on.isoformat()[: {Precision.MONTH: 7, Precision.YEAR: 4}.get(Precision(precision), 10)]


def _codes(items: Iterable[Any]) -> str:
    return "; ".join(item.slug for item in items)


def _names(items: Iterable[Any]) -> str:
    return "; ".join(str(item) for item in items)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _second_review(action: ExportedAction) -> str:
    if action.is_reviewed:
        return "confirmed"
    return "awaiting" if action.last_reviewed_on else "not assessed"


Row = TypeVar("Row")
# Its name, and the cell of a row.
Column = tuple[str, Callable[[Row], Any]]

PLACE: list[Column[Recommendation]] = [
    ("report", lambda r: r.report.slug),
    ("report_title", lambda r: r.report.full_title),
    ("section", lambda r: str(r.section)),
    ("recommendation_number", lambda r: r.number),
    ("recommendation", lambda r: plain(r.headline, "recommendation.headline")),
]
LABELS: list[Column[Recommendation]] = [
    ("origin", lambda r: r.origin),
    ("origin_label", lambda r: r.get_origin_display()),
    ("areas", lambda r: _codes(r.areas.all())),
    ("areas_label", lambda r: _names(r.areas.all())),
]
RECOMMENDATION_COLUMNS: list[Column[ExportedRecommendation]] = [
    *PLACE,
    ("recommendation_status", lambda r: r.status),
    ("recommendation_status_label", lambda r: Status(r.status).label),
    *LABELS,
    ("status_since", lambda r: r.status_since),
    ("status_since_stated", lambda r: stated(r.since_on, r.since_precision)),
    ("status_since_precision", lambda r: r.since_precision if r.since_on else ""),
    ("actions", lambda r: r.n_actions),
    ("actions_implemented", lambda r: r.n_implemented),
    ("actions_awaiting_review", lambda r: r.n_unconfirmed),
]


def _of_recommendation(columns: Iterable[Column[Recommendation]]) -> list[Column[ExportedAction]]:
    """Return columns of recommendations as those of their actions."""
    return [(name, _of_its_recommendation(cell)) for name, cell in columns]


def _of_its_recommendation(
    cell: Callable[[Recommendation], Any],
) -> Callable[[ExportedAction], Any]:
    return lambda action: cell(action.recommendation)


def _number_of(kind: EvidenceKind) -> Column[ExportedAction]:
    return (f"evidence_{kind.value}", lambda action: action.basis.count(kind))


ACTION_COLUMNS: list[Column[ExportedAction]] = [
    *_of_recommendation(PLACE),
    ("recommendation_status", lambda a: a.recommendation_status),
    ("recommendation_status_label", lambda a: Status(a.recommendation_status).label),
    *_of_recommendation(LABELS),
    ("action_number", lambda a: a.label),
    ("action", lambda a: plain(a.title, "action.title")),
    ("kind", lambda a: a.kind),
    ("kind_label", lambda a: a.get_kind_display()),
    ("ask_strength", lambda a: a.ask_strength),
    ("ask_strength_label", lambda a: a.get_ask_strength_display()),
    ("parties", lambda a: _codes(a.parties.all())),
    ("parties_label", lambda a: _names(a.parties.all())),
    ("addressee", lambda a: a.addressee),
    ("addressee_label", lambda a: a.get_addressee_display()),
    ("bodies", lambda a: _codes(a.bodies.all())),
    ("bodies_label", lambda a: _names(a.bodies.all())),
    ("status", lambda a: a.status),
    ("status_label", lambda a: a.get_status_display()),
    # The day from which it counts; and the date as it was stated, which may be a month or a year.
    ("status_since", lambda a: a.status_since),
    ("status_since_stated", lambda a: stated(a.since_on, a.since_precision)),
    ("status_since_precision", lambda a: a.since_precision if a.since_on else ""),
    # The strongest kind of evidence on which the status rests, and how many sources of each kind.
    ("evidence", lambda a: a.evidence_kind),
    ("evidence_label", lambda a: EvidenceStrength(a.evidence_kind).label),
    *(_number_of(kind) for kind in EvidenceKind),
    ("lapsed", lambda a: _yes(a.is_lapsed)),
    ("fell_from", lambda a: a.fell_from),
    # The last day; the precision says of what: a month, a quarter, a year.
    ("deadline", lambda a: a.due_on),
    ("deadline_precision", lambda a: a.deadline_precision),
    ("schedule", lambda a: a.schedule),
    ("schedule_label", lambda a: Schedule(a.schedule).label),
    ("last_reviewed_on", lambda a: a.last_reviewed_on),
    ("review_due_on", lambda a: a.review_due_on),
    ("second_review", _second_review),
]


def columns_of(model: type) -> list[Column[Any]]:
    return RECOMMENDATION_COLUMNS if model is Recommendation else ACTION_COLUMNS


def file_name(unit: str, *, as_of: date) -> str:
    return f"{unit}-as-of-{as_of.isoformat()}.csv"


def lines(
    rows: QuerySet, *, as_of: date, root: str, research: Mapping[int, Edition]
) -> Iterator[str]:
    """Return the lines of the file. `rows` is a queryset prepared by its `for_csv()`.

    `research` is the newest of each report, whose words stand beside what nobody has confirmed.
    """
    # A server reads the lines when the request is over, and with it the reader's language.
    language = translation.get_language()
    found = _lines(rows, as_of=as_of, root=root, research=research, language=language)
    # Asks for the first row too: a database that fails does so before the answer has begun.
    return chain([next(found)], found)


def _lines(
    rows: QuerySet,
    *,
    as_of: date,
    root: str,
    research: Mapping[int, Edition],
    language: str | None,
) -> Iterator[str]:
    columns = columns_of(rows.model)
    write = csv.writer(Echo()).writerow
    found = rows.iterator(chunk_size=CHUNK)
    first = list(islice(found, 1))
    mark = "" if language == settings.LANGUAGE_CODE else BYTE_ORDER_MARK
    names = [name for name, _cell in columns]
    yield mark + write(["as_of", "edition", *names, "caveat", "edition_digest", "url"])
    for row in chain(first, found):
        with translation.override(language):
            cells = [as_of, row.edition, *(cell(row) for _name, cell in columns)]
            caveat = _caveat(row, research)
            url = f"{root}{row.get_absolute_url()}"
        yield write([safe(cell) for cell in [*cells, caveat, row.edition_digest, url]])


def _caveat(row: ExportedAction | ExportedRecommendation, research: Mapping[int, Edition]) -> str:
    """Return what a status rests on that no reviewer has confirmed, else nothing."""
    if isinstance(row, Recommendation):
        report_id, is_awaiting = row.report_id, bool(row.n_unconfirmed)
    else:
        report_id, is_awaiting = row.recommendation.report_id, is_unconfirmed(row)
    return caveat_text(research[report_id]) if is_awaiting and report_id in research else ""
