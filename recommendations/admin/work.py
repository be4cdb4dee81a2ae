"""What there is to do, as filters of the changelists. The workspace counts by the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.viewpoint import today

DAYS_AHEAD, DAYS_MISSED, DAYS_PUBLISHED = 90, 30, 7


class Work(NamedTuple):
    """`find` filters rows for a person and a day, `order` puts the most pressing first."""

    label: Promise
    find: Callable[[Any, User, date], Any]
    order: tuple[str, ...]


def _assigned(actions, user: User, on: date):
    return _overdue(actions.assigned_to(user), user, on)


def _overdue(actions, user: User, on: date):
    return actions.in_record().needing_review(on=on)


def _soon(actions, user: User, on: date):
    return actions.counted().due_soon(on=on, days=DAYS_AHEAD)


def _missed(actions, user: User, on: date):
    return actions.counted().newly_missed(on=on, days=DAYS_MISSED)


def _unfinished(updates, user: User, on: date):
    return updates.unfinished_by(user)


def _waiting(updates, user: User, on: date):
    return updates.waiting()


def _published(updates, user: User, on: date):
    return updates.published_since(on - timedelta(days=DAYS_PUBLISHED))


BY_REVIEW = ("review_due_on", "pk")
ACTION_WORK = {
    "assigned": Work(_("Assigned to you, past their review date"), _assigned, BY_REVIEW),
    "overdue": Work(_("Past their review date"), _overdue, BY_REVIEW),
    "soon": Work(_("Deadlines in the next 90 days"), _soon, ("due_on", "pk")),
    "missed": Work(_("Deadlines missed in the last 30 days"), _missed, ("-due_on", "pk")),
}
UPDATE_WORK = {
    # "returned" comes before "draft".
    "unfinished": Work(
        _("Your drafts and what was returned to you"), _unfinished, ("-review_state", "-pk")
    ),
    "waiting": Work(_("Waiting for review"), _waiting, ("submitted_at", "pk")),
    "published": Work(
        _("Published in the last 7 days"), _published, ("-edition_id", "-effective_day", "-pk")
    ),
}


class WorkFilter(admin.SimpleListFilter):
    title = _("work")
    parameter_name = "work"
    work: dict[str, Work]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(code, work.label) for code, work in self.work.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        work = self.work.get(self.value() or "")
        return work.find(queryset, request.user, today()) if work else queryset


class ActionWorkFilter(WorkFilter):
    work = ACTION_WORK


class UpdateWorkFilter(WorkFilter):
    work = UPDATE_WORK


class WorkAdmin(admin.ModelAdmin):
    """A changelist that shows work in the order of the workspace."""

    work: dict[str, Work]

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:
        work = self.work.get(request.GET.get("work", ""))
        return work.order if work else tuple(super().get_ordering(request))
