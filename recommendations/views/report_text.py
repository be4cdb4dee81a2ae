"""The text of a report, annotated."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.annotated_text import reading_of
from recommendations.figures.caveats import caveats_of_report
from recommendations.models import Report
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.errors import BadAddress
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .dashboards import get_report, trail_of

NOT_IMPLEMENTED = "not-implemented"


@require_safe
@revalidated
@strict("show")
def report_text(request: PublicRequest, report: str) -> HttpResponse:
    """The report in its order with statuses in the margin; its own words where it may be read."""
    found = get_report(request, report)
    only_open = _shows_only_open(request)
    record = Record(request.viewpoint)
    context = {
        "report": found,
        "is_too_early": request.viewpoint.precedes(found),
        "only_open": only_open,
        "reading": reading_of(record, found, only_open=only_open),
        "caveats": caveats_of_report(record, found),
    }
    title = _title_of(found)
    about = _("The report, with its record in the margin")
    return render_page(
        request,
        "recommendations/text.html",
        context,
        title=title,
        description=described(title, about),
        trail=[*trail_of(found), (about, request.path)],
    )


def text_title(request: PublicRequest, report: str) -> str:
    _shows_only_open(request)
    return _title_of(get_report(request, report))


def _title_of(report: Report) -> str:
    return _("Text of %(report)s") % {"report": report.full_title}


def _shows_only_open(request: PublicRequest) -> bool:
    chosen = [value for value in request.GET.getlist("show") if value]
    unknown = [value for value in chosen if value != NOT_IMPLEMENTED]
    if unknown or len(chosen) > 1:
        raise BadAddress(
            [
                _("“show” can be left out, or be “%(value)s” once.") % {"value": NOT_IMPLEMENTED},
            ]
        )
    return bool(chosen)
