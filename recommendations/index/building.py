"""Writes the index: all of it, or what changes touched. Call it while the store is writing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pyroaring import BitMap

from recommendations.models import Action, Recommendation, StatusUpdate

from . import documents, frequent, structure
from .facts import Facts
from .names import (
    ACTION,
    EVIDENCE_PERIOD,
    HAVING,
    RECOMMENDATION,
    STATUS_PERIOD,
    UPDATE,
    VERIFIABILITY_PERIOD,
    Sets,
)
from .store import State, Store, digest_of, packed, unpacked

# As many keys in one query.
MOST_KEYS = 500
# Of what was said nothing is taken back: rows come into these sets, and none goes.
GROWING = {UPDATE, STATUS_PERIOD, EVIDENCE_PERIOD, VERIFIABILITY_PERIOD}
# But for whether it counts.
COUNTING = (UPDATE, "counting")


def batches(keys: Sequence[int], n: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), n):
        yield keys[start : start + n]


def begin(
    store: Store, state: State, *, with_words: bool = True, with_history: bool = True
) -> None:
    """Write all of it. Words can be added later."""
    store.begin(state)
    structure.write(store)
    structure.write_owners(store)
    if with_history:
        structure.write_owners_of_history(store)
    _write_sets(store, Facts().sets(with_history=with_history))
    if with_words:
        write_words(store)
    else:
        store.has_words = False


def write_words(store: Store) -> None:
    keys = Recommendation.objects.published().order_by("pk").values_list("pk", flat=True)
    _write_words(store, list(keys))
    frequent.write(store)
    store.has_words = True


def renew(store: Store, state: State, touched: Collection[int]) -> None:
    """Bring what is written of some recommendations up to this state."""
    if touched:
        keys = sorted(touched)
        found = Recommendation.objects.filter(pk__in=keys)
        reports = set(found.values_list("report_id", flat=True))
        rows = _rows_of(store, keys)
        for table, pks in rows.items():
            if table != "updates":
                _forget(store, f"{table}_words", pks)
        _forget(store, "update_words", rows["updates"])
        structure.write(store, reports)
        structure.write_owners(store, reports)
        structure.write_owners_of_history(store, reports)
        _write_words(store, keys)
        moved = (rows[name] for name in ("recommendation", "action", "updates"))
        frequent.move(store, dict(zip(frequent.COLUMNS, moved, strict=True)))
        now: Sets = {}
        for some in batches(keys, MOST_KEYS):
            for name, own in Facts(some).sets().items():
                now[name] = now.get(name, BitMap()) | own
        _exchange(store, {unit: BitMap(pks) for unit, pks in rows.items()}, now)
    store.execute("UPDATE state SET revision = ?, token = ?", (state.revision, state.token))


def _forget(store: Store, table: str, keys: Collection[int]) -> None:
    store.connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(pk,) for pk in keys])


def _rows_of(store: Store, recommendations: Sequence[int]) -> dict[str, set[int]]:
    """Return what is, or was, of some recommendations: by table, their keys."""
    rows: dict[str, set[int]] = {
        "recommendation": set(recommendations),
        "action": set(),
        "updates": set(),
    }
    before = structure.read(store)
    known = set(before.recommendations)
    for pk in recommendations:
        if pk in known:
            rows["action"].update(before.actions_of(pk))
    for some in batches(recommendations, MOST_KEYS):
        actions = Action.objects.filter(recommendation__in=some)
        rows["action"].update(actions.order_by().values_list("pk", flat=True))
        updates = StatusUpdate.objects.published().filter(action__recommendation__in=some)
        rows["updates"].update(updates.order_by().values_list("pk", flat=True))
    return rows


def _write_words(store: Store, keys: Sequence[int]) -> None:
    for some in batches(keys, documents.BATCH):
        found = documents.of(some)
        for table, rows in (("recommendation", found.recommendations), ("action", found.actions)):
            store.connection.executemany(
                f"INSERT INTO {table}_words (rowid, number, headline, title, rest) "
                "VALUES (?, ?, ?, ?, ?)",
                rows,
            )
        store.connection.executemany(
            "INSERT INTO update_words (rowid, note, evidence) VALUES (?, ?, ?)", found.updates
        )


# Sets ------------------------------------------------------------------------------------------


def _exchange(store: Store, gone: dict[str, BitMap], now: Sets) -> None:
    """Take rows out of all sets, and put them where they belong now."""
    changed = {key: rows for key, rows in now.items() if key[0] in GROWING and key[:2] != COUNTING}
    for (unit, name, value), rows in changed.items():
        row = store.execute(
            "SELECT keys FROM sets WHERE unit = ? AND name = ? AND value = ?", (unit, name, value)
        ).fetchone()
        before = unpacked(row[0], unit, name, value) if row else BitMap()
        changed[unit, name, value] = before | rows
    moved = {key: rows for key, rows in now.items() if key not in changed}
    taken = {
        RECOMMENDATION: gone["recommendation"],
        HAVING: gone["recommendation"],
        ACTION: gone["action"],
    }
    columns = "SELECT unit, name, value, keys FROM sets"
    for unit, rows in taken.items():
        stored = store.execute(f"{columns} WHERE unit = ?", [unit]).fetchall()
        changed |= _without(stored, rows, moved)
    counting = store.execute(f"{columns} WHERE unit = ? AND name = ?", COUNTING).fetchall()
    changed |= _without(counting, gone["updates"], moved)
    empty = [key for key, rows in changed.items() if not rows]
    delete = "DELETE FROM sets WHERE unit = ? AND name = ? AND value = ?"
    store.connection.executemany(delete, empty)
    kept = {key: rows for key, rows in changed.items() if rows}
    _write_sets(store, kept | moved, also={key[:2] for key in empty})


def _without(stored: Iterable[tuple[str, str, str, bytes]], gone: BitMap, now: Sets) -> Sets:
    """Return the sets that change when rows go, but for those that are in them now.

    What is in `now` and was written before is taken from there.
    """
    changed: Sets = {}
    for unit, name, value, keys in stored:
        before = unpacked(keys, unit, name, value)
        after = (before - gone) | now.pop((unit, name, value), BitMap())
        if after != before:
            changed[unit, name, value] = after
    return changed


def _write_sets(store: Store, sets: Sets, *, also: Collection[tuple[str, str]] = ()) -> None:
    """Write some sets, and the digests of their names: of those of which a set went, too."""
    store.connection.executemany(
        "REPLACE INTO sets VALUES (?, ?, ?, ?)",
        ((*key, packed(rows, *key)) for key, rows in sets.items()),
    )
    for unit, name in {key[:2] for key in sets} | set(also):
        digest = written_values(store, unit, name)
        store.execute("REPLACE INTO names VALUES (?, ?, ?)", (unit, name, digest))
    store.execute("UPDATE state SET sets = ?", [written_names(store)])


def written_values(store: Store, unit: str, name: str) -> str:
    """Return what changes with any set of a name, of which the name keeps a copy."""
    # The name too: a row whose key is damaged may still be found by what is left of it.
    columns = "SELECT unit, name, value, substr(keys, 1, 4) FROM sets WHERE unit = ? AND name = ?"
    return digest_of(store.execute(f"{columns} ORDER BY value", (unit, name)))


def written_names(store: Store) -> str:
    """Return what changes with any set, of which the state keeps a copy."""
    return digest_of(store.execute("SELECT unit, name, digest FROM names ORDER BY unit, name"))


def digest_of_sets(store: Store) -> str:
    return store.execute("SELECT sets FROM state").fetchone()[0]
