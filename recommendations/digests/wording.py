"""The wording and the grouping of the record, as items: how each text reads since an edition.

Order, translations, imported texts of reports and the list of hosts are no part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from .canonical import Content, canonical
from .items import GetModel, action_name, recommendation_name, said_by

BATCH = 400
Keys = dict[str, set[int]]
Texts = dict[tuple[str, int], Content]


@dataclass(frozen=True)
class Kind:
    """One kind of text: its model, what of it is worded, and which rows visitors may read.

    Without `is_public` it is a label, which what it is on makes public.
    `refers_to` says of which kind the rows are that a column or list names. `beside` are the
    columns that only the lines of its history are bound with.
    """

    model: str
    columns: tuple[str, ...]
    is_public: Q | None = None
    lists: tuple[str, ...] = ()
    refers_to: dict[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


IN_RECORD = Q(from_edition__isnull=False)
NAMED = ("slug", "name")
KINDS = {
    "report": Kind(
        "Report",
        (
            "slug",
            "title",
            "subtitle",
            "authors",
            "publisher",
            "published_on",
            "published_precision",
            "date_note",
            "url",
            "series",
            "number_in_series",
            "summary",
            "baseline_note",
            "text_rights",
        ),
        IN_RECORD,
        lists=("predecessors",),
        beside=("is_featured", "is_bibliographic"),
    ),
    "section": Kind(
        "Section",
        ("report_id", "parent_id", "slug", "title"),
        Q(report__from_edition__isnull=False),
        refers_to={"parent_id": "section"},
        beside=("position",),
    ),
    "recommendation": Kind(
        "Recommendation",
        (
            "report_id",
            "section_id",
            "number",
            "slug",
            "headline",
            "is_headline_of_report",
            "origin",
            "summary",
        ),
        IN_RECORD,
        lists=("areas",),
        refers_to={"report_id": "report", "section_id": "section", "areas": "area"},
        beside=("position",),
    ),
    "action": Kind(
        "Action",
        (
            "recommendation_id",
            "number",
            "slug",
            "title",
            "kind",
            "ask_strength",
            "place",
            "is_verifiable",
            "verifiability_note",
        ),
        IN_RECORD,
        lists=("parties",),
        refers_to={"recommendation_id": "recommendation", "parties": "party", "leads": "body"},
    ),
    "area": Kind("PolicyArea", (*NAMED, "description"), beside=("position",)),
    "party": Kind(
        "Party",
        (*NAMED, "aliases", "kind"),
        beside=("position",),
    ),
    "body": Kind(
        "Body",
        (*NAMED, "aliases", "party_id"),
        refers_to={"party_id": "party"},
        beside=("position",),
    ),
    "relation": Kind(
        "RecommendationRelation",
        ("recommendation_id", "report_id", "earlier_id", "kind", "publisher", "url", "note"),
        Q(earlier__from_edition__isnull=False)
        & (Q(recommendation__isnull=True) | Q(recommendation__from_edition__isnull=False))
        & (Q(report__isnull=True) | Q(report__from_edition__isnull=False)),
        beside=("recorded_at",),
    ),
    "event": Kind(
        "ContextEvent",
        ("report_id", "slug", "on", "title", "publisher", "url"),
        Q(report__isnull=True) | Q(report__from_edition__isnull=False),
    ),
}
LEAD = ("body_id", "basis")
DEADLINE = ("origin", "on", "precision", "stated_on", "publisher", "url", "note")


def key_of(kind: str, pk: int | str) -> str:
    return f"text/{kind}/{pk}"


# How they read now ------------------------------------------------------------------------------


def texts_of(kind: str, model: GetModel, ids: Collection[int] | None = None) -> Texts:
    """Return how texts that visitors may read are worded: those of these keys, or all."""
    rows = model(KINDS[kind].model).objects
    public = rows.filter(_is_public(kind, model)).values("pk")
    if ids is None:
        return _read(kind, rows.filter(pk__in=public), model)
    wanted = sorted(ids)
    found: Texts = {}
    for start in range(0, len(wanted), BATCH):
        chosen = rows.filter(pk__in=wanted[start : start + BATCH]).filter(pk__in=public)
        # As keys: where statistics are old, PostgreSQL asks anew for each row of what is joined.
        keys = list(chosen.values_list("pk", flat=True))
        found |= _read(kind, rows.filter(pk__in=keys), model)
    return found


def _is_public(kind: str, model: GetModel) -> Q:
    """Return which rows visitors may read.

    Of labels each way is asked for apart: joined, rows of one would multiply those of the other.
    """
    leads = model("ActionBody").objects.filter(action__from_edition__isnull=False)
    match kind:
        case "area":
            return Q(pk__in=model("Recommendation").objects.filter(IN_RECORD).values("areas"))
        case "party":
            of_actions = model("Action").objects.filter(IN_RECORD).values("parties")
            return Q(pk__in=of_actions) | Q(pk__in=leads.values("body__party"))
        case "body":
            return Q(pk__in=leads.values("body"))
    return KINDS[kind].is_public or Q()


def _read(kind: str, rows: Any, model: GetModel) -> Texts:
    said = KINDS[kind]
    texts = {
        (kind, row["pk"]): said_by(row, said.columns)
        for row in rows.order_by("pk").values("pk", *said.columns)
    }
    for name in said.lists:
        links = _links(rows, name)
        for pk in (pk for _kind, pk in texts):
            texts[kind, pk][name] = sorted(links.get(pk, ()))
    if kind == "action":
        _add_surroundings(texts, rows, model)
    if kind in ("action", "recommendation"):
        for pk, name in _names(kind, rows):
            texts[kind, pk]["name"] = name
    return texts


def _links(rows: Any, name: str) -> dict[int, list[int]]:
    column = rows.model._meta.get_field(name)
    owner, other = column.m2m_column_name(), column.m2m_reverse_name()
    through = column.remote_field.through.objects.filter(**{f"{owner}__in": rows.values("pk")})
    found: dict[int, list[int]] = defaultdict(list)
    for owner_id, other_id in through.values_list(owner, other):
        found[owner_id].append(other_id)
    return found


def _add_surroundings(texts: Texts, rows: Any, model: GetModel) -> None:
    """Add who leads on actions, and by when they are to be done."""
    for text in texts.values():
        text |= {"leads": [], "deadlines": []}
    for row in model("ActionBody").objects.filter(action__in=rows).values("action_id", *LEAD):
        texts["action", row["action_id"]]["leads"].append(said_by(row, LEAD))
    for row in model("Deadline").objects.filter(action__in=rows).values("action_id", *DEADLINE):
        texts["action", row["action_id"]]["deadlines"].append(said_by(row, DEADLINE))
    for text in texts.values():
        for name in ("leads", "deadlines"):
            text[name].sort(key=canonical)


def _names(kind: str, rows: Any) -> Iterator[tuple[int, str]]:
    if kind == "recommendation":
        for pk, report, number in rows.values_list("pk", "report__slug", "number"):
            yield pk, recommendation_name(report, number)
        return
    parts = ("recommendation__report__slug", "recommendation__number", "number")
    for pk, *said in rows.values_list("pk", *parts):
        yield pk, action_name(*said)


def all_texts(model: GetModel) -> Texts:
    found: Texts = {}
    for kind in KINDS:
        found |= texts_of(kind, model)
    return found


# Which were touched -----------------------------------------------------------------------------


def touched_by(number: int, model: GetModel) -> Keys:
    """Return what an edition took into the count or out of it, which words it too."""
    found: Keys = defaultdict(set)
    bounds = Q(from_edition=number) | Q(until_edition=number)
    for kind in ("report", "recommendation", "action"):
        rows = model(KINDS[kind].model).objects.filter(bounds)
        found[kind] |= set(rows.values_list("pk", flat=True))
    periods = model("VerifiabilityPeriod").objects.filter(bounds)
    found["action"] |= set(periods.values_list("action_id", flat=True))
    for kind, of_kind in _beside(number):
        found[kind] |= set(
            model(KINDS[kind].model).objects.filter(of_kind).values_list("pk", flat=True)
        )
    return found


def _beside(number: int) -> Iterator[tuple[str, Q]]:
    """Yield what comes to the record together with a report or a recommendation."""
    yield "section", Q(report__from_edition=number)
    yield "event", Q(report__from_edition=number)
    yield (
        "relation",
        Q(recommendation__from_edition=number)
        | Q(earlier__from_edition=number)
        | Q(report__from_edition=number),
    )


def named_by(kind: str, text: Content) -> Iterator[tuple[str, int]]:
    """Yield the texts that a text names: an area may have no other sign that it is public now."""
    for column, other in KINDS[kind].refers_to.items():
        value = text.get(column)
        for one in value if isinstance(value, list) else [value]:
            pk = one["body_id"] if isinstance(one, dict) else one
            if pk is not None:
                yield other, pk
