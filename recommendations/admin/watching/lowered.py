"""Hosts that stand lower for an action since their items were dismissed: shown, and undone."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from recommendations.admin.pages import staff_page, user_of
from recommendations.inbox import lowering
from recommendations.models import LoweredHost
from recommendations.web.parameters import page_of, strict

ROWS_A_PAGE = 50
CHANGE = "recommendations.change_inboxitem"


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="view_inboxitem")

    return [
        path("watching/lowered/", page(lowered_hosts), name="lowered_hosts"),
        path("watching/lowered/<int:pk>/", page(lift_host), name="lift_host"),
    ]


@require_safe
@strict("page", has_viewpoint=False)
def lowered_hosts(request: HttpRequest) -> HttpResponse:
    rows = LoweredHost.objects.select_related("action__recommendation__report")
    context = {
        "page": page_of(request, rows.order_by("-last_at", "-pk"), size=ROWS_A_PAGE),
        "keep": "",
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "admin/lowered_hosts.html", context)


@require_POST
def lift_host(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the dismissals of a host for an action."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    if lowering.lift(pk, by=user_of(request)):
        messages.success(request, _("It counts in full again."))
    else:
        messages.info(request, _("It counts in full already."))
    return redirect("admin:lowered_hosts")
