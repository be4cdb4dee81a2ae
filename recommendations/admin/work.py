"""What there is to do, as filters of the changelists. The workspace counts by the same ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.viewpoint import today

DAYS_AHEAD, DAYS_MISSED, DAYS_PUBLISHED = 90, 30, 7
Work = dict[str, tuple[Promise, Callable[[Any, User, date], Any]]]


def _assigned(actions, user: User, on: date):
    return _overdue(actions.assigned_to(user), user, on)


def _overdue(actions, user: User, on: date):
    return actions.in_record().needing_review(on=on).order_by("review_due_on", "pk")


def _soon(actions, user: User, on: date):
    return actions.counted().due_soon(on=on, days=DAYS_AHEAD)


def _missed(actions, user: User, on: date):
    return actions.counted().newly_missed(on=on, days=DAYS_MISSED)


def _published(updates, user: User, on: date):
    return updates.published_since(on - timedelta(days=DAYS_PUBLISHED))


ACTION_WORK: Work = {
    "assigned": (_("Assigned to you, past their review date"), _assigned),
    "overdue": (_("Past their review date"), _overdue),
    "soon": (_("Deadlines in the next 90 days"), _soon),
    "missed": (_("Deadlines missed in the last 30 days"), _missed),
}
UPDATE_WORK: Work = {
    "unfinished": (
        _("Your drafts and what was returned to you"),
        lambda updates, user, on: updates.unfinished_by(user),
    ),
    "waiting": (_("Waiting for review"), lambda updates, user, on: updates.waiting()),
    "published": (_("Published in the last 7 days"), _published),
}


class WorkFilter(admin.SimpleListFilter):
    title = _("work")
    parameter_name = "work"
    work: Work

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(code, label) for code, (label, _find) in self.work.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in self.work:
            return queryset
        _label, find = self.work[self.value()]
        return find(queryset, request.user, today())


class ActionWorkFilter(WorkFilter):
    work = ACTION_WORK


class UpdateWorkFilter(WorkFilter):
    work = UPDATE_WORK
