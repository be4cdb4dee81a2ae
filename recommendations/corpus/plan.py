"""How large a made-up record and its parts are, and which edition holds what."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
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
        """About as many: most recommendations have fewer, and a few have many."""
        return 4 * self.n_recommendations

    @property
    def n_updates(self) -> int:
        return self.updates * self.n_actions


SIZES = {
    "S": Size(reports=1, recommendations=24, editions=20, updates=4),
    "M": Size(reports=50, recommendations=100, editions=40, updates=4),
    "L": Size(reports=1_000, recommendations=250, editions=40, updates=2),
}
# Of a hundred recommendations about so many have so many actions: four in the mean.
ACTIONS = {1: 26, 2: 23, 3: 16, 4: 11, 5: 7, 6: 6, 8: 4, 10: 3.5, 14: 2, 20: 1.8, 30: 0.7, 45: 0.3}


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


def numbers_of_actions(rng: Random, size: Size) -> list[int]:
    """Return how many actions each recommendation of a report has, few or many in any order.

    One is drawn from each part of the distribution, so that small reports have as many as large.
    """
    sums = list(accumulate(ACTIONS.values()))
    whole = sums[-1] / size.recommendations
    places = (bisect(sums, (n + rng.random()) * whole) for n in range(size.recommendations))
    found = [list(ACTIONS)[place] for place in places]
    rng.shuffle(found)
    return found


def two_years_before(end: datetime) -> datetime:
    return end - timedelta(days=730)
