"""The file that the index lies in: an SQLite database of its own, whichever the record is in.

SQLite gives what an index of several processes needs: readers who see one state while a single
writer makes the next, a state that is whole after a kill, and refusals that say what is wrong.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from pyroaring import BitMap

SCHEMA = """
CREATE TABLE state (
    revision INTEGER NOT NULL, token TEXT NOT NULL, made TEXT NOT NULL, structure TEXT NOT NULL,
    sets TEXT NOT NULL
);
CREATE TABLE reports (
    report INTEGER PRIMARY KEY, place INTEGER NOT NULL,
    recommendations BLOB NOT NULL, sizes BLOB NOT NULL, actions BLOB NOT NULL
);
CREATE TABLE names (
    unit TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (unit, name)
) WITHOUT ROWID;
CREATE TABLE sets (
    unit TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY (unit, name, value)
) WITHOUT ROWID;
CREATE TABLE owners (
    unit TEXT NOT NULL, report INTEGER NOT NULL, written INTEGER NOT NULL,
    keys BLOB NOT NULL, owners BLOB NOT NULL, PRIMARY KEY (unit, report)
) WITHOUT ROWID;
-- Each answer asks what was written since: without this, it goes through all reports.
CREATE INDEX owners_by_written ON owners (unit, written);
CREATE VIRTUAL TABLE recommendation_words USING fts5(
    number, headline, title, rest, tokenize = "ascii tokenchars '+'"
);
CREATE VIRTUAL TABLE action_words USING fts5(
    number, headline, title, rest, tokenize = "ascii tokenchars '+'"
);
CREATE VIRTUAL TABLE update_words USING fts5(note, evidence, tokenize = "ascii tokenchars '+'");
CREATE TABLE frequent (
    name TEXT NOT NULL, fields TEXT NOT NULL, word TEXT NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY (name, fields, word)
) WITHOUT ROWID;
CREATE TABLE moved (name TEXT PRIMARY KEY, keys BLOB NOT NULL) WITHOUT ROWID;
"""
# In seconds: how long a writer waits for another; and one that nobody waits for.
PATIENCE = 20
LONG_PATIENCE = 3_600
# What SQLite says of the machine or of other writers, and not of what is in the file.
OF_THE_MACHINE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


class Damaged(Exception):
    """The file is none of ours, or not whole."""


# What reading the file may raise. Messages of SQLite repeat what stands in it, whatever that is.
UNREADABLE = (Damaged, sqlite3.Error, UnicodeDecodeError)


def is_damage(error: Exception) -> bool:
    """Say whether an error is about what is in the file: what it needs is another file."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, UNREADABLE)
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in OF_THE_MACHINE


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

    @property
    def is_idle(self) -> bool:
        return not self.connection.in_transaction

    def wait_for_others(self, seconds: int) -> None:
        """Say how long to wait for another writer."""
        self.connection.execute(f"PRAGMA busy_timeout = {1000 * seconds}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state, whatever is written meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            # An error may have ended it already.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

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
        names = ("update_words", "action_words", "recommendation_words", "owners", "sets")
        for name in (*names, "frequent", "moved", "names", "reports", "state"):
            self.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in SCHEMA.split(";"):
            if statement.strip():
                self.execute(statement)
        values = (state.revision, state.token, token_hex(8))
        self.execute("INSERT INTO state VALUES (?, ?, ?, '', '')", values)

    def state(self) -> State | None:
        """Return of which state it is; None where nothing is in it yet."""
        if not self.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
            return None
        row = self.execute("SELECT revision, token FROM state").fetchone()
        return State(*row) if row else None

    def made(self) -> str:
        """Return what no other index has, one made in the same file before this included."""
        return self.execute("SELECT made FROM state").fetchone()[0]


# What is written, and whether it is what is read -----------------------------------------------


def sealed(content: bytes, *names: object) -> bytes:
    """Return a content as it is kept: after what tells whether it is whole, and the one named."""
    return _checksum(content, names) + content


def unsealed(stored: bytes, *names: object) -> bytes:
    if not isinstance(stored, bytes) or _checksum(stored[4:], names) != stored[:4]:
        raise Damaged(f"not what was written: {names}")
    return stored[4:]


def _checksum(content: bytes, names: tuple[object, ...]) -> bytes:
    return zlib.crc32(content, zlib.crc32(repr(names).encode())).to_bytes(4, "big")


def packed(keys: BitMap, *names: object) -> bytes:
    keys.run_optimize()
    return sealed(keys.serialize(), *names)


def unpacked(stored: bytes, *names: object) -> BitMap:
    return BitMap.deserialize(unsealed(stored, *names))


def digest_of(rows: Iterable[tuple[object, ...]]) -> str:
    """Return a digest of rows in their order: what rows are there, and what they were written as.

    Of a content that is sealed its first bytes are enough.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()[:32]


# The file --------------------------------------------------------------------------------------

_open = threading.local()


def opened(path: Path) -> Store:
    """Return a store of a file that this thread of this process is not reading from, or make it.

    Whoever reads may ask again for what needs a later state than the one that is read.
    """
    mine = _mine(path)
    for store in [one for one in mine if not one.is_there]:
        mine.remove(store)
        if store.is_idle:
            store.close()
    for store in mine:
        if store.is_idle:
            return store
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(path):
        mine.append(Store(path))
    return mine[-1]


def thrown_away(path: Path) -> None:
    """Remove a file that cannot be read, with what SQLite keeps beside it."""
    mine = _mine(path)
    was_replaced = any(not store.is_there for store in mine)
    for store in mine:
        if store.is_idle:
            store.close()
    mine.clear()
    if was_replaced or not path.parent.exists():
        return
    with _locked(path):
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).unlink()


def _mine(path: Path) -> list[Store]:
    """Return what this thread has open. What a parent had open is no use after a fork."""
    stores: dict[tuple[int, Path], list[Store]] = _open.__dict__.setdefault("stores", {})
    return stores.setdefault((os.getpid(), path), [])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let nobody else open or remove a file meanwhile.

    Whoever opened one that was half removed would write beside the others.
    """
    with (path.parent / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _before_fork() -> None:
    """Close what the forking thread has open: SQLite takes a parent's locks for the child's."""
    for stores in _open.__dict__.get("stores", {}).values():
        for store in [one for one in stores if one.is_idle]:
            stores.remove(store)
            store.close()


os.register_at_fork(before=_before_fork)
