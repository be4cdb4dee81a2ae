"""Several ways measured in turn, the median of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from statistics import median
from typing import TypeVar

Way = TypeVar("Way", bound=Hashable)

# What takes longer than this is measured once, in milliseconds.
LONG = 10_000.0


def medians(ways: Mapping[Way, Callable[[], float]], *, rounds: int) -> dict[Way, float]:
    """Return the median of what each way measures, all of them once a round."""
    measured: dict[Way, list[float]] = {way: [] for way in ways}
    for _n in range(rounds):
        for way, measure in ways.items():
            if not (measured[way] and measured[way][0] > LONG):
                measured[way].append(measure())
    return {way: median(values) for way, values in measured.items()}


def milliseconds_of(do: Callable[[], object], *, times: int = 1) -> float:
    """Return how long something takes: the median of several times in a row."""
    return median(_once(do) for _n in range(times))


def _once(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - start)
