"""One page with the whole breakdown of a report: order, titles, drafts, and ways to the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from recommendations.admin.base import tell_of_translations
from recommendations.admin.pages import key_of, staff_page
from recommendations.models import Action, Recommendation, Report, StructureRequest
from recommendations.models.action import ActionKind
from recommendations.publishing import Stale, breakdown_tree
from recommendations.publishing.grouping import fetch_grouping
from recommendations.translating.record_texts import carry_over
from recommendations.viewpoint import today

from .forms import TICKS, GroupingForm, is_meant


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="change_recommendation")

    return [
        path("breakdown/<slug:slug>/", page(require_safe(breakdown)), name="breakdown"),
        path("breakdown/<slug:slug>/move/", page(require_POST(move_part)), name="breakdown_move"),
        path(
            "breakdown/<slug:slug>/title/", page(require_POST(retitle_part)), name="breakdown_title"
        ),
        path("breakdown/<slug:slug>/add/", page(require_POST(add_draft)), name="breakdown_add"),
    ]


def breakdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The tree. ?tick= has some of its actions ticked, for who has no script."""
    report = get_object_or_404(Report, slug=slug)
    return shown_breakdown(request, report, tick=request.GET.get("tick", ""))


def shown_breakdown(
    request: HttpRequest,
    report: Report,
    *,
    form: GroupingForm | None = None,
    ticked: Collection[int] = (),
    tick: str = "",
    refusals: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the tree, with what was ticked and typed of it, and what speaks against that.

    `refusals` have each the anchor of the row that it is about, if it is about one.
    """
    tree = breakdown_tree.tree_of(report)
    actions = tree.actions
    fetch_grouping(actions)
    context = {
        "report": report,
        "tree": tree,
        "kinds": ActionKind.choices,
        "may_structure": request.user.has_perm("recommendations.structure_recommendation"),
        "form": form or GroupingForm(),
        "ticked": {one.pk for one in actions if is_meant(one, tick)} | {*ticked},
        "ticks": TICKS,
        "refusals": refusals,
        "drafts": [one for one in actions if one.is_draft],
        "waiting": StructureRequest.objects.waiting().of_report(report),
    }
    return render(request, "admin/breakdown.html", context, status=status)


def _part(request: HttpRequest) -> dict[str, Any]:
    return {"kind": request.POST.get("kind", ""), "pk": key_of(request.POST.get("pk", "")) or 0}


def _row(report: Report, kind: str, pk: int) -> HttpResponse:
    page = reverse("admin:breakdown", args=[report.slug])
    return HttpResponseRedirect(f"{page}#{kind}-{pk}")


def _refused(request: HttpRequest, report: Report, error: ValidationError) -> HttpResponse:
    """Say why, beside what is stored. The script gets the sentences alone."""
    status = 409 if isinstance(error, Stale) else 400
    if _is_script(request):
        return JsonResponse({"said": " ".join(error.messages)}, status=status)
    for sentence in error.messages:
        messages.error(request, sentence)
    return shown_breakdown(request, report, status=status)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def move_part(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a part before another, or to the end of its neighbours."""
    report = get_object_or_404(Report, slug=slug)
    part = _part(request)
    before = key_of(request.POST.get("before", ""))
    try:
        tree = breakdown_tree.move(
            report, **part, before=before, version=request.POST.get("version", "")
        )
    except ValidationError as error:
        return _refused(request, report, error)
    if _is_script(request):
        return JsonResponse({"version": tree.version})
    messages.success(request, _("The new order is saved."))
    return _row(report, **part)


def retitle_part(request: HttpRequest, slug: str) -> HttpResponse:
    report = get_object_or_404(Report, slug=slug)
    part = _part(request)
    title = request.POST.get("title", "").strip()
    try:
        n = _retitle(report, part, was=request.POST.get("was", ""), title=title)
    except ValidationError as error:
        return _refused(request, report, error)
    messages.success(request, _("The title is saved."))
    tell_of_translations(request, n)
    return _row(report, **part)


@transaction.atomic
def _retitle(report: Report, part: dict[str, Any], *, was: str, title: str) -> int:
    """Change a title, and return how many translations stand for it unconfirmed since."""
    breakdown_tree.retitle(report, **part, was=was, title=title)
    kind = f"{part['kind']}.{breakdown_tree.TITLES[part['kind']]}"
    return carry_over({kind: was}, {kind: title})


def add_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a draft: a recommendation to a section, or an action to a recommendation."""
    report = get_object_or_404(Report, slug=slug)
    draft: Recommendation | Action
    section, whole = (key_of(request.POST.get(name, "")) for name in ("section", "recommendation"))
    title = request.POST.get("title", "").strip()
    try:
        if section is not None:
            draft = _added_recommendation(request, report, section, headline=title)
        else:
            draft = _added_action(request, report, whole, title=title)
    except ValidationError as error:
        return _refused(request, report, error)
    messages.success(request, _("The draft is added. No visitor sees it yet."))
    return _row(report, draft._meta.model_name or "", draft.pk)


def _added_recommendation(
    request: HttpRequest, report: Report, section: int, *, headline: str
) -> Recommendation:
    owner = get_object_or_404(report.sections, pk=section)
    number = request.POST.get("number", "").strip()
    return breakdown_tree.add_recommendation(owner, number=number, headline=headline)


def _added_action(
    request: HttpRequest, report: Report, recommendation: int | None, *, title: str
) -> Action:
    owner = get_object_or_404(report.recommendations, pk=recommendation)
    kind = request.POST.get("action_kind", "")
    return breakdown_tree.add_action(owner, title=title, kind=kind, today=today())
