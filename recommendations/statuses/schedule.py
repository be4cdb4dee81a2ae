"""The second axis: where an action stands against its deadline."""

from __future__ import annotations

from datetime import date

from .vocabulary import Schedule, Status


def schedule_of(
    *, due_on: date | None, on: date, implemented_on: date | None, status: str
) -> Schedule:
    """Return where an action stands against its deadline on a day.

    `due_on` is the last day of the deadline, `implemented_on` the first day on which the action
    was implemented (as of `on`), `status` its status on that day.
    """
    if due_on is None:
        return Schedule.NO_DEADLINE
    if implemented_on is not None:
        return Schedule.MET if implemented_on <= due_on else Schedule.MET_LATE
    if status in {Status.REJECTED, Status.OVERTAKEN}:
        return Schedule.CLOSED
    return Schedule.OVERDUE if on > due_on else Schedule.DUE
