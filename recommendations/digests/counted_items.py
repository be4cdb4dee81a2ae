"""What editions did to the count, as items: steps, what came and went, what was verifiable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from .canonical import Content
from .items import (
    NAME_OF,
    NAME_PARTS,
    NOBODY,
    Codes,
    GetModel,
    Item,
    Linked,
    action_names,
    code_of,
    said_by,
)

# A step in what is counted, that one person asked for and another confirmed. What of it only the
# staff may read is sealed.
STEP = ("step", "reason")

STEP_SEALED = ("id", "state_when_asked", "requested_at", "outcome", "note", "decided_at")

STEP_LINKS = ("reports", "recommendations", "actions", "into")


def counted_items(numbers: Collection[int], codes: Codes, model: GetModel) -> Iterator[Item]:
    yield from _steps(numbers, codes, model)
    yield from _structure(numbers, model)
    yield from _verifiability(numbers, model)


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
