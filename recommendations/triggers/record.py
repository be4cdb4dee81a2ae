"""What nobody may do to the tables of the record, each as a condition on rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from . import growing
from .guard import EDITIONS, NEWEST, Guard, columns_of, replacement

UPDATES = "recommendations_statusupdate"

NEVER = "A published update is never edited or deleted. Correct it or retract it instead."
NO_EDITION = "An edition is never edited or deleted."
ONLY_PUBLISHED = "An update enters the record by publication alone: add it as a draft."
NO_CODING = "A published coding is never edited or deleted."
ONLY_NEWEST = "An update enters or leaves the record in the newest edition alone."
ONLY_NEWEST_CODING = "A coding enters the record in the newest edition alone."
ONLY_NEWEST_DIGEST = "The newest edition alone is given its digest, once, and what it digests."
NO_DIGEST = "What an edition was digested to is never edited or deleted."
NO_PSEUDONYM = "The code that stands for a person is never another."
NO_TRUNCATION = "The record is never emptied."

END_STAMP = {"ended_in_edition_id", "end_reason", "end_note"}


@dataclass(frozen=True, slots=True)
class Part:
    """A table whose rows belong to an update, and are as fixed as it is."""

    name: str
    column: str
    message: str


PARTS = (
    Part(
        "evidence",
        "update_id",
        "The evidence of a published update is never added to, edited or deleted.",
    ),
    Part(
        "statusupdate_relies_on",
        "from_statusupdate_id",
        "What a published update relies on is never changed.",
    ),
    Part(
        "statusupdate_editors",
        "statusupdate_id",
        "Who saved the draft of a published update is never changed.",
    ),
)
CODINGS = "recommendations_coding"
DIGESTS = "recommendations_editiondigest"
ITEMS = "recommendations_editionitem"
PSEUDONYMS = "recommendations_pseudonym"
GUARDED_TABLES = (
    EDITIONS,
    UPDATES,
    *(f"recommendations_{part.name}" for part in PARTS),
    CODINGS,
    DIGESTS,
    ITEMS,
    PSEUDONYMS,
)


def guards(connection: BaseDatabaseWrapper) -> list[Guard]:
    """Return what guards the tables that there are: a migration may yet have to make some."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    everything = [*_of_editions(), *_of_updates(connection), *_of_codings(), *_of_digests()]
    everything += growing.guards(connection, tables)
    for part in PARTS:
        everything += _of_part(part, is_sqlite=connection.vendor == "sqlite")
    if connection.vendor == "sqlite":
        has_slug = "slug" in columns_of(connection, EDITIONS)
        everything += _against_replacement(editions_have_slug=has_slug)
    else:
        everything += [
            Guard(table, "TRUNCATE", "TRUE", NO_TRUNCATION)
            for table in (*GUARDED_TABLES, *growing.tables(tables))
        ]
    return [guard for guard in everything if guard.table in tables]


def _of_editions() -> Iterator[Guard]:
    yield Guard(EDITIONS, "UPDATE", "TRUE", NO_EDITION)
    yield Guard(EDITIONS, "DELETE", "TRUE", NO_EDITION)


def _of_updates(connection: BaseDatabaseWrapper) -> Iterator[Guard]:
    same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    fixed = " AND ".join(
        f"NEW.{column} {same} OLD.{column}" for column in _fixed_columns(connection)
    )
    is_end_stamp = (
        f"OLD.ended_in_edition_id IS NULL AND NEW.ended_in_edition_id IS NOT NULL AND {fixed}"
    )
    was, becomes = "OLD.review_state = 'published'", "NEW.review_state = 'published'"
    enters = f"NOT {was} AND {becomes} AND NEW.edition_id <> {NEWEST}"
    leaves = f"{was} AND OLD.ended_in_edition_id IS NULL AND NEW.ended_in_edition_id <> {NEWEST}"
    yield Guard(UPDATES, "INSERT", becomes, ONLY_PUBLISHED)
    yield Guard(UPDATES, "UPDATE", f"{was} AND NOT ({is_end_stamp})", NEVER)
    yield Guard(UPDATES, "UPDATE", f"({enters}) OR ({leaves})", ONLY_NEWEST, rule="to_newest")
    yield Guard(UPDATES, "DELETE", was, NEVER)


def _of_codings() -> Iterator[Guard]:
    """A coding enters the record with the edition that publishes it, and stays as it is."""
    was, becomes = "OLD.edition_id IS NOT NULL", "NEW.edition_id IS NOT NULL"
    yield Guard(CODINGS, "INSERT", f"{becomes} AND NEW.edition_id <> {NEWEST}", ONLY_NEWEST_CODING)
    yield Guard(
        CODINGS,
        "UPDATE",
        f"{was} OR ({becomes} AND NEW.edition_id <> {NEWEST})",
        NO_CODING,
    )
    yield Guard(CODINGS, "DELETE", was, NO_CODING)


def _of_digests() -> Iterator[Guard]:
    """The newest edition is digested once: first what it published, then itself."""
    is_older = f"NEW.edition_id <> {NEWEST}"
    is_digested = f"EXISTS (SELECT 1 FROM {DIGESTS} WHERE edition_id = NEW.edition_id)"
    yield Guard(DIGESTS, "INSERT", is_older, ONLY_NEWEST_DIGEST)
    yield Guard(ITEMS, "INSERT", f"{is_older} OR {is_digested}", ONLY_NEWEST_DIGEST)
    for table, message in ((DIGESTS, NO_DIGEST), (ITEMS, NO_DIGEST), (PSEUDONYMS, NO_PSEUDONYM)):
        yield Guard(table, "UPDATE", "TRUE", message)
        yield Guard(table, "DELETE", "TRUE", message)


def _fixed_columns(connection: BaseDatabaseWrapper) -> list[str]:
    """Return all columns but those of the end stamp, from the table: migrations add some."""
    return [name for name in columns_of(connection, UPDATES) if name not in END_STAMP]


def _of_part(part: Part, *, is_sqlite: bool) -> Iterator[Guard]:
    table = f"recommendations_{part.name}"
    old = _is_published(f"OLD.{part.column}", is_sqlite=is_sqlite)
    new = _is_published(f"NEW.{part.column}", is_sqlite=is_sqlite)
    yield Guard(table, "INSERT", new, part.message)
    yield Guard(table, "UPDATE", f"{old} OR {new}", part.message)
    yield Guard(table, "DELETE", old, part.message)


def _is_published(update_id: str, *, is_sqlite: bool) -> str:
    """The lock makes late evidence wait for a publication under way, and then fail."""
    lock = "" if is_sqlite else " FOR SHARE"
    return f"(SELECT review_state FROM {UPDATES} WHERE id = {update_id}{lock}) = 'published'"


def _against_replacement(*, editions_have_slug: bool) -> Iterator[Guard]:
    """SQLite's OR REPLACE deletes the row in the way without asking the triggers of DELETE.

    The row in the way has the same primary key or the same values of a unique constraint. Before
    migration 0017 an edition has no slug.
    """
    edition = "number = NEW.number OR (NEW.kind = 'baseline' AND report_id = NEW.report_id)"
    if editions_have_slug:
        edition += " OR (NEW.slug <> '' AND slug = NEW.slug)"
    yield replacement(EDITIONS, "INSERT", edition)
    yield replacement(UPDATES, "INSERT", _UPDATE_IN_THE_WAY)
    yield replacement(UPDATES, "UPDATE", f"id <> OLD.id AND ({_UPDATE_IN_THE_WAY})")
    yield replacement(CODINGS, "INSERT", _CODING_IN_THE_WAY)
    yield replacement(CODINGS, "UPDATE", f"id <> OLD.id AND ({_CODING_IN_THE_WAY})")
    yield replacement(DIGESTS, "INSERT", "edition_id = NEW.edition_id")
    item = "id = NEW.id OR (key = NEW.key AND edition_id = NEW.edition_id)"
    yield replacement(ITEMS, "INSERT", item)
    yield replacement(PSEUDONYMS, "INSERT", "person_id = NEW.person_id OR code = NEW.code")
    for part in PARTS:
        table = f"recommendations_{part.name}"
        in_the_way = f"id = NEW.id AND {_is_published(part.column, is_sqlite=True)}"
        yield replacement(table, "INSERT", in_the_way)
        yield replacement(table, "UPDATE", f"id <> OLD.id AND {in_the_way}")


# With the plus SQLite looks the few rows up instead of reading all that are published, each time
# that an update is saved.
_UPDATE_IN_THE_WAY = """+review_state = 'published' AND (
    id = NEW.id OR slug = NEW.slug
    OR (NEW.review_state = 'published' AND replaces_id = NEW.replaces_id)
    OR (edition_id = NEW.edition_id AND action_id = NEW.action_id AND is_baseline = NEW.is_baseline
        AND (NOT is_baseline OR effective_day = NEW.effective_day)))"""

_CODING_IN_THE_WAY = """edition_id IS NOT NULL AND (
    id = NEW.id
    OR (action_id = NEW.action_id AND coder = NEW.coder AND edition_id = NEW.edition_id))"""
