"""Every public page, first and again, of the present; three of them of the past."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import mean, median
from typing import Any

from .databases import Database
from .reports import Report, milliseconds, print_table, ratio
from .rounds import medians
from .worker import Worker

# At most as many times what the same page takes at M, and what the list takes at S.
TIMES_M, TIMES_LIST_AT_S = 2.0, 10.0
# Of the past: at most as many times the same page of today.
TIMES_TODAY, TIMES_TODAY_FIRST = 1.5, 20.0
# They are as long as what they show: so much for each kilobyte is compared, not the whole.
AS_LONG_AS_THEIR_TEXTS = (
    *("text", "list_csv of a report", "list_xlsx of a report", "list_jsonl of a report"),
    *("edition_record", "record_check"),
)
# They answer 404 where no setting turns them on, and lead on.
NEED_SETTINGS = ("metrics", "security_txt", "checkpoint", "checkpoint_keys")
REDIRECTS = ("action",)
# Where the list at S stands among the databases.
AT_S = -1
TITLES = ("page", "status", "first, ms", "again, ms", "kB")

Measured = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--first-rounds", type=int, default=3, help="how often a page is the first of a process"
    )


class Side:
    """A database with a process that answers again and again, and one that never answers itself."""

    def __init__(self, database: Database, stack: ExitStack) -> None:
        self.database = database
        self.worker: Worker = stack.enter_context(database.worker())
        self.fresh: Worker = stack.enter_context(database.worker())
        addresses = self.worker.ask("addresses:every")
        self.addresses = {one["name"]: one["address"] for one in addresses}
        self.told: dict[str, Measured] = {}

    def again(self, address: str) -> float:
        return self.worker.ask("page_answers:answer", address=address)["ms"]

    def first(self, address: str) -> float:
        return self.fresh.ask("page_answers:first_answer", address=address)["ms"]


def measure(options: argparse.Namespace, found: Sequence[Database]) -> Report:
    report = Report()
    with ExitStack() as stack:
        sides = [Side(database, stack) for database in found]
        for name in sides[0].addresses:
            _measure_page(sides, name, options)
        for side in sides:
            _print_pages(side)
            _check_statuses(side, report)
        _require(sides, report)
        for side in sides:
            _measure_past(side, options.rounds, report)
    return report


def _measure_page(sides: Sequence[Side], name: str, options: argparse.Namespace) -> None:
    for side in sides:
        side.told[name] = side.worker.ask("page_answers:answer", address=side.addresses[name])
    # Beside each page the list at S, which may take twice as long while others have the machine.
    smallest = next((side for side in sides if side.database.size == "S"), None)
    ways = {place: partial(side.again, side.addresses[name]) for place, side in enumerate(sides)}
    if smallest:
        ways[AT_S] = partial(smallest.again, smallest.addresses["list"])
    again = medians(ways, rounds=options.rounds)
    first = medians(
        {place: partial(side.first, side.addresses[name]) for place, side in enumerate(sides)},
        rounds=options.first_rounds,
    )
    for place, side in enumerate(sides):
        side.told[name] |= {"again": again[place], "first": first[place]}
        side.told[name]["list at S"] = again.get(AT_S)


def _print_pages(side: Side) -> None:
    print(f"\n## Pages at {side.database.name} ({side.database.vendor})")
    print_table(
        TITLES,
        [
            [
                name,
                str(told["status"]),
                milliseconds(told["first"]),
                milliseconds(told["again"]),
                f"{told['bytes'] / 1000:,.1f}",
            ]
            for name, told in side.told.items()
        ],
    )


def _check_statuses(side: Side, report: Report) -> None:
    odd = []
    for name, told in side.told.items():
        expected = (200, 404) if name in NEED_SETTINGS else (200,)
        if told["status"] not in ((301, 302) if name in REDIRECTS else expected):
            odd.append(f"{side.addresses[name]} {told['status']}")
    report.agree(f"{side.database.name}: {len(side.told)} pages answer as they should", odd)


def _require(sides: Sequence[Side], report: Report) -> None:
    at_m = _mean(sides, "M")
    for side in sides:
        if side.database.size != "L":
            continue
        name = side.database.name
        if side.told["list"]["list at S"]:
            times = {page: told["again"] / told["list at S"] for page, told in side.told.items()}
            report.require_each(f"{name}, to the list at S", times, at_most=TIMES_LIST_AT_S)
        if at_m:
            times = {page: _cost(page, told) / at_m[page] for page, told in side.told.items()}
            report.require_each(f"{name}, to the same at M", times, at_most=TIMES_M)


def _mean(sides: Sequence[Side], size: str) -> Mapping[str, float]:
    """Return what each page costs at a size, or nothing where that is not measured."""
    those = [side for side in sides if side.database.size == size]
    if not those:
        return {}
    return {name: mean(_cost(name, side.told[name]) for side in those) for name in those[0].told}


def _cost(name: str, told: Measured) -> float:
    """Return the milliseconds of a page; of one that is as long as its texts, for a kilobyte."""
    return told["again"] / (told["bytes"] / 1000 if name in AS_LONG_AS_THEIR_TEXTS else 1)


def _measure_past(side: Side, rounds: int, report: Report) -> None:
    """Measure pages of the past: first from views that nobody made, then again, beside today's."""
    told = side.worker.ask("addresses:past", n=3 * rounds)
    rows = []
    for place, (name, address) in enumerate(told["pages"].items()):
        for way, queries in told["queries"].items():
            own = queries[place * rounds : (place + 1) * rounds]
            again = partial(side.again, f"{address}?{own[0]}")
            first = [
                side.worker.ask("page_answers:answer", address=f"{address}?{one}") for one in own
            ]
            ways = {"today": partial(side.again, address), "again": again}
            figures = medians(ways, rounds=rounds)
            cold = median(one["ms"] for one in first)
            odd = [f"{one['status']}" for one in first if one["status"] != 200]
            page = f"{side.database.name}, {name}, {way}"
            report.agree(f"{page}: answered", odd)
            today = figures["today"]
            report.require(f"{page}: to today", figures["again"] / today, at_most=TIMES_TODAY)
            report.require(f"{page}, first: to today", cold / today, at_most=TIMES_TODAY_FIRST)
            cells = (milliseconds(one) for one in (today, figures["again"], cold))
            rows.append(
                [f"{name}, {own[0]}", *cells, ratio(figures["again"] / today), ratio(cold / today)]
            )
    print(f"\n## Pages of the past at {side.database.name} ({side.database.vendor})")
    titles = ("page", "today, ms", "again, ms", "view not made, ms", "to today", "first to today")
    print_table(titles, rows)
