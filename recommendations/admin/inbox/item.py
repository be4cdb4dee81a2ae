"""The page of one item: what it says, which actions it may be about and why, what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.admin.base import tell
from recommendations.admin.pages import staff_page, user_of
from recommendations.inbox import Suggested, kept_suggestions, suggested
from recommendations.inbox.deciding import assign_items, bring_back, dismiss_items
from recommendations.index.keeping import BeingMade
from recommendations.models import Action, InboxItem

from .forms import DismissForm, PersonForm
from .listing import ASSIGN, DISMISS, lacks_worker, rows_of

BACK = "back"


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, inbox_item, permission="view_inboxitem")
    return [path("inbox/<int:pk>/", page, name="inbox_item")]


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item; give it to somebody, dismiss it, or bring it back."""
    item = get_object_or_404(InboxItem.objects.for_staff_list(), pk=pk)
    if request.method != "POST":
        return _show(request, item)
    if not request.user.has_perm("recommendations.change_inboxitem"):
        raise PermissionDenied
    go = request.POST.get("go")
    if go == DISMISS:
        return _dismiss(request, item)
    if go == BACK:
        return _bring_back(request, item)
    person = PersonForm(request.POST)
    if go != ASSIGN or not person.is_valid():
        return _show(request, item, person=person)
    assign_items([item.pk], to=person.cleaned_data["assigned_to"], by=user_of(request))
    messages.success(request, _("Stored: whose this is."))
    return _to(item)


def _dismiss(request: HttpRequest, item: InboxItem) -> HttpResponse:
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _show(request, item, dismissal=form)
    if not dismiss_items([item.pk], reason=form.cleaned_data["reason"], by=user_of(request)):
        decided = InboxItem.objects.for_staff_list().get(pk=item.pk)
        refusals = [_("This was decided already, as shown here. Your decision was not stored.")]
        return _show(request, decided, dismissal=form, refusals=refusals, status=409)
    messages.success(request, _("Dismissed. It can be brought back here."))
    return HttpResponseRedirect(reverse("admin:inbox"))


def _bring_back(request: HttpRequest, item: InboxItem) -> HttpResponse:
    try:
        bring_back(item, by=user_of(request))
    except ValidationError as error:
        tell(request, error)
    else:
        messages.success(request, _("It waits again."))
    return _to(item)


def _to(item: InboxItem) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:inbox_item", args=[item.pk]))


def _show(
    request: HttpRequest,
    item: InboxItem,
    *,
    person: PersonForm | None = None,
    dismissal: DismissForm | None = None,
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    [row] = rows_of([item])
    context = {
        "item": item,
        "row": row,
        "lacks_worker": lacks_worker([row]),
        "found": actions_of(item),
        # What is typed in the one form stays when the other is sent.
        "person": person
        or PersonForm(initial={"assigned_to": item.assigned_to_id} | request.POST.dict()),
        "form": dismissal or DismissForm(initial=request.POST.dict()),
        "refusals": refusals,
        "may_change": request.user.has_perm("recommendations.change_inboxitem"),
        "may_log": request.user.has_perm("recommendations.add_statusupdate"),
    }
    return render(request, "admin/inbox_item.html", context, status=status)


def actions_of(item: InboxItem) -> list[tuple[Action, Suggested]]:
    """Return the actions that it may be about as the record is now, each with why.

    While there is no index, those that were found when it came in.
    """
    try:
        found = suggested(item)
    except BeingMade:
        found = kept_suggestions(item)
    rows = Action.objects.in_record().select_related("recommendation__report")
    actions = rows.in_bulk([one.action for one in found])
    return [(actions[one.action], one) for one in found if one.action in actions]
