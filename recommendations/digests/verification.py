"""Comparing the record with what was digested of it, and the digests with each other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from recommendations.models import Edition, EditionDigest, EditionItem, Pseudonym
from recommendations.text.punctuation import colon

from .canonical import FORMAT, Content, edition_digest, item_digest, read
from .contents import FORMATS, header_of, items_of
from .histories import histories_of, seal_of_history
from .items import Codes, Item, present_model
from .sealing import all_digested_texts
from .wording import KINDS, Keys, all_texts, key_of, named_by

BATCH = 100


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where the record is not what was digested. Without `item` it is the edition itself."""

    edition: int
    item: str
    detail: str

    @property
    def where(self) -> str:
        edition = _("Edition %(number)d") % {"number": self.edition}
        return f"{edition}{colon()}{self.item}" if self.item else edition

    def __str__(self) -> str:
        return f"{self.where}{colon()}{self.detail}"


# No code is like it, so that somebody put in a person's place is named.
UNKNOWN = "unknown"


class KnownCodes(dict[int, str]):
    """The codes of people. Whoever has none was not there when the edition was digested."""

    def __init__(self) -> None:
        super().__init__(Pseudonym.objects.values_list("person_id", "code"))

    def __missing__(self, person_id: int) -> str:
        return UNKNOWN


def newest() -> EditionDigest | None:
    return EditionDigest.objects.order_by("-edition_id").first()


def everything() -> Iterator[Mismatch]:
    """Yield each difference, edition after edition; those of wording come last."""
    broken = _by_edition(chain())
    codes = KnownCodes()
    numbers = sorted({*_numbers(), *broken, *_digested_numbers()})
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found = _by_edition(_items(batch, codes))
        for number in batch:
            yield from found[number]
            yield from broken[number]
    yield from texts()
    yield from histories()


def _by_edition(mismatches: Iterator[Mismatch]) -> dict[int, list[Mismatch]]:
    found: dict[int, list[Mismatch]] = defaultdict(list)
    for one in mismatches:
        found[one.edition].append(one)
    return found


def _numbers() -> list[int]:
    return list(Edition.objects.order_by("number").values_list("number", flat=True))


def _digested_numbers() -> set[int]:
    return set(EditionItem.objects.order_by().values_list("edition_id", flat=True).distinct())


# The chain ---------------------------------------------------------------------------------------


def chain() -> Iterator[Mismatch]:
    """Yield where digests do not follow from each other. The content of items is not read."""
    editions = Edition.objects.select_related("report").in_bulk()
    digests = EditionDigest.objects.in_bulk()
    items = EditionItem.objects.order_by("edition_id").values_list("edition_id", "digest")
    of_edition = {
        number: [digest for _n, digest in rows]
        for number, rows in groupby(items.iterator(), key=lambda row: row[0])
    }
    before, codes = "", KnownCodes()
    for number in sorted({*editions, *digests}):
        row = digests.get(number)
        if row is None:
            yield Mismatch(number, "", _("it has no digest"))
        elif number not in editions:
            yield Mismatch(number, "", _("there is no such edition any more"))
        else:
            yield from _link(row, editions[number], of_edition.get(number, []), before, codes)
        before = row.digest if row else ""


def _link(
    row: EditionDigest, edition: Edition, items: Collection[str], before: str, codes: Codes
) -> Iterator[Mismatch]:
    if difference := first_difference(
        read(row.header), read(header_of(edition, row.made_at, codes))
    ):
        yield Mismatch(row.edition_id, "", difference)
    if row.previous != before:
        yield Mismatch(row.edition_id, "", _("it does not follow the digest of the edition before"))
    if row.digest != edition_digest(row.header, items, row.previous, format=row.format):
        yield Mismatch(row.edition_id, "", _("its digest is not that of its header and items"))


# Items -------------------------------------------------------------------------------------------


def _items(numbers: Collection[int], codes: Codes) -> Iterator[Mismatch]:
    """Yield which items of editions are not what their rows say now."""
    stored = {
        (row.edition_id, row.key): row for row in EditionItem.objects.filter(edition__in=numbers)
    }
    for row in stored.values():
        if row.digest != item_digest(row.key, row.content):
            detail = _("its digest is not that of its content")
            yield Mismatch(row.edition_id, row.key, detail)
    for item in _items_now(numbers, codes):
        kept = stored.pop((item.edition, item.key), None)
        if kept is None:
            detail = _("it was no part of the edition when that was digested")
            yield Mismatch(item.edition, item.key, detail)
        elif difference := _difference_of(kept, item):
            yield Mismatch(item.edition, item.key, difference)
    for number, key in stored:
        if not key.startswith("text/"):
            yield Mismatch(number, key, _("it is there no more"))


def _items_now(numbers: Collection[int], codes: Codes) -> Iterator[Item]:
    """Yield what editions published as their rows say it now, each in the format of its digest."""
    rows = EditionDigest.objects.filter(edition__in=numbers)
    formats = dict(rows.values_list("edition_id", "format"))
    of_format: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        said = formats.get(number, FORMAT)
        # One that nobody knows does not verify: the chain says so.
        of_format[said if said in FORMATS else FORMAT].append(number)
    for format, editions in sorted(of_format.items()):
        yield from items_of(editions, codes, model=present_model, format=format)


def _difference_of(kept: EditionItem, item: Item) -> str:
    if kept.nonce and item.private is None:
        return _("it has a nonce, and seals nothing")
    now = item.text(kept.nonce)
    return "" if now == kept.content else first_difference(read(kept.content), read(now))


def first_difference(was: Any, now: Any, path: str = "") -> str:
    """Return in which field two contents differ, and how, as a sentence; or nothing."""
    if isinstance(was, dict) and isinstance(now, dict):
        # What is sealed says only that it differs: what a reader can see comes first.
        for name in sorted({*was, *now}, key=lambda name: (name == "sealed", name)):
            inner = f"{path}.{name}" if path else name
            if found := first_difference(was.get(name), now.get(name), inner):
                return found
        return ""
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True), start=1)
        differences = (first_difference(*pair, f"{path}.{n}") for n, pair in pairs)
        return next(filter(None, differences), "")
    if was == now:
        return ""
    if path.endswith("sealed"):
        return _("%(field)s differs: a column that is not public was changed") % {"field": path}
    told = {"field": path or "-", "was": _shown(was), "now": _shown(now)}
    return _("%(field)s was %(was)s, and is %(now)s") % told


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"


# Wording -----------------------------------------------------------------------------------------


def texts() -> Iterator[Mismatch]:
    """Yield which texts read otherwise than was digested, without an edit that says so."""
    edited = waiting_edits()
    told, now = all_digested_texts(present_model), all_texts(present_model)
    differing = sorted(key for key in {*told, *now} if now.get(key) != told.get(key, (0, None))[1])
    explained = {(kind, pk) for kind, ids in edited.items() for pk in ids}
    for _round in range(len(KINDS)):
        for kind, pk in explained & set(differing):
            both = (now.get((kind, pk)), told.get((kind, pk), (0, None))[1])
            explained |= {named for text in both if text for named in named_by(kind, text)}
    last = _numbers()[-1:] or [0]
    for key in differing:
        if key not in explained:
            number, was = told.get(key, (last[0], None))
            yield Mismatch(number, key_of(*key), first_difference(was, now.get(key)))


def histories() -> Iterator[Mismatch]:
    """Yield which texts have another history than when an edition worded them.

    An edition sealed the lines that there were then; lines that came after it are no part of it.
    """
    for kind in KINDS:
        sealed: dict[int, list[EditionItem]] = defaultdict(list)
        rows = EditionItem.objects.filter(key__startswith=key_of(kind, ""))
        for row in rows.order_by("edition_id").iterator():
            sealed[int(row.key.rpartition("/")[2])].append(row)
        ids = sorted(sealed)
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            lines = histories_of(kind, batch, present_model)
            for pk in batch:
                yield from _of_history(sealed[pk], lines.get(pk, []))


def _of_history(rows: list[EditionItem], lines: list[Content]) -> Iterator[Mismatch]:
    n = 0
    for row in rows:
        said = read(row.content)
        seal = said.get("sealed") if isinstance(said, dict) else None
        there = (
            k for k in range(n, len(lines) + 1) if seal_of_history(lines[:k], row.nonce) == seal
        )
        n = next(there, -1)
        if n < 0:
            yield Mismatch(row.edition_id, row.key, _("the history of the text was changed"))
            return


def waiting_edits() -> Keys:
    """Return the texts that were saved since the newest edition: the next one digests them."""
    last = newest()
    if last is None:
        return {}
    return {
        kind: set(
            present_model(f"Historical{said.model}")
            .objects.filter(
                Q(history_id__gt=last.text_marks.get(kind, 0)) | Q(history_date__gt=last.made_at)
            )
            .values_list("id", flat=True)
        )
        for kind, said in KINDS.items()
    }
