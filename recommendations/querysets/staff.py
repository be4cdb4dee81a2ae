"""Work of staff: assignments, and what readers send in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AssignmentQuerySet(models.QuerySet):
    def of(self, analyst: User) -> Self:
        return self.filter(analyst=analyst)


class ReaderReportQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(outcome="waiting")


def assigned() -> Q:
    """Return the condition on actions that anybody looks after."""
    return (
        Q(assignments__isnull=False)
        | Q(recommendation__section__assignments__isnull=False)
        | Q(recommendation__areas__assignments__isnull=False)
    )


def assigned_to(analyst: User | int) -> Q:
    """Return the condition on actions that an analyst looks after, however assigned."""
    return (
        Q(assignments__analyst=analyst)
        | Q(recommendation__section__assignments__analyst=analyst)
        | Q(recommendation__areas__assignments__analyst=analyst)
    )
