"""From one status to another: which way an action moved, and what it has fallen from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from .vocabulary import ENDS, STATUS_MEANINGS, Status


class Move(models.TextChoices):
    """Which way an action went between two days, in the order in which they are shown."""

    ROSE = "rose", gettext_lazy("Rose")
    REOPENED = "reopened", gettext_lazy("Reopened")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    FELL = "fell", gettext_lazy("Fell")
    ENDED = "ended", gettext_lazy("Ended without being implemented")
    ASSESSED = "assessed", gettext_lazy("Assessed for the first time")
    OTHER = "other", gettext_lazy("Changed otherwise")


MOVE_DEFINITIONS = {
    Move.ROSE: gettext_lazy("Further on the way: in progress, partly implemented, implemented."),
    Move.REOPENED: gettext_lazy("It had been rejected or overtaken by events, and is open again."),
    Move.LAPSED: gettext_lazy("It was implemented, and is no longer."),
    Move.FELL: gettext_lazy("Less far on the way than it was, without having been implemented."),
    Move.ENDED: gettext_lazy("Rejected or overtaken by events."),
    Move.ASSESSED: gettext_lazy("Somebody looked for the first time, and found no step."),
    Move.OTHER: gettext_lazy("Neither further nor less far."),
}


def progress(status: str) -> int:
    """Return how far a status is on the way."""
    return STATUS_MEANINGS[Status(status)].progress


def move(before: str, after: str) -> Move | None:
    """Return which way an action went from one status to another; None if it stayed."""
    if before == after:
        return None
    if before == Status.IMPLEMENTED:
        return Move.LAPSED
    if after in ENDS:
        return Move.ENDED
    if before in ENDS:
        return Move.REOPENED
    if progress(after) != progress(before):
        return Move.ROSE if progress(after) > progress(before) else Move.FELL
    return Move.ASSESSED if before == Status.NOT_ASSESSED else Move.OTHER


def fallen_from(furthest: str, status: str) -> str:
    """Return the status that one has fallen from, or nothing.

    `furthest` is the furthest status that it had before. One that was implemented and is no longer
    has lapsed, whatever came since. Otherwise an end is no fall, and *stalled* says by itself
    that something was in progress.
    """
    if furthest == Status.IMPLEMENTED:
        return "" if status == Status.IMPLEMENTED else str(Status.IMPLEMENTED)
    if status in ENDS or (furthest == Status.IN_PROGRESS and status == Status.STALLED):
        return ""
    return str(furthest) if progress(furthest) > progress(status) else ""
