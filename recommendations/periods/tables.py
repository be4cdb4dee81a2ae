"""The tables of periods: their rows read as told spans, and told spans written as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from recommendations.models import EvidencePeriod, StatusPeriod

from .bases import BasisSpan
from .spans import Span, ToldSpan, replay

# The stored rows of each owner, with their primary keys; an undamaged row has one.
Stored = Mapping[int, Mapping[ToldSpan, list[int]]]
BOUNDS = ("from_edition_id", "until_edition_id")


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """A table of told spans: the columns of a span, and how they are read and written."""

    model: Any
    names: tuple[str, ...]
    span_of: Callable[..., Any]
    values_of: Callable[[Any], tuple[Any, ...]]

    def columns_of(self, span: Any) -> dict[str, Any]:
        return dict(zip(self.names, self.values_of(span), strict=True))


def _basis_of(kind: str, counts: dict[str, int], starts: date, ends: date | None) -> BasisSpan:
    return BasisSpan(kind, tuple(sorted(counts.items())), starts, ends)


STATUSES = PeriodTable(
    StatusPeriod,
    ("status", "starts_on", "ends_on", "update_id", "fell_from"),
    Span,
    lambda span: (span.status, span.starts_on, span.ends_on, span.update_id, span.fell_from),
)
BASES = PeriodTable(
    EvidencePeriod,
    ("kind", "counts", "starts_on", "ends_on"),
    _basis_of,
    lambda span: (span.kind, dict(span.counts), span.starts_on, span.ends_on),
)


def stored_rows(condition: Q, owner: str, *, table: PeriodTable = STATUSES) -> Stored:
    """Return the stored rows as {owner id: {row: primary keys}} (one query)."""
    found: dict[int, dict[ToldSpan, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = table.model.objects.filter(condition).order_by("pk")
    for pk, owner_id, *bounds_and_span in rows.values_list("pk", owner, *BOUNDS, *table.names):
        start, end, *values = bounds_and_span
        found[owner_id][ToldSpan(table.span_of(*values), start, end)].append(pk)
    return found


def store(
    expected: Mapping[int, Collection[ToldSpan]],
    owner: str,
    *,
    table: PeriodTable = STATUSES,
    stored: Stored | None = None,
) -> None:
    """Make the stored rows those expected: close, open and, where damaged, remove.

    Those are all of these owners, or what is given as `stored`.
    """
    if stored is None:
        stored = stored_rows(Q(**{f"{owner}__in": list(expected)}), owner, table=table)
    stale: dict[tuple[int, Any, int], list[int]] = defaultdict(list)
    damaged: list[int] = []
    missing: list[tuple[int, ToldSpan]] = []
    for owner_id, rows in expected.items():
        found, wanted = stored.get(owner_id, {}), set(rows)
        for row, keys in found.items():
            if row not in wanted:
                stale[owner_id, row.span, row.from_edition] += keys
            damaged += keys[1:] if row in wanted else []
        missing += [(owner_id, row) for row in rows if row not in found]
    closed: dict[int | None, list[int]] = defaultdict(list)
    new = []
    for owner_id, row in missing:
        if pks := stale.get((owner_id, row.span, row.from_edition)):
            closed[row.until_edition].append(pks.pop())
        else:
            new.append(_new_row(row, table, **{owner: owner_id}))
    for until, pks in closed.items():
        table.model.objects.filter(pk__in=pks).update(until_edition=until)
    damaged += [pk for pks in stale.values() for pk in pks]
    table.model.objects.filter(pk__in=damaged).delete()
    table.model.objects.bulk_create(new, batch_size=500)


def store_told(
    edition: int,
    spans: Mapping[int, Collection[Any]],
    owner: str,
    *,
    table: PeriodTable = STATUSES,
) -> dict[int, list[ToldSpan]]:
    """Store which spans the newest edition tells of each owner.

    Return the rows that it found open, some of which it closes, and those that it opens.
    """
    # Those of its own are there where it told something before.
    touched = Q(until_edition__isnull=True) | Q(until_edition__gte=edition)
    stored = stored_rows(touched & Q(**{f"{owner}__in": list(spans)}), owner, table=table)
    expected = {}
    for owner_id, of_owner in spans.items():
        found = [row for row in stored.get(owner_id, ()) if row.from_edition < edition]
        told = {row.span: row.from_edition for row in found}
        expected[owner_id] = replay([edition], {edition: of_owner}.__getitem__, told=told)
    store(expected, owner, table=table, stored=stored)
    return expected


def _new_row(row: ToldSpan, table: PeriodTable, **owner: int) -> Any:
    bounds = dict(zip(BOUNDS, (row.from_edition, row.until_edition), strict=True))
    return table.model(**owner, **bounds, **table.columns_of(row.span))
