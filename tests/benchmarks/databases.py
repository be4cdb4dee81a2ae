"""The databases that are measured: made for it, filled and dropped again, or given."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from alliance.environment import BASE_DIR

from .worker import Worker

SIZES = ("S", "M", "L")
GREATEST_SEED = 1_000_000
# A server of PostgreSQL in which databases are made: postgres://user@127.0.0.1/postgres.
SERVER = "BENCHMARK_POSTGRESQL"


@dataclass(frozen=True, slots=True)
class Database:
    """One made-up record. `is_own` if it was made here, and may be written to."""

    size: str
    seed: int | None
    url: str
    folder: Path
    index: Path
    is_own: bool

    @property
    def name(self) -> str:
        return self.size if self.seed is None else f"{self.size}, seed {self.seed}"

    @property
    def vendor(self) -> str:
        return "SQLite" if self.url.startswith("sqlite") else "PostgreSQL"

    @property
    def environment(self) -> dict[str, str]:
        """What a process that works on it is told. Pages are kept as in a service."""
        return {
            "DATABASE_URL": self.url,
            "INDEX_DIR": str(self.index),
            "STATIC_ROOT": str(self.folder / "static"),
            "ALLIANCE_VAR": str(self.folder / "var"),
            "SECRET_KEY": "of-the-benchmarks-and-of-nobody-else",
            "LOG_LEVEL": "ERROR",
            "DEBUG": "0",
            "ALLIANCE_TRYOUT": "1",
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
        }

    @property
    def unkept(self) -> dict[str, str]:
        """The same, but each page is made anew."""
        return self.environment | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}

    def worker(self) -> Worker:
        return Worker(self.unkept, self.folder / "workers.log")

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        environment = {**os.environ, **self.environment}
        done = subprocess.run(
            command, cwd=BASE_DIR, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed: {done.stdout}{done.stderr}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", type=_sizes, default=["S", "M"], metavar="S,M,L")
    parser.add_argument("--seeds", type=_seeds, metavar="1,2", help="two are drawn otherwise")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--database",
        action="append",
        type=_pair,
        default=[],
        metavar="SIZE=URL",
        help="one that is filled already: it is neither filled nor dropped",
    )
    parser.add_argument(
        "--index",
        action="append",
        type=_pair,
        default=[],
        metavar="SIZE=FOLDER",
        help="where the index of such a database lies, and the table made of it",
    )


def _sizes(text: str) -> list[str]:
    return [_size(one) for one in text.split(",")]


def _size(text: str) -> str:
    if text not in SIZES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(SIZES)}")
    return text


def _seeds(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def _pair(text: str) -> tuple[str, str]:
    size, _sign, value = text.partition("=")
    if not value:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form SIZE=VALUE")
    return _size(size), value


@contextmanager
def filled(options: argparse.Namespace) -> Iterator[list[Database]]:
    """Give all databases that the command line asks for, each with its index."""
    seeds = options.seeds or [random.randint(1, GREATEST_SEED) for _n in range(2)]
    given, indexes = dict(options.database), dict(options.index)
    sizes = [size for size in SIZES if size in {*options.sizes, *given}]
    with ExitStack() as stack:
        home = tempfile.TemporaryDirectory(
            prefix="alliance-benchmarks-", ignore_cleanup_errors=True
        )
        folder = Path(stack.enter_context(home))
        found: list[Database] = []
        for size in sizes:
            if size in given:
                index = Path(indexes.get(size, folder / f"index-{size}")).resolve()
                found.append(Database(size, None, given[size], folder, index, is_own=False))
                continue
            for seed in seeds:
                found.append(_made(size, seed, folder, stack))
        _prepare(found)
        yield found


def _made(size: str, seed: int, folder: Path, stack: ExitStack) -> Database:
    name = f"benchmark_{os.getpid()}_{size.lower()}_{seed}"
    index = folder / f"index-{name}"
    if server := os.environ.get(SERVER, ""):
        url = f"{server.rpartition('/')[0]}/{name}"
        stack.callback(_drop, server, name)
        _ask(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    else:
        url = f"sqlite:///{folder / name}.sqlite3"
    return Database(size, seed, url, folder, index, is_own=True)


def _prepare(found: Sequence[Database]) -> None:
    """Fill those that were made here, and bring the index of each up to date."""
    found[0].manage("collectstatic", "--noinput", "--verbosity", "0")
    for database in found:
        print(f"Preparing {database.name} ({database.vendor})", file=sys.stderr, flush=True)
        if database.is_own:
            database.manage("migrate", "--verbosity", "0")
            database.manage("make_corpus", "--size", database.size, "--seed", str(database.seed))
        database.manage("update_index")
    told = [f"{database.name} ({database.vendor})" for database in found]
    print(f"Measured: {'; '.join(told)}.", flush=True)


def _drop(server: str, name: str) -> None:
    _ask(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ask(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
