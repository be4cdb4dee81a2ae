"""Writes the index: all of it, or what changes touched. Call it while the store is writing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pyroaring import BitMap

from recommendations.models import Action, Recommendation, StatusUpdate
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from . import documents, structure
from .facts import ACTION, HAVING, RECOMMENDATION, UPDATE, Facts, Sets
from .store import State, Store, digest_of, packed, unpacked
from .view import key_of

# Beside the present; what was brought up to date longest ago goes first.
MOST_VIEWS = 64
# As many keys in one query.
MOST_KEYS = 500


def batches(keys: Sequence[int], n: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), n):
        yield keys[start : start + n]


def begin(store: Store, state: State, *, with_words: bool = True) -> None:
    """Write everything but the views, which are made when they are asked for."""
    store.begin(state)
    structure.write(store)
    structure.write_updates(store)
    if with_words:
        write_words(store)
    else:
        store.has_words = False


def write_words(store: Store) -> None:
    keys = Recommendation.objects.published().order_by("pk").values_list("pk", flat=True)
    _write_words(store, list(keys))
    store.has_words = True


def renew(store: Store, state: State, touched: Collection[int]) -> None:
    """Bring words, order and updates of some recommendations up to this state."""
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
        structure.write_updates(store, reports)
        _write_words(store, keys)
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
        own, actions, updates = [], [], []
        for one in documents.recommendations(some):
            own.append(documents.of_recommendation(one))
            for action in one.actions.all():
                actions.append(documents.of_action(action, number=one.number))
                updates += [documents.of_update(update) for update in action.updates.all()]
        for table, rows in (("recommendation", own), ("action", actions)):
            store.connection.executemany(
                f"INSERT INTO {table}_words (rowid, number, headline, title, rest) "
                "VALUES (?, ?, ?, ?, ?)",
                rows,
            )
        store.connection.executemany(
            "INSERT INTO update_words (rowid, note, evidence) VALUES (?, ?, ?)", updates
        )


# Views -----------------------------------------------------------------------------------------


def view_state(store: Store, key: str) -> State | None:
    row = store.execute("SELECT revision, token FROM views WHERE view = ?", [key]).fetchone()
    return State(*row) if row else None


def view_digest(store: Store, key: str) -> str:
    return store.execute("SELECT digest FROM views WHERE view = ?", [key]).fetchone()[0]


def make_view(store: Store, state: State, viewpoint: Viewpoint) -> None:
    """Write the sets of a viewpoint."""
    key = key_of(viewpoint)
    store.execute("DELETE FROM sets WHERE view = ?", [key])
    _write_sets(store, key, Facts(Record(viewpoint)).sets())
    _sign_view(store, key, state)
    _leave_out(store)


def renew_view(store: Store, state: State, viewpoint: Viewpoint, touched: Collection[int]) -> None:
    """Bring the sets of a viewpoint up to this state, in which some recommendations changed."""
    key = key_of(viewpoint)
    if touched:
        keys = sorted(touched)
        rows = _rows_of(store, keys)
        now: Sets = {}
        for some in batches(keys, MOST_KEYS):
            for name, found in Facts(Record(viewpoint), some).sets().items():
                now[name] = now.get(name, BitMap()) | found
        _exchange(store, key, {unit: BitMap(pks) for unit, pks in rows.items()}, now)
    _sign_view(store, key, state)


def _exchange(store: Store, key: str, gone: dict[str, BitMap], now: Sets) -> None:
    """Take rows out of all sets, and put them where they belong now."""
    gone = {
        RECOMMENDATION: gone["recommendation"],
        HAVING: gone["recommendation"],
        ACTION: gone["action"],
        UPDATE: gone["updates"],
    }
    columns = "SELECT unit, name, value, keys FROM sets WHERE view = ?"
    changed: Sets = {}
    for unit, name, value, stored in store.execute(columns, [key]).fetchall():
        before = unpacked(stored, key, unit, name, value)
        after = (before - gone[unit]) | now.pop((unit, name, value), BitMap())
        if after != before:
            changed[unit, name, value] = after
    for (unit, name, value), rows in changed.items():
        if not rows:
            store.execute(
                "DELETE FROM sets WHERE view = ? AND unit = ? AND name = ? AND value = ?",
                (key, unit, name, value),
            )
    _write_sets(store, key, {**{name: rows for name, rows in changed.items() if rows}, **now})


def _write_sets(store: Store, key: str, sets: Sets) -> None:
    store.connection.executemany(
        "REPLACE INTO sets VALUES (?, ?, ?, ?, ?)",
        ((key, *name, packed(rows, key, *name)) for name, rows in sets.items()),
    )


def _sign_view(store: Store, key: str, state: State) -> None:
    store.execute(
        "REPLACE INTO views SELECT ?, ?, ?, ?, coalesce(max(used), 0) + 1 FROM views",
        (key, state.revision, state.token, written_sets(store, key)),
    )


def written_sets(store: Store, key: str) -> str:
    """Return what changes with any set of a view, of which the view keeps a copy."""
    # The view too: a row whose key is damaged may still be found by what is left of it.
    columns = "SELECT view, unit, name, value, substr(keys, 1, 4) FROM sets WHERE view = ?"
    return digest_of(store.execute(f"{columns} ORDER BY unit, name, value", [key]))


def _leave_out(store: Store) -> None:
    old = store.execute(
        "SELECT view FROM views WHERE view != 'present' ORDER BY used DESC LIMIT -1 OFFSET ?",
        [MOST_VIEWS],
    ).fetchall()
    for (key,) in old:
        store.execute("DELETE FROM sets WHERE view = ?", [key])
        store.execute("DELETE FROM views WHERE view = ?", [key])
