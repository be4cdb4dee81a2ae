"""Guards of what only grows: text history, verifiability, what was decided, edition columns.

They came with the log of acts. Migrations before it run without them: `guards()` yields them where
the table of the log is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from .guard import NEWEST, Guard, columns_of, replacement

ACTS = "recommendations_act"
HISTORY = "recommendations_historical"
VERIFIABILITY = "recommendations_verifiabilityperiod"
REQUESTS = "recommendations_retractionrequest"
STEPS = "recommendations_structurerequest"
# What a step is about. It is fixed as soon as the step is decided.
STEP_LINKS = {
    "reports": "report_id",
    "recommendations": "recommendation_id",
    "actions": "action_id",
    "into": "action_id",
}
SOURCES = "recommendations_source"
CAPTURES = "recommendations_capture"
REMOVALS = "recommendations_captureremoval"
LINK_TABLES = tuple(f"{STEPS}_{name}" for name in STEP_LINKS)
COUNTED = ("recommendations_report", "recommendations_recommendation", "recommendations_action")

NO_ACT = "The log of acts is never edited or deleted."
NO_HISTORY = "The history of texts is never edited or deleted."
NO_PERIOD = "What was said of verifiability is never edited or deleted: a new edition says more."
NO_REQUEST = "A decided request for retraction is never edited or deleted."
ONLY_PENDING = "A request for retraction is made first, and decided by another person later."
NO_STEP = "A decided step in what is counted is never edited or deleted."
ONLY_PENDING_STEP = "A step in what is counted is asked for first, and decided later."
ONLY_COUNTED = "What is counted comes and goes once, with the newest edition alone."
NO_COUNTED = "What came into the record is never deleted. Withdraw it instead."

NO_SOURCE = "The address of a source is never another: another address is another source."
NO_CAPTURE = "A copy of a source is never edited or deleted, but removed by two persons."
NO_REMOVAL = "A decided removal of a copy is never edited or deleted."
ONLY_PENDING_REMOVAL = "A removal of a copy is asked for first, and decided by another person."

# What a removal empties, and what it leaves beside the hash.
REMOVAL = {"name", "text", "removed_at", "removal_reason"}
DECISION = {"outcome", "decided_by_id", "decided_at"}
# Unique besides the key; those that name one featured report or one open row are left out, as
# they move from row to row in the ordinary way.
UNIQUE = {
    "recommendations_report": ["slug = NEW.slug"],
    "recommendations_recommendation": [
        "report_id = NEW.report_id AND number = NEW.number",
        "report_id = NEW.report_id AND slug = NEW.slug",
    ],
    "recommendations_action": [
        "recommendation_id = NEW.recommendation_id AND number = NEW.number",
        "recommendation_id = NEW.recommendation_id AND slug = NEW.slug",
    ],
    SOURCES: ["key = NEW.key", "slug = NEW.slug"],
    STEPS: ["NEW.edition_id IS NOT NULL AND edition_id = NEW.edition_id"],
    **{
        f"{STEPS}_{name}": [
            f"structurerequest_id = NEW.structurerequest_id AND {column} = NEW.{column}"
        ]
        for name, column in STEP_LINKS.items()
    },
}


def tables(there: set[str]) -> list[str]:
    """Return those of all tables that these guards are on."""
    if ACTS not in there:
        return []
    history = sorted(name for name in there if name.startswith(HISTORY))
    # They came later than the log.
    kept = [one for one in (SOURCES, CAPTURES, REMOVALS) if one in there]
    return [*COUNTED, VERIFIABILITY, REQUESTS, STEPS, *LINK_TABLES, *kept, ACTS, *history]


def guards(connection: BaseDatabaseWrapper, there: set[str]) -> Iterator[Guard]:
    if ACTS not in there:
        return
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    for table in COUNTED:
        yield from _of_counted(table, differs)
    yield from _of_verifiability(connection, differs)
    yield from _of_requests(connection, differs)
    yield from _of_steps(connection, differs)
    if CAPTURES in there:
        yield from _of_sources(connection, differs)
    for table in tables(there):
        if table == ACTS or table.startswith(HISTORY):
            message = NO_ACT if table == ACTS else NO_HISTORY
            yield Guard(table, "UPDATE", "TRUE", message)
            yield Guard(table, "DELETE", "TRUE", message)
    if connection.vendor == "sqlite":
        yield from _against_replacement(connection, there)


def _of_counted(table: str, differs: str) -> Iterator[Guard]:
    changes = [
        f"(NEW.{column} {differs} OLD.{column} "
        f"AND (OLD.{column} IS NOT NULL OR NEW.{column} {differs} {NEWEST}))"
        for column in ("from_edition_id", "until_edition_id")
    ]
    is_withdrawal = "OLD.until_edition_id IS NULL AND NEW.until_edition_id IS NOT NULL"
    changes.append(f"(NEW.withdrawal_reason <> OLD.withdrawal_reason AND NOT ({is_withdrawal}))")
    late = f"NEW.from_edition_id <> {NEWEST} OR NEW.until_edition_id IS NOT NULL"
    yield Guard(table, "INSERT", late, ONLY_COUNTED)
    yield Guard(table, "UPDATE", " OR ".join(changes), ONLY_COUNTED)
    yield Guard(table, "DELETE", "OLD.from_edition_id IS NOT NULL", NO_COUNTED)


def _of_verifiability(connection: BaseDatabaseWrapper, differs: str) -> Iterator[Guard]:
    kept = _change(connection, VERIFIABILITY, differs, {"until_edition_id"})
    closes = f"OLD.until_edition_id IS NULL AND NEW.until_edition_id = {NEWEST}"
    late = f"NEW.from_edition_id <> {NEWEST} OR NEW.until_edition_id IS NOT NULL"
    yield Guard(VERIFIABILITY, "INSERT", late, NO_PERIOD)
    yield Guard(VERIFIABILITY, "UPDATE", f"NOT COALESCE({closes}, FALSE) OR {kept}", NO_PERIOD)
    yield Guard(VERIFIABILITY, "DELETE", "TRUE", NO_PERIOD)


def _of_requests(connection: BaseDatabaseWrapper, differs: str) -> Iterator[Guard]:
    """Research retracts in one step, in the edition that it opens."""
    decided = "OLD.outcome <> 'pending'"
    of_research = f"COALESCE(NEW.research_edition_id = {NEWEST}, FALSE)"
    forged = f"NEW.outcome <> 'pending' AND NOT {of_research}"
    changed = _change(connection, REQUESTS, differs, DECISION)
    yield Guard(REQUESTS, "INSERT", forged, ONLY_PENDING)
    yield Guard(REQUESTS, "UPDATE", f"{decided} OR {changed}", NO_REQUEST)
    yield Guard(REQUESTS, "DELETE", decided, NO_REQUEST)


def _of_sources(connection: BaseDatabaseWrapper, differs: str) -> Iterator[Guard]:
    """What digests name a source by stays, and its copies but for their removal."""
    address = " OR ".join(
        f"NEW.{name} {differs} OLD.{name}" for name in ("id", "key", "slug", "url")
    )
    yield Guard(SOURCES, "UPDATE", address, NO_SOURCE)
    removes = "OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL"
    changed = _change(connection, CAPTURES, differs, REMOVAL)
    yield Guard(CAPTURES, "UPDATE", f"NOT ({removes}) OR {changed}", NO_CAPTURE)
    yield Guard(CAPTURES, "DELETE", "TRUE", NO_CAPTURE)
    decided = "OLD.outcome <> 'pending'"
    changed = _change(connection, REMOVALS, differs, DECISION)
    yield Guard(REMOVALS, "INSERT", "NEW.outcome <> 'pending'", ONLY_PENDING_REMOVAL)
    yield Guard(REMOVALS, "UPDATE", f"{decided} OR {changed}", NO_REMOVAL)
    yield Guard(REMOVALS, "DELETE", decided, NO_REMOVAL)


def _of_steps(connection: BaseDatabaseWrapper, differs: str) -> Iterator[Guard]:
    """A step is confirmed with the edition that takes it, the newest."""
    decided = "OLD.outcome <> 'pending'"
    changed = _change(connection, STEPS, differs, {*DECISION, "note", "edition_id"})
    late = f"(NEW.edition_id IS NOT NULL AND NEW.edition_id <> {NEWEST})"
    yield Guard(STEPS, "INSERT", "NEW.outcome <> 'pending'", ONLY_PENDING_STEP)
    yield Guard(STEPS, "UPDATE", f"{decided} OR {changed} OR {late}", NO_STEP)
    yield Guard(STEPS, "DELETE", decided, NO_STEP)
    for table in LINK_TABLES:
        old, new = (_is_step(f"{row}.structurerequest_id") for row in ("OLD", "NEW"))
        yield Guard(table, "INSERT", new, NO_STEP)
        yield Guard(table, "UPDATE", f"{old} OR {new}", NO_STEP)
        # A draft that was not added may be deleted, and what was asked of it forgets it.
        taken = _is_step("OLD.structurerequest_id", "outcome = 'confirmed'")
        yield Guard(table, "DELETE", taken, NO_STEP)


def _is_step(request_id: str, condition: str = "outcome <> 'pending'") -> str:
    return f"EXISTS (SELECT 1 FROM {STEPS} WHERE id = {request_id} AND {condition})"


def _change(connection: BaseDatabaseWrapper, table: str, differs: str, free: set[str]) -> str:
    """Return a condition: a column other than the free ones changes."""
    kept = [name for name in columns_of(connection, table) if name not in free]
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in kept)


def _against_replacement(connection: BaseDatabaseWrapper, there: set[str]) -> Iterator[Guard]:
    """SQLite's OR REPLACE deletes the row in the way without asking the triggers of DELETE."""
    fixed = {
        **dict.fromkeys(COUNTED, "from_edition_id IS NOT NULL"),
        REQUESTS: "outcome <> 'pending'",
        STEPS: "outcome <> 'pending'",
        REMOVALS: "outcome <> 'pending'",
        **dict.fromkeys(LINK_TABLES, _is_step("structurerequest_id")),
    }
    for table in tables(there):
        with connection.cursor() as cursor:
            key = connection.introspection.get_primary_key_column(cursor, table)
        ways = " OR ".join(f"({one})" for one in [f"{key} = NEW.{key}", *UNIQUE.get(table, [])])
        in_the_way = f"({ways}) AND {fixed.get(table, 'TRUE')}"
        yield replacement(table, "INSERT", in_the_way)
        yield replacement(table, "UPDATE", f"{key} <> OLD.{key} AND {in_the_way}")
    # The one open row of an action would make room for another.
    is_open = "action_id = NEW.action_id AND until_edition_id IS NULL"
    doubled = f"EXISTS (SELECT 1 FROM {VERIFIABILITY} WHERE {is_open})"
    yield Guard(VERIFIABILITY, "INSERT", doubled, NO_PERIOD, rule="open")
