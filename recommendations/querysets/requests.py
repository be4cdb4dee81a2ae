"""What one person asked for and a second has to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from recommendations.models import Action, Recommendation, Report


class RetractionRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")


class FactorResetQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")

    def with_people(self) -> Self:
        return self.select_related("person", "requested_by", "decided_by")


class StructureRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Nobody has decided yet, what waits longest first."""
        return self.filter(outcome="pending").order_by("requested_at", "pk")

    def about(self, subject: Report | Recommendation | Action) -> Self:
        """Those that name something, as what they are about or as what succeeds it."""
        model = subject._meta.model_name
        named = Q(**{f"{model}s": subject})
        return self.filter(named | Q(into=subject) if model == "action" else named).distinct()

    def of_report(self, report: Report) -> Self:
        """Those about a report or anything of it."""
        of_parts = Q(recommendations__report=report) | Q(actions__recommendation__report=report)
        return self.filter(Q(reports=report) | of_parts).distinct()

    def with_subjects(self) -> Self:
        return self.select_related("requested_by", "decided_by").prefetch_related(
            "reports",
            "recommendations__report",
            "actions__recommendation__report",
        )
