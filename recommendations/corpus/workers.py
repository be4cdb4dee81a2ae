"""Makes reports side by side, in as many processes as there are processors, in their order."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import django

# With fewer reports, starting a process takes longer than they do.
WORTHWHILE = 8
# How many reports wait to be written, for each process.
AHEAD = 2

Numbers = list[int]


class Turns:
    """Gives out numbers to one report after the other, whichever process makes it."""

    def __init__(self, first: Numbers, context: Any) -> None:
        self._changed = context.Condition()
        self._next = context.Array("q", [1, *first], lock=False)

    def take(self, number: int, needed: Numbers) -> Numbers:
        with self._changed:
            self._changed.wait_for(lambda: self._next[0] == number)
            first = list(self._next[1:])
            self._next[:] = [number + 1, *map(sum, zip(first, needed, strict=True))]
            self._changed.notify_all()
        return first


Make = Callable[[Turns, Any], Any]
_given: dict[str, Any] = {}


def in_turn(make: Make, jobs: Sequence[Any], first: Numbers) -> Iterator[Any]:
    """Yield what `make` returns of each job, in their order. It is a function of a module."""
    if len(jobs) < WORTHWHILE:
        turns = Turns(first, multiprocessing.get_context())
        yield from (make(turns, job) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    number = os.cpu_count() or 1
    # Spawned processes know nothing of the database of this one.
    with context.Pool(number, _begin, [Turns(first, context)]) as pool:
        left = iter(jobs)
        begun = deque(pool.apply_async(_make, [make, job]) for job in islice(left, number * AHEAD))
        while begun:
            yield begun.popleft().get()
            begun.extend(pool.apply_async(_make, [make, job]) for job in islice(left, 1))


def _begin(turns: Turns) -> None:
    django.setup()
    _given["turns"] = turns


def _make(make: Make, job: Any) -> Any:
    return make(_given["turns"], job)
