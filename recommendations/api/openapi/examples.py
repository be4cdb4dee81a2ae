"""Names and values of the record itself, so that what is shown as an example works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from recommendations.exports.tables import sources
from recommendations.exports.tables.actions import deadlines
from recommendations.exports.tables.history import codings
from recommendations.exports.tables.source import Source
from recommendations.filters import RecommendationFilterSet
from recommendations.kept_of_state import kept_of_state
from recommendations.models import StatusUpdate
from recommendations.models.action import letters
from recommendations.record import Record

from ..items import ITEMS

# Of the code, and so in every record.
FIXED = {
    "status": "partly",
    "schedule": "overdue",
    "evidence": "official",
    "review": "unconfirmed",
    "kind": "policy",
    "origin": "listed",
    "vocabulary": "status",
    "code": "partly",
    "position": 1,
    "sort": "changed",
    "limit": 10,
    "edition_number": 1,
}


def examples_of(record: Record) -> Mapping[str, Any]:
    """Return an example of each parameter that has one; kept until the record changes."""
    return kept_of_state(record.viewpoint, "examples", lambda: _found(record))


def _found(record: Record) -> dict[str, Any]:
    vocabularies = RecommendationFilterSet(viewpoint=record.viewpoint).vocabularies
    found = dict(FIXED)
    for name in ("addressee", "area", "party", "body"):
        options = getattr(vocabularies, PLURALS[name])
        found |= {name: options[0].code} if options else {}
    update = record.updates().filter(evidence__isnull=False).order_by("pk").first()
    if update is None:
        return found
    owner = update.action.recommendation
    label = f"{owner.number}{letters(update.action.number)}"
    return {
        **found,
        "report": owner.report.slug,
        "section": owner.section.slug,
        "number": owner.number,
        "label": label,
        "action": f"{owner.report.slug}/{label}",
        "update": update.slug,
        "source": _source_of(update),
        "q": max(update.action.title.split(), key=len).strip(",.“”"),
        "changed_since": f"{owner.report.published_on.year + 1}-01-01",
    }


def _source_of(update: StatusUpdate) -> str:
    return update.evidence.filter(source__isnull=False).values_list("source__slug", flat=True)[0]


# Items of which a record may have none, or none of the action that stands as an example.
NAMED = {
    *("deadlines", "targets", "sources", "captures", "codings", "relations"),
    *("relations_of_reports", "translations"),
}


def names_of(record: Record) -> Mapping[str, str]:
    """Return the `id` of a row of each of these that has any; kept as the rest is."""
    return kept_of_state(record.viewpoint, "examples of rows", lambda: dict(_first_names(record)))


def _first_names(record: Record) -> Iterator[tuple[str, str]]:
    source = Source(record, root="")
    for name, rows in _rows_of(source).items():
        keys = list(rows.values_list("pk", flat=True)[:1])
        for row in ITEMS[name].collection.table.read(source, keys) if keys else ():
            yield name, row.id


def _rows_of(source: Source) -> dict[str, QuerySet]:
    record = source.record
    report = record.reports().counted().order_by("pk").first()
    title = {"kind": "report.title", "original": report.title if report else ""}
    relations = record.relations().order_by("pk")
    return {
        "deadlines": deadlines(source).filter(origin="report"),
        "targets": deadlines(source).filter(origin="official"),
        "sources": sources.sources(source).order_by("pk"),
        "captures": sources.captures(source).order_by("pk"),
        "codings": codings(source),
        "relations": relations.filter(report=None),
        "relations_of_reports": relations.filter(recommendation=None),
        "translations": record.translations().filter(**title).order_by("pk"),
    }


PLURALS = {"addressee": "addressees", "area": "areas", "party": "parties", "body": "bodies"}
