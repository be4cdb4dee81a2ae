"""Makes all rows of one report, as one database takes them, without asking that database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from recommendations.models import (
    ActionBody,
    Assignment,
    Deadline,
    EditionItem,
    EvidencePeriod,
    ReaderReport,
    StatusPeriod,
    VerifiabilityPeriod,
)

from .derived import add_derived
from .digested import Digests, add_digested
from .numbering import AREAS, NUMBERED, PARTIES, Numbers, numbers_of
from .outline import sample_report
from .people import SampleCast
from .plan import PlannedEdition, Size
from .rows import Rows
from .tables import lines_to_copy, table_of
from .texts import add_texts, slug_of
from .updates import Updates

WRITTEN = (
    *NUMBERED,
    ActionBody,
    Assignment,
    Deadline,
    ReaderReport,
    VerifiabilityPeriod,
    StatusPeriod,
    EvidencePeriod,
    EditionItem,
)

# Takes the number of a report and how many keys it needs; returns the first of each table.
Take = Callable[[int, Numbers], Numbers]


@dataclass(frozen=True, slots=True)
class Order:
    """What all reports of a record are made from. `vendor` is that of the database."""

    size: Size
    seed: int
    drafted_at: datetime
    known: SampleCast
    vendor: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table: bytes to copy, or tuples."""

    table: str
    columns: Sequence[str]
    rows: Any


@dataclass(frozen=True, slots=True)
class Made:
    """A report as rows, parents first, and what its editions have to know of it."""

    number: int
    batches: list[Batch]
    digests: Digests
    labels: dict[str, list[int]]


def make_report(order: Order, number: int, editions: Sequence[PlannedEdition], take: Take) -> Made:
    rng = Random(f"{order.seed}/{number}")
    known = order.known
    report = sample_report(rng, order.size, number=number, editions=editions, known=known)
    rows = Rows(take(number, numbers_of(report)))
    add_texts(rows, rng, report, seed=order.seed, at=order.drafted_at, known=known)
    Updates(rows, rng, report, slug=slug_of(order.seed, number), known=known).add()
    add_derived(rows)
    digests = add_digested(rows, known.codes)
    labels = _labels(rows)
    return Made(number, batches_of(rows, order.vendor), digests, labels)


def _labels(rows: Rows) -> dict[str, list[int]]:
    """Return the labels that the texts of a report name."""
    named = {
        "area": {row["policyarea_id"] for row in rows.of[AREAS]},
        "party": {row["party_id"] for row in rows.of[PARTIES]},
        "body": {row["body_id"] for row in rows.of[ActionBody]},
    }
    return {kind: sorted(pks) for kind, pks in named.items()}


def batches_of(rows: Rows, vendor: str) -> list[Batch]:
    batches = []
    for model, of_model in rows.of.items():
        table = table_of(model, is_numbered=model in rows.first)
        tuples = table.tuples(of_model, vendor=vendor)
        ready = lines_to_copy(tuples) if vendor == "postgresql" else list(tuples)
        batches.append(Batch(table.name, table.columns, ready))
    return batches
