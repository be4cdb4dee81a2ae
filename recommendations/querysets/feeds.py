"""Feeds that are watched, and what was seen in them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef

from .base import count_of


class FeedQuerySet(models.QuerySet):
    def due(self, *, now: datetime) -> Self:
        """Return what is on and to be fetched, what waits longest first."""
        return self.filter(is_on=True, next_at__lte=now).order_by("next_at", "pk")

    def with_numbers(self) -> Self:
        """Annotate `n_seen` and `n_folded`: its items, and those that fit no action."""
        from recommendations.models import FeedItem

        items = FeedItem.objects.filter(feed=OuterRef("pk"))
        return self.annotate(n_seen=count_of(items), n_folded=count_of(items.folded()))


class FeedItemQuerySet(models.QuerySet):
    def new(self) -> Self:
        return self.filter(state="new")

    def folded(self) -> Self:
        return self.filter(state="folded")
