"""Sources, their copies, and what is asked of those."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef

from .base import KnownBySlug, count_of


class SourceQuerySet(KnownBySlug, models.QuerySet):
    def with_n_items(self) -> Self:
        """Annotate `n_items`: how many published items of evidence cite it."""
        from recommendations.models import Evidence

        cited = Evidence.objects.filter(source=OuterRef("pk"))
        return self.annotate(n_items=count_of(cited))


class CaptureQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)


class CaptureRemovalQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")
