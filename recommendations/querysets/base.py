"""What the querysets share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import (
    Case,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from recommendations.statuses import Status

if TYPE_CHECKING:
    from recommendations.viewpoint import Viewpoint


def count_of(rows: models.QuerySet) -> Coalesce:
    """Count a correlated queryset."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class SlugQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


def told_in(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that rows with the two edition columns are of a viewpoint's edition."""
    number = viewpoint.number if viewpoint else None
    if number is None:
        return Q(**{f"{path}from_edition__isnull": False, f"{path}until_edition__isnull": True})
    return Q(**{f"{path}from_edition__lte": number}) & (
        Q(**{f"{path}until_edition__isnull": True}) | Q(**{f"{path}until_edition__gt": number})
    )


def ever_told(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that rows came into the record, whether or not they left it."""
    number = viewpoint.number if viewpoint else None
    if number is None:
        return Q(**{f"{path}from_edition__isnull": False})
    return Q(**{f"{path}from_edition__lte": number})


def asked_by(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that a report was out: before, nothing of it was asked."""
    return Q(**{f"{path}published_on__lte": viewpoint.on}) if viewpoint else Q()


class TimedQuerySet(models.QuerySet):
    """Rows that can be seen from a day and an edition of the past.

    `seen_from()` lays what held there over the columns that repeat the present: each is annotated
    under the name of its column, so that filters, orders and templates need not know. The names
    of annotations come first wherever a query is built, and Django's refusal to let one hide a
    field is passed by here alone (docs/decisions/0003).
    """

    viewpoint: Viewpoint | None = None

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.viewpoint = self.viewpoint
        return clone

    def seen_from(self, viewpoint: Viewpoint) -> Self:
        """Return the rows as they were there; from the present, as they are."""
        if viewpoint.is_present:
            return self._chain()
        columns = self.columns_from(viewpoint)
        # Left in, a column would have the same name as what is laid over it.
        clone = self.defer(*columns)
        clone.viewpoint = viewpoint
        for name, expression in columns.items():
            clone.query.add_annotation(expression, name, select=True)
        return clone

    def columns_from(self, viewpoint: Viewpoint) -> dict[str, Any]:
        """Return the columns that differ there, as expressions over the rows."""
        raise NotImplementedError


def seen_alike(manager: Any, rows: TimedQuerySet) -> Any:
    """Return the rows of another model, seen from where these are."""
    return manager.seen_from(rows.viewpoint) if rows.viewpoint else manager.all()


def period_columns(viewpoint: Viewpoint, owner: str, *, key: str = "pk") -> dict[str, Any]:
    """Return status, since when, and its fall: from the periods of an action or recommendation.

    `key` leads to the primary key of the owner from the rows that are asked for.
    """
    from recommendations.models import StatusPeriod

    periods = StatusPeriod.objects.filter(
        told_in(viewpoint), **{owner: OuterRef(key), "starts_on__lte": viewpoint.on}
    )
    present = periods.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=viewpoint.on))
    return {
        "status": Coalesce(
            Subquery(present.values("status")[:1]), Value(Status.NOT_ASSESSED.value)
        ),
        "status_since": Subquery(present.values("starts_on")[:1]),
        "fell_from": Coalesce(Subquery(present.values("fell_from")[:1]), Value("")),
    }


class CountedQuerySet(TimedQuerySet):
    """Rows with the two edition columns."""

    def with_status_position(self) -> Self:
        """Annotate `status_position`: the place of the status in the fixed order."""
        places = [When(status=status, then=Value(i)) for i, status in enumerate(Status)]
        return self.annotate(status_position=Case(*places, output_field=models.IntegerField()))

    def with_edition(self) -> Self:
        """Annotate `edition`, the newest: asked for with the rows, it is the one they are of."""
        from recommendations.models import Edition

        newest = Edition.objects.order_by("-number")
        if self.viewpoint and self.viewpoint.edition:
            newest = newest.filter(number=self.viewpoint.number)
        newest = newest.values("number")[:1]
        return self.annotate(edition=Subquery(newest))

    def published(self) -> Self:
        """Ever in the record, withdrawn ones included: what a visitor may read."""
        return self.filter(ever_told(self.viewpoint))

    def counted(self) -> Self:
        """In the record now."""
        return self.filter(told_in(self.viewpoint))
