"""Measure. `make benchmark BENCHMARK_ARGS="queries --sizes S,M"`, or this module by itself."""

from __future__ import annotations

import argparse
import signal
import sys
from importlib import import_module

from . import databases

COMMANDS = {
    "queries": "the list by seven queries: its counts, its work, its page, and those of others",
    "pages": "every public page, first and again, of the present and of the past",
    "server": "requests a second and memory of the processes that answer, and the first start",
    "publishing": "one update, a hundred at once, and eight people at once",
}

# What has a record of its own, which is not made up.
ALONE = {
    "suggestions": "how well news finds its action, by the research file that SECOND_CODING names",
}


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    commands = whole.add_subparsers(dest="command", required=True)
    for name, told in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=told)
        module = import_module(f".{name}", __package__)
        databases.add_arguments(command)
        module.add_arguments(command)
        command.set_defaults(measure=module.measure, alone=None)
    for name, told in ALONE.items():
        command = commands.add_parser(name, help=told, description=told)
        module = import_module(f".{name}", __package__)
        command.set_defaults(alone=module.measure_alone)
    return whole


def main() -> int:
    # As when it is stopped by hand: what was started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parser().parse_args()
    if options.alone:
        found_alone: int = options.alone()
        return found_alone
    with databases.filled(options) as found:
        report = options.measure(options, found)
    return report.conclude()


if __name__ == "__main__":
    sys.exit(main())
