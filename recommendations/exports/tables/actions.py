"""Reads actions and their deadlines."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from pyroaring import BitMap

from recommendations.exports.csv_rows import ActionRow
from recommendations.index.conditions import keys as among
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION
from recommendations.models.deadline import DeadlineOrigin
from recommendations.querysets import DeadlineQuerySet
from recommendations.querysets.base import asked_by
from recommendations.statuses import Status, last_day
from recommendations.text.languages import plain_texts

from .rows import Action, Deadline
from .source import Keys, Source, action_id, in_order, keys_of, split, stated_span


def action_keys(source: Source) -> array[int]:
    """Return those too that are not verifiable, or withdrawn, which no list shows."""
    with opened_at(source.record.viewpoint) as index:
        rows = source.out(index.view, ACTION)
        return keys_of(index.view.structure.actions_in_order(rows))


def read_actions(source: Source, keys: Keys) -> list[Action]:
    """Return the actions of keys (eight queries)."""
    columns = ("pk", "recommendation__section__slug", "place", "is_verifiable")
    rows = source.record.actions().filter(pk__in=among(keys)).order_by()
    rest = {pk: more for pk, *more in rows.values_list(*columns, "verifiability_note")}
    with opened_at(source.record.viewpoint) as index:
        view = index.view
        unreviewed = view.rows(ACTION, "unreviewed")
        found = source.actions.read(source.record.actions(), keys, unreviewed)
        return list(_actions(found, rest, view.actions_in_record))


def _actions(
    rows: Iterator[ActionRow], rest: dict[int, list[Any]], in_record: BitMap
) -> Iterator[Action]:
    title, placed, noted = (
        plain_texts(f"action.{name}") for name in ("title", "place", "verifiability_note")
    )
    for row in rows:
        where = row.place
        report, sources = where.report.slug, row.sources
        section, place, is_verifiable, note = rest[row.pk]
        yield Action(
            id=action_id(report, where.number, row.number),
            report=report,
            section=f"{report}/{section}",
            recommendation_number=where.number,
            recommendation_status=row.recommendation_status,
            origin=where.origin,
            areas=split(where.areas.codes),
            action_number=row.label,
            action=title(row.title),
            place=placed(place),
            kind=row.kind,
            ask_strength=row.ask_strength,
            parties=split(row.parties.codes),
            addressee=row.addressee,
            bodies=split(row.bodies.codes),
            is_verifiable=is_verifiable,
            verifiability_note="" if is_verifiable else noted(note),
            is_withdrawn=row.pk not in in_record,
            status=row.status,
            status_since=row.status_since,
            status_since_stated=row.stated_since,
            status_since_precision=row.stated_precision,
            evidence=row.evidence_kind,
            evidence_primary=int(sources.primary),
            evidence_official=int(sources.official),
            evidence_independent=int(sources.independent),
            evidence_press=int(sources.press),
            evidence_announcement=int(sources.announcement),
            lapsed=row.fell_from == Status.IMPLEMENTED,
            fell_from=row.fell_from,
            deadline=row.due_on,
            deadline_precision=row.deadline_precision,
            schedule=row.schedule,
            last_reviewed_on=row.last_reviewed_on,
            review_due_on=row.review_due_on,
            second_review=row.second_review,
            caveat=row.caveat,
            url=row.url,
        )


# Deadlines -------------------------------------------------------------------------------------


def of_public_actions(rows: QuerySet, source: Source, path: str = "action") -> Any:
    """Narrow rows that name an action to those of public ones, of reports that were out."""
    out = asked_by(source.record.viewpoint, f"{path}__recommendation__report__")
    return rows.filter(out, **{f"{path}__in": source.record.actions().order_by()})


def deadlines(source: Source) -> DeadlineQuerySet:
    return of_public_actions(source.record.deadlines(), source).order_by("pk")


def deadline_keys(source: Source) -> array[int]:
    return keys_of(deadlines(source).values_list("pk", flat=True).iterator())


ACTION_COLUMNS = (
    "action__recommendation__report__slug",
    "action__recommendation__number",
    "action__number",
)


def read_deadlines(source: Source, keys: Keys) -> list[Deadline]:
    """Return the deadlines of keys (one query)."""
    columns = ("origin", "on", "precision", "stated_on", "publisher", "url", "note")
    rows = deadlines(source).filter(pk__in=among(keys)).values_list("pk", *ACTION_COLUMNS, *columns)
    said, named = plain_texts("deadline.note"), plain_texts("evidence.publisher")
    found = {}
    for pk, report, owner, number, origin, on, precision, stated_on, *source_of in rows:
        publisher, url, note = source_of
        action = action_id(report, owner, number)
        name = origin if origin == DeadlineOrigin.REPORT else f"{origin}/{stated_on}/{on}"
        found[pk] = Deadline(
            id=f"{action}/deadline/{name}",
            action=action,
            origin=origin,
            on=stated_span(on, precision),
            precision=precision,
            last_day=last_day(on, precision),
            stated_on=stated_on,
            publisher=named(publisher),
            source_url=url,
            note=said(note),
        )
    return in_order(keys, found)
