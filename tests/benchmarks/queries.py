"""The list by seven queries, beside two sketches of an index and Datasette on the same rows."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from .cases import Case, cases
from .databases import Database
from .others import DATASETTE, Datasette, Sketches, differences, program
from .reports import Report, milliseconds, print_table, ratio
from .rounds import medians

# In milliseconds, on a record of size L.
LEAST_LIMIT, MOST_WORK, MOST_UNFILTERED = 2.0, 25.0, 110.0
TIMES_SKETCH, TIMES_M = 3.0, 1.5
# Where Datasette needs longer than this, the page is to take this part of that.
SLOW, PART = 1_000.0, 1 / 20
TITLES = (
    "query",
    "rows",
    "counts and hits, ms",
    "words looked up too",
    "roaring",
    "tantivy",
    "to the better",
    "all but rendering",
    "page",
    "Datasette",
    "page to Datasette",
)

Figures = dict[str, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments but those of all commands."""


class Side:
    """A database with all that answers about it, started once."""

    def __init__(self, database: Database, stack: ExitStack) -> None:
        self.database = database
        self.worker = stack.enter_context(database.worker())
        table = Path(self.worker.ask("flat_table:written"))
        self.sketches = Sketches(table, stack)
        self.datasette = Datasette(table, stack) if program() else None
        self.cases = cases(**self.worker.ask("list_answers:values"))

    def counted(self, case: Case) -> tuple[int, list[str]]:
        """Return the number of rows, and where the others count differently. It warms all up."""
        ours = self.worker.ask("list_answers:counted", query=case.query)
        others: dict[str, Any] = self.sketches.measured(case)
        if self.datasette:
            others["Datasette"] = self.datasette.counted(case)
        self.work(case)
        others["page"] = {**self.worker.ask("list_answers:whole_page", query=case.query)}
        others["page"]["facets"] = {}
        return ours["total"], differences(case, ours, others)

    def counts(self, case: Case, *, is_searched: bool) -> float:
        name = "list_answers:counts_and_hits"
        return self.worker.ask(name, query=case.query, is_searched=is_searched)

    def work(self, case: Case) -> float:
        return self.worker.ask("list_answers:all_but_rendering", query=case.query)

    def page(self, case: Case) -> float:
        return self.worker.ask("list_answers:whole_page", query=case.query)["ms"]

    def sketch(self, case: Case, name: str) -> float:
        return self.sketches.measured(case)[name]["ms"]

    def ways(self, case: Case) -> dict[str, Callable[[], float]]:
        found: dict[str, Callable[[], float]] = {
            "kept": partial(self.counts, case, is_searched=False),
            "counts": partial(self.counts, case, is_searched=True),
            "work": partial(self.work, case),
            "page": partial(self.page, case),
        }
        for name in self.sketches.names:
            found[name] = partial(self.sketch, case, name)
        if self.datasette:
            found["Datasette"] = partial(self.datasette.page, case)
        return found


def measure(options: argparse.Namespace, found: Sequence[Database]) -> Report:
    report = Report()
    if not program():
        print(f"Datasette is left out: {DATASETTE} does not say where it is.")
    with ExitStack() as stack:
        sides = [Side(database, stack) for database in found]
        if any("tantivy" not in side.sketches.names for side in sides):
            print("tantivy is left out: the Python of the sketches has none.")
        measured = [_measured(sides, n, options.rounds, report) for n in range(len(sides[0].cases))]
    for place, side in enumerate(sides):
        print(f"\n## Queries at {side.database.name} ({side.database.vendor})")
        print_table(TITLES, [_row(case[place]) for case in measured])
    for case in measured:
        _require(report, found, case)
    return report


def _measured(
    sides: Sequence[Side], n: int, rounds: int, report: Report
) -> list[tuple[Case, int, Figures]]:
    """Return a case at each database: what is compared with what is measured in turn."""
    rows: list[tuple[Case, int]] = []
    ways: dict[tuple[int, str], Callable[[], float]] = {}
    for place, side in enumerate(sides):
        case = side.cases[n]
        total, apart = side.counted(case)
        report.agree(f"{side.database.name}, {case.name}, {total} rows", apart)
        rows.append((case, total))
        ways |= {(place, name): way for name, way in side.ways(case).items()}
    figures = medians(ways, rounds=rounds)
    return [
        (case, total, {name: value for (at, name), value in figures.items() if at == place})
        for place, (case, total) in enumerate(rows)
    ]


def _sketch(figures: Figures) -> float:
    """Return what the better sketch took."""
    return min(figures[name] for name in ("roaring", "tantivy") if name in figures)


def _row(measured: tuple[Case, int, Figures]) -> list[str]:
    case, total, figures = measured
    datasette = figures.get("Datasette")
    return [
        case.name,
        f"{total:,}",
        *(milliseconds(figures.get(one)) for one in ("kept", "counts", "roaring", "tantivy")),
        ratio(figures["counts"] / _sketch(figures)),
        *(milliseconds(figures.get(one)) for one in ("work", "page", "Datasette")),
        ratio(datasette and figures["page"] / datasette),
    ]


def _require(
    report: Report, found: Sequence[Database], measured: Sequence[tuple[Case, int, Figures]]
) -> None:
    at_m = [
        figures["page"]
        for database, (_case, _total, figures) in zip(found, measured, strict=True)
        if database.size == "M"
    ]
    for database, (case, _total, figures) in zip(found, measured, strict=True):
        name = f"{database.name}, {case.name}"
        if datasette := figures.get("Datasette"):
            most = PART if datasette > SLOW else 1
            report.require(f"{name}: page to Datasette", figures["page"] / datasette, at_most=most)
        if database.size != "L":
            continue
        limit = max(TIMES_SKETCH * _sketch(figures), LEAST_LIMIT)
        report.require(f"{name}: counts and hits, ms", figures["counts"], at_most=limit)
        rest = figures["work"] - figures["counts"]
        report.require(f"{name}: the rest of the work, ms", rest, at_most=MOST_WORK)
        if not case.filters and not case.word:
            report.require(f"{name}: page, ms", figures["page"], at_most=MOST_UNFILTERED)
        if at_m:
            times = figures["page"] / (sum(at_m) / len(at_m))
            report.require(f"{name}: page to that at M", times, at_most=TIMES_M)
