"""The stored periods and columns: expected, written, kept in line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Max, Q

from recommendations.edition_span import EditionSpan
from recommendations.models import (
    Action,
    Recommendation,
    StatusPeriod,
    StatusUpdate,
    VerifiabilityPeriod,
)
from recommendations.statuses import Status

from .spans import Claim, CountedAction, Span, ToldSpan, action_rows, recommendation_rows


def expected_action_rows(action_ids: Collection[int]) -> dict[int, list[ToldSpan]]:
    """Return the rows of these actions, derived from the published updates (one query)."""
    claims: dict[int, list[Claim]] = {action_id: [] for action_id in action_ids}
    updates = StatusUpdate.objects.published().filter(action__in=action_ids)
    for action_id, *facts in updates.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id"
    ):
        claims[action_id].append(Claim(*facts))
    return {action_id: action_rows(of_action) for action_id, of_action in claims.items()}


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


def stored_rows(condition: Q, owner: str) -> dict[int, dict[ToldSpan, list[int]]]:
    """Return the stored rows as {owner id: {row: primary keys}}; an undamaged row has one."""
    found: dict[int, dict[ToldSpan, list[int]]] = defaultdict(lambda: defaultdict(list))
    for period in StatusPeriod.objects.filter(condition).order_by("pk"):
        span = Span(
            period.status,
            period.starts_on,
            period.ends_on,
            period.update_id,
            fell_from=period.fell_from,
        )
        row = ToldSpan(span, period.from_edition_id, period.until_edition_id)
        found[getattr(period, owner)][row].append(period.pk)
    return found


def store(expected: dict[int, list[ToldSpan]], owner: str) -> None:
    """Make the stored rows those expected: close, open and, where damaged, remove."""
    stored = stored_rows(Q(**{f"{owner}__in": list(expected)}), owner)
    stale: dict[tuple[int, Span, int], list[int]] = defaultdict(list)
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
            StatusPeriod.objects.filter(pk=pks.pop()).update(until_edition=row.until_edition)
        else:
            new.append(_period(owner, owner_id, row))
    damaged += [pk for pks in stale.values() for pk in pks]
    StatusPeriod.objects.filter(pk__in=damaged).delete()
    StatusPeriod.objects.bulk_create(new, batch_size=500)


def _period(owner: str, owner_id: int, row: ToldSpan) -> StatusPeriod:
    return StatusPeriod(
        **{owner: owner_id},
        status=row.span.status,
        starts_on=row.span.starts_on,
        ends_on=row.span.ends_on,
        update_id=row.span.update_id,
        fell_from=row.span.fell_from,
        from_edition_id=row.from_edition,
        until_edition_id=row.until_edition,
    )


def refresh(*, action_ids: Collection[int], recommendation_ids: Collection[int]) -> None:
    """Bring periods and denormalised columns of these rows in line with the record."""
    expected = expected_action_rows(action_ids)
    store(expected, "action_id")
    _write_columns(Action, action_columns(expected))
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


def action_columns(expected: dict[int, list[ToldSpan]]) -> dict[int, dict[str, object]]:
    """Return the derived columns of each action, by primary key (one query)."""
    reviewed = last_reviews(expected)
    columns = {}
    for pk, rows in expected.items():
        told = [row.span for row in rows if row.until_edition is None]
        implemented = [s.starts_on for s in told if s.status == Status.IMPLEMENTED]
        columns[pk] = {
            **current_status(rows),
            "implemented_on": min(implemented, default=None),
            "last_reviewed_on": reviewed.get(pk),
        }
    return columns


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
