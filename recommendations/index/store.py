"""The file that the index lies in: an SQLite database of its own, whichever the record is in.

SQLite gives what an index of several processes needs: readers who see one state while a single
writer makes the next, a state that is whole after a kill, and refusals that say what is wrong.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pyroaring import BitMap

SCHEMA = """
CREATE TABLE state (revision INTEGER NOT NULL, token TEXT NOT NULL, structure INTEGER NOT NULL);
CREATE TABLE reports (
    report INTEGER PRIMARY KEY, place INTEGER NOT NULL,
    recommendations BLOB NOT NULL, sizes BLOB NOT NULL, actions BLOB NOT NULL
);
CREATE TABLE views (
    view TEXT PRIMARY KEY, revision INTEGER NOT NULL, token TEXT NOT NULL,
    generation INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sets (
    view TEXT NOT NULL, unit TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    keys BLOB NOT NULL, PRIMARY KEY (view, unit, name, value)
) WITHOUT ROWID;
CREATE TABLE updates (
    report INTEGER PRIMARY KEY, written INTEGER NOT NULL,
    updates BLOB NOT NULL, actions BLOB NOT NULL
);
CREATE VIRTUAL TABLE recommendation_words USING fts5(
    number, headline, title, rest, tokenize = "ascii tokenchars '+'"
);
CREATE VIRTUAL TABLE action_words USING fts5(
    number, headline, title, rest, tokenize = "ascii tokenchars '+'"
);
CREATE VIRTUAL TABLE update_words USING fts5(note, evidence, tokenize = "ascii tokenchars '+'");
"""
# In seconds: how long a writer waits for another.
PATIENCE = 20


class Damaged(Exception):
    """The file is none of ours, or not whole."""


@dataclass(frozen=True, slots=True)
class State:
    """Of which state of the record an index is: a number, and what no other state has."""

    revision: int
    token: str


class Store:
    """A connection to an index. Without a path it is in memory, and this one's alone."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        # One in memory gets them when it is asked for any.
        self.has_words = True
        self.connection = sqlite3.connect(
            str(path or ":memory:"), timeout=PATIENCE, isolation_level=None
        )
        self.connection.execute("PRAGMA cache_size = -16000")
        self.connection.execute("PRAGMA temp_store = MEMORY")
        if path:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
            self.inode = os.stat(path).st_ino

    @property
    def is_there(self) -> bool:
        """Whether the file is still the one that was opened."""
        if self.path is None:
            return True
        with suppress(OSError):
            return os.stat(self.path).st_ino == self.inode
        return False

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state, whatever is written meanwhile."""
        if self.connection.in_transaction:
            yield
            return
        self.begin_reading()
        try:
            yield
        finally:
            self.let_go()

    def begin_reading(self) -> None:
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN")

    def let_go(self) -> None:
        """End reading: what is read next may be of a later state."""
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The only writer: all of it is kept, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def execute(self, sql: str, params: Iterable[object] = ()) -> sqlite3.Cursor:
        return self.connection.execute(sql, tuple(params))

    def begin(self, state: State) -> None:
        """Empty it, of this state. Call it while writing."""
        names = ("update_words", "action_words", "recommendation_words", "updates", "sets")
        for name in (*names, "views", "reports", "state"):
            self.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in SCHEMA.split(";"):
            if statement.strip():
                self.execute(statement)
        self.execute("INSERT INTO state VALUES (?, ?, 1)", (state.revision, state.token))

    def state(self) -> State | None:
        """Return of which state it is; None where nothing is in it yet."""
        if not self.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
            return None
        row = self.execute("SELECT revision, token FROM state").fetchone()
        return State(*row) if row else None

    def structure_generation(self) -> int:
        return self.execute("SELECT structure FROM state").fetchone()[0]


def packed(keys: BitMap) -> bytes:
    """Return a set as it is kept, with what tells whether it is whole."""
    keys.run_optimize()
    content = keys.serialize()
    return zlib.crc32(content).to_bytes(4, "big") + content


def unpacked(stored: bytes) -> BitMap:
    content = stored[4:]
    if zlib.crc32(content).to_bytes(4, "big") != stored[:4]:
        raise Damaged("a set is not what was written")
    return BitMap.deserialize(content)


_open = threading.local()


def opened(path: Path) -> Store:
    """Return the store of a file for this thread of this process, or make it."""
    mine: dict[tuple[int, Path], Store] = _open.__dict__.setdefault("stores", {})
    key = (os.getpid(), path)
    store = mine.get(key)
    if store and not store.is_there:
        store.close()
        store = None
    if store is None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = mine[key] = Store(path)
    return store


def thrown_away(path: Path) -> None:
    """Remove a file that cannot be read, with what SQLite keeps beside it."""
    mine: dict[tuple[int, Path], Store] = _open.__dict__.setdefault("stores", {})
    if store := mine.pop((os.getpid(), path), None):
        store.close()
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
