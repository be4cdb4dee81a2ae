"""Pages about several reports."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from recommendations.figures.earlier_reports import earlier_table, report_cards
from recommendations.models import Report
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import strict


@require_safe
@revalidated
@strict()
def report_index(request: HttpRequest) -> HttpResponse:
    context = {"viewpoint": request.viewpoint, "cards": report_cards(request.viewpoint)}
    return render(request, "recommendations/reports.html", context)


@require_safe
@revalidated
@strict()
def earlier_reports(request: HttpRequest, report: str) -> HttpResponse:
    """What a report took up from earlier ones, and what it dropped."""
    found = get_object_or_404(Report.objects.published(), slug=report)
    viewpoint = request.viewpoint
    context = {
        "viewpoint": viewpoint,
        "report": viewpoint.as_kept(found),
        "is_too_early": viewpoint.precedes(found),
        "table": earlier_table(found, viewpoint=viewpoint),
    }
    return render(request, "recommendations/earlier.html", context)
