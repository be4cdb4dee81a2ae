"""What the check names, and how it goes through a large table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction

from recommendations.models import TrackerState

# Publications wait while one batch is compared: about half a second.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` says what is damaged, `where` and `detail` say it of which row."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.detail}"


def batches(queryset: models.QuerySet) -> Iterator[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def of_one_moment(check: Iterator[Difference]) -> list[Difference]:
    """Run a check under the lock of publications: half of one would look like damage."""
    with transaction.atomic():
        TrackerState.objects.select_for_update().filter(pk=1).first()
        return list(check)
