"""What follows from the updates of a made-up report, by the functions that publishing uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from recommendations.edition_span import EditionSpan
from recommendations.models import (
    Action,
    Evidence,
    Recommendation,
    StatusUpdate,
)
from recommendations.periods import store, tables
from recommendations.periods.bases import Source, SourcedClaim, basis_rows
from recommendations.periods.spans import (
    CountedAction,
    ToldSpan,
    action_rows,
    recommendation_rows,
)
from recommendations.text.web_addresses import comparable

from .numbering import RELIES_ON
from .rows import Rows
from .tables import Row


def add_derived(rows: Rows) -> None:
    """Add periods, and fill the columns that repeat the present."""
    claims = _claims(rows)
    reviewed = _reviewed(rows.of[StatusUpdate])
    counted: dict[int, list[CountedAction]] = defaultdict(list)
    for action in rows.of[Action]:
        pk = action["id"]
        told, bases = action_rows(claims[pk]), basis_rows(claims[pk])
        _add_periods(rows, tables.STATUSES, told, action_id=pk)
        _add_periods(rows, tables.BASES, bases, action_id=pk)
        action |= store.columns_of_action(told, bases, reviewed_on=reviewed.get(pk))
        span = EditionSpan(action["from_edition_id"])
        verifiable = (span,) if action["is_verifiable"] else ()
        counted[action["recommendation_id"]].append(CountedAction(tuple(told), span, verifiable))
    for recommendation in rows.of[Recommendation]:
        pk = recommendation["id"]
        whole = recommendation_rows(counted[pk])
        _add_periods(rows, tables.STATUSES, whole, recommendation_id=pk)
        recommendation |= store.current_status(whole)


def _add_periods(
    rows: Rows, table: tables.PeriodTable, told: Iterable[ToldSpan], **owner: int
) -> None:
    for row in told:
        bounds = {"from_edition_id": row.from_edition, "until_edition_id": row.until_edition}
        rows.add(table.model, **owner, **table.columns_of(row.span), **bounds)


def _claims(rows: Rows) -> dict[int, list[SourcedClaim]]:
    sources: dict[int, list[Source]] = defaultdict(list)
    for item in rows.of[Evidence]:
        sources[item["update_id"]].append(Source(comparable(item["url"]), item["kind"]))
    relied_on: dict[int, set[int]] = defaultdict(set)
    for link in rows.of[RELIES_ON]:
        relied_on[link["from_statusupdate_id"]].add(link["to_statusupdate_id"])
    claims: dict[int, list[SourcedClaim]] = defaultdict(list)
    for update in rows.of[StatusUpdate]:
        if update["edition_id"] is None:
            continue
        claims[update["action_id"]].append(
            SourcedClaim(
                update["id"],
                update["status"],
                update["effective_day"],
                update["edition_id"],
                update["ended_in_edition_id"],
                frozenset(relied_on[update["id"]]),
                tuple(sources[update["id"]]),
            )
        )
    return claims


def _reviewed(updates: Iterable[Row]) -> dict[int, date]:
    """Return the day on which each action was last looked at, as store.last_reviews does."""
    found: dict[int, date] = {}
    for update in updates:
        if update["edition_id"] is None or update["ended_in_edition_id"] is not None:
            continue
        day, pk = update["searched_on"] or update["published_at"].date(), update["action_id"]
        found[pk] = max(found.get(pk, day), day)
    return found
