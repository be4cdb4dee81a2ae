"""The stored periods and columns: expected, written, kept in line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Max, Model, Q

from recommendations.edition_span import EditionSpan
from recommendations.models import (
    Action,
    Evidence,
    Recommendation,
    StatusUpdate,
    VerifiabilityPeriod,
)
from recommendations.querysets import StatusUpdateQuerySet
from recommendations.statuses import EvidenceStrength, Status
from recommendations.text.web_addresses import comparable

from .bases import BasisSpan, Source, SourcedClaim, basis_rows, basis_spans
from .columns import write_columns
from .spans import (
    Claim,
    CountedAction,
    Span,
    ToldSpan,
    action_rows,
    recommendation_rows,
    rolled_up_in,
    spans_of,
)
from .tables import BASES, store, store_told, stored_rows

# Of an update, whose action it is and what it claims.
CLAIM = ("action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id")
BOUNDS = ("from_edition_id", "until_edition_id")


def expected_action_rows(action_ids: Collection[int]) -> dict[int, list[ToldSpan[Span]]]:
    """Return the rows of these actions, derived from the published updates (one query)."""
    claims: dict[int, list[Claim]] = {action_id: [] for action_id in action_ids}
    updates = StatusUpdate.objects.published().filter(action__in=action_ids).order_by()
    for action_id, *facts in updates.values_list(*CLAIM):
        claims[action_id].append(Claim(*facts))
    return {action_id: action_rows(of_action) for action_id, of_action in claims.items()}


def expected_basis_rows(action_ids: Collection[int]) -> dict[int, list[ToldSpan[BasisSpan]]]:
    """Return on what the status of these actions rests, derived from the record (three queries)."""
    claims = _sourced_claims(action_ids, StatusUpdate.objects.published())
    return {action_id: basis_rows(of_action) for action_id, of_action in claims.items()}


def _sourced_claims(
    action_ids: Collection[int], updates: StatusUpdateQuerySet
) -> dict[int, list[SourcedClaim]]:
    """Return what these updates claim of actions, with their sources (three queries)."""
    rows = list(updates.filter(action__in=action_ids).order_by().values_list(*CLAIM))
    # By their keys: the planners of both databases take longer ways through a join.
    ids = [pk for _action_id, pk, *_rest in rows]
    sources: dict[int, list[Source]] = defaultdict(list)
    items = Evidence.objects.filter(update__in=ids).order_by("update_id", "position")
    for update_id, address, kind in items.values_list("update_id", "url", "kind"):
        sources[update_id].append(Source(comparable(address), kind))
    relied_on: dict[int, set[int]] = defaultdict(set)
    links = StatusUpdate.relies_on.through.objects.filter(from_statusupdate__in=ids)
    for relying, other in links.values_list("from_statusupdate_id", "to_statusupdate_id"):
        relied_on[relying].add(other)
    claims: dict[int, list[SourcedClaim]] = {action_id: [] for action_id in action_ids}
    for action_id, pk, status, day, edition, ended_in in rows:
        support = frozenset(relied_on[pk]), tuple(sources[pk])
        claims[action_id].append(SourcedClaim(pk, status, day, edition, ended_in, *support))
    return claims


def expected_recommendation_rows(
    recommendation_ids: Collection[int],
    *,
    of_actions: Mapping[int, Iterable[ToldSpan]] | None = None,
) -> dict[int, list[ToldSpan]]:
    """Return the rows of these recommendations, from those of their actions: the stored ones,
    unless others are given."""
    counted = _counted_actions(recommendation_ids, of_actions=of_actions)
    return {pk: recommendation_rows(of_one) for pk, of_one in counted.items()}


def _counted_actions(
    recommendation_ids: Collection[int],
    *,
    of_actions: Mapping[int, Iterable[ToldSpan]] | None = None,
    which: Q | None = None,
) -> dict[int, list[CountedAction]]:
    """Return what the histories of recommendations follow from: all of it, or `which` holds."""
    which = which or Q()
    rows_of_actions = Action.objects.filter(
        which, recommendation__in=recommendation_ids, from_edition__isnull=False
    )
    columns = ("pk", "recommendation_id", *BOUNDS)
    actions = list(rows_of_actions.order_by().values_list(*columns))
    of_these = which & Q(action__in=[pk for pk, *_rest in actions])
    if of_actions is None:
        of_actions = stored_rows(of_these, "action_id")
    verifiable: dict[int, list[EditionSpan]] = defaultdict(list)
    said = VerifiabilityPeriod.objects.filter(of_these, is_verifiable=True)
    for action_id, *bounds in said.order_by().values_list("action_id", *BOUNDS):
        verifiable[action_id].append(EditionSpan(*bounds))
    counted: dict[int, list[CountedAction]] = {pk: [] for pk in recommendation_ids}
    for pk, recommendation_id, *bounds in actions:
        rows = tuple(of_actions.get(pk, ()))
        counted[recommendation_id].append(
            CountedAction(rows, EditionSpan(*bounds), tuple(verifiable[pk]))
        )
    return counted


def refresh(*, action_ids: Collection[int], recommendation_ids: Collection[int]) -> None:
    """Derive all periods and denormalised columns of these rows anew from the record."""
    expected = expected_action_rows(action_ids)
    store(expected, "action_id")
    bases = expected_basis_rows(action_ids)
    store(bases, "action_id", table=BASES)
    _write_columns(Action, action_columns(expected, bases))
    rows = expected_recommendation_rows(recommendation_ids)
    store(rows, "recommendation_id")
    _write_columns(Recommendation, {pk: current_status(of_one) for pk, of_one in rows.items()})


def tell(
    edition: int,
    *,
    action_ids: Collection[int],
    recommendation_ids: Collection[int],
    review_due_on: Mapping[int, date] | None = None,
) -> None:
    """Bring periods and denormalised columns in line with the newest edition.

    What those before it told stays as it is stored, and is neither read nor derived again: this
    takes as long in an old record as in a new one. `review_due_on` is written beside, by action.
    """
    claims = _sourced_claims(action_ids, StatusUpdate.objects.counting())
    rows = store_told(edition, {pk: spans_of(one) for pk, one in claims.items()}, "action_id")
    bases = store_told(
        edition, {pk: basis_spans(one) for pk, one in claims.items()}, "action_id", table=BASES
    )
    columns = action_columns(rows, bases)
    for pk, on in (review_due_on or {}).items():
        columns[pk]["review_due_on"] = on
    _write_columns(Action, columns)
    counted = _counted_actions(recommendation_ids, which=Q(until_edition__isnull=True))
    rolled_up = {pk: rolled_up_in(edition, of_one) for pk, of_one in counted.items()}
    whole = store_told(edition, rolled_up, "recommendation_id")
    _write_columns(Recommendation, {pk: current_status(of_one) for pk, of_one in whole.items()})


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


def _write_columns(model: type[Model], columns: Mapping[int, dict[str, object]]) -> None:
    """Write columns of rows, of which some may have more than others."""
    alike: dict[tuple[str, ...], dict[int, dict[str, object]]] = defaultdict(dict)
    for pk, said in columns.items():
        alike[tuple(said)][pk] = said
    for of_these in alike.values():
        write_columns(model, of_these)
