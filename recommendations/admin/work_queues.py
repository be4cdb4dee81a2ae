"""What there is to do, as filters of the changelists. The workspace counts by the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import ActionQuerySet, StatusUpdateQuerySet
from recommendations.viewpoint import today

from .pages import user_of

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class WorkQueue(Generic[Rows]):
    """`find` filters rows for a person, a day and the days that the queue looks ahead or back.

    `order` puts the most pressing first.
    """

    title: str | Promise
    find: Callable[[Rows, User, date, int], Rows]
    order: tuple[str, ...]
    days: int = 0

    @property
    def label(self) -> str:
        return str(self.title) % {"days": self.days}

    def rows_for(self, user: User, rows: Rows, *, on: date) -> Rows:
        return self.find(rows, user, on, self.days)


def _mine(actions: ActionQuerySet, user: User, on: date, days: int) -> ActionQuerySet:
    return actions.in_record().assigned_to(user)


def _assigned(actions: ActionQuerySet, user: User, on: date, days: int) -> ActionQuerySet:
    return _overdue(actions.assigned_to(user), user, on, days)


def _overdue(actions: ActionQuerySet, user: User, on: date, days: int) -> ActionQuerySet:
    return actions.in_record().needing_review(on=on)


def _soon(actions: ActionQuerySet, user: User, on: date, days: int) -> ActionQuerySet:
    return actions.counted().due_soon(on=on, days=days)


def _missed(actions: ActionQuerySet, user: User, on: date, days: int) -> ActionQuerySet:
    return actions.counted().newly_missed(on=on, days=days)


Updates = StatusUpdateQuerySet


def _unfinished(updates: Updates, user: User, on: date, days: int) -> Updates:
    return updates.unfinished_by(user)


def _waiting(updates: Updates, user: User, on: date, days: int) -> Updates:
    return updates.waiting()


def _published(updates: Updates, user: User, on: date, days: int) -> Updates:
    """What people published: the findings that a report came with are no news."""
    return updates.published_since(on - timedelta(days=days)).filter(is_baseline=False)


BY_REVIEW = ("review_due_on", "pk")
ACTION_QUEUES = {
    "mine": WorkQueue(_("Assigned to you, by their next review"), _mine, BY_REVIEW),
    "assigned": WorkQueue(_("Assigned to you, past their review date"), _assigned, BY_REVIEW),
    "overdue": WorkQueue(_("Past their review date"), _overdue, BY_REVIEW),
    "soon": WorkQueue(
        _("Deadlines in the next %(days)d days"), _soon, order=("due_on", "pk"), days=90
    ),
    "missed": WorkQueue(
        _("Deadlines missed in the last %(days)d days"), _missed, order=("-due_on", "pk"), days=30
    ),
}
UPDATE_QUEUES = {
    # "returned" comes before "draft".
    "unfinished": WorkQueue(
        _("Your drafts and what was returned to you"), _unfinished, order=("-review_state", "-pk")
    ),
    "waiting": WorkQueue(_("Waiting for review"), _waiting, order=("submitted_at", "pk")),
    "published": WorkQueue(
        _("Published in the last %(days)d days"),
        _published,
        order=("-edition_id", "-effective_day", "-pk"),
        days=7,
    ),
}


class WorkFilter(admin.SimpleListFilter):
    title = _("work")
    parameter_name = "work"
    queues: Mapping[str, WorkQueue]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(code, queue.label) for code, queue in self.queues.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        queue = self.queues.get(self.value() or "")
        return queue.rows_for(user_of(request), queryset, on=today()) if queue else queryset


class ActionWorkFilter(WorkFilter):
    queues = ACTION_QUEUES


class UpdateWorkFilter(WorkFilter):
    queues = UPDATE_QUEUES


class WorkQueueAdmin(admin.ModelAdmin):
    """A changelist that shows work in the order of the workspace."""

    queues: Mapping[str, WorkQueue]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        queue = self.queues.get(request.GET.get("work", ""))
        return queue.order if queue else tuple(super().get_ordering(request))
