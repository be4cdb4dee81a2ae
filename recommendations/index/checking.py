"""Compares the index of this machine with the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from django.db import connection
from django.utils.translation import gettext as _
from pyroaring import BitMap

from recommendations.integrity import Difference
from recommendations.models import Recommendation
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from . import building, documents, frequent, keeping, structure
from .facts import Facts
from .names import (
    EVIDENCE_PERIOD,
    JUDGEMENT,
    STATUS_PERIOD,
    UPDATE,
    VERIFIABILITY_PERIOD,
    Sets,
)
from .store import UNREADABLE, Damaged, State, Store, is_damage, opened, unpacked
from .structure import Owners, Structure


def differences() -> Iterator[Difference]:
    """Yield what an index says otherwise than the database; nothing where there is no index.

    It is brought up to date first, as every reader would.
    """
    path = keeping.path_of_index()
    if connection.in_atomic_block or not path.exists():
        return
    try:
        store = opened(path)
        keeping.bring_up(store, however_large=True)
        with store.reading():
            yield from _of_store(store)
    except keeping.BeingMade:
        yield _changed_meanwhile()
    except UNREADABLE as error:
        yield Difference("search", _("index"), str(error))


def _changed_meanwhile() -> Difference:
    return Difference("search", _("index"), _("the record changed meanwhile: check again"))


def _of_store(store: Store) -> Iterator[Difference]:
    state = store.state()
    assert state is not None
    if keeping.state_of_database() != state:
        return
    yield from _of_order(store)
    yield from _of_sets(store)
    keys = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True))
    for some in building.batches(keys, documents.BATCH):
        yield from _of_words(store, some)
    yield from _of_nothing(store)
    yield from _of_frequent_words(store)
    if keeping.state_of_database() != state:
        yield _changed_meanwhile()


def _of_order(store: Store) -> Iterator[Difference]:
    (found, owners), (wanted, wanted_owners) = _order_and_owners(store), _expected_order()
    for name in ("recommendations", "starts", "actions"):
        if getattr(found, name) != getattr(wanted, name):
            yield Difference("search", _("index"), _("the order of %(what)s") % {"what": name})
    if owners != wanted_owners:
        yield Difference("search", _("index"), _("what belongs to which action"))


def _order_and_owners(store: Store) -> tuple[Structure, dict[str, object]]:
    told: dict[str, object] = {}
    for unit in (UPDATE, STATUS_PERIOD, EVIDENCE_PERIOD, VERIFIABILITY_PERIOD):
        owners = Owners(unit)
        owners.read(store)
        told[unit] = {pk: one for pk, one in enumerate(owners.owner) if one}
    told[JUDGEMENT] = structure.judgements_in(store)
    return structure.read(store), told


def _expected_order() -> tuple[Structure, dict[str, object]]:
    with closing(Store(None)) as fresh:
        fresh.begin(State(0, ""))
        structure.write(fresh)
        structure.write_owners(fresh)
        structure.write_owners_of_history(fresh)
        return _order_and_owners(fresh)


def _of_sets(store: Store) -> Iterator[Difference]:
    if building.written_names(store) != building.digest_of_sets(store):
        raise Damaged(_("the sets are not those that were written"))
    for unit, name, digest in store.execute("SELECT unit, name, digest FROM names").fetchall():
        if building.written_values(store, unit, name) != digest:
            raise Damaged(
                _("the sets of %(name)s are not those that were written") % {"name": name}
            )
    stored: Sets = {
        (unit, name, value): unpacked(rows, unit, name, value)
        for unit, name, value, rows in store.execute("SELECT unit, name, value, keys FROM sets")
    }
    expected = Facts().sets()
    for name in sorted({*stored, *expected}):
        found, wanted = stored.get(name, BitMap()), expected.get(name, BitMap())
        if found != wanted:
            yield Difference(
                "search",
                _("index"),
                _("%(set)s has %(found)d rows, not these %(wanted)d")
                % {"set": " ".join(name), "found": len(found), "wanted": len(wanted)},
            )


def _of_words(store: Store, keys: Sequence[int]) -> Iterator[Difference]:
    found = documents.of(keys)
    expected: dict[str, dict[int, tuple[str, ...]]] = {
        "recommendation_words": {row[0]: row[1:] for row in found.recommendations},
        "action_words": {row[0]: row[1:] for row in found.actions},
        "update_words": {row[0]: row[1:] for row in found.updates},
    }
    for table, rows in expected.items():
        for pk, texts in rows.items():
            row = store.execute(f"SELECT * FROM {table} WHERE rowid = ?", [pk]).fetchone()
            if row is None:
                yield Difference("search", f"{table} {pk}", _("its text is not indexed"))
            elif tuple(row) != texts:
                yield Difference("search", f"{table} {pk}", _("its text is not what is indexed"))


def _of_nothing(store: Store) -> Iterator[Difference]:
    """What is indexed of rows that are not there, and whether FTS5 agrees with its own texts."""
    record = Record(Viewpoint.present())
    there = {
        "recommendation_words": set(record.recommendations().values_list("pk", flat=True)),
        "action_words": set(record.actions().order_by().values_list("pk", flat=True)),
        "update_words": set(record.all_updates().order_by().values_list("pk", flat=True)),
    }
    for table, known in there.items():
        for (pk,) in store.execute(f"SELECT rowid FROM {table}").fetchall():
            if pk not in known:
                yield Difference("search", f"{table} {pk}", _("there is no such row"))
        try:
            store.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                yield Difference("search", table, str(error))


def _of_frequent_words(store: Store) -> Iterator[Difference]:
    for table, fields, word in frequent.kept(store):
        found = frequent.rows_with(store, table, fields, word)
        if found is not None and found != frequent.searched(store, table, fields, f'"{word}"'):
            yield Difference("search", table, _("the rows with “%(word)s”") % {"word": word})
