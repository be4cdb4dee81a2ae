"""How large a made-up record is, and which edition holds what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Size:
    """Recommendations and editions are those of one report, updates those of one action."""

    reports: int
    recommendations: int
    editions: int
    updates: int

    @property
    def n_recommendations(self) -> int:
        return self.reports * self.recommendations

    @property
    def n_actions(self) -> int:
        """About as many: each recommendation has two to six."""
        return 4 * self.n_recommendations

    @property
    def n_updates(self) -> int:
        return self.updates * self.n_actions


SIZES = {
    "S": Size(reports=1, recommendations=24, editions=20, updates=4),
    "M": Size(reports=50, recommendations=100, editions=40, updates=4),
    "L": Size(reports=1_000, recommendations=250, editions=40, updates=2),
}


@dataclass(frozen=True, slots=True)
class PlannedEdition:
    """One to come: of a report, which it adds to the record or (from place 1) updates."""

    number: int
    at: datetime
    report: int
    place: int


def planned_editions(
    size: Size, *, seed: int, first: int, start: datetime, end: datetime
) -> list[PlannedEdition]:
    """Return all editions in order of their numbers, evenly spread from start to end.

    Reports come in over the first half of the time, and each is updated from then on.
    """
    rng = Random(f"{seed}/editions")
    moments = sorted(_moments(size, rng))
    step = (end - start) / (len(moments) + 1)
    return [
        PlannedEdition(first + n, start + (n + 1) * step, report, place)
        for n, (_moment, report, place) in enumerate(moments)
    ]


def _moments(size: Size, rng: Random) -> Iterator[tuple[float, int, int]]:
    for report in range(size.reports):
        added = 0.5 * report / size.reports
        yield added, report, 0
        later = sorted(rng.uniform(added, 1) for _n in range(size.editions))
        for place, moment in enumerate(later, start=1):
            yield moment, report, place


def places_of(rng: Random, n: int, size: Size) -> list[int]:
    """Return in which of its report's editions the nth action is updated.

    The first actions see to it that no edition stays empty.
    """
    if n < size.editions:
        first = n + 1
    elif rng.random() < 0.05:
        return []
    else:
        first = rng.randint(1, max(size.editions // 3, 1))
    most = size.editions - first
    rest = min(rng.randint(0, 2 * size.updates - 2), most)
    return [first, *sorted(rng.sample(range(first + 1, size.editions + 1), rest))]


def two_years_before(end: datetime) -> datetime:
    return end - timedelta(days=730)
