"""The text of a report beside what it asks for: marking passages, and taking marks away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from recommendations.admin.pages import key_of, staff_page
from recommendations.drafting import marks
from recommendations.models import Action, Passage, Recommendation, Report
from recommendations.viewpoint import today


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="change_recommendation")

    return [
        path("text/<slug:slug>/", page(require_safe(marking_page)), name="report_text"),
        path("text/<slug:slug>/mark/", page(require_POST(mark_passage)), name="mark_passage"),
        path("text/<slug:slug>/unmark/", page(require_POST(unmark_passage)), name="unmark_passage"),
    ]


def marking_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _show(request, get_object_or_404(Report, slug=slug))


def _show(request: HttpRequest, report: Report, *, status: int = 200) -> HttpResponse:
    text = marks.newest_text(report)
    passages = Passage.objects.filter(report_text=text).select_related("recommendation")
    chosen = Recommendation.objects.filter(report=report, until_edition__isnull=True)
    context = {
        "report": report,
        "text": text,
        "passages": passages.prefetch_related("marks__action__recommendation") if text else [],
        "recommendations": chosen.order_by("position").prefetch_related(
            Prefetch("actions", Action.objects.filter(until_edition__isnull=True))
        ),
        "typed": request.POST if status != 200 else {},
    }
    return render(request, "admin/report_text.html", context, status=status)


def _back(report: Report, passage: str) -> HttpResponse:
    page = reverse("admin:report_text", args=[report.slug])
    return HttpResponseRedirect(f"{page}#passage-{passage}" if key_of(passage) else page)


def mark_passage(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark words as an action that there is, or as a new draft of a recommendation."""
    report = get_object_or_404(Report, slug=slug)
    kind, _dash, number = request.POST.get("asks_for", "").partition("-")
    chosen = {kind: key_of(number)} if kind in ("action", "recommendation") else {}
    try:
        made = marks.mark(
            report,
            passage=key_of(request.POST.get("passage", "")) or 0,
            words=request.POST.get("words", ""),
            today=today(),
            **chosen,
        )
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return _show(request, report, status=400)
    messages.success(request, _("Marked as %(action)s.") % {"action": made.action})
    return _back(report, request.POST["passage"])


def unmark_passage(request: HttpRequest, slug: str) -> HttpResponse:
    report = get_object_or_404(Report, slug=slug)
    try:
        marks.unmark(report, pk=key_of(request.POST.get("mark", "")) or 0)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return _show(request, report, status=400)
    messages.success(request, _("The mark is taken away. The action stays."))
    return _back(report, request.POST.get("passage", ""))
