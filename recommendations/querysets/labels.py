"""Labels: policy areas, parties and bodies."""

from __future__ import annotations

from typing import Self

from django.db.models import (
    Count,
)

from .base import SlugQuerySet


class LabelQuerySet(SlugQuerySet):
    actions: str

    def in_use(self) -> Self:
        """Labels of something in the public record, the most used first.

        The label of drafts alone must not show.
        """
        from recommendations.models import Action

        used = self.filter(**{f"{self.actions}__in": Action.objects.published()})
        return used.annotate(n_uses=Count(self.actions)).order_by("-n_uses", "position", "name")


class PolicyAreaQuerySet(LabelQuerySet):
    actions = "recommendations__actions"


class PartyQuerySet(LabelQuerySet):
    actions = "actions"


class BodyQuerySet(LabelQuerySet):
    actions = "actions"
