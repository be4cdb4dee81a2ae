"""Comparing the record with what somebody kept of it: a downloaded edition, a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from recommendations.models import EditionDigest, EditionItem

from .canonical import canonical, edition_digest, item_digest, read
from .notes import Head
from .verification import Mismatch, first_difference


def with_file(said: Any, path: str) -> Iterator[Mismatch | str]:
    """Yield where a downloaded edition does not hold in itself, or is not the edition here."""
    try:
        number = int(said["header"]["number"])
        items = {one["key"]: (one["content"], one["digest"]) for one in said["items"]}
        yield from _faults(said, number, items)
    except (KeyError, TypeError, ValueError):
        yield _("%(path)s is no record of an edition") % {"path": path}
        return
    row = EditionDigest.objects.filter(edition=number).first()
    if row is None:
        yield Mismatch(number, "", _("it is not here, and was published"))
    elif row.digest != said["digest"]:
        yield from _differences(said, row, items)


Kept = Mapping[str, tuple[Any, str]]


def _faults(said: Any, number: int, items: Kept) -> Iterator[Mismatch]:
    damaged = _("the file is damaged: its digest is not that of its content")
    for key, (content, digest) in items.items():
        if item_digest(key, canonical(content)) != digest:
            yield Mismatch(number, key, damaged)
    digests = [digest for _content, digest in items.values()]
    header = canonical(said["header"])
    if said["digest"] != edition_digest(header, digests, said["previous"], format=said["format"]):
        yield Mismatch(number, "", damaged)


def _differences(said: Any, row: EditionDigest, kept: Kept) -> Iterator[Mismatch]:
    """Yield what the edition says here that it did not say when it was downloaded."""
    number = row.edition_id
    here = dict(EditionItem.objects.filter(edition=number).values_list("key", "content"))
    for key in sorted({*kept, *here}):
        was = kept[key][0] if key in kept else None
        now = read(here[key]) if key in here else None
        if was != now:
            yield Mismatch(number, key, first_difference(was, now))
    if difference := first_difference(said["header"], read(row.header)):
        yield Mismatch(number, "", difference)
    if said["previous"] != row.previous:
        yield Mismatch(number, "", _("it follows another edition than when it was kept"))


def with_head(head: Head) -> Iterator[Mismatch]:
    """Yield where the record is not the one that a checkpoint signed."""
    row = EditionDigest.objects.filter(edition=head.edition).first()
    if row is None:
        yield Mismatch(head.edition, "", _("it is not here, and the checkpoint signs it"))
    elif row.digest != head.digest:
        told = _("its digest is %(here)s, and the checkpoint signs %(signed)s")
        yield Mismatch(head.edition, "", told % {"here": row.digest, "signed": head.digest})
