"""The list of the inbox: whose, in which state, from where; several given or dismissed at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from alliance.background import queue
from recommendations.admin.pages import key_of, staff_page, user_of
from recommendations.copying import KnownCopies, known_copies
from recommendations.inbox import Suggested, kept_suggestions
from recommendations.inbox.deciding import assign_items, dismiss_items
from recommendations.models import Action, FeedItem, InboxItem, Report, StatusUpdate
from recommendations.models.inbox_item import CameFrom, InboxState
from recommendations.querysets import InboxItemQuerySet
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_of, strict

from .forms import DismissForm, PersonForm

ROWS_A_PAGE = 25
# By then a page was read, or nothing works in the background.
SOON = timedelta(minutes=10)
MINE, NOBODY = "mine", "nobody"
WHOSE = {
    "": pgettext_lazy("inbox", "Everybody’s"),
    MINE: pgettext_lazy("inbox", "Mine"),
    NOBODY: pgettext_lazy("inbox", "Nobody’s"),
}
ASSIGN, DISMISS = "assign", "dismiss"


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows the list, and whether it does so now."""

    label: str | Promise
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the list with what is said beside it.

    Each suggestion has the title of its action, and the name of its report where there are
    several. `copies` is what is known
    of copies of its page, while it waits.
    """

    item: InboxItem
    suggestions: Sequence[tuple[Suggested, str, str]]
    before: Sequence[InboxItem]
    updates: Sequence[StatusUpdate]
    copies: KnownCopies | None = None
    is_ticked: bool = False

    @property
    def is_being_read(self) -> bool:
        """Whether the background is at the page of an item that just came in, or at its actions."""
        item, copies = self.item, self.copies
        if copies and copies.is_waiting:
            return True
        if not (item.is_waiting and item.url and settings.CAPTURE):
            return False
        if timezone.now() - item.added_at > SOON or item.problem:
            return False
        request = copies.request if copies else None
        if request is None:
            return item.came_from != CameFrom.WATCHED
        read_at = request.ended_at or item.added_at
        return item.suggested_at is None or item.suggested_at < read_at


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address asks for."""

    whose: str = ""
    state: str = InboxState.WAITING
    came_from: str = ""

    @classmethod
    def by(cls, request: HttpRequest) -> Narrowed:
        """Read the address. Raises BadAddress for what is none of the choices."""
        return cls(
            _one_of(request, "whose", WHOSE, ""),
            _one_of(request, "state", InboxState.values, InboxState.WAITING),
            _one_of(request, "from", ["", *CameFrom.values], ""),
        )

    def rows(self, user: User) -> InboxItemQuerySet:
        rows = InboxItem.objects.filter(state=self.state)
        if self.whose == MINE:
            rows = rows.assigned_to(user)
        elif self.whose == NOBODY:
            rows = rows.unassigned()
        return rows.filter(came_from=self.came_from) if self.came_from else rows

    def query(self, **other: str) -> str:
        said = {"whose": self.whose, "state": self.state, "from": self.came_from} | other
        usual = {"whose": "", "state": InboxState.WAITING, "from": ""}
        return urlencode({name: value for name, value in said.items() if value != usual[name]})

    @property
    def choices(self) -> list[tuple[str, list[Choice]]]:
        """Return the ways to narrow the list, each with its links."""
        everything = pgettext_lazy("inbox", "From anywhere")
        ways: list[tuple[str, str, str, Iterable[tuple[Any, Any]]]] = [
            (_("Whose"), "whose", self.whose, WHOSE.items()),
            (_("State"), "state", self.state, InboxState.choices),
            (_("Came from"), "from", self.came_from, [("", everything), *CameFrom.choices]),
        ]
        return [
            (
                title,
                [
                    Choice(label, self.query(**{name: str(value)}), str(value) == chosen)
                    for value, label in choices
                ],
            )
            for title, name, chosen, choices in ways
        ]


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_inboxitem")

    return [path("inbox/", page(inbox), name="inbox")]


@require_http_methods(["GET", "HEAD", "POST"])
@strict("page", "whose", "state", "from", has_viewpoint=False)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show a page of the list; give or dismiss what is ticked."""
    narrowed = Narrowed.by(request)
    if request.method != "POST":
        return _show(request, narrowed)
    if not request.user.has_perm("recommendations.change_inboxitem"):
        raise PermissionDenied
    ticked = [key for text in request.POST.getlist("item") if (key := key_of(text))]
    if not ticked:
        return _show(request, narrowed, refusals=[_("Tick at least one row first.")])
    if request.POST.get("go") == DISMISS:
        return _dismiss(request, narrowed, ticked)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _show(request, narrowed, ticked=ticked, person=form)
    to = form.cleaned_data["assigned_to"]
    n = assign_items(ticked, to=to, by=user_of(request))
    said = ngettext("%(n)d changed hands.", "%(n)d changed hands.", n)
    messages.success(request, said % {"n": n})
    return _back(request)


def _dismiss(request: HttpRequest, narrowed: Narrowed, ticked: list[int]) -> HttpResponse:
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _show(request, narrowed, ticked=ticked, dismissal=form)
    n = dismiss_items(ticked, reason=form.cleaned_data["reason"], by=user_of(request))
    said = ngettext("%(n)d is dismissed.", "%(n)d are dismissed.", n)
    messages.success(request, said % {"n": n})
    if left := len(ticked) - n:
        said = ngettext(
            "%(n)d did not wait any more: it stays as it was decided.",
            "%(n)d did not wait any more: they stay as they were decided.",
            left,
        )
        messages.warning(request, said % {"n": left})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(request.get_full_path())


def _show(
    request: HttpRequest,
    narrowed: Narrowed,
    *,
    ticked: Sequence[int] = (),
    person: PersonForm | None = None,
    dismissal: DismissForm | None = None,
    refusals: Sequence[str] = (),
) -> HttpResponse:
    rows = narrowed.rows(user_of(request)).for_staff_list()
    page = page_of(request, rows, size=ROWS_A_PAGE)
    query, shown = narrowed.query(), rows_of(list(page), ticked=ticked)
    context = {
        "page": page,
        "rows": shown,
        "lacks_worker": lacks_worker(shown),
        "choices": narrowed.choices,
        "keep": f"{query}&" if query else "",
        "n_folded": FeedItem.objects.folded().count(),
        "is_of_waiting": narrowed.state == InboxState.WAITING,
        "may_change": request.user.has_perm("recommendations.change_inboxitem"),
        # What is typed in the one form stays when the other is sent.
        "person": person or PersonForm(initial=request.POST.dict()),
        "form": dismissal or DismissForm(initial=request.POST.dict()),
        "refusals": refusals,
    }
    return render(request, "admin/inbox.html", context)


def rows_of(items: Sequence[InboxItem], *, ticked: Sequence[int] = ()) -> list[Row]:
    """Return items with what else is known of each (nine queries at most)."""
    reports = {report.slug: report.known_as for report in Report.objects.in_record()}
    names = reports if len(reports) > 1 else {}
    keys = {item.key for item in items if item.is_waiting}
    decided = InboxItem.objects.known_by(keys).exclude(state=InboxState.WAITING)
    before: dict[str, list[InboxItem]] = {}
    for one in decided.for_staff_list() if keys else ():
        before.setdefault(one.key, []).append(one)
    titles = _titles(item for item in items if item.is_waiting)
    slugs = {slug for item in items for slug in item.logged_as}
    updates = _updates(slugs) if slugs else {}
    copies = known_copies(item.url for item in items if item.is_waiting)
    return [
        Row(
            item,
            [
                (one, titles[one.action], names.get(one.report, ""))
                for one in kept_suggestions(item)
                if one.action in titles
            ],
            before.get(item.key, ()) if item.is_waiting else (),
            [updates[slug] for slug in item.logged_as if slug in updates],
            copies.get(item.key) if item.is_waiting else None,
            item.pk in ticked,
        )
        for item in items
    ]


def lacks_worker(rows: Iterable[Row]) -> bool:
    """Whether a page should be read, and nothing works in the background (at most a query)."""
    return any(row.is_being_read for row in rows) and not queue.is_seen()


def _titles(items: Iterable[InboxItem]) -> dict[int, str]:
    """Return the titles of the actions that items may be about, while they are in the record."""
    keys = {one.action for item in items for one in kept_suggestions(item)}
    return dict(Action.objects.in_record().filter(pk__in=keys).values_list("pk", "title"))


def _updates(slugs: Iterable[str]) -> dict[str, StatusUpdate]:
    rows: QuerySet[StatusUpdate] = StatusUpdate.objects.filter(slug__in=slugs)
    found = rows.select_related("action__recommendation__report")
    return {update.slug: update for update in found}


def _one_of(request: HttpRequest, name: str, allowed: Iterable[str], usual: str) -> str:
    values = request.GET.getlist(name) or [usual]
    known = list(allowed)
    if len(values) > 1 or values[0] not in known:
        raise BadAddress(
            [
                _("“%(value)s” is not a value of “%(name)s”. It can be: %(allowed)s.")
                % {
                    "value": ", ".join(values)[:80],
                    "name": name,
                    "allowed": ", ".join(filter(None, known)),
                }
            ]
        )
    return values[0]
