"""The staff's first page: what waits for this person, the most pressing of each list.

Each number leads to the list that it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.models import (
    Action,
    Assignment,
    CheckedLink,
    FactorReset,
    InboxItem,
    ReaderReport,
    Recommendation,
    Report,
    RetractionRequest,
    StatusUpdate,
    StructureRequest,
    Translation,
)
from recommendations.models.fields import Counted
from recommendations.web.context_processors import address_of

from .background import JobState
from .evidence_watch import number_named
from .first_steps import is_at_the_beginning
from .inbox.listing import MINE, NOBODY
from .log.worked_lists import ACTIONS
from .reader_reports import WAITING
from .work_queues import ACTION_QUEUES, UPDATE_QUEUES, WorkQueue

MOST = 8
# What each role does first comes first.
ORDERS = (
    (
        "review_statusupdate",
        "waiting retractions steps unfinished mine inbox readers evidence links missed soon",
    ),
    (
        "add_statusupdate",
        "unfinished mine inbox overdue coding evidence links missed soon unassigned readers waiting"
        " retractions",
    ),
    (
        "structure_recommendation",
        "drafts steps inbox unassigned readers translations evidence links overdue missed soon"
        " retractions waiting",
    ),
)
EVERYTHING = "factors jobs overdue missed soon readers waiting retractions evidence links published"


# What is a person's own and what is due; all else is new.
TITLE_OF = {
    **dict.fromkeys(("unfinished", "mine", "inbox", "coding"), pgettext_lazy("workspace", "Yours")),
    **dict.fromkeys(
        ("overdue", "soon", "missed", "evidence", "links"), pgettext_lazy("workspace", "Due")
    ),
}
NEW = pgettext_lazy("workspace", "New")


@dataclass(frozen=True, slots=True)
class WorkList:
    key: str
    title: str | Promise
    count: int
    url: str
    rows: Sequence[Any]

    @property
    def component(self) -> str:
        """Return the template of a row. Some lists differ in their rows alone."""
        same = {"mine": "overdue", "missed": "soon"}
        return f"components/work_{same.get(self.key, self.key)}.html"

    @property
    def carried(self) -> str:
        """Return what leads from a form back to this list, where it is one of actions."""
        return f"{ACTIONS}?work={self.key}" if self.key in ACTION_QUEUES else ""


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Lists of one kind that have something in them."""

    title: str | Promise
    lists: Sequence[WorkList]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Reports, recommendations or actions that are not in the public record yet."""

    label: str | Promise
    count: int
    url: str
    add_url: str


def work_lists(user: User, *, on: date) -> list[WorkList]:
    """Return the lists that concern this person, in the order of their role."""
    keys = keys_for(user)
    if "mine" in keys and not Assignment.objects.of(user).exists():
        keys.remove("mine")
    return [FINDERS[key](key, user, on) for key in keys if key in FINDERS]


def groups_of(lists: Sequence[WorkList]) -> list[WorkGroup]:
    """Return what there is to do as yours, due and new, the group of the first list first."""
    found: dict[str | Promise, list[WorkList]] = {}
    for one in lists:
        title = TITLE_OF.get(one.key, NEW)
        found.setdefault(title, [])
        if one.count:
            found[title].append(one)
    return [WorkGroup(title, of_title) for title, of_title in found.items() if of_title]


def keys_for(user: User) -> list[str]:
    """Return the lists of the first role that fits, then those of everybody."""
    orders = [
        order for permission, order in ORDERS if user.has_perm(f"recommendations.{permission}")
    ]
    keys = dict.fromkeys(f"{orders[0] if orders else ''} {EVERYTHING}".split())
    return [key for key in keys if user.has_perm(permission_for(key))]


def permission_for(key: str) -> str:
    app, _dot, model = model_of(key).rpartition(".")
    return f"{app or 'recommendations'}.view_{model}"


def model_of(key: str) -> str:
    """Return whose changelist a list is a part of: a model of this app, unless it names another."""
    if key in UPDATE_QUEUES:
        return "statusupdate"
    others = {
        "inbox": "inboxitem",
        "unassigned": "inboxitem",
        "readers": "readerreport",
        "retractions": "retractionrequest",
        "steps": "structurerequest",
        "translations": "translation",
        "evidence": "evidence",
        "links": "source",
        "factors": "factorreset",
        "coding": "coding",
        "jobs": "alliance.job",
    }
    return others.get(key, "action")


# The way from each to its report. What belongs to a bibliographic record waits for nobody.
STRUCTURE: tuple[tuple[type[Counted], Promise, str], ...] = (
    (Report, _("Reports that are drafts"), ""),
    (Recommendation, _("Recommendations that are drafts"), "report__"),
    (Action, _("Actions that are drafts"), "recommendation__report__"),
)


def structure_drafts() -> list[Drafts]:
    return [
        Drafts(
            label,
            model._default_manager.filter(
                **{"from_edition__isnull": True, f"{path}is_bibliographic": False}
            ).count(),
            f"{changelist(model)}?{path}is_bibliographic__exact=0&from_edition__isnull=True",
            reverse(f"admin:recommendations_{model._meta.model_name}_add"),
        )
        for model, label, path in STRUCTURE
    ]


def changelist(model: type[models.Model]) -> str:
    name = model._meta.model_name
    return address_of(f"admin:recommendations_{name}_changelist")


def _actions(key: str, user: User, on: date) -> WorkList:
    rows = Action.objects.select_related("recommendation__report")
    if key in ("soon", "missed"):
        rows = rows.with_deadline()
    return _of_queue(key, ACTION_QUEUES[key], rows, changelist(Action), user=user, on=on)


def _updates(key: str, user: User, on: date) -> WorkList:
    rows = StatusUpdate.objects.select_related("action__recommendation__report", "author")
    if key == "published":
        rows = rows.with_previous_status()
    return _of_queue(key, UPDATE_QUEUES[key], rows, changelist(StatusUpdate), user=user, on=on)


def _of_queue(
    key: str, queue: WorkQueue, rows: QuerySet, url: str, *, user: User, on: date
) -> WorkList:
    found = queue.rows_for(user, rows, on=on).order_by(*queue.order)
    return _list(key, queue.label, found, f"{url}?work={key}")


def _readers(key: str, user: User, on: date) -> WorkList:
    rows = ReaderReport.objects.waiting().select_related("recommendation", "action")
    url = address_of("admin:reader_reports")
    return _list(key, _("Reports of readers that wait"), rows, f"{url}?work={WAITING}")


def _retractions(key: str, user: User, on: date) -> WorkList:
    rows = RetractionRequest.objects.waiting().select_related(
        "update__action__recommendation__report", "requested_by"
    )
    url = f"{changelist(RetractionRequest)}?outcome__exact=pending"
    return _list(key, _("Requests for retraction that wait"), rows, url)


def _steps(key: str, user: User, on: date) -> WorkList:
    rows = StructureRequest.objects.waiting().with_subjects()
    url = f"{changelist(StructureRequest)}?outcome__exact=pending"
    return _list(key, _("Steps in what is counted that wait"), rows, url)


def _factors(key: str, user: User, on: date) -> WorkList:
    rows = FactorReset.objects.waiting().with_people()
    url = f"{changelist(FactorReset)}?outcome__exact=pending"
    return _list(key, _("Lost second factors that wait"), rows, url)


def _translations(key: str, user: User, on: date) -> WorkList:
    drafted = Translation.objects.filter(confirmed_at__isnull=True)
    url = address_of("admin:translations")
    return WorkList(key, _("Translations to confirm"), drafted.count(), url, [])


def _evidence(key: str, user: User, on: date) -> WorkList:
    url = address_of("admin:evidence_watch")
    return WorkList(key, _("Actions with evidence to look at again"), number_named(on=on), url, [])


def _links(key: str, user: User, on: date) -> WorkList:
    n = CheckedLink.objects.to_mend().count()
    url = address_of("admin:dead_links")
    return WorkList(key, _("Dead links without an archived copy"), n, url, [])


def _coding(key: str, user: User, on: date) -> WorkList:
    n = Action.objects.to_code_again(user).count()
    url = address_of("admin:coding_queue")
    return WorkList(key, _("Actions that you may code again, unseen"), n, url, [])


def _inbox(key: str, user: User, on: date) -> WorkList:
    rows, url = InboxItem.objects.waiting(), address_of("admin:inbox")
    if key == "inbox":
        n, title, whose = rows.assigned_to(user).count(), _("In the inbox, assigned to you"), MINE
    else:
        n, title, whose = rows.unassigned().count(), _("In the inbox, nobody’s"), NOBODY
    return WorkList(key, title, n, f"{url}?whose={whose}", [])


def _jobs(key: str, user: User, on: date) -> WorkList:
    """Count what failed; the page that it leads to shows all background work."""
    url = address_of("admin:background_work")
    return WorkList(
        key, _("Pieces of background work that failed"), JobState.FAILED.jobs.count(), url, []
    )


def _list(key: str, title: str | Promise, rows: QuerySet, url: str) -> WorkList:
    return WorkList(key, title, rows.count(), url, list(rows[:MOST]))


FINDERS: dict[str, Callable[[str, User, date], WorkList]] = {
    **dict.fromkeys(ACTION_QUEUES, _actions),
    **dict.fromkeys(UPDATE_QUEUES, _updates),
    "inbox": _inbox,
    "unassigned": _inbox,
    "readers": _readers,
    "retractions": _retractions,
    "steps": _steps,
    "factors": _factors,
    "translations": _translations,
    "evidence": _evidence,
    "links": _links,
    "coding": _coding,
    "jobs": _jobs,
}


def workspace_context(user: User, *, on: date) -> dict[str, Any]:
    may_structure = user.has_perm("recommendations.structure_recommendation")
    lists = work_lists(user, on=on)
    return {
        "on": on,
        "lists": lists,
        "groups": groups_of(lists),
        "empty": [one for one in lists if not one.count],
        "drafts": structure_drafts() if may_structure else [],
        "is_at_the_beginning": is_at_the_beginning(),
        "is_structure_first": keys_for(user)[:1] == ["drafts"],
    }
