"""The editions of a made-up record, each digested and chained to the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from recommendations.digests.canonical import FORMAT, edition_digest
from recommendations.digests.contents import header_of
from recommendations.digests.histories import histories_of, marks_of
from recommendations.digests.items import Item, present_model
from recommendations.digests.sealing import UNTOLD, digested_texts, worded_item, wording_since
from recommendations.digests.wording import KINDS, texts_of
from recommendations.models import Body, Edition, EditionDigest
from recommendations.models.edition import EditionKind

from . import words
from .bulk import write
from .digested import add_item
from .people import SampleCast
from .plan import PlannedEdition
from .reports import Made, batches_of
from .rows import Rows

BATCH = 1_000


class Chain:
    """Gathers what the editions digest while reports are written, and is written after them.

    Begun before the first of their rows: what was edited before is digested by the first edition.
    """

    def __init__(self, plan: Sequence[PlannedEdition], known: SampleCast) -> None:
        self.plan, self.known = plan, known
        self.before = EditionDigest.objects.order_by("-edition_id").first()
        first = plan[0].number
        self.edited = list(wording_since(first, self.before, [], present_model))
        self.edited_at = _last_edit()
        self.digests: dict[int, bytearray] = {}
        # By kind, in which edition a label was named first.
        self.named: dict[str, dict[int, int]] = defaultdict(dict)
        self.added_in = {one.report + 1: one.number for one in plan if not one.place}
        self.editions = [_edition(one, known) for one in plan]
        Edition.objects.bulk_create(self.editions, batch_size=BATCH)

    def add(self, made: Made) -> None:
        self.digests |= made.digests
        for kind, pks in made.labels.items():
            for pk in pks:
                self.named[kind].setdefault(pk, self.added_in[made.number])

    def write(self) -> None:
        """Write the digests of the editions in their order."""
        self._add_items([*self.edited, *self._labels()])
        marks = marks_of(self._digested_at(self.plan[-1].at), present_model)
        previous = self.before.digest if self.before else ""
        rows = []
        for edition in self.editions:
            made_at = self._digested_at(edition.published_at)
            header = header_of(edition, made_at, self.known.codes)
            items = _read(self.digests.pop(edition.number))
            digest = edition_digest(header, items, previous, format=FORMAT)
            row = EditionDigest(edition=edition, header=header, previous=previous, digest=digest)
            row.format, row.made_at, row.text_marks = FORMAT, made_at, marks
            rows.append(row)
            previous = digest
        EditionDigest.objects.bulk_create(rows, batch_size=BATCH)

    def _digested_at(self, published_at: datetime) -> datetime:
        """Nobody digests a text before it is saved."""
        return max(published_at, self.edited_at or published_at)

    def _labels(self) -> list[Item]:
        """Return the labels that came to be read with these reports, with parties of bodies."""
        bodies = Body.objects.filter(pk__in=self.named["body"], party__isnull=False)
        for pk, party in bodies.values_list("pk", "party_id"):
            since = self.named["body"][pk]
            self.named["party"][party] = min(self.named["party"].get(party, since), since)
        return [item for kind, named in self.named.items() for item in _labels_of(kind, named)]

    def _add_items(self, items: list[Item]) -> None:
        rows = Rows({})
        for item in items:
            self.digests[item.edition] += add_item(rows, item)
        for batch in batches_of(rows, connection.vendor):
            write(batch)


def _labels_of(kind: str, named: Mapping[int, int]) -> Iterator[Item]:
    """Yield labels of a kind, but for those that an earlier edition has digested as they are."""
    told = digested_texts(kind, named, present_model)
    lines = histories_of(kind, named, present_model)
    for (_kind, pk), text in texts_of(kind, present_model, named).items():
        was = told.get((kind, pk), UNTOLD)
        if text != was.text or not was.is_bound_to(lines[pk]):
            yield worded_item(named[pk], kind, pk, text, lines)


def _edition(one: PlannedEdition, known: SampleCast) -> Edition:
    return Edition(
        number=one.number,
        kind=str(EditionKind.UPDATES if one.place else EditionKind.STRUCTURE),
        published_at=one.at,
        made_by_id=known.reviewers[one.number % len(known.reviewers)],
        note=words.SAMPLE,
    )


def _last_edit() -> datetime | None:
    """Return when a text was last saved, before this record."""
    histories = [present_model(f"Historical{kind.model}") for kind in KINDS.values()]
    last = [one.objects.aggregate(at=Max("history_date"))["at"] for one in histories]
    return max(filter(None, last), default=None)


def _read(digests: bytearray) -> list[str]:
    return [digests[n : n + 32].hex() for n in range(0, len(digests), 32)]
