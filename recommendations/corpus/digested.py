"""What the editions of a made-up report digest, by the functions that publishing uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from recommendations.digests.canonical import Content, canonical, item_digest, sha256
from recommendations.digests.contents import Parts, end_item, evidence_content, update_item
from recommendations.digests.histories import LINE
from recommendations.digests.items import Item, action_name, recommendation_name, said_by
from recommendations.digests.sealing import worded_item
from recommendations.digests.wording import DEADLINE, KINDS, LEAD
from recommendations.models import (
    Action,
    ActionBody,
    Deadline,
    EditionItem,
    Evidence,
    Recommendation,
    Report,
    RetractionRequest,
    Section,
    Source,
    StatusUpdate,
)

from .numbering import AREAS, EDITORS, LINES, LINKS_OF_LINES, PARTIES, RELIES_ON
from .rows import Rows
from .tables import Row

# The digests of the items of each edition, 32 bytes each.
Digests = dict[int, bytearray]


def add_digested(rows: Rows, codes: Mapping[int, str]) -> Digests:
    """Add the items, but for labels: those belong to the first edition that names them."""
    digests: Digests = defaultdict(bytearray)
    for item in _items(rows, codes):
        digests[item.edition] += add_item(rows, item)
    return dict(digests)


def add_item(rows: Rows, item: Item) -> bytes:
    """Add an item, and return its digest. Its nonce is no secret, and always the same."""
    nonce = "" if item.private is None else sha256(f"{item.edition}/{item.key}")[:32]
    text = item.text(nonce)
    digest = item_digest(item.key, text)
    rows.add(
        EditionItem,
        edition_id=item.edition,
        key=item.key,
        content=text,
        nonce=nonce,
        digest=digest,
    )
    return bytes.fromhex(digest)


def _items(rows: Rows, codes: Mapping[int, str]) -> Iterator[Item]:
    [report] = rows.of[Report]
    number, slug = report["from_edition_id"], report["slug"]
    names = {row["id"]: row["number"] for row in rows.of[Recommendation]}
    actions = {
        row["id"]: action_name(slug, names[row["recommendation_id"]], row["number"])
        for row in rows.of[Action]
    }
    yield Item(number, f"in/report/{slug}", {})
    for name in names.values():
        yield Item(number, f"in/recommendation/{recommendation_name(slug, name)}", {})
    for row in rows.of[Action]:
        name = actions[row["id"]]
        yield Item(number, f"in/action/{name}", {})
        said = {"from": row["is_verifiable"], "until": None}
        yield Item(number, f"verifiable/{name}", said)
    yield from _texts(rows, number, actions)
    yield from _updates(rows, actions, codes)


# Wording -----------------------------------------------------------------------------------------


def _texts(rows: Rows, number: int, actions: Mapping[int, str]) -> Iterator[Item]:
    slug = rows.of[Report][0]["slug"]
    yield from _worded(rows, number, "report", Report, {"predecessors": []})
    yield from _worded(rows, number, "section", Section, {})
    areas = _linked(rows, AREAS, "recommendation_id", "policyarea_id")
    for row, line in _with_lines(rows, Recommendation):
        name = recommendation_name(slug, row["number"])
        beside = {"areas": areas[row["id"]], "name": name}
        yield _text(number, "recommendation", row, line, beside)
    parties = _linked(rows, PARTIES, "action_id", "party_id")
    leads, deadlines = _said(rows, ActionBody, LEAD), _said(rows, Deadline, DEADLINE)
    for row, line in _with_lines(rows, Action):
        pk = row["id"]
        of_one = {"leads": leads[pk], "deadlines": deadlines[pk]}
        beside = {"parties": parties[pk], "name": actions[pk], **of_one}
        yield _text(number, "action", row, line, beside)


def _worded(rows: Rows, number: int, kind: str, model: Any, beside: Content) -> Iterator[Item]:
    for row, line in _with_lines(rows, model):
        yield _text(number, kind, row, line, beside)


def _text(number: int, kind: str, row: Row, line: Content, beside: Content) -> Item:
    text = {**said_by(row, KINDS[kind].columns), **beside}
    return worded_item(number, kind, row["id"], text, {row["id"]: [line]})


def _with_lines(rows: Rows, model: Any) -> Iterator[tuple[Row, Content]]:
    """Yield each text with the line of its history, as histories are digested."""
    [said] = [kind for kind in KINDS.values() if kind.model == model.__name__]
    columns = (*LINE, *said.columns, *said.beside)
    links: dict[int, list[Row]] = defaultdict(list)
    for link in rows.of[LINKS_OF_LINES[model]] if model in LINKS_OF_LINES else ():
        links[link["history_id"]].append(link)
    for row, line in zip(rows.of[model], rows.of[LINES[model]], strict=True):
        lists = {name: links[line["history_id"]] for name in said.lists}
        yield row, {**said_by(line, columns), **lists}


def _linked(rows: Rows, link: Any, owner: str, other: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows.of[link]:
        found[row[owner]].append(row[other])
    return defaultdict(list, {pk: sorted(others) for pk, others in found.items()})


def _said(rows: Rows, model: Any, columns: tuple[str, ...]) -> dict[int, list[Content]]:
    found: dict[int, list[Content]] = defaultdict(list)
    for row in rows.of[model]:
        found[row["action_id"]].append(said_by(row, columns))
    for said in found.values():
        said.sort(key=canonical)
    return found


# Updates -----------------------------------------------------------------------------------------


def _updates(rows: Rows, actions: Mapping[int, str], codes: Mapping[int, str]) -> Iterator[Item]:
    evidence: dict[int, list[tuple[int, Content]]] = defaultdict(list)
    keys = {row["id"]: row["key"] for row in rows.of[Source]}
    for row in rows.of[Evidence]:
        said = evidence_content(row | {"source__key": keys.get(row["source_id"])})
        evidence[row["update_id"]].append((row["id"], said))
    slugs = {row["id"]: row["slug"] for row in rows.of[StatusUpdate]}
    relied: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for link in rows.of[RELIES_ON]:
        other = slugs[link["to_statusupdate_id"]]
        relied[link["from_statusupdate_id"]].append((link["id"], other))
    requests = {row["update_id"]: row for row in rows.of[RetractionRequest]}
    for row, editor in zip(rows.of[StatusUpdate], rows.of[EDITORS], strict=True):
        if row["edition_id"] is None:
            continue
        pk = row["id"]
        parts = Parts(evidence[pk], relied[pk], [(editor["id"], editor["user_id"])])
        replaced = {"replaces__slug": slugs.get(row["replaces_id"])}
        yield update_item(row | replaced, parts, action=actions[row["action_id"]], codes=codes)
        if row["ended_in_edition_id"] is not None:
            end = (row["ended_in_edition_id"], row["slug"], row["end_reason"], row["end_note"])
            yield end_item(*end, requests.get(pk), codes=codes)
