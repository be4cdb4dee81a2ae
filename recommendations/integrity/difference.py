"""What the check names, and how it goes through a large table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from recommendations.models import TrackerState
from recommendations.text.punctuation import colon

# Publications wait while one batch is compared: about half a second.
BATCH = 100
KINDS = {
    "trigger": pgettext_lazy("kind of damage", "trigger"),
    "table": pgettext_lazy("kind of damage", "table"),
    "text history": pgettext_lazy("kind of damage", "text history"),
    "column": pgettext_lazy("kind of damage", "column"),
    "period": pgettext_lazy("kind of damage", "period"),
    "search": pgettext_lazy("kind of damage", "search"),
    "orphan": pgettext_lazy("kind of damage", "orphan"),
    "edition": pgettext_lazy("kind of damage", "edition"),
    "digest": pgettext_lazy("kind of damage", "digest"),
    "stamp": pgettext_lazy("kind of damage", "stamp"),
    "four eyes": pgettext_lazy("kind of damage", "four eyes"),
    "evidence": pgettext_lazy("kind of damage", "evidence"),
    "copy": pgettext_lazy("kind of damage", "copy of a source"),
    "correction": pgettext_lazy("kind of damage", "correction"),
    "retraction": pgettext_lazy("kind of damage", "retraction"),
    "structure": pgettext_lazy("kind of damage", "structure"),
    "verifiable": pgettext_lazy("kind of damage", "verifiable"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind`, one of KINDS, says what is damaged, `where` and `detail` say it of which row."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{KINDS[self.kind]}{colon()}{self.where}{colon()}{self.detail}"


def row_name(model: str, pk: object) -> str:
    """Name a row by its key, since what it says of itself may be what is damaged."""
    if model == "action":
        return _("action %(pk)s") % {"pk": pk}
    return _("recommendation %(pk)s") % {"pk": pk}


def batches(queryset: models.QuerySet) -> Iterator[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def of_one_moment(check: Iterator[Difference]) -> list[Difference]:
    """Run a check under the lock of publications: half of one would look like damage."""
    with transaction.atomic():
        TrackerState.objects.select_for_update().filter(pk=1).first()
        return list(check)
