"""Asking from the breakdown that drafts be added to the record; another person confirms it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.admin.pages import key_of, staff_page, user_of
from recommendations.admin.step_plan import plan_of_step
from recommendations.admin.structure import StructureReasonForm
from recommendations.models import Action, Report
from recommendations.models.structure_request import StructureStep
from recommendations.publishing.structure import incomplete_in

# Not more than are set alike at once.
MOST_KEYS = 300


def urls(site: AdminSite) -> list[URLPattern]:
    view = require_http_methods(["GET", "HEAD", "POST"])(ask_to_add)
    page = staff_page(site, view, permission="structure_recommendation")
    return [path("breakdown/<slug:slug>/include/", page, name="breakdown_include")]


@dataclass(frozen=True)
class Missing:
    """What a draft lacks, and where on the breakdown it can be given that."""

    sentence: str
    address: str


def ask_to_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask that a report comes into the record, or drafts of one that is in it: ?action=12.

    A report comes in whole, with all its drafts.
    """
    report = get_object_or_404(Report, slug=slug)
    chosen = _chosen(request, report)
    step = _step(report, chosen)
    form = StructureReasonForm(request.POST or None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            publishing.request_step(step, by=user_of(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refusals = error.messages
        else:
            messages.success(request, _("Asked for. Another person has to confirm it."))
            return HttpResponseRedirect(reverse("admin:breakdown", args=[report.slug]))
    context = {
        "report": report,
        "chosen": chosen,
        "form": form,
        "missing": _missing(report, step),
        "plan": plan_of_step(step) if step.drafts else None,
        "refusals": refusals,
    }
    status = 400 if refusals or form.errors else 200
    return render(request, "admin/breakdown_include.html", context, status=status)


def _chosen(request: HttpRequest, report: Report) -> list[Action]:
    """Return the drafts that the address and the form name; none where the report is a draft."""
    names = {*request.GET.getlist("action"), *request.POST.getlist("action")}
    keys = [key for name in names if (key := key_of(name)) is not None]
    if len(keys) < len(names) or len(keys) > MOST_KEYS:
        raise Http404
    if report.is_draft:
        return []
    drafts = Action.objects.filter(recommendation__report=report, from_edition__isnull=True)
    return list(drafts.filter(pk__in=keys).select_related("recommendation__report"))


def _step(report: Report, chosen: list[Action]) -> publishing.Step:
    if not chosen:
        return publishing.Step.about(StructureStep.INCLUDE, report)
    new = {one.recommendation_id: one.recommendation for one in chosen}
    wholes = [one for one in new.values() if one.is_draft]
    return publishing.Step.about(StructureStep.INCLUDE, *wholes, *chosen)


def _missing(report: Report, step: publishing.Step) -> list[Missing]:
    drafts = step.drafts
    page = reverse("admin:breakdown", args=[report.slug])
    return [
        Missing(
            sentence,
            reverse("admin:recommendations_report_change", args=[subject.pk])
            if isinstance(subject, Report)
            else f"{page}#{subject._meta.model_name}-{subject.pk}",
        )
        for subject, sentence in incomplete_in(
            drafts.reports, drafts.recommendations, drafts.actions
        )
    ]
