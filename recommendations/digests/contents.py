"""What each edition published, as items that can be made again from the rows at any time.

The lists of columns are those of format 1, for good, and what format 2 adds to an item of evidence
(FORMATS): what a later release adds belongs to a later format. They take models by their names, so
that a migration makes items of the models of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from .canonical import FIRST_FORMAT, FORMAT, Content, canonical, plain
from .counted_items import counted_items
from .items import (
    NOBODY,
    Codes,
    GetModel,
    Item,
    Linked,
    action_names,
    code_of,
    said_by,
)

HEADER = ("number", "kind", "published_at", "note", "slug", "method", "horizon_on")
UPDATE = (
    "status",
    "effective_on",
    "effective_precision",
    "note",
    "search_note",
    "searched_on",
    "confidence",
    "attribution",
    "next_review_on",
    "is_baseline",
    "published_at",
    "effective_day",
    "correction_reason",
)
# What of an update only the staff may read. It is sealed.
UPDATE_SEALED = (
    "id",
    "note_to_reviewer",
    "revision",
    "status_at_draft",
    "created_at",
    "submitted_at",
    "return_note",
)
EVIDENCE = (
    "position",
    "kind",
    "title",
    "publisher",
    "language",
    "is_state_media",
    "published_on",
    "published_precision",
    "accessed_on",
    "url",
    "archived_url",
    "supports",
    "quotation",
    "page",
)
# What an item of evidence says in each format beside EVIDENCE: by name, of which column.
FORMATS: dict[int, dict[str, str]] = {
    FIRST_FORMAT: {},
    2: {"source": "source__key", "capture_sha256": "capture_sha256"},
}
CODING = (
    "coder",
    "status",
    "effective_on",
    "effective_precision",
    "is_same",
    "coded_on",
    "decision",
    "reason",
)
# The update that a person coded again without seeing it, and the one that came of it.
REFERRED = ("compared_with__slug", "draft__slug")


def header_of(edition: Any, digested_at: Any, codes: Codes) -> str:
    """Return the header of an edition, a row with its report."""
    said = {name: plain(getattr(edition, name)) for name in HEADER}
    return canonical(
        {
            **said,
            "report": edition.report.slug if edition.report else "",
            "made_by": code_of(edition.made_by_id, codes),
            "digested_at": plain(digested_at),
        }
    )


def items_of(
    numbers: Collection[int], codes: Codes, *, model: GetModel, format: int = FORMAT
) -> Iterator[Item]:
    """Yield what editions of one format published, but for wording (some 14 queries)."""
    yield from _updates(numbers, codes, model, format)
    yield from _ends(numbers, codes, model)
    yield from counted_items(numbers, codes, model)
    yield from _codings(numbers, codes, model)


def _updates(
    numbers: Collection[int], codes: Codes, model: GetModel, format: int
) -> Iterator[Item]:
    published = model("StatusUpdate").objects.filter(review_state="published", edition__in=numbers)
    people = ("author_id", "reviewer_id")
    columns = ("slug", "edition_id", "action_id", "replaces__slug", *people)
    rows = list(published.order_by("pk").values(*columns, *UPDATE, *UPDATE_SEALED))
    if not rows:
        return
    evidence, relied, editors = (
        _evidence(published, model, format),
        _reliance(published, model),
        _editors(published, model),
    )
    names = action_names({row["action_id"] for row in rows}, model)
    for row in rows:
        pk = row["id"]
        of_one = Parts(evidence[pk], relied[pk], editors[pk])
        yield update_item(row, of_one, action=names.get(row["action_id"], NOBODY), codes=codes)


class Parts(NamedTuple):
    """What belongs to an update, each with its key: items, what it relies on, who saved it."""

    evidence: Sequence[tuple[int, Content]]
    relied: Sequence[tuple[int, str]]
    editors: Sequence[tuple[int, int]]


def update_item(row: Mapping[str, Any], parts: Parts, *, action: str, codes: Codes) -> Item:
    """Return what is digested of a published update, whose columns `row` has by their names."""
    content = {
        **said_by(row, UPDATE),
        "action": action,
        "author": code_of(row["author_id"], codes),
        "editors": sorted(code_of(person, codes) for _id, person in parts.editors),
        "reviewer": code_of(row["reviewer_id"], codes),
        "replaces": row["replaces__slug"] or "",
        "relies_on": sorted(slug for _id, slug in parts.relied),
        "evidence": [said for _id, said in parts.evidence],
    }
    private = {
        **said_by(row, UPDATE_SEALED),
        "evidence": [item for item, _said in parts.evidence],
        "relies_on": sorted(link for link, _slug in parts.relied),
        "editors": sorted(link for link, _person in parts.editors),
    }
    return Item(row["edition_id"], f"update/{row['slug']}", content, private)


def _evidence(updates: QuerySet, model: GetModel, format: int) -> Linked:
    found: Linked = defaultdict(list)
    rows = model("Evidence").objects.filter(update__in=updates).order_by("position", "pk")
    for row in rows.values("id", "update_id", *EVIDENCE, *FORMATS[format].values()):
        found[row["update_id"]].append((row["id"], evidence_content(row, format)))
    return found


def evidence_content(row: Mapping[str, Any], format: int = FORMAT) -> Content:
    """Return what is digested of an item of evidence, whose columns `row` has by their names."""
    added = {name: plain(row[column]) for name, column in FORMATS[format].items()}
    return {**said_by(row, EVIDENCE), **added}


def _reliance(updates: QuerySet, model: GetModel) -> Linked:
    links = model("StatusUpdate").relies_on.through.objects.filter(from_statusupdate__in=updates)
    return _linked(links, "from_statusupdate_id", "to_statusupdate__slug")


def _editors(updates: QuerySet, model: GetModel) -> Linked:
    links = model("StatusUpdate").editors.through.objects.filter(statusupdate__in=updates)
    return _linked(links, "statusupdate_id", "user_id")


def _linked(links: QuerySet, owner: str, other: str) -> Linked:
    found: Linked = defaultdict(list)
    for pk, owner_id, value in links.values_list("pk", owner, other):
        found[owner_id].append((pk, value))
    return found


def _ends(numbers: Collection[int], codes: Codes, model: GetModel) -> Iterator[Item]:
    """Yield what was corrected or retracted, and who asked for that and confirmed it."""
    # One that did not end says nothing of an end, or was tampered with.
    is_odd = Q(ended_in_edition=None, edition__in=numbers) & ~Q(end_reason="", end_note="")
    ended = model("StatusUpdate").objects.filter(Q(ended_in_edition__in=numbers) | is_odd)
    rows = ended.annotate(told_in=Coalesce("ended_in_edition_id", "edition_id"))
    columns = ("pk", "slug", "told_in", "end_reason", "end_note")
    found = list(rows.order_by("pk").values_list(*columns))
    requests = _confirmed_requests(ended, model) if found else {}
    for pk, slug, number, reason, note in found:
        yield end_item(number, slug, reason, note, requests.get(pk), codes=codes)


def end_item(
    number: int,
    slug: str,
    reason: str,
    note: str,
    request: Mapping[str, Any] | None = None,
    *,
    codes: Codes,
) -> Item:
    """Return what is digested of an end, and of the request for it that was confirmed."""
    content: Content = {"reason": reason, "note": note}
    private = None
    if request:
        content |= {
            "asked_by": code_of(request["requested_by_id"], codes),
            "confirmed_by": code_of(request["decided_by_id"], codes),
            "public_reason": request["reason"],
            "research_edition": request["research_edition_id"],
        }
        private = said_by(request, ("id", "requested_at", "decided_at"))
    return Item(number, f"end/{slug}", content, private)


def _confirmed_requests(ended: QuerySet, model: GetModel) -> dict[int, dict[str, Any]]:
    confirmed = model("RetractionRequest").objects.filter(outcome="confirmed", update__in=ended)
    columns = ("id", "update_id", "reason", "requested_by_id", "requested_at", "decided_by_id")
    rows = confirmed.order_by("pk").values(*columns, "decided_at", "research_edition_id")
    return {row["update_id"]: row for row in rows}


def _codings(numbers: Collection[int], codes: Codes, model: GetModel) -> Iterator[Item]:
    published = model("Coding").objects.filter(edition__in=numbers)
    columns = ("id", "edition_id", "action_id", "person_id", *REFERRED, *CODING)
    rows = list(published.order_by("pk").values(*columns))
    names = action_names({row["action_id"] for row in rows}, model)
    for row in rows:
        name = names.get(row["action_id"], NOBODY)
        content = {
            **said_by(row, CODING),
            "action": name,
            "person": code_of(row["person_id"], codes),
            "compared_with": row["compared_with__slug"],
            "update": row["draft__slug"],
        }
        key = f"coding/{name}/{row['coder']}"
        yield Item(row["edition_id"], key, content, {"id": row["id"]})
