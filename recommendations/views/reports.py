"""Pages about several reports."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.earlier_reports import earlier_table, report_cards
from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.web.conditional import revalidated
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .dashboards import get_report


@require_safe
@revalidated
@strict()
def report_index(request: PublicRequest) -> HttpResponse:
    context = {"cards": report_cards(Record(request.viewpoint))}
    title = index_title(request)
    return render_page(request, "recommendations/reports.html", context, title=title)


def index_title(request: PublicRequest) -> str:
    return _("Reports")


@require_safe
@revalidated
@strict()
def earlier_reports(request: PublicRequest, report: str) -> HttpResponse:
    """What a report took up from earlier ones, and what it dropped."""
    found = get_report(request, report)
    context = {
        "report": found,
        "is_too_early": request.viewpoint.precedes(found),
        "table": earlier_table(Record(request.viewpoint), found),
    }
    title = _earlier_title(found)
    return render_page(request, "recommendations/earlier.html", context, title=title)


def earlier_title(request: PublicRequest, report: str) -> str:
    return _earlier_title(get_report(request, report))


def _earlier_title(report: Report) -> str:
    return _("%(report)s: what earlier reports asked") % {
        "report": plain(report.title, "report.title")
    }
