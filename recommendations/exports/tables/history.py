"""Reads what was said of actions: updates, their evidence, editions, codings, and relations.

What the evidence cites is read in `sources.py`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import date
from typing import Any

from recommendations.exports.csv_rows import stated
from recommendations.index.conditions import keys as among
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, UPDATE
from recommendations.models import Evidence as EvidenceModel
from recommendations.models import StatusUpdate
from recommendations.models.coding import Coding as CodingModel
from recommendations.paths import path_of
from recommendations.querysets import CodingQuerySet, EvidenceQuerySet
from recommendations.querysets.base import asked_by
from recommendations.text.languages import plain_texts

from .actions import of_public_actions
from .rows import Coding, Edition, Evidence, Relation, Update
from .source import Keys, Source, action_id, in_order, keys_of

# Updates ---------------------------------------------------------------------------------------


def update_keys(source: Source) -> array[int]:
    """Return the published updates, ended ones included, in the order in which they came."""
    viewpoint = source.record.viewpoint
    with opened_at(viewpoint) as index:
        view = index.view
        rows = view.rows(UPDATE, "told")
        if not viewpoint.is_present:
            rows = view.owners.owned_by(source.out(view, ACTION), rows)
        return rows.to_array()


UPDATE_TEXTS = ("note", "search_note", "correction_reason", "end_note")


def read_updates(source: Source, keys: Keys) -> list[Update]:
    """Return the updates of keys (three queries)."""
    some = among(keys)
    rows = source.record.updates().filter(pk__in=some).order_by()
    rows = rows.select_related("action__recommendation__report", "replaces")
    relied: dict[int, list[str]] = {}
    earlier = source.record.all_updates().filter(relied_on_by__in=some).order_by("pk")
    for pk, slug in earlier.values_list("relied_on_by", "slug"):
        relied.setdefault(pk, []).append(slug)
    said = {name: plain_texts(f"statusupdate.{name}") for name in UPDATE_TEXTS}
    found = {one.pk: _update(source, one, relied.get(one.pk, []), said) for one in rows}
    return in_order(keys, found)


Said = dict[str, Callable[[str], str]]


def _update(source: Source, one: StatusUpdate, relied: list[str], said: Said) -> Update:
    owner = one.action.recommendation
    report = owner.report.slug
    assert one.published_at and one.edition_id, "A published update has both."
    return Update(
        id=one.slug,
        action=action_id(report, owner.number, one.action.number),
        status=one.status,
        effective_on=stated(one.effective_on, one.effective_precision),
        effective_precision=one.effective_precision,
        effective_day=one.effective_day,
        note=said["note"](one.note),
        search_note=said["search_note"](one.search_note),
        searched_on=one.searched_on,
        confidence=one.confidence,
        attribution=one.attribution,
        relies_on=relied,
        is_research=one.is_baseline,
        published_at=one.published_at,
        edition=one.edition_id,
        replaces=one.replaces.slug if one.replaces else None,
        correction_reason=said["correction_reason"](one.correction_reason),
        ended_in_edition=one.ended_in_edition_id,
        end_reason=one.end_reason,
        end_note=said["end_note"](one.end_note),
        url=f"{source.page_of(report, owner.number)}#{one.slug}",
    )


# Evidence --------------------------------------------------------------------------------------


def evidence(source: Source) -> EvidenceQuerySet:
    out = asked_by(source.record.viewpoint, "update__action__recommendation__report__")
    return source.record.evidence().filter(out).order_by("update_id", "position")


def evidence_keys(source: Source) -> array[int]:
    return keys_of(evidence(source).values_list("pk", flat=True).iterator())


def read_evidence(source: Source, keys: Keys) -> list[Evidence]:
    """Return the items of keys (one query)."""
    rows = evidence(source).filter(pk__in=among(keys)).order_by()
    rows = rows.select_related("update__action__recommendation__report", "source")
    said, named = plain_texts("evidence.supports"), plain_texts("evidence.publisher")
    return in_order(keys, {one.pk: _item(one, said, named) for one in rows})


def _item(one: EvidenceModel, said: Callable[[str], str], named: Callable[[str], str]) -> Evidence:
    update, action = one.update, one.update.action
    owner = action.recommendation
    published_on: date | None = one.published_on
    return Evidence(
        id=f"{update.slug}/{one.position}",
        update=update.slug,
        action=action_id(owner.report.slug, owner.number, action.number),
        position=one.position,
        kind=one.kind,
        title=one.title,
        publisher=named(one.publisher),
        language=one.spoken,
        is_state_media=one.is_state_media,
        published_on=stated(published_on, one.published_precision),
        published_precision=one.published_precision if published_on else "",
        accessed_on=one.accessed_on,
        source_url=one.url,
        archived_url=one.archived_url,
        supports=said(one.supports),
        quotation=one.quotation,
        page=one.page,
        source=one.source.slug if one.source else None,
        capture_sha256=one.capture_sha256,
    )


# Editions --------------------------------------------------------------------------------------


def edition_keys(source: Source) -> array[int]:
    return keys_of(source.record.editions().order_by("pk").values_list("pk", flat=True))


def read_editions(source: Source, keys: Keys) -> list[Edition]:
    """Return the editions of keys (one query)."""
    rows = source.record.editions().filter(pk__in=among(keys)).with_numbers()
    noted, made = plain_texts("edition.note"), plain_texts("edition.method")
    found = {
        one.pk: Edition(
            id=one.pk,
            kind=one.kind,
            published_at=one.published_at,
            note=noted(one.note),
            report=one.report.slug if one.report else None,
            method=made(one.method),
            horizon_on=one.horizon_on,
            updates=one.n_published,
            corrected=one.n_corrected,
            retracted=one.n_retracted,
            digest=one.digest or "",
            url=source.address(path_of("recommendations:edition", one.pk)),
        )
        for one in rows.select_related("report")
    }
    return in_order(keys, found)


# Codings ---------------------------------------------------------------------------------------


def codings(source: Source) -> CodingQuerySet:
    """Return the codings that an edition published, of which none says whose it is."""
    rows: CodingQuerySet = of_public_actions(source.record.codings(), source)
    return rows.order_by("pk")


def coding_keys(source: Source) -> array[int]:
    return keys_of(codings(source).values_list("pk", flat=True).iterator())


def read_codings(source: Source, keys: Keys) -> list[Coding]:
    """Return the codings of keys (one query)."""
    rows = codings(source).filter(pk__in=among(keys)).order_by()
    rows = rows.select_related("action__recommendation__report", "compared_with")
    said = plain_texts("coding.reason")
    return in_order(keys, {one.pk: _coding(one, said) for one in rows})


def _coding(one: CodingModel, said: Callable[[str], str]) -> Coding:
    owner = one.action.recommendation
    action = action_id(owner.report.slug, owner.number, one.action.number)
    assert one.edition_id is not None
    return Coding(
        id=f"{action}/coding/{one.edition_id}/{one.coder}",
        action=action,
        coder=one.coder,
        status=one.status,
        effective_on=stated(one.effective_on, one.effective_precision),
        effective_precision=one.effective_precision if one.effective_on else "",
        coded_on=one.coded_on,
        first_status=one.first_status,
        decision=one.decision,
        reason=said(one.reason),
        edition=one.edition_id,
    )


# Relations -------------------------------------------------------------------------------------


def relation_keys(source: Source) -> array[int]:
    return keys_of(source.record.relations().order_by("pk").values_list("pk", flat=True))


RELATION_COLUMNS: tuple[str, ...] = (
    *("pk", "recommendation__report__slug", "recommendation__number", "report__slug"),
    *("earlier__report__slug", "earlier__number", "kind", "publisher", "url", "note"),
)


def read_relations(source: Source, keys: Keys) -> list[Relation]:
    """Return the relations of keys (one query)."""
    rows = source.record.relations().filter(pk__in=among(keys)).order_by()
    return in_order(
        keys, {row[0]: _relation(*row[1:]) for row in rows.values_list(*RELATION_COLUMNS)}
    )


def _relation(
    later_report: str | None,
    later_number: str | None,
    report: str | None,
    earlier_report: str,
    earlier_number: str,
    *rest: Any,
) -> Relation:
    kind, publisher, url, note = rest
    later = f"{later_report}/{later_number}" if later_number else None
    earlier = f"{earlier_report}/{earlier_number}"
    return Relation(
        id=f"{later or report}/relation/{earlier}",
        recommendation=later,
        report=report,
        earlier=earlier,
        kind=kind,
        publisher=plain_texts("evidence.publisher")(publisher),
        source_url=url,
        note=plain_texts("recommendationrelation.note")(note),
    )
