"""Giving an edition its digest, in the transaction that publishes it, and once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from .canonical import FIRST_FORMAT, FORMAT, Content, edition_digest, read
from .contents import header_of, items_of
from .histories import edited_since, histories_of, marks_of, seal_of_history
from .items import GetModel, Item, present_model
from .wording import (
    BATCH,
    KINDS,
    Keys,
    key_of,
    named_by,
    texts_of,
    touched_by,
)

# Items of what came into the count, left it, or is counted otherwise.
OF_THE_COUNT = ("in/", "out/", "verifiable/")


class NewCodes(dict[int, str]):
    """The codes of people. Whoever has none is given one."""

    def __init__(self, model: GetModel) -> None:
        super().__init__(model("Pseudonym").objects.values_list("person_id", "code"))
        self.model = model

    def __missing__(self, person_id: int) -> str:
        self[person_id] = self.model("Pseudonym").objects.create(person_id=person_id).code
        return self[person_id]


def seal(
    number: int,
    *,
    model: GetModel = present_model,
    with_wording: bool = True,
    format: int = FORMAT,
) -> None:
    """Digest an edition and all that it published, as the last step of its publication.

    This costs what it publishes, and a few queries on the histories of texts.
    """
    before = model("EditionDigest").objects.order_by("-edition_id").first()
    edition = model("Edition").objects.select_related("report").get(pk=number)
    made_at = timezone.now()
    codes = NewCodes(model)
    items = list(items_of([number], codes, model=model, format=format))
    marks: dict[str, int] = {}
    if with_wording:
        # First the marks: an edit that comes meanwhile is looked at again.
        marks = marks_of(made_at, model)
        items += wording_since(number, before, items, model)
    rows = [item.row(model) for item in items]
    model("EditionItem").objects.bulk_create(rows, batch_size=500)
    header = header_of(edition, made_at, codes)
    previous = before.digest if before and before.edition_id == number - 1 else ""
    digest = edition_digest(header, [row.digest for row in rows], previous, format=format)
    model("EditionDigest").objects.create(
        edition_id=number,
        format=format,
        header=header,
        previous=previous,
        digest=digest,
        made_at=made_at,
        text_marks=marks,
    )


def seal_existing(*, model: GetModel) -> None:
    """Digest the editions of a record that began without digests, in the format of that day.

    How their texts read in their time is not known for sure: the newest of them digests the
    wording as it is now.
    """
    numbers = list(model("Edition").objects.order_by("number").values_list("number", flat=True))
    for number in numbers:
        is_last = number == numbers[-1]
        seal(number, model=model, with_wording=is_last, format=FIRST_FORMAT)


def wording_since(
    number: int, before: Any, published: Iterable[Item], model: GetModel
) -> Iterable[Item]:
    """Return how texts read that came or were edited since the edition before.

    The first that looks at texts digests all of them.
    """
    if before is None or not before.text_marks:
        return _first_wording(number, model)
    keys = edited_since(before.text_marks, before.made_at, model)
    if any(item.key.startswith(OF_THE_COUNT) for item in published):
        for kind, ids in touched_by(number, model).items():
            keys[kind] = keys[kind] | ids
    return _changed(number, keys, model)


def _first_wording(number: int, model: GetModel) -> Iterator[Item]:
    for kind in KINDS:
        texts = {pk: text for (_kind, pk), text in texts_of(kind, model).items()}
        lines = histories_of(kind, texts, model)
        for pk, text in texts.items():
            yield worded_item(number, kind, pk, text, lines)


def worded_item(
    number: int, kind: str, pk: int, text: Content | None, lines: Mapping[int, list[Content]]
) -> Item:
    """Return the item of a text, bound to the lines of its history up to now."""
    return Item(number, key_of(kind, pk), {"text": text}, {"history": lines.get(pk, [])})


def _changed(number: int, keys: Keys, model: GetModel) -> list[Item]:
    """Return what reads otherwise than was last digested, or was saved, with what that names."""
    items: list[Item] = []
    seen: Keys = defaultdict(set)
    while any(keys.values()):
        named: Keys = defaultdict(set)
        for kind, ids in keys.items():
            now = texts_of(kind, model, ids)
            told = digested_texts(kind, ids, model)
            lines = histories_of(kind, ids, model)
            seen[kind] |= ids
            for pk in sorted(ids):
                text, was = now.get((kind, pk)), told.get((kind, pk), UNTOLD)
                if text == was.text and (text is None or was.is_bound_to(lines.get(pk, []))):
                    continue
                items.append(worded_item(number, kind, pk, text, lines))
                if text != was.text:
                    for other, other_pk in _named_by_either(kind, text, was.text):
                        named[other].add(other_pk)
        keys = {kind: ids - seen[kind] for kind, ids in named.items()}
    return items


def _named_by_either(kind: str, *texts: Content | None) -> set[tuple[str, int]]:
    return {named for text in texts if text for named in named_by(kind, text)}


@dataclass(frozen=True, slots=True)
class Told:
    """How a text was last digested, and with which seal of its history."""

    text: Content | None
    seal: str = ""
    nonce: str = ""

    def is_bound_to(self, lines: list[Content]) -> bool:
        return self.seal == seal_of_history(lines, self.nonce)


UNTOLD = Told(None)


def digested_texts(kind: str, ids: Iterable[int], model: GetModel) -> dict[tuple[str, int], Told]:
    """Return how texts were last digested; those that never were are left out."""
    keys = {key_of(kind, pk): pk for pk in ids}
    wanted, found = sorted(keys), {}
    for start in range(0, len(wanted), BATCH):
        rows = model("EditionItem").objects.filter(key__in=wanted[start : start + BATCH])
        columns = ("key", "content", "nonce")
        for key, content, nonce in rows.order_by("edition_id").values_list(*columns):
            found[kind, keys[key]] = Told(*_text_and_seal_in(content), nonce)
    return found


def _text_and_seal_in(content: str) -> tuple[Content | None, str]:
    said = read(content)
    return (said.get("text"), said.get("sealed", "")) if isinstance(said, dict) else (None, "")


def all_digested_texts(model: GetModel) -> dict[tuple[str, int], tuple[int, Content | None]]:
    """Return the edition that last worded each text, and how."""
    found = {}
    rows = model("EditionItem").objects.filter(key__startswith="text/").order_by("edition_id")
    for number, key, content in rows.values_list("edition_id", "key", "content").iterator():
        kind, pk = key.split("/")[1:]
        found[kind, int(pk)] = (number, _text_and_seal_in(content)[0])
    return found
