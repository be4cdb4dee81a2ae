"""The vocabularies whose codes the tables have: those that the code fixes, and those of the record.

All are strings with an address, so that one which is fixed today may become data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from recommendations.addressee_groups import GroupLabels
from recommendations.index.keeping import opened_at
from recommendations.index.names import ACTION, RECOMMENDATION
from recommendations.index.view import View
from recommendations.known_precisions import PrecisionLabels
from recommendations.models import Body, Party, PolicyArea
from recommendations.models.action import ASK_STRENGTH_DEFINITIONS, ActionKind, AskStrength
from recommendations.models.capture import Way
from recommendations.models.deadline import DeadlineOrigin
from recommendations.models.edition import EditionKind
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.models.relation import RelationKind
from recommendations.models.status_update import EndReason
from recommendations.paths import path_of
from recommendations.statuses import (
    EVIDENCE_DEFINITIONS,
    SCHEDULE_DEFINITIONS,
    STATUS_DEFINITIONS,
    Attribution,
    Confidence,
    EvidenceKind,
    EvidenceStrength,
    Schedule,
    Status,
)
from recommendations.statuses.agreement import CODED_STATUSES, Coder, Decision
from recommendations.text.languages import plain

from .rows import Term
from .source import Source

Words = str | Promise


@dataclass(frozen=True)
class Vocabulary:
    """What it is called, its codes with their labels, and what some of them mean."""

    title: Promise
    choices: Iterable[tuple[Any, Words]]
    definitions: Mapping[Any, Words] = field(default_factory=dict)


SECOND_REVIEW = [
    ("confirmed", _("Confirmed by a reviewer")),
    ("awaiting", _("Awaiting second review")),
    ("not assessed", _("Not assessed")),
]
FIXED: dict[str, Vocabulary] = {
    "status": Vocabulary(_("Status"), Status.choices, STATUS_DEFINITIONS),
    "coded_status": Vocabulary(_("Status that a coder gave"), CODED_STATUSES, STATUS_DEFINITIONS),
    "evidence_kind": Vocabulary(_("Kind of evidence"), EvidenceKind.choices, EVIDENCE_DEFINITIONS),
    "evidence_strength": Vocabulary(
        _("Strongest evidence"), EvidenceStrength.choices, EVIDENCE_DEFINITIONS
    ),
    "schedule": Vocabulary(_("Schedule"), Schedule.choices, SCHEDULE_DEFINITIONS),
    "second_review": Vocabulary(_("Second review"), SECOND_REVIEW),
    "addressee": Vocabulary(_("Addressee"), GroupLabels()),
    "precision": Vocabulary(_("Precision of a date"), PrecisionLabels()),
    "confidence": Vocabulary(_("Confidence"), Confidence.choices),
    "attribution": Vocabulary(_("Attribution"), Attribution.choices),
    "recommendation_origin": Vocabulary(
        _("Origin of a recommendation"), RecommendationOrigin.choices
    ),
    "action_kind": Vocabulary(_("Kind of action"), ActionKind.choices),
    "ask_strength": Vocabulary(
        _("Strength of the ask"), AskStrength.choices, ASK_STRENGTH_DEFINITIONS
    ),
    "deadline_origin": Vocabulary(_("Origin of a deadline"), DeadlineOrigin.choices),
    "end_reason": Vocabulary(_("How an update ended"), EndReason.choices),
    "edition_kind": Vocabulary(_("Kind of edition"), EditionKind.choices),
    "coder": Vocabulary(_("Coder"), Coder.choices),
    "decision": Vocabulary(_("Decision on two codings"), Decision.choices),
    "capture_way": Vocabulary(_("How a copy came"), Way.choices),
    "relation_kind": Vocabulary(_("Kind of relation"), RelationKind.choices),
}
OF_RECORD: dict[str, Promise] = {
    "area": _("Policy areas"),
    "party": _("Parties"),
    "body": _("Bodies"),
}
MODELS: dict[str, type[PolicyArea] | type[Party] | type[Body]] = {
    "area": PolicyArea,
    "party": Party,
    "body": Body,
}
# Bodies have no page.
PAGES = ("area", "party")


def terms(source: Source) -> list[Term]:
    """Return the entries of all vocabularies that the public record uses (three queries)."""
    with opened_at(source.record.viewpoint) as index:
        found = [term for name in OF_RECORD for term in _of_record(source, index.view, name)]
    return [*(term for name in FIXED for term in fixed_terms(source, name)), *found]


def fixed_terms(source: Source, name: str) -> Iterator[Term]:
    """Yield the entries of a vocabulary that the code fixes."""
    vocabulary = FIXED[name]
    for position, (code, label) in enumerate(vocabulary.choices, start=1):
        yield Term(
            id=f"{name}/{code}",
            vocabulary=name,
            code=str(code),
            label=str(label),
            definition=str(vocabulary.definitions.get(code, "")),
            parent="",
            position=position,
            url=address_of(source, name),
        )


def address_of(source: Source, vocabulary: str) -> str:
    """Return where a vocabulary is listed."""
    return f"{source.address(path_of('recommendations:data'))}#vocabulary-{vocabulary}"


def used_labels(source: Source, view: View, name: str) -> set[int]:
    """Return the keys of areas, parties or bodies that anything public has."""
    found: set[int] = set()
    for unit in (ACTION, RECOMMENDATION):
        out = source.out(view, unit)
        values = view.values(unit, name).items()
        found |= {int(key) for key, rows in values if not out.isdisjoint(BitMap(rows))}
    return found


def _of_record(source: Source, view: View, name: str) -> Iterator[Term]:
    used = used_labels(source, view, name)
    parties = used_labels(source, view, "party")
    rows = source.record.vocabulary(MODELS[name]).filter(pk__in=used)
    offices = rows.select_related("party") if rows.model is Body else rows  # type: ignore[misc]
    for position, row in enumerate(offices, start=1):
        assert isinstance(row, PolicyArea | Party | Body)
        party = row.party if isinstance(row, Body) and row.party_id in parties else None
        yield Term(
            id=f"{name}/{row.slug}",
            vocabulary=name,
            code=row.slug,
            label=str(row),
            definition=_description(row),
            parent=party.slug if party else "",
            position=position,
            url=_page_of(source, name, row.slug),
        )


def _description(row: PolicyArea | Party | Body) -> str:
    if isinstance(row, PolicyArea) and row.description:
        return plain(row.description, "policyarea.description")
    return ""


def _page_of(source: Source, name: str, slug: str) -> str:
    if name in PAGES:
        return source.address(path_of(f"recommendations:{name}", slug))
    return address_of(source, name)
