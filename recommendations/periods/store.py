"""The stored periods and columns: expected, written, kept in line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q

from recommendations.edition_span import EditionSpan
from recommendations.models import (
    Action,
    Evidence,
    EvidencePeriod,
    Recommendation,
    StatusPeriod,
    StatusUpdate,
    VerifiabilityPeriod,
)
from recommendations.statuses import EvidenceStrength, Status
from recommendations.text.web_addresses import comparable

from .bases import BasisSpan, Source, SourcedClaim, basis_rows
from .spans import Claim, CountedAction, Span, ToldSpan, action_rows, recommendation_rows


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """A table of told spans: how a row is read as a span, and a span written as columns."""

    model: Any
    span_of: Callable[[Any], Any]
    columns_of: Callable[[Any], dict[str, Any]]

    def row_of(self, period: StatusPeriod | EvidencePeriod) -> ToldSpan:
        return ToldSpan(self.span_of(period), period.from_edition_id, period.until_edition_id)


STATUSES = PeriodTable(
    StatusPeriod,
    lambda row: Span(row.status, row.starts_on, row.ends_on, row.update_id, row.fell_from),
    lambda span: {
        "status": span.status,
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
        "update_id": span.update_id,
        "fell_from": span.fell_from,
    },
)
BASES = PeriodTable(
    EvidencePeriod,
    lambda row: BasisSpan(row.kind, tuple(sorted(row.counts.items())), row.starts_on, row.ends_on),
    lambda span: {
        "kind": span.kind,
        "counts": dict(span.counts),
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
    },
)


def expected_action_rows(action_ids: Collection[int]) -> dict[int, list[ToldSpan[Span]]]:
    """Return the rows of these actions, derived from the published updates (one query)."""
    claims: dict[int, list[Claim]] = {action_id: [] for action_id in action_ids}
    updates = StatusUpdate.objects.published().filter(action__in=action_ids)
    for action_id, *facts in updates.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id"
    ):
        claims[action_id].append(Claim(*facts))
    return {action_id: action_rows(of_action) for action_id, of_action in claims.items()}


def expected_basis_rows(action_ids: Collection[int]) -> dict[int, list[ToldSpan[BasisSpan]]]:
    """Return on what the status of these actions rests, derived from the record (three queries)."""
    updates = StatusUpdate.objects.published().filter(action__in=action_ids)
    sources: dict[int, list[Source]] = defaultdict(list)
    items = Evidence.objects.filter(update__in=updates).order_by("update", "position")
    for update_id, address, kind in items.values_list("update_id", "url", "kind"):
        sources[update_id].append(Source(comparable(address), kind))
    relied_on: dict[int, set[int]] = defaultdict(set)
    links = StatusUpdate.relies_on.through.objects.filter(from_statusupdate__in=updates)
    for relying, other in links.values_list("from_statusupdate_id", "to_statusupdate_id"):
        relied_on[relying].add(other)
    claims: dict[int, list[SourcedClaim]] = {action_id: [] for action_id in action_ids}
    for action_id, pk, status, day, edition, ended_in in updates.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id"
    ):
        support = frozenset(relied_on[pk]), tuple(sources[pk])
        claims[action_id].append(SourcedClaim(pk, status, day, edition, ended_in, *support))
    return {action_id: basis_rows(of_action) for action_id, of_action in claims.items()}


def expected_recommendation_rows(
    recommendation_ids: Collection[int],
    *,
    of_actions: Mapping[int, Iterable[ToldSpan]] | None = None,
) -> dict[int, list[ToldSpan]]:
    """Return the rows of these recommendations, from those of their actions: the stored ones,
    unless others are given."""
    actions = list(
        Action.objects.filter(
            recommendation__in=recommendation_ids, from_edition__isnull=False
        ).values_list("pk", "recommendation_id", "from_edition_id", "until_edition_id")
    )
    if of_actions is None:
        of_actions = stored_rows(Q(action__in=[action[0] for action in actions]), "action_id")
    verifiable: dict[int, list[EditionSpan]] = defaultdict(list)
    for action_id, *bounds in VerifiabilityPeriod.objects.filter(
        action__recommendation__in=recommendation_ids, is_verifiable=True
    ).values_list("action_id", "from_edition_id", "until_edition_id"):
        verifiable[action_id].append(EditionSpan(*bounds))
    counted: dict[int, list[CountedAction]] = {pk: [] for pk in recommendation_ids}
    for pk, recommendation_id, start, end in actions:
        counted[recommendation_id].append(
            CountedAction(
                tuple(of_actions.get(pk, ())), EditionSpan(start, end), tuple(verifiable[pk])
            )
        )
    return {pk: recommendation_rows(of_one) for pk, of_one in counted.items()}


def stored_rows(
    condition: Q, owner: str, *, table: PeriodTable = STATUSES
) -> dict[int, dict[ToldSpan, list[int]]]:
    """Return the stored rows as {owner id: {row: primary keys}}; an undamaged row has one."""
    found: dict[int, dict[ToldSpan, list[int]]] = defaultdict(lambda: defaultdict(list))
    for period in table.model.objects.filter(condition).order_by("pk"):
        found[getattr(period, owner)][table.row_of(period)].append(period.pk)
    return found


def store(
    expected: Mapping[int, list[ToldSpan]], owner: str, *, table: PeriodTable = STATUSES
) -> None:
    """Make the stored rows those expected: close, open and, where damaged, remove."""
    rows_of = table.model.objects
    stored = stored_rows(Q(**{f"{owner}__in": list(expected)}), owner, table=table)
    stale: dict[tuple[int, Any, int], list[int]] = defaultdict(list)
    damaged: list[int] = []
    missing: list[tuple[int, ToldSpan]] = []
    for owner_id, rows in expected.items():
        found = stored.get(owner_id, {})
        for row, keys in found.items():
            if row not in rows:
                stale[owner_id, row.span, row.from_edition] += keys
            damaged += keys[1:] if row in rows else []
        missing += [(owner_id, row) for row in rows if row not in found]
    new = []
    for owner_id, row in missing:
        if pks := stale.get((owner_id, row.span, row.from_edition)):
            rows_of.filter(pk=pks.pop()).update(until_edition=row.until_edition)
        else:
            columns = {owner: owner_id, **table.columns_of(row.span)}
            new.append(
                table.model(
                    **columns,
                    from_edition_id=row.from_edition,
                    until_edition_id=row.until_edition,
                )
            )
    damaged += [pk for pks in stale.values() for pk in pks]
    rows_of.filter(pk__in=damaged).delete()
    rows_of.bulk_create(new, batch_size=500)


def refresh(*, action_ids: Collection[int], recommendation_ids: Collection[int]) -> None:
    """Bring periods and denormalised columns of these rows in line with the record."""
    expected = expected_action_rows(action_ids)
    store(expected, "action_id")
    bases = expected_basis_rows(action_ids)
    store(bases, "action_id", table=BASES)
    _write_columns(Action, action_columns(expected, bases))
    rows = expected_recommendation_rows(recommendation_ids)
    store(rows, "recommendation_id")
    _write_columns(Recommendation, {pk: current_status(of_one) for pk, of_one in rows.items()})


def current_status(rows: Iterable[ToldSpan]) -> dict[str, object]:
    """Return the columns that repeat the newest edition's present status."""
    for row in rows:
        if row.until_edition is None and row.span.ends_on is None:
            return {
                "status": row.span.status,
                "status_since": row.span.starts_on,
                "fell_from": row.span.fell_from,
            }
    return {"status": str(Status.NOT_ASSESSED), "status_since": None, "fell_from": ""}


def current_basis(rows: Iterable[ToldSpan[BasisSpan]]) -> dict[str, object]:
    """Return the columns that repeat on what the newest edition's present status rests."""
    for row in rows:
        if row.until_edition is None and row.span.ends_on is None:
            return {"evidence_kind": row.span.kind, "evidence_counts": dict(row.span.counts)}
    return {"evidence_kind": str(EvidenceStrength.NONE), "evidence_counts": {}}


def action_columns(
    expected: Mapping[int, list[ToldSpan[Span]]], bases: Mapping[int, list[ToldSpan[BasisSpan]]]
) -> dict[int, dict[str, object]]:
    """Return the derived columns of each action, by primary key (one query)."""
    reviewed = last_reviews(expected)
    return {
        pk: columns_of_action(rows, bases[pk], reviewed_on=reviewed.get(pk))
        for pk, rows in expected.items()
    }


def columns_of_action(
    rows: Iterable[ToldSpan[Span]],
    bases: Iterable[ToldSpan[BasisSpan]],
    *,
    reviewed_on: date | None,
) -> dict[str, object]:
    told = [row.span for row in rows if row.until_edition is None]
    implemented = [s.starts_on for s in told if s.status == Status.IMPLEMENTED]
    return {
        **current_status(rows),
        **current_basis(bases),
        "implemented_on": min(implemented, default=None),
        "last_reviewed_on": reviewed_on,
    }


def last_reviews(action_ids: Iterable[int]) -> dict[int, date]:
    """Return the day on which each action was last looked at, if it was (one query)."""
    updates = StatusUpdate.objects.counting().filter(action__in=list(action_ids))
    looked_at = updates.with_day_of_review().filter(reviewed_on__isnull=False).order_by()
    last = looked_at.values_list("action_id").annotate(last=Max("reviewed_on"))
    return dict(last)


def _write_columns(model, columns: dict[int, dict[str, object]]) -> None:
    instances = [model(pk=pk, **values) for pk, values in columns.items()]
    if instances:
        model.objects.bulk_update(instances, list(next(iter(columns.values()))), batch_size=200)
