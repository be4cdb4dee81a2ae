"""The counted actions of a record as one table of SQLite with a full-text index.

So Datasette and the sketches have them. It lies beside the index, is named after the newest edition
and this module, and is made once for each. All is read in the order of the actions and joined on
the way, so that a record of a million of them needs no memory for them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from recommendations.models import Action, Recommendation
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

AT_ONCE = 20_000
OF_ACTIONS = (
    "pk",
    "recommendation_id",
    "recommendation__report__slug",
    "recommendation__section__title",
    "recommendation__number",
    "recommendation__headline",
    "title",
    "status",
    "addressee",
    "kind",
    "recommendation__origin",
    "due_on",
    "status_since",
)
TABLE = """
    CREATE TABLE actions (
        id INTEGER PRIMARY KEY, report TEXT, section TEXT, recommendation TEXT, headline TEXT,
        title TEXT, status TEXT, addressee TEXT, kind TEXT, origin TEXT, due_on TEXT,
        status_since TEXT, parties TEXT, areas TEXT, bodies TEXT, words TEXT
    )
"""
INDEXED = ("report", "status", "addressee", "status_since")
WORDS = """
    CREATE VIRTUAL TABLE actions_words USING fts5(
        words, content='actions', content_rowid='id', tokenize='porter unicode61'
    )
"""


def written() -> str:
    """Return the path of the file, which is made where there is none."""
    path = Path(f"{settings.INDEX_DIR}-flat") / f"actions_{_state()}.sqlite3"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(".begun")
        begun.unlink(missing_ok=True)
        _write(begun)
        begun.rename(path)
    return str(path)


def _state() -> str:
    digest = Record(Viewpoint.present()).newest_digest()
    told = f"{digest.digest if digest else ''}{Path(__file__).read_text(encoding='utf-8')}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _write(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(TABLE)
        values = ", ".join("?" * 16)
        rows = _rows()
        while some := list(islice(rows, AT_ONCE)):
            database.executemany(f"INSERT INTO actions VALUES ({values})", some)
        for column in INDEXED:
            database.execute(f"CREATE INDEX actions_{column} ON actions ({column})")
        database.execute(WORDS)
        database.execute("INSERT INTO actions_words (actions_words) VALUES ('rebuild')")
        database.execute("ANALYZE")
        database.commit()


def _rows() -> Iterator[tuple[Any, ...]]:
    record = Record(Viewpoint.present())
    areas = _areas()
    parties = Beside(_pairs(Action.parties.through.objects.all(), "party__slug"))
    bodies = Beside(_pairs(Action.bodies.through.objects.all(), "body__slug"))
    notes = Beside(_pairs(record.updates_in_effect(), "note"))
    actions = record.actions().counted().order_by("pk").values_list(*OF_ACTIONS)
    for key, owner, *told, due_on, since in actions.iterator(AT_ONCE):
        headline, title = told[3], told[4]
        yield (
            key,
            *told,
            due_on and due_on.isoformat(),
            since and since.isoformat(),
            json.dumps(parties.of(key)),
            json.dumps(areas.get(owner, [])),
            json.dumps(bodies.of(key)),
            " ".join([headline, title, *notes.of(key)]),
        )


def _areas() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = Recommendation.areas.through.objects.values_list(
        "recommendation_id", "policyarea__slug"
    )
    for owner, slug in pairs.iterator(AT_ONCE):
        found[owner].append(slug)
    return found


def _pairs(rows: QuerySet[Any], column: str) -> Iterable[tuple[int, str]]:
    pairs = rows.order_by("action_id", "pk").values_list("action_id", column)
    return pairs.iterator(AT_ONCE)


class Beside:
    """What belongs to each action, read beside the actions in the same order."""

    def __init__(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.pairs = iter(pairs)
        self.next = next(self.pairs, None)

    def of(self, key: int) -> list[str]:
        found: list[str] = []
        while self.next and self.next[0] <= key:
            if self.next[0] == key:
                found.append(self.next[1])
            self.next = next(self.pairs, None)
        return found
