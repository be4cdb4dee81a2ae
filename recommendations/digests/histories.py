"""The histories of texts: what an edition seals of them, and which texts came since the last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Value

from .canonical import Content, seal_of
from .items import GetModel, said_by
from .wording import BATCH, KINDS, Keys

# An edit that was under way when an edition looked is found by its time, not by its row.
LONGEST_EDIT = timedelta(hours=1)

# What of a line of a history is bound beside the wording.
LINE = (
    "id",
    "history_id",
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user_id",
)


def histories_of(kind: str, ids: Collection[int], model: GetModel) -> dict[int, list[Content]]:
    """Return all lines of the histories of texts, the oldest first.

    Who edits a text holds its row, so a line never comes before one that was there already.
    """
    said, wanted = KINDS[kind], sorted(ids)
    columns = (*LINE, *said.columns, *said.beside)
    found: dict[int, list[Content]] = defaultdict(list)
    for start in range(0, len(wanted), BATCH):
        rows = model(f"Historical{said.model}").objects.filter(id__in=wanted[start : start + BATCH])
        linked = {name: _linked_then(said.model, name, rows, model) for name in said.lists}
        for row in rows.order_by("history_id").values(*columns):
            lists = {name: of_line[row["history_id"]] for name, of_line in linked.items()}
            found[row["id"]].append({**said_by(row, columns), **lists})
    return found


def seal_of_history(lines: list[Content], nonce: str) -> str:
    """Return the seal that an item of a text has, while these were the lines of its history."""
    return seal_of({"history": lines}, nonce)


def _linked_then(name: str, list_name: str, rows: Any, model: GetModel) -> dict[int, list[Content]]:
    """Return by line of a history what one list of the text named then, with all columns."""
    links = model(f"Historical{name}_{list_name}").objects.filter(history__in=rows.order_by())
    found: dict[int, list[Content]] = defaultdict(list)
    for link in links.order_by("pk").values():
        found[link["history_id"]].append(link)
    return found


def edited_since(marks: Mapping[str, int], at: datetime, model: GetModel) -> Keys:
    """Return what was saved since an edition looked at the histories of texts (two queries).

    Lines that were being written while it looked may have come below its marks. Where there are
    more of them than it counted, the texts of all recent ones are looked at again.
    """
    recent = recent_edits(marks, at, model)
    edits = []
    for kind, said in KINDS.items():
        newest = marks.get(kind, 0)
        since = Q(history_id__gt=newest)
        if recent[recent_mark(kind)] != marks.get(recent_mark(kind), -1):
            since |= Q(history_date__gt=at - LONGEST_EDIT)
        lines = model(f"Historical{said.model}").objects.order_by().filter(since)
        edits.append(lines.annotate(of_kind=Value(kind)).values_list("of_kind", "id"))
    found: Keys = {kind: set() for kind in KINDS}
    for kind, pk in edits[0].union(*edits[1:], all=True):
        found[kind].add(pk)
    return found


def recent_mark(kind: str) -> str:
    return f"{kind}: recent"


def recent_edits(marks: Mapping[str, int], at: datetime, model: GetModel) -> dict[str, int]:
    """Count the lines of each history that lie below a mark and not long before a moment."""
    counts = [
        model(f"Historical{said.model}")
        .objects.order_by()
        .filter(history_id__lte=marks.get(kind, 0), history_date__gt=at - LONGEST_EDIT)
        .annotate(of_kind=Value(kind))
        .values("of_kind")
        .annotate(n=Count("history_id"))
        .values_list("of_kind", "n")
        for kind, said in KINDS.items()
    ]
    found = dict(counts[0].union(*counts[1:], all=True))
    return {recent_mark(kind): found.get(kind, 0) for kind in KINDS}


def marks_of(at: datetime, model: GetModel) -> dict[str, int]:
    """Return what an edition keeps of the histories: the newest line of each, and how many are
    recent."""
    newest = _newest_lines(model)
    return newest | recent_edits(newest, at, model)


def _newest_lines(model: GetModel) -> dict[str, int]:
    """Return the greatest key of each history (one query, whose parts read an index each)."""
    tables = [model(f"Historical{said.model}")._meta.db_table for said in KINDS.values()]
    parts = (f"(SELECT MAX(history_id) FROM {connection.ops.quote_name(one)})" for one in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return {kind: last or 0 for kind, last in zip(KINDS, cursor.fetchone(), strict=True)}
