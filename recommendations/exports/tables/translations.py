"""Reads the translations of texts that the tables have, and of no other text."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from django.db.models import QuerySet

from recommendations.index.conditions import keys as among
from recommendations.index.keeping import opened_at

from .actions import deadlines
from .history import codings, evidence
from .rows import Translation
from .source import Keys, Source, in_order, keys_of
from .structure import reports, sections
from .vocabularies import MODELS, used_labels

REPORT_TEXTS = ("title", "subtitle", "authors", "publisher", "series", "summary", "date_note")


def translation_keys(source: Source) -> array[int]:
    """Return the translations of public texts (a query a kind of text)."""
    found: set[int] = set()
    for kind, texts in _public_texts(source):
        rows = source.record.translations().filter(kind=kind, original__in=texts)
        found.update(rows.order_by().values_list("pk", flat=True).iterator())
    return keys_of(sorted(found))


def keys_of_digest(source: Source, digest: str) -> list[int]:
    """Return the key of the translation with a digest, if it is of a text that the tables have."""
    rows = source.record.translations().filter(digest=digest)
    return [
        pk
        for pk, kind, original in rows.values_list("pk", "kind", "original")
        if any(
            texts.filter(**{kind.rpartition(".")[2]: original}).exists()
            for of_kind, texts in _public_texts(source)
            if of_kind == kind
        )
    ]


def _public_texts(source: Source) -> Iterator[tuple[str, QuerySet]]:
    """Yield each kind of text with those that the tables have."""
    for model, rows, fields in [
        *_of_structure(source),
        *_of_history(source),
        *_of_vocabularies(source),
    ]:
        for field in fields:
            yield f"{model}.{field}", rows.order_by().values(field)


Texts = Iterator[tuple[str, QuerySet, tuple[str, ...]]]


def _of_structure(source: Source) -> Texts:
    """Wording shows as now; at an edition, of what it knew."""
    record, out = source.record, source.reports_out
    owners = record.recommendations().filter(report__in=out)
    actions = record.actions().filter(recommendation__report__in=out)
    yield "report", reports(source), REPORT_TEXTS
    yield "section", sections(source), ("title",)
    yield "recommendation", owners, ("headline", "summary")
    yield "action", actions, ("title", "place")
    yield "action", actions.filter(is_verifiable=False), ("verifiability_note",)
    yield "deadline", deadlines(source), ("note",)


def _of_history(source: Source) -> Texts:
    record = source.record
    updates = record.updates().filter(action__recommendation__report__in=source.reports_out)
    yield "statusupdate", updates, ("note", "search_note", "correction_reason")
    yield "statusupdate", updates.ended(), ("end_note",)
    yield "evidence", evidence(source), ("supports", "publisher")
    yield "edition", record.editions(), ("note", "method")
    yield "coding", codings(source), ("reason",)
    yield "recommendationrelation", record.relations(), ("note",)


def _of_vocabularies(source: Source) -> Texts:
    with opened_at(source.record.viewpoint) as index:
        for name, model in MODELS.items():
            used = used_labels(source, index.view, name)
            rows = source.record.vocabulary(model).filter(pk__in=among(used))
            yield str(model._meta.model_name), rows, ("name",)
            if name == "area":
                yield "policyarea", rows, ("description",)


def read_translations(source: Source, keys: Keys) -> list[Translation]:
    """Return the translations of keys (one query). Who confirmed them is not told."""
    columns = ("pk", "digest", "kind", "original", "language", "text", "confirmed_at")
    rows = source.record.translations().filter(pk__in=among(keys)).order_by().values_list(*columns)
    found = {
        pk: Translation(
            id=digest,
            kind=kind,
            original=original,
            language=language,
            text=text,
            is_confirmed=confirmed_at is not None,
        )
        for pk, digest, kind, original, language, text, confirmed_at in rows
    }
    return in_order(keys, found)
