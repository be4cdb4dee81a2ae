"""One update published at each size, a hundred at once, and eight people who publish at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import mean, median, quantiles

from .databases import Database
from .reports import Report, milliseconds, print_table, ratio
from .rounds import medians
from .worker import Worker

# At most as many times what it takes on the smallest record.
TIMES_SMALLEST = 1.3
# Their histories differ, and with them the periods that are written and the queries that it takes.
ACTIONS = 30
BATCH, TIMES_INSERT = 100, 6.0
WRITERS, EACH = 8, 10
# The slowest twentieth of eight writers, to the median of one.
TIMES_ONE_WRITER = 10.0

Sides = Sequence[tuple[Database, Worker]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments but those of all commands."""


def measure(options: argparse.Namespace, found: Sequence[Database]) -> Report:
    report = Report()
    with ExitStack() as stack:
        sides = [(database, stack.enter_context(database.worker())) for database in found]
        for vendor in ("SQLite", "PostgreSQL"):
            if of_vendor := [side for side in sides if side[0].vendor == vendor]:
                _measure_one(of_vendor, options.rounds, report)
                _measure_batch(of_vendor, options.rounds, report)
    _measure_writers([database for database in found if database.is_own], report)
    return report


def _measure_one(sides: Sides, rounds: int, report: Report) -> None:
    """Compare the sizes of one kind of database with the smallest of them."""
    places = iter(range(10_000))
    queries = {
        database: worker.ask("publications:queries_of_one", n=ACTIONS) for database, worker in sides
    }
    ways = {
        database: lambda worker=worker: worker.ask("publications:one", place=next(places) % 50)
        for database, worker in sides
    }
    for way in ways.values():
        way()
    spent = medians(ways, rounds=rounds)
    print(f"\n## One update ({sides[0][0].vendor})")
    titles = ("record", "to publish it, ms", "fewest queries", "most queries")
    rows = (
        [one.name, milliseconds(spent[one]), str(min(queries[one])), str(max(queries[one]))]
        for one in spent
    )
    print_table(titles, rows)
    smallest = sides[0][0].size
    at_smallest = mean(spent[one] for one in spent if one.size == smallest)
    fewest = {one.name: min(counts) for one, counts in queries.items()}
    odd = [f"{name}: {n}" for name, n in fewest.items()] if len({*fewest.values()}) > 1 else []
    report.agree(f"{sides[0][0].vendor}: fewest queries of one update", odd)
    for one in spent:
        if one.size != smallest:
            told = f"{one.name} ({one.vendor}), one update: to that at {smallest}"
            report.require(told, spent[one] / at_smallest, at_most=TIMES_SMALLEST)


def _measure_batch(sides: Sides, rounds: int, report: Report) -> None:
    rows, ratios = [], {}
    for database, worker in sides:
        measured = [worker.ask("publications:batch", n=BATCH) for _n in range(rounds)]
        ratios[database] = median(one["publish"] / one["insert"] for one in measured)
        rows.append(
            [
                database.name,
                str(measured[0]["updates"]),
                str(sum(measured[0]["rows"].values())),
                milliseconds(median(one["publish"] for one in measured)),
                milliseconds(median(one["insert"] for one in measured)),
                ratio(ratios[database]),
            ]
        )
    print(f"\n## Many updates at once ({sides[0][0].vendor})")
    titles = ("record", "updates", "rows", "to publish, ms", "to insert the rows, ms", "ratio")
    print_table(titles, rows)
    for database, times in ratios.items():
        told = f"{database.name} ({database.vendor}), many updates: to the insertion of their rows"
        report.require(told, times, at_most=TIMES_INSERT)


def _measure_writers(found: Sequence[Database], report: Report) -> None:
    """Compare eight processes that publish at once with one, where what they write may stay."""
    rows, ratios = [], {}
    for database in found:
        alone, together = _writers(database)
        slowest = quantiles(together, n=20)[-1]
        ratios[database] = slowest / median(alone)
        figures = (median(alone), median(together), slowest, max(together))
        rows.append([database.name, *map(milliseconds, figures), ratio(ratios[database])])
    if not rows:
        print("Eight writers are left out: they write to databases made here alone.")
        return
    print("\n## Eight writers at once")
    titles = (
        "record",
        "one alone, ms",
        "of eight, ms",
        "the slowest twentieth",
        "slowest",
        "ratio",
    )
    print_table(titles, rows)
    for database, times in ratios.items():
        told = f"{database.name} ({database.vendor}), eight writers: slowest twentieth to one alone"
        report.require(told, times, at_most=TIMES_ONE_WRITER)


def _writers(database: Database) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each publication of one writer, and of those of eight."""
    with ExitStack() as stack:
        workers = [stack.enter_context(database.worker()) for _n in range(WRITERS)]
        # One for each to begin with, and for one writer alone.
        keys = iter(workers[0].ask("publications:prepared", n=WRITERS + EACH))
        for worker in workers:
            worker.ask("publications:each", keys=[next(keys)])
        alone = workers[0].ask("publications:each", keys=list(keys))
        prepared = workers[0].ask("publications:prepared", n=WRITERS * EACH)
        for place, worker in enumerate(workers):
            worker.send("publications:each", keys=prepared[place * EACH :][:EACH])
        return alone, [spent for worker in workers for spent in worker.receive()]
