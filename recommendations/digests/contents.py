"""What each edition published, as items that can be made again from the rows at any time.

The lists of columns are those of format 1, for good: what a later release adds belongs to a later
format. They take models by their names, so that a migration makes items of the models of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from recommendations.models.action import letters

from .canonical import Content, canonical, item_digest, plain, seal_of

GetModel = Callable[[str], Any]
Codes = Mapping[int, str]
# How many rows are asked for by their keys at once.
BATCH = 5_000
# What stands for a person or an action that is not there.
NOBODY = ""

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

# A step in what is counted, that one person asked for and another confirmed. What of it only the
# staff may read is sealed.
STEP = ("step", "reason")
STEP_SEALED = ("id", "state_when_asked", "requested_at", "outcome", "note", "decided_at")
STEP_LINKS = ("reports", "recommendations", "actions", "into")


def present_model(name: str) -> Any:
    return apps.get_model("recommendations", name)


@dataclass(frozen=True, slots=True)
class Item:
    """`private` is sealed into the content, where there is any."""

    edition: int
    key: str
    content: Content | None
    private: Content | None = None

    def text(self, nonce: str) -> str:
        """Return its content as canonical JSON. Without `private` the nonce does not matter."""
        if self.content is None or self.private is None:
            return canonical(self.content)
        return canonical({**self.content, "sealed": seal_of(self.private, nonce)})

    def row(self, model: GetModel) -> Any:
        """Return the row that keeps it, which is not saved yet."""
        nonce = token_hex(16) if self.private is not None else ""
        text = self.text(nonce)
        return model("EditionItem")(
            edition_id=self.edition,
            key=self.key,
            content=text,
            nonce=nonce,
            digest=item_digest(self.key, text),
        )


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


def items_of(numbers: Collection[int], codes: Codes, *, model: GetModel) -> Iterator[Item]:
    """Yield what editions published, but for wording (some 14 queries)."""
    yield from _updates(numbers, codes, model)
    yield from _ends(numbers, codes, model)
    yield from _steps(numbers, codes, model)
    yield from _structure(numbers, model)
    yield from _verifiability(numbers, model)
    yield from _codings(numbers, codes, model)


# Names ------------------------------------------------------------------------------------------


def recommendation_name(report: str, number: str) -> str:
    return f"{report}/{number}"


def action_name(report: str, recommendation: str, number: int) -> str:
    """Return as what the action is known for good: integrated-alliance/1.1a."""
    return f"{report}/{recommendation}{letters(number)}"


# What is counted: of which columns the name of each kind is made, and how.
NAME_PARTS = {
    "report": ("slug",),
    "recommendation": ("report__slug", "number"),
    "action": ("recommendation__report__slug", "recommendation__number", "number"),
}
NAME_OF: dict[str, Callable[..., str]] = {
    "report": str,
    "recommendation": recommendation_name,
    "action": action_name,
}


def action_names(ids: Collection[int], model: GetModel) -> dict[int, str]:
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), BATCH):
        rows = model("Action").objects.filter(pk__in=wanted[start : start + BATCH])
        for pk, *of_one in rows.values_list("pk", *NAME_PARTS["action"]):
            found[pk] = action_name(*of_one)
    return found


def said_by(row: Mapping[str, Any], columns: Collection[str]) -> Content:
    return {name: plain(row[name]) for name in columns}


# Updates ----------------------------------------------------------------------------------------


def _updates(numbers: Collection[int], codes: Codes, model: GetModel) -> Iterator[Item]:
    published = model("StatusUpdate").objects.filter(review_state="published", edition__in=numbers)
    people = ("author_id", "reviewer_id")
    columns = ("slug", "edition_id", "action_id", "replaces__slug", *people)
    rows = list(published.order_by("pk").values(*columns, *UPDATE, *UPDATE_SEALED))
    if not rows:
        return
    evidence, relied, editors = (
        _evidence(published, model),
        _reliance(published, model),
        _editors(published, model),
    )
    names = action_names({row["action_id"] for row in rows}, model)
    for row in rows:
        pk = row["id"]
        content = {
            **said_by(row, UPDATE),
            "action": names.get(row["action_id"], NOBODY),
            "author": code_of(row["author_id"], codes),
            "editors": sorted(code_of(person, codes) for _id, person in editors[pk]),
            "reviewer": code_of(row["reviewer_id"], codes),
            "replaces": row["replaces__slug"] or "",
            "relies_on": sorted(slug for _id, slug in relied[pk]),
            "evidence": [said for _id, said in evidence[pk]],
        }
        private = {
            **said_by(row, UPDATE_SEALED),
            "evidence": [item for item, _said in evidence[pk]],
            "relies_on": sorted(link for link, _slug in relied[pk]),
            "editors": sorted(link for link, _person in editors[pk]),
        }
        yield Item(row["edition_id"], f"update/{row['slug']}", content, private)


def code_of(person_id: int | None, codes: Codes) -> str:
    return codes[person_id] if person_id else NOBODY


Linked = dict[int, list[tuple[int, Any]]]


def _evidence(updates: QuerySet, model: GetModel) -> Linked:
    found: Linked = defaultdict(list)
    rows = model("Evidence").objects.filter(update__in=updates).order_by("position", "pk")
    for row in rows.values("id", "update_id", *EVIDENCE):
        found[row["update_id"]].append((row["id"], said_by(row, EVIDENCE)))
    return found


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
        content: Content = {"reason": reason, "note": note}
        private = None
        if request := requests.get(pk):
            content |= {
                "asked_by": code_of(request["requested_by_id"], codes),
                "confirmed_by": code_of(request["decided_by_id"], codes),
                "public_reason": request["reason"],
                "research_edition": request["research_edition_id"],
            }
            private = said_by(request, ("id", "requested_at", "decided_at"))
        yield Item(number, f"end/{slug}", content, private)


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


# What is counted --------------------------------------------------------------------------------


def _steps(numbers: Collection[int], codes: Codes, model: GetModel) -> Iterator[Item]:
    """Yield who asked for what an edition did to the count, and who confirmed it."""
    requests = model("StructureRequest").objects.filter(edition__in=numbers)
    columns = ("edition_id", "requested_by_id", "decided_by_id", *STEP, *STEP_SEALED)
    rows = list(requests.order_by("pk").values(*columns))
    linked = {name: _linked_names(name, requests, model) for name in STEP_LINKS if rows}
    for row in rows:
        links = {name: sorted(found[row["id"]]) for name, found in linked.items()}
        content = {
            **said_by(row, STEP),
            **{name: sorted(named for _link, named in found) for name, found in links.items()},
            "asked_by": code_of(row["requested_by_id"], codes),
            "confirmed_by": code_of(row["decided_by_id"], codes),
        }
        private = {
            **said_by(row, STEP_SEALED),
            "links": {name: [link for link, _named in found] for name, found in links.items()},
        }
        yield Item(row["edition_id"], "step", content, private)


def _linked_names(name: str, requests: QuerySet, model: GetModel) -> Linked:
    """Return by request what it names in one of its four lists, each with its link."""
    kind = {"reports": "report", "recommendations": "recommendation"}.get(name, "action")
    links = getattr(model("StructureRequest"), name).through.objects.filter(
        structurerequest__in=requests
    )
    found: Linked = defaultdict(list)
    columns = ("pk", "structurerequest_id", *(f"{kind}__{part}" for part in NAME_PARTS[kind]))
    for pk, request_id, *parts in links.values_list(*columns):
        found[request_id].append((pk, NAME_OF[kind](*parts)))
    return found


def _structure(numbers: Collection[int], model: GetModel) -> Iterator[Item]:
    """Yield what came into the count, and what left it."""
    for name in ("Report", "Recommendation", "Action"):
        rows = model(name).objects.order_by("pk")
        kind = name.lower()
        parts, name_of = NAME_PARTS[kind], NAME_OF[kind]
        for number, *said in rows.filter(from_edition__in=numbers).values_list(
            "from_edition_id", *parts
        ):
            yield Item(number, f"in/{kind}/{name_of(*said)}", {})
        gone = list(
            rows.filter(until_edition__in=numbers).values_list(
                "pk", "until_edition_id", "withdrawal_reason", *parts
            )
        )
        successors = _successors(numbers, model) if gone and name == "Action" else {}
        for pk, number, reason, *said in gone:
            content: Content = {"reason": reason}
            if name == "Action":
                content["succeeded_by"] = sorted(successors.get(pk, []))
            yield Item(number, f"out/{kind}/{name_of(*said)}", content)


def _successors(numbers: Collection[int], model: GetModel) -> dict[int, list[str]]:
    links = model("Action").successors.through.objects.filter(
        from_action__until_edition__in=numbers
    )
    pairs = list(links.values_list("from_action_id", "to_action_id"))
    names = action_names({new for _old, new in pairs}, model)
    found: dict[int, list[str]] = defaultdict(list)
    for old, new in pairs:
        found[old].append(names.get(new, NOBODY))
    return found


def _verifiability(numbers: Collection[int], model: GetModel) -> Iterator[Item]:
    """Yield which actions were counted as verifiable from an edition on, and were until it."""
    periods = model("VerifiabilityPeriod").objects.order_by("pk")
    said: dict[tuple[int, int], Content] = defaultdict(lambda: {"from": None, "until": None})
    for bound in ("from", "until"):
        rows = periods.filter(**{f"{bound}_edition__in": numbers})
        for number, action_id, is_verifiable in rows.values_list(
            f"{bound}_edition_id", "action_id", "is_verifiable"
        ):
            said[number, action_id][bound] = is_verifiable
    names = action_names({action_id for _number, action_id in said}, model)
    for (number, action_id), content in said.items():
        yield Item(number, f"verifiable/{names.get(action_id, NOBODY)}", content)
