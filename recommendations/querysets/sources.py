"""Sources, their copies, and what is asked of those."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, When, Window
from django.db.models.functions import RowNumber

from .base import KnownBySlug, count_of


class SourceQuerySet(KnownBySlug, models.QuerySet):
    def with_n_items(self) -> Self:
        """Annotate `n_items`: how many published items of evidence cite it."""
        from recommendations.models import Evidence

        cited = Evidence.objects.filter(source=OuterRef("pk"))
        return self.annotate(n_items=count_of(cited))

    def with_dead_since(self) -> Self:
        """Annotate `dead_since`: since when the page of a dead link is gone; None of all others."""
        return self.annotate(dead_since=Case(When(link__state="dead", then=F("link__gone_since"))))


class CaptureQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def newest_of(self, keys: Collection[str], *, most: int) -> Self:
        """Return so many kept copies of each of these sources, the newest first."""
        place = Window(
            RowNumber(), partition_by=F("source"), order_by=[F("made_at").desc(), F("pk").desc()]
        )
        rows = (
            self.kept().filter(source__key__in=keys).annotate(place=place).filter(place__lte=most)
        )
        return rows.without_text().select_related("source")

    def without_text(self) -> Self:
        """Leave the text where it is: it may be long. `is_readable` says whether there is any."""
        return self.annotate(is_readable=~Q(text="")).defer("text")


class CaptureRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def newest_of(self, keys: Collection[str]) -> Self:
        """Return what was asked last of each of these addresses, without files."""
        last = self.filter(key__in=keys).order_by().values("key").annotate(last=Max("pk"))
        return self.filter(pk__in=last.values("last")).defer("data")

    def with_problems(self) -> Self:
        """Return what came to nothing, and has not been asked anew since."""
        later = self.model._default_manager.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
        return self.filter(state="failed").exclude(Exists(later))


class CaptureRemovalQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")
