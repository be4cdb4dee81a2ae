"""Made-up histories of one action as pure functions: what was said of it in which edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from recommendations.statuses import Precision, Status, effective_day

# What tends to follow what, with weights; a status that follows itself is a confirmation.
FIRST = (("no_action", 5), ("in_progress", 4), ("partly", 2), ("implemented", 1))
NEXT = {
    "no_action": (("no_action", 4), ("in_progress", 5), ("rejected", 1)),
    "in_progress": (("in_progress", 4), ("partly", 4), ("implemented", 2), ("stalled", 2)),
    "partly": (("partly", 4), ("implemented", 5), ("stalled", 1)),
    "implemented": (("implemented", 20), ("partly", 1)),
    "stalled": (("stalled", 4), ("in_progress", 3), ("overtaken", 1)),
    "rejected": (("rejected", 1),),
    "overtaken": (("overtaken", 1),),
}
CORRECTED, RETRACTED, UNDATED = 0.03, 0.02, 0.08


@dataclass(slots=True)
class SampleStep:
    """One update. `day_of` is that of its publication; `relies_on` and `replaces` are places."""

    edition: int
    day_of: date
    status: str
    status_before: str
    effective_on: date
    precision: str
    effective_day: date
    has_items: bool
    relies_on: int | None = None
    replaces: int | None = None
    ended_in: int | None = None
    is_retracted: bool = False

    @property
    def has_search(self) -> bool:
        return not self.has_items


def history(rng: Random, *, editions: Sequence[tuple[int, date]], since: date) -> list[SampleStep]:
    """Return the updates of an action, one an edition. Each edition comes with its day."""
    steps: list[SampleStep] = []
    for number, day in editions:
        last = steps[-1] if steps else None
        if last and last.ended_in is None and rng.random() < CORRECTED and last.has_items:
            steps.append(_correction(steps, number, day))
        else:
            steps.append(_next(rng, steps, number, day, since))
    _perhaps_retract(rng, steps)
    return steps


def _next(rng: Random, steps: list[SampleStep], number: int, day: date, since: date) -> SampleStep:
    last = steps[-1] if steps else None
    choices = NEXT[last.status] if last else FIRST
    [status] = rng.choices([code for code, _n in choices], [n for _code, n in choices])
    before = last.status if last else str(Status.NOT_ASSESSED)
    source = _source_of(steps, status)
    has_items = status != "no_action" and (status != before or source is None or rng.random() < 0.3)
    earliest = min(last.effective_day + timedelta(days=1), day) if last else since
    on = earliest + timedelta(days=rng.randint(0, max((day - earliest).days, 0)))
    precision = str(Precision.MONTH if rng.random() < UNDATED else Precision.DAY)
    if status == before:
        on, precision = day, str(Precision.DAY)
    return SampleStep(
        edition=number,
        day_of=day,
        status=status,
        status_before=before,
        effective_on=on,
        precision=precision,
        effective_day=effective_day(on, precision, cap=day),
        has_items=has_items,
        relies_on=None if has_items or status == "no_action" else source,
    )


def _source_of(steps: list[SampleStep], status: str) -> int | None:
    """Return the place of the last counting update with items of its own that says the same."""
    for place in range(len(steps) - 1, -1, -1):
        step = steps[place]
        if step.ended_in is None and step.has_items and step.status == status:
            return place
    return None


def _correction(steps: list[SampleStep], number: int, day: date) -> SampleStep:
    """Return what replaces the last update: the same claim, better told."""
    last = steps[-1]
    last.ended_in = number
    return SampleStep(
        edition=number,
        day_of=day,
        status=last.status,
        status_before=last.status,
        effective_on=last.effective_on,
        precision=last.precision,
        effective_day=last.effective_day,
        has_items=True,
        replaces=len(steps) - 1,
    )


def _perhaps_retract(rng: Random, steps: list[SampleStep]) -> None:
    """Retract the last but one, in the edition of the last, if nothing stands on it."""
    if len(steps) < 3 or rng.random() > RETRACTED:
        return
    *_rest, subject, last = steps
    if subject.ended_in is None and last.relies_on != len(steps) - 2:
        subject.ended_in, subject.is_retracted = last.edition, True
