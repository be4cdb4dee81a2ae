"""Requests a second to eight readers, memory of a worker, and the first start of a trial."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.faults.processes import Process

from . import first_start, load
from .databases import Database
from .reports import Report, print_table, ratio
from .rounds import medians
from .servers import HEADERS, WORKERS, asked, children, memory, proxied, started

STATIC_FILE = re.compile(r"/static/recommendations/components\.\w+\.css")
# What others answer for each answer of a static file.
LEAST = {
    "unchanged (304)": 0.4,
    "kept page": 0.3,
    "page from the proxy": 0.9,
    "dashboard": 0.015,
    "list": 0.015,
    "recommendation": 0.03,
}
# In kilobytes, as it is sent.
DASHBOARD = 30.0
# So often all pages are asked for, that each worker has answered each.
TIMES_ASKED = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=float, default=3, help="of each measurement; three times as many of pages"
    )
    parser.add_argument(
        "--against", type=Path, metavar="CHECKOUT", help="an older one, whose first start is slower"
    )
    parser.add_argument("--starts", type=int, default=3, help="how often each is started; 0: never")
    parser.set_defaults(sizes=["S"])


def measure(options: argparse.Namespace, found: Sequence[Database]) -> Report:
    report = Report()
    if not load.program():
        print("wrk is not installed: threads of Python ask, which static files are too quick for.")
    for database in found:
        with ExitStack() as stack:
            _measure(database, stack, options, report)
    _measure_starts(options)
    return report


def _measure(
    database: Database, stack: ExitStack, options: argparse.Namespace, report: Report
) -> None:
    with database.worker() as worker:
        told = worker.ask("addresses:every")
    addresses = {one["name"]: one["address"] for one in told}
    kept = started(database, stack, is_kept=True)
    anew = started(database, stack, is_kept=False)
    proxy = proxied(database, stack)
    dashboard = addresses["report"]
    first = asked(kept.port, dashboard)
    plain = asked(kept.port, dashboard, **{"Accept-Encoding": "identity"}).body.decode()
    static = STATIC_FILE.search(plain)
    assert static, "The dashboard names no style sheet."
    tag = {"If-None-Match": first.headers["ETag"]}
    measured = {
        "static file": (kept, static.group(0), {}),
        "/healthz": (kept, "/healthz", {}),
        "unchanged (304)": (kept, dashboard, tag),
        "kept page": (kept, dashboard, {}),
        "page from the proxy": (proxy, dashboard, {}),
        "static file from the proxy": (proxy, static.group(0), {}),
        "dashboard": (anew, dashboard, {}),
        "list": (anew, addresses["list"], {}),
        "recommendation": (anew, addresses["detail"], {}),
    }
    ways = {
        name: partial(_speed, process, address, HEADERS | more, _seconds(process is anew, options))
        for name, (process, address, more) in measured.items()
    }
    for way in ways.values():
        way()
    speeds = medians(ways, rounds=options.rounds)
    _tell_speeds(database, speeds, report)
    report.require(
        f"{database.name}: dashboard as it is sent, kB", len(first.body) / 1000, at_most=DASHBOARD
    )
    _tell_memory(database, [kept, anew], list(addresses.values()))


def _seconds(is_anew: bool, options: argparse.Namespace) -> float:
    """Return for how long something is asked: what is begun at the end does not count."""
    return options.seconds * (3 if is_anew else 1)


def _speed(process: Process, address: str, headers: dict[str, str], seconds: float) -> float:
    return load.requests_a_second(process.port, address, seconds=seconds, headers=headers)


def _tell_speeds(database: Database, speeds: dict[str, float], report: Report) -> None:
    print(f"\n## Answers to eight readers at {database.name} ({database.vendor})")
    static = speeds["static file"]
    titles = ("answer", "requests a second", "to a static file")
    rows = ([name, f"{speed:,.1f}", ratio(speed / static)] for name, speed in speeds.items())
    print_table(titles, rows)
    for name, least in LEAST.items():
        told = f"{database.name}, {name}: to a static file"
        report.require_least(told, speeds[name] / static, at_least=least)


def _tell_memory(
    database: Database, processes: Sequence[Process], addresses: Sequence[str]
) -> None:
    """Print what each worker has in memory once it has answered all pages."""
    rows = []
    for process in processes:
        assert process.running
        with ThreadPoolExecutor(load.CONNECTIONS) as readers:
            list(readers.map(partial(asked, process.port), [*addresses] * TIMES_ASKED))
        sizes = [memory(pid) for pid in children(process.running.pid)]
        assert len(sizes) == WORKERS, process.log.read_text()[-2000:]
        rows.append([process.name, *(f"{size:,.0f}" for size in sizes)])
    print(f"\n## Memory after all pages at {database.name} ({database.vendor})")
    print_table(("server", *(f"worker {n + 1}, MB" for n in range(WORKERS))), rows)


def _measure_starts(options: argparse.Namespace) -> None:
    """Print what the first start of this checkout, and of an older one, takes."""
    if not options.starts:
        return
    checkouts = {"this checkout": first_start.HERE}
    if options.against:
        checkouts["the other"] = options.against.resolve()
    starts = first_start.measured(checkouts, rounds=options.starts)
    rows = (
        [name, *(f"{value:,.1f}" for value in (one.answering, one.page, one.memory))]
        for name, one in starts.items()
    )
    print("\n## First start, as `make run` does it")
    print_table(("checkout", "to /healthz, s", "to the first page, s", "memory, MB"), rows)
