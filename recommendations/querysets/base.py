"""What the querysets share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
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
from django.db.models.query import ModelIterable

from recommendations.edition_span import Endable, began_by, holds_in
from recommendations.statuses import Precision, Status

if TYPE_CHECKING:
    from recommendations.viewpoint import Viewpoint


def count_of(rows: models.QuerySet) -> Coalesce:
    """Count a correlated queryset."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class KnownBySlug:
    """A queryset whose rows files know by their slug."""

    def get_by_natural_key(self: Any, slug: str) -> Any:
        return self.get(slug=slug)


def told_in(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that rows with the two edition columns are of a viewpoint's edition."""
    return holds_in(viewpoint.number if viewpoint else None, path)


def ever_told(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that rows came into the record, whether or not they left it."""
    return began_by(viewpoint.number if viewpoint else None, path)


def asked_by(viewpoint: Viewpoint | None, path: str = "") -> Q:
    """Return the condition that a report was out: before, nothing of it was asked."""
    if viewpoint is None or viewpoint.is_present:
        return Q()
    return Q(**{f"{path}published_on__lte": viewpoint.on})


class RowsAsKnown(ModelIterable):
    """Yields the rows of a queryset with what happened after its edition taken back."""

    queryset: SeenQuerySet

    def __iter__(self) -> Iterator[Any]:
        assert self.queryset.viewpoint and self.queryset.viewpoint.edition
        number = self.queryset.viewpoint.edition.number
        for row in super().__iter__():
            take_back(row, after=number)
            yield row


def take_back(row: models.Model, *, after: int) -> None:
    """Let a row, and the rows fetched with it, forget what happened to them after an edition."""
    if isinstance(row, Endable):
        row.forget(after=after)
    for field in _forward_relations(type(row)):
        if field.is_cached(row) and (related := getattr(row, field.name)) is not None:
            take_back(related, after=after)


@cache
def _forward_relations(model: type[models.Model]) -> list[models.ForeignKey]:
    return [one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)]


class SeenQuerySet(models.QuerySet):
    """Rows that are looked at from a viewpoint, which travels along with the query."""

    viewpoint: Viewpoint | None = None

    def _clone(self) -> Self:
        # Django's hook for what travels along with a query, which its stubs leave out.
        clone = super()._clone()  # type: ignore[misc]
        clone.viewpoint = self.viewpoint
        return clone

    def seen_from(self, viewpoint: Viewpoint) -> Self:
        """Return the rows as an edition knew them: what ended later had not ended."""
        clone = self.all()
        clone.viewpoint = viewpoint
        if viewpoint.edition:
            clone._iterable_class = RowsAsKnown
        return clone


class TimedQuerySet(SeenQuerySet):
    """Rows with columns that repeat the present, which can be seen from a day of the past too.

    `seen_from()` lays what held there over those columns: each is annotated under the name of its
    column, so that filters, orders and templates need not know. The names of annotations come
    first wherever a query is built, and Django's refusal to let one hide a field is passed by
    here alone (docs/decisions/0003).
    """

    def seen_from(self, viewpoint: Viewpoint) -> Self:
        """Return the rows as they were there; from the present, as they are."""
        clone = super().seen_from(viewpoint)
        if viewpoint.is_present:
            return clone
        columns = self.columns_from(viewpoint)
        # Left in, a column would have the same name as what is laid over it.
        clone = clone.defer(*columns)
        for name, expression in columns.items():
            clone.query.add_annotation(expression, name, select=True)
        return clone

    def columns_from(self, viewpoint: Viewpoint) -> dict[str, Any]:
        """Return the columns that differ there, as expressions over the rows."""
        raise NotImplementedError


def seen_alike(manager: Any, rows: SeenQuerySet) -> Any:
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


def stated_since(
    viewpoint: Viewpoint | None, name: str, column: str, **of_owner: Any
) -> dict[str, Any]:
    """Return the date in `column`, which is the first day of a status, as it was stated.

    `{name}_on` and `{name}_precision` are those of the update that set the status: of several on
    that day, the most exact. Where no update did, as after a withdrawal, it is the day itself.
    """
    from recommendations.models import StatusPeriod

    periods = StatusPeriod.objects.filter(
        told_in(viewpoint), starts_on=OuterRef(column), update__isnull=False, **of_owner
    )
    # In the order of the alphabet a day comes before a month, and a month before a year.
    exact = periods.order_by("update__effective_precision", "pk")
    return {
        f"{name}_on": Coalesce(Subquery(exact.values("update__effective_on")[:1]), F(column)),
        f"{name}_precision": Coalesce(
            Subquery(exact.values("update__effective_precision")[:1]), Value(Precision.DAY.value)
        ),
    }


class CountedQuerySet(TimedQuerySet):
    """Rows with the two edition columns."""

    def unrestricted(self) -> Self:
        """Return all rows of the model, to narrow these by the keys of some of them."""
        return self.model.objects.all()

    def with_status_position(self) -> Self:
        """Annotate `status_position`: the place of the status in the fixed order."""
        places = [When(status=status, then=Value(i)) for i, status in enumerate(Status)]
        return self.annotate(status_position=Case(*places, output_field=models.IntegerField()))

    def with_edition(self) -> Self:
        """Annotate `edition`, the newest, and its `edition_digest`.

        Asked for with the rows, it is the one they are of.
        """
        from recommendations.models import Edition

        newest = Edition.objects.order_by("-number")
        if self.viewpoint and self.viewpoint.edition:
            newest = newest.filter(number=self.viewpoint.number)
        return self.annotate(
            edition=Subquery(newest.values("number")[:1]),
            edition_digest=Subquery(newest.values("digested__digest")[:1]),
        )

    def published(self) -> Self:
        """Ever in the record, withdrawn ones included: what a visitor may read."""
        return self.filter(ever_told(self.viewpoint))

    def counted(self) -> Self:
        """In the record now."""
        return self.filter(told_in(self.viewpoint))
