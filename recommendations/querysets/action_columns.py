"""What is annotated to actions: their status and what goes with it, seen from a viewpoint."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from recommendations.statuses import ENDS, EvidenceStrength, Schedule, Status

from .base import CountedQuerySet, period_columns, seen_alike, stated_since, told_in
from .prepared import Parameter

if TYPE_CHECKING:
    from recommendations.viewpoint import Viewpoint


class ActionColumns(CountedQuerySet):
    def columns_from(self, viewpoint: Viewpoint) -> dict[str, Any]:
        """Return the status and what goes with it (a query of the periods each)."""
        from recommendations.models import (
            Deadline,
            EvidencePeriod,
            StatusPeriod,
            StatusUpdate,
            VerifiabilityPeriod,
        )

        own = {"action": OuterRef("pk")}
        told = StatusPeriod.objects.filter(told_in(viewpoint), starts_on__lte=viewpoint.on, **own)
        implemented = told.filter(status=Status.IMPLEMENTED).order_by("starts_on")
        bases = EvidencePeriod.objects.filter(told_in(viewpoint), **own).holding_on(viewpoint.on)
        looked_at = StatusUpdate.objects.seen_from(viewpoint).counting().with_day_of_review()
        looked_at = looked_at.filter(reviewed_on__lte=viewpoint.on, **own).order_by("-reviewed_on")
        columns = {
            **period_columns(viewpoint, "action"),
            "implemented_on": Subquery(implemented.values("starts_on")[:1]),
            "evidence_kind": Coalesce(
                Subquery(bases.values("kind")[:1]), Value(EvidenceStrength.NONE.value)
            ),
            "evidence_counts": Subquery(bases.values("counts")[:1]),
            "last_reviewed_on": Subquery(looked_at.values("reviewed_on")[:1]),
            # Of several official targets the first decides, so the day is the same once there
            # is one.
            "due_on": Case(
                When(
                    Exists(Deadline.objects.stated_by(viewpoint.on).filter(**own)),
                    then=F("due_on"),
                )
            ),
        }
        if viewpoint.edition:
            said = VerifiabilityPeriod.objects.filter(told_in(viewpoint), **own)
            columns["is_verifiable"] = Coalesce(
                Subquery(said.values("is_verifiable")[:1]), Value(False)
            )
            columns["review_due_on"] = self._review_due(viewpoint.edition.number)
        return columns

    def _review_due(self, number: int) -> Coalesce:
        """Return by when to look again, as the last update up to an edition said.

        Before the first update it is what stood when the action came into the record. Not as
        staff may have moved it since, which no edition tells.
        """
        from recommendations.models import StatusUpdate

        by_then = StatusUpdate.objects.published().filter(
            action=OuterRef("pk"), edition__lte=number
        )
        last = Subquery(by_then.order_by("-edition_id", "-pk").values("next_review_on")[:1])
        return Coalesce(last, F("first_review_due_on"))

    def with_schedule(self, *, on: date) -> Self:
        """Annotate `schedule`: where an action stands against its deadline on a day."""
        return self.annotate(
            schedule=Case(
                When(due_on__isnull=True, then=Value(Schedule.NO_DEADLINE.value)),
                When(implemented_on__lte=F("due_on"), then=Value(Schedule.MET.value)),
                When(implemented_on__isnull=False, then=Value(Schedule.MET_LATE.value)),
                When(
                    status__in=ENDS,
                    then=Value(Schedule.CLOSED.value),
                ),
                When(due_on__lt=on, then=Value(Schedule.OVERDUE.value)),
                default=Value(Schedule.DUE.value),
                output_field=models.CharField(),
            )
        )

    def with_deadline(self) -> Self:
        """Annotate the date and the precision of the deadline that decides the schedule."""
        from recommendations.models import Deadline

        stated = Deadline.objects.filter(action=OuterRef("pk"))
        if self.viewpoint:
            stated = stated.stated_by(self.viewpoint.on)
        decisive = stated.decisive_first()
        return self.annotate(
            deadline_on=Subquery(decisive.values("on")[:1]),
            deadline_precision=Subquery(decisive.values("precision")[:1]),
        )

    def with_stated_since(self) -> Self:
        """Annotate `since_on` and `since_precision`: since when it has its status, as stated."""
        own = {"action": OuterRef("pk")}
        return self.annotate(**stated_since(self.viewpoint, "since", "status_since", **own))

    def with_stated_implementation(self) -> Self:
        """Annotate `done_on` and `done_precision`: when it was first implemented, as stated."""
        own = {"action": OuterRef("pk"), "status": Status.IMPLEMENTED}
        return self.annotate(**stated_since(self.viewpoint, "done", "implemented_on", **own))

    def with_second_review(self) -> Self:
        """Annotate `is_reviewed`: a reviewer has published on it, and nothing awaits a review.

        What awaits one is the newest finding of research, until a reviewer confirms, corrects or
        builds on that very finding: an update of something else says nothing of it.
        """
        from recommendations.models import StatusUpdate

        updates = seen_alike(StatusUpdate.objects, self)
        by_people = updates.counting().filter(action=OuterRef("pk"), is_baseline=False)
        awaiting = updates.awaiting_review().filter(action=OuterRef("pk"))
        return self.annotate(
            is_reviewed=Case(
                When(Exists(awaiting), then=Value(False)),
                default=Exists(by_people),
                output_field=models.BooleanField(),
            )
        )

    def with_known_review(self, unreviewed: Parameter) -> Self:
        """Annotate `is_reviewed` as with_second_review() does, of rows that are known not to be."""
        is_reviewed = Case(
            When(pk__among=unreviewed, then=Value(False)),
            default=Value(True),
            output_field=models.BooleanField(),
        )
        return self.annotate(is_reviewed=is_reviewed)

    def with_recommendation_status(self) -> Self:
        """Annotate `recommendation_status` and `recommendation_fell_from`, seen from here."""
        columns = {name: F(f"recommendation__{name}") for name in ("status", "fell_from")}
        if self.viewpoint and not self.viewpoint.is_present:
            columns = period_columns(self.viewpoint, "recommendation", key="recommendation_id")
        return self.annotate(
            recommendation_status=columns["status"],
            recommendation_fell_from=columns["fell_from"],
        )
