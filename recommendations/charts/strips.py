"""The history of one action, as a line of the charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from recommendations.figures.months import Strip
from recommendations.periods.spans import status_on
from recommendations.statuses import Status

from .time import DatedStatus, TimeLine, time_line


def line_of(row: Strip, days: Sequence[date]) -> TimeLine:
    """Draw a strip by the status at the end of each month. Its action needs a `label`."""
    return time_line(
        [status_on(row.spans, day) for day in days],
        days,
        changes=[
            DatedStatus(
                span.status,
                *row.stated[span.update_id],
                is_first_search=i == 0 and span.status == Status.NO_ACTION,
            )
            for i, span in enumerate(row.spans)
            if span.update_id
        ],
        name=row.action.label,
    )
