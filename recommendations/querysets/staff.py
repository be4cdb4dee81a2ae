"""Work of staff: assignments, and what readers send in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AssignmentQuerySet(models.QuerySet):
    def of(self, analyst: User) -> Self:
        return self.filter(analyst=analyst)


class ReaderReportQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(outcome="waiting")

    def for_staff_list(self) -> Self:
        """Those that wait, oldest first, then what was decided last (one query)."""
        return self.select_related(
            "recommendation__report", "action__recommendation", "handled_by"
        ).order_by(F("handled_at").desc(nulls_first=True), "received_at", "pk")


class NoticeQuerySet(models.QuerySet):
    def unsent(self, recipient: User, *, since: datetime) -> Self:
        return self.filter(recipient=recipient, sent_at__isnull=True, created_at__gte=since)

    def for_digest(self) -> Self:
        return self.select_related(
            "update__action__recommendation__report", "action__recommendation__report"
        )


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
