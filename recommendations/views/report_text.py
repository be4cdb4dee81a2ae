"""The text of a report, annotated."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.annotated_text import reading_of
from recommendations.models import Report
from recommendations.web.conditional import revalidated
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import strict

NOT_IMPLEMENTED = "not-implemented"


@require_safe
@revalidated
@strict("show")
def report_text(request: HttpRequest, report: str) -> HttpResponse:
    """The report in its order with statuses in the margin; its own words where it may be read."""
    found = get_object_or_404(Report.objects.published(), slug=report)
    viewpoint = request.viewpoint
    only_open = _shows_only_open(request)
    context = {
        "viewpoint": viewpoint,
        "report": viewpoint.as_kept(found),
        "is_too_early": viewpoint.precedes(found),
        "only_open": only_open,
        "reading": reading_of(found, viewpoint=viewpoint, only_open=only_open),
    }
    return render(request, "recommendations/text.html", context)


def _shows_only_open(request: HttpRequest) -> bool:
    chosen = [value for value in request.GET.getlist("show") if value]
    unknown = [value for value in chosen if value != NOT_IMPLEMENTED]
    if unknown or len(chosen) > 1:
        raise BadAddress(
            [
                _("“show” can be left out, or be “%(value)s” once.") % {"value": NOT_IMPLEMENTED},
            ]
        )
    return bool(chosen)
