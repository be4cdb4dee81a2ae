"""Labels: policy areas, parties and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count

from .base import KnownBySlug

if TYPE_CHECKING:
    from .actions import ActionQuerySet


class LabelQuerySet(KnownBySlug, models.QuerySet):
    actions: str

    def used_by(self, actions: ActionQuerySet) -> Self:
        """Labels of some of these actions, the most used first.

        The label of drafts alone must not show.
        """
        used = self.filter(**{f"{self.actions}__in": actions.values("pk")})
        return used.annotate(n_uses=Count(self.actions)).order_by("-n_uses", "position", "name")


class PolicyAreaQuerySet(LabelQuerySet):
    actions = "recommendations__actions"


class PartyQuerySet(LabelQuerySet):
    actions = "actions"


class BodyQuerySet(LabelQuerySet):
    actions = "actions"
