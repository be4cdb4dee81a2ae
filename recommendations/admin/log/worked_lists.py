"""The list that somebody works through: carried in the address, it says what comes next."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.evidence_watch import findings
from recommendations.admin.work_queues import ACTION_QUEUES
from recommendations.evidence_watch import FindingKind
from recommendations.models import Action, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.querysets import ActionQuerySet
from recommendations.statuses import Status
from recommendations.viewpoint import today

PARAMETER = "list"
ACTIONS, WATCH = "actions", "evidence"
LISTS = {
    ACTIONS: "admin:recommendations_action_changelist",
    WATCH: "admin:evidence_watch",
}
MOST_TEXT = 2000
# So many rows of a list are looked through for the next one.
LOOKED_THROUGH = 1000


@dataclass(frozen=True, slots=True)
class WorkedList:
    """A list by its name and the query of its address."""

    name: str
    query: str

    @property
    def carried(self) -> str:
        """Return what addresses and forms carry."""
        return f"{self.name}?{self.query}"

    @property
    def url(self) -> str:
        return f"{reverse(LISTS[self.name])}?{self.query}"

    @property
    def label(self) -> str | Promise:
        query = QueryDict(self.query)
        if self.name == WATCH and query.get("kind") in FindingKind.values:
            return FindingKind(query["kind"]).label
        queue = ACTION_QUEUES.get(query.get("work", ""))
        return queue.label if queue else gettext_lazy("The list of actions")


@dataclass(frozen=True, slots=True)
class NextAction:
    """What comes next in a list, and where to go on with it in the way that one works now."""

    action: Action
    url: str


def list_of(request: HttpRequest) -> WorkedList | None:
    """Return the list that the address or the form names; what names none is none."""
    text = request.POST.get(PARAMETER) or request.GET.get(PARAMETER, "")
    name, mark, query = text.partition("?")
    is_one = bool(mark) and name in LISTS and len(text) <= MOST_TEXT and "\x00" not in text
    return WorkedList(name, query) if is_one else None


def log_address(action: Action, worked: WorkedList | None = None) -> str:
    query = {"action": str(action.pk)} | ({PARAMETER: worked.carried} if worked else {})
    return f"{reverse('admin:log_update')}?{urlencode(query)}"


def confirm_address(action: Action, worked: WorkedList | None = None) -> str:
    address = reverse("admin:confirm_status", args=[action.pk])
    return f"{address}?{urlencode({PARAMETER: worked.carried})}" if worked else address


def is_open(action: Action) -> bool:
    """Whether updates of an action can be logged: it is in the record."""
    return not (action.is_draft or action.is_withdrawn)


def log_links(action: Action, worked: WorkedList | None = None) -> SafeString:
    """Return the links to the form, and to confirming where there is something to confirm."""
    links = [(log_address(action, worked), _("Log"))]
    if action.status != Status.NOT_ASSESSED:
        links.append((confirm_address(action, worked), _("Confirm")))
    label = action.label
    return format_html_join(
        " ",
        '<a href="{}">{}<span class="vh visually-hidden"> {}</span></a>',
        ((address, words, label) for address, words in links),
    )


def next_in(
    request: HttpRequest, worked: WorkedList | None, action: Action, *, confirms: bool = False
) -> NextAction | None:
    """Return the action after this one that nobody has in hand, drafted or submitted.

    Where the list has this action no more, it begins with its first. None where nothing follows.
    """
    if worked is None:
        return None
    keys = _keys(request, worked)
    begun = StatusUpdate.objects.filter(action__in=keys).exclude(review_state=ReviewState.PUBLISHED)
    in_hand = {action.pk, *begun.order_by().values_list("action_id", flat=True)}
    following = keys[keys.index(action.pk) + 1 :] if action.pk in keys else keys
    key = next((pk for pk in following if pk not in in_hand), None)
    if key is None:
        return None
    found = Action.objects.select_related("recommendation__report").get(pk=key)
    is_confirmed = confirms and found.status != Status.NOT_ASSESSED
    address = confirm_address if is_confirmed else log_address
    return NextAction(found, address(found, worked))


def _keys(request: HttpRequest, worked: WorkedList) -> list[int]:
    if worked.name == WATCH:
        kind = QueryDict(worked.query).get("kind")
        named = (one.action.pk for one in findings(on=today()) if one.kind == kind)
        return list(dict.fromkeys(named))[:LOOKED_THROUGH]
    rows = _filtered(request, worked.query)
    return list(rows.values_list("pk", flat=True)[:LOOKED_THROUGH]) if rows is not None else []


def _filtered(request: HttpRequest, query: str) -> ActionQuerySet | None:
    """Return the rows of the staff's list of actions with these filters, in its order."""
    model_admin = admin.site.get_model_admin(Action)
    if not model_admin.has_view_permission(request):
        return None
    asked = copy(request)
    asked.GET, asked.method = QueryDict(query), "GET"
    try:
        rows = model_admin.get_changelist_instance(asked).get_queryset(asked)
    except (IncorrectLookupParameters, PermissionDenied):
        return None
    return cast("ActionQuerySet", rows).in_record()
