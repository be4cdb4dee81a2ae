"""What cannot be of what rows say: noted by row and cell, and left out of what is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from recommendations.importing.tables.breakdown import ReadRecommendation
from recommendations.importing.tables.rows import Reader, ReadRow
from recommendations.statuses import first_day
from recommendations.statuses.possible_dates import bounds_problem, deadline_problem


def check_dates(
    reader: Reader,
    found: Iterable[ReadRecommendation],
    reported_on: Mapping[str, date | None],
    *,
    on: date,
) -> None:
    """Note dates that cannot be: too early or late, to come, or over before the report came out.

    `reported_on` is by the names of the reports in the table.
    """
    for one in found:
        for action in one.actions:
            _check_row(reader, action.said, reported_on.get(one.report), on)


def _check_row(reader: Reader, row: ReadRow, reported_on: date | None, on: date) -> None:
    if row.due and bounds_problem(row.due.on):
        reader.wrong(row.row, reader.column("due"), "impossible_year", row.due_words)
        row.due = None
    if row.due and reported_on and deadline_problem(*row.due, reported_on=reported_on):
        reader.wrong(row.row, reader.column("due"), "before_report", row.due_words)
        row.due = None
    if row.since and bounds_problem(row.since.on):
        reader.wrong(row.row, reader.column("since"), "impossible_year", row.since_words)
        row.since = None
    if row.since and first_day(*row.since) > on:
        reader.wrong(row.row, reader.column("since"), "date_to_come", row.since_words)
        row.since = None
