"""What the querysets share."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import (
    Case,
    F,
    Func,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from recommendations.statuses import Status


def count_of(rows: models.QuerySet) -> Coalesce:
    """Count a correlated queryset."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class SlugQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class CountedQuerySet(models.QuerySet):
    """Rows with the two edition columns."""

    def with_status_position(self) -> Self:
        """Annotate `status_position`: the place of the status in the fixed order."""
        places = [When(status=status, then=Value(i)) for i, status in enumerate(Status)]
        return self.annotate(status_position=Case(*places, output_field=models.IntegerField()))

    def with_edition(self) -> Self:
        """Annotate `edition`, the newest: asked for with the rows, it is the one they are of."""
        from recommendations.models import Edition

        newest = Edition.objects.order_by("-number").values("number")[:1]
        return self.annotate(edition=Subquery(newest))

    def published(self) -> Self:
        """Ever in the record, withdrawn ones included: what a visitor may read."""
        return self.filter(from_edition__isnull=False)

    def counted(self) -> Self:
        """In the record now."""
        return self.filter(from_edition__isnull=False, until_edition__isnull=True)
