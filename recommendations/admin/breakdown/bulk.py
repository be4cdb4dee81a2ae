"""What is done with the ticked actions of a breakdown: set alike, merged, or asked to be added."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from recommendations import acts
from recommendations.admin.pages import key_of, staff_page
from recommendations.models import Report
from recommendations.models.act import Event
from recommendations.publishing import Stale
from recommendations.publishing.grouping import Unfit, group_alike

from .forms import GroupingForm
from .tree import shown_breakdown


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, require_POST(ticked_actions), permission="change_recommendation")
    return [path("breakdown/<slug:slug>/ticked/", page, name="breakdown_ticked")]


def ticked_actions(request: HttpRequest, slug: str) -> HttpResponse:
    """Do with the ticked actions what the button says; what it asks for is asked on a page."""
    report = get_object_or_404(Report, slug=slug)
    seen = _ticked(request)
    go = request.POST.get("go", "")
    if go in ("merge", "include"):
        return _led_on(report, go, seen)
    if not request.user.has_perm("recommendations.change_action"):
        raise PermissionDenied
    form = GroupingForm(request.POST)
    if not form.is_valid():
        return shown_breakdown(request, report, form=form, ticked=set(seen), status=400)
    try:
        n = _set_alike(report, form, seen)
    except ValidationError as error:
        return _refused(request, report, form, seen, error)
    told = ngettext("%(n)d action was changed.", "%(n)d actions were changed.", n)
    messages.success(request, told % {"n": n})
    return HttpResponseRedirect(reverse("admin:breakdown", args=[report.slug]))


@transaction.atomic
def _set_alike(report: Report, form: GroupingForm, seen: dict[int, str]) -> int:
    n = group_alike(report, form.grouping, seen=seen)
    acts.note(Event.WORDING, subject=str(report), detail=f"{_said(form)}: {sorted(seen)}")
    return n


def _ticked(request: HttpRequest) -> dict[int, str]:
    """Return by key the versions that were ticked: "12.0123456789ab"."""
    found = {}
    for value in request.POST.getlist("action"):
        key, _dot, version = value.partition(".")
        if (pk := key_of(key)) is not None:
            found[pk] = version
    return found


def _led_on(report: Report, go: str, seen: dict[int, str]) -> HttpResponse:
    """Lead to the page that asks for a step with these."""
    page = (
        reverse("admin:merge_actions")
        if go == "merge"
        else reverse("admin:breakdown_include", args=[report.slug])
    )
    if go == "merge" and not seen:
        page = reverse("admin:breakdown", args=[report.slug])
    query = urlencode([("action", pk) for pk in seen])
    return HttpResponseRedirect(f"{page}?{query}" if query else page)


def _refused(
    request: HttpRequest,
    report: Report,
    form: GroupingForm,
    seen: dict[int, str],
    error: ValidationError,
) -> HttpResponse:
    """Show what is stored, with what was typed and ticked, and what speaks against it."""
    rows = error.problems if isinstance(error, Unfit) else ()
    sentences = [] if rows else error.messages
    return shown_breakdown(
        request,
        report,
        form=form,
        ticked=set(seen),
        refusals=[
            *(("", sentence) for sentence in sentences),
            *((f"#action-{action.pk}", sentence) for action, sentence in rows),
        ],
        status=409 if isinstance(error, Stale) else 400,
    )


def _said(form: GroupingForm) -> str:
    """Return what was set, for the log of acts."""
    chosen = form.cleaned_data
    shown = {name: value for name, value in chosen.items() if value}
    return "; ".join(
        f"{name} {', '.join(map(str, value)) if name in ('parties', 'areas') else value}"
        for name, value in shown.items()
    )
