"""The record: updates, their evidence, editions and periods."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)

from recommendations.edition_span import began_by

from .base import KnownBySlug, count_of, ever_told, told_in

if TYPE_CHECKING:
    from recommendations.models import Report
    from recommendations.viewpoint import Viewpoint

    from .prepared import Parameter


PLACE = ("recommendation__position", "recommendation_id", "number", "pk")


class EditionQuerySet(models.QuerySet):
    def by_then(self, viewpoint: Viewpoint) -> Self:
        """Those that a viewpoint knows of, each with its `digest`: no later one than its own."""
        known = self.filter(began_by(viewpoint.number, first="number"))
        return known.annotate(digest=F("digested__digest"))

    def with_numbers(self) -> Self:
        """Annotate how many public updates each published, corrected and retracted."""
        from recommendations.models import StatusUpdate

        ended = StatusUpdate.objects.public().filter(ended_in_edition=OuterRef("pk"))
        return self.annotate(
            n_published=count_of(StatusUpdate.objects.public().filter(edition=OuterRef("pk"))),
            n_corrected=count_of(ended.filter(end_reason="corrected")),
            n_retracted=count_of(ended.filter(end_reason="retracted")),
        )


class EvidenceQuerySet(models.QuerySet):
    def get_by_natural_key(self, update: str, position: int):
        return self.get(update__slug=update, position=position)


class CodingQuerySet(models.QuerySet):
    def by_then(self, viewpoint: Viewpoint) -> Self:
        """Those of the editions that a viewpoint knows of."""
        return self.filter(began_by(viewpoint.number, first="edition"))

    def in_report_order(self) -> Self:
        """Action by action; of one coder the newest comes last."""
        order = (f"action__{name}" for name in ("recommendation__report", *PLACE))
        return self.order_by(*order, "edition_id", "pk")


class ContextEventQuerySet(KnownBySlug, models.QuerySet):
    def shown_with(
        self, reports: Parameter, parties: Parameter, *, since: Parameter, until: date
    ) -> Self:
        """Those of charts about reports and parties, given by their keys, between two days."""
        parted = self.model.parties.through.objects.filter(contextevent=OuterRef("pk"))
        of_all = Q(report__isnull=True) & ~Exists(parted)
        own = of_all | Q(report__among=reports) | Exists(parted.filter(party__among=parties))
        return self.filter(own, on__gte=since, on__lte=until)


class PeriodQuerySet(models.QuerySet):
    def told_in(self, viewpoint: Viewpoint) -> Self:
        """Those that the edition of a viewpoint told."""
        return self.filter(told_in(viewpoint))

    def holding_on(self, day: date) -> Self:
        """Those that had begun by a day and had not ended."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def ever_told(self, viewpoint: Viewpoint) -> Self:
        """Those that the edition of a viewpoint or one before it told."""
        return self.filter(ever_told(viewpoint))


class PassageQuerySet(models.QuerySet):
    def of_newest_text(self, report: Report) -> Self:
        """Those of the text of a report that was imported last."""
        from recommendations.models import ReportText

        newest = ReportText.objects.filter(report=report).order_by("-version")
        return self.filter(report_text=Subquery(newest.values("pk")[:1])).order_by("position")

    def for_reading(self) -> Self:
        """Prepare for the reading view: with the marks in each (two queries)."""
        from recommendations.models import Mark

        marks = Mark.objects.order_by("start", "-end")
        return self.select_related("section").prefetch_related(
            Prefetch("marks", marks, to_attr="places")
        )
