"""Words that very many rows have, kept as sets beside the full text.

To go through a word of two thirds of a million actions takes the full text 400 ms; its set is read
in less than one. The sets are of the time when the whole index was written. Of the rows that were
written since, the words are looked at one by one, and where these became too many, the full text
answers alone until somebody calls `update_index`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyroaring import BitMap

from .store import Damaged, Store, packed, unpacked

WORDING = ("number", "headline", "title", "rest")
OF_UPDATES = ("note", "evidence")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "recommendation_words": WORDING,
    "action_words": WORDING,
    "update_words": OF_UPDATES,
}
# The fields in which words are looked for, from the first to the last: see TIERS of `words`.
WAYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "recommendation_words": (WORDING[:2], WORDING[:3], WORDING),
    "action_words": (WORDING[:2], WORDING[:3], WORDING),
    "update_words": (OF_UPDATES[:1], OF_UPDATES),
}
# Rows that have a word whose set is kept: fewer are gone through in some ten milliseconds.
LEAST = 20_000
# Rows written since, whose words are looked at one by one.
MOST_MOVED = 1_000
# What FTS5 takes for a word, of texts that have no capitals.
WORD = re.compile(r"[0-9a-z+\x80-\U0010ffff]+")


def write(store: Store) -> None:
    """Write the sets of all words that are frequent now. Call it while writing."""
    store.execute("DELETE FROM frequent")
    for table, ways in WAYS.items():
        _keep_moved(store, table, BitMap())
        for word in _frequent(store, table):
            for fields in ways:
                name = (table, " ".join(fields), word)
                rows = packed(searched(store, table, fields, f'"{word}"'), *name)
                store.execute("INSERT INTO frequent VALUES (?, ?, ?, ?)", (*name, rows))


def move(store: Store, rows: Mapping[str, Iterable[int]]) -> None:
    """Say of which rows of a table the words were written anew, or taken out."""
    for table, keys in rows.items():
        _keep_moved(store, table, _moved(store, table) | BitMap(keys))


def are_worn(store: Store) -> bool:
    """Whether too many rows were written since for the sets to be of use."""
    return any(len(_moved(store, table)) > MOST_MOVED for table in COLUMNS)


def rows_with(store: Store, table: str, fields: Sequence[str], word: str) -> BitMap | None:
    """Return the rows with a word in some fields; None where its set is not kept."""
    name = (table, " ".join(fields), word)
    query = "SELECT keys FROM frequent WHERE name = ? AND fields = ? AND word = ?"
    row = store.execute(query, name).fetchone()
    moved = _moved(store, table) if row else BitMap()
    if row is None or len(moved) > MOST_MOVED:
        return None
    rows = unpacked(row[0], *name)
    return (rows - moved) | _with_word(store, table, fields, word, moved) if moved else rows


def searched(store: Store, table: str, fields: Sequence[str], asked: str) -> BitMap:
    """Return the rows of which the full text has what is asked for in some fields."""
    if len(fields) < len(COLUMNS[table]):
        asked = f"{{{' '.join(fields)}}} : {asked}"
    rows = store.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", [asked])
    return BitMap(pk for (pk,) in rows)


def kept(store: Store) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the table, the fields and the word of each set."""
    for table, fields, word in store.execute("SELECT name, fields, word FROM frequent").fetchall():
        yield table, tuple(fields.split()), word


def _frequent(store: Store, table: str) -> list[str]:
    rows = f"SELECT 1 FROM {table}_docsize LIMIT {LEAST}"
    if store.execute(f"SELECT count(*) FROM ({rows})").fetchone()[0] < LEAST:
        return []
    store.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, '{table}', 'row')")
    try:
        found = store.execute("SELECT term FROM temp.words WHERE doc >= ?", [LEAST]).fetchall()
    finally:
        store.execute("DROP TABLE temp.words")
    return [word for (word,) in found if WORD.fullmatch(word)]


def _with_word(store: Store, table: str, fields: Sequence[str], word: str, keys: BitMap) -> BitMap:
    columns = ", ".join(fields)
    rows = store.execute(
        f"SELECT rowid, {columns} FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))",
        [json.dumps(list(keys))],
    )
    return BitMap(pk for pk, *texts in rows if any(word in WORD.findall(one) for one in texts))


def _moved(store: Store, table: str) -> BitMap:
    row = store.execute("SELECT keys FROM moved WHERE name = ?", [table]).fetchone()
    if row is None:
        raise Damaged("it is not known which rows were written since")
    return unpacked(row[0], table, "moved")


def _keep_moved(store: Store, table: str, keys: BitMap) -> None:
    store.execute("REPLACE INTO moved VALUES (?, ?)", (table, packed(keys, table, "moved")))
