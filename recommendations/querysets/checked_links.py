"""Links of sources, and which of them are to be checked next."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Window
from django.db.models.functions import RowNumber


class CheckedLinkQuerySet(models.QuerySet):
    def due(self, *, now: datetime) -> Self:
        return self.filter(next_at__lte=now)

    def in_turns(self, *, of_host: int) -> Self:
        """Order links so that hosts take turns, at most so many of each host."""
        turn = Window(RowNumber(), partition_by="source__host", order_by=["next_at", "pk"])
        rows = self.annotate(turn=turn).filter(turn__lte=of_host)
        return rows.order_by("turn", F("next_at"), "pk")

    def dead(self) -> Self:
        return self.filter(state="dead")

    def to_mend(self) -> Self:
        """Return the dead ones whose source names no archived copy."""
        return self.dead().filter(source__archived_url="")
