"""Pages about several reports."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from recommendations.figures.caveats import caveats_of_report
from recommendations.figures.earlier_reports import carded_reports, earlier_table, report_cards
from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_of, strict
from recommendations.web.public_request import PublicRequest

from .dashboards import get_report, trail_of

REPORTS_A_PAGE = 40


@require_safe
@revalidated
@strict("page")
def report_index(request: PublicRequest) -> HttpResponse:
    page = _page(request)
    context = {
        "page": page,
        "cards": report_cards(Record(request.viewpoint), list(page.object_list)),
    }
    title = _index_title(page.number)
    number = ngettext(
        "%(n)d report, with how many of its actions are implemented.",
        "%(n)d reports, with how many actions of each are implemented.",
        page.paginator.count,
    ) % {"n": page.paginator.count}
    return render_page(
        request,
        "recommendations/reports.html",
        context,
        title=title,
        description=described(title, number),
        trail=[(_("Reports"), reverse("recommendations:reports"))],
    )


def index_title(request: PublicRequest) -> str:
    return _index_title(_page(request).number)


def _page(request: PublicRequest) -> Page:
    return page_of(request, carded_reports(Record(request.viewpoint)), size=REPORTS_A_PAGE)


def _index_title(page: int) -> str:
    return numbered(_("Reports"), page)


@require_safe
@revalidated
@strict()
def earlier_reports(request: PublicRequest, report: str) -> HttpResponse:
    """What a report took up from earlier ones, and what it dropped."""
    found = get_report(request, report)
    record = Record(request.viewpoint)
    context = {
        "report": found,
        "is_too_early": request.viewpoint.precedes(found),
        "table": earlier_table(record, found),
        "caveats": caveats_of_report(record, found),
    }
    title = _earlier_title(found)
    about = _("What its recommendations repeat, extend or replace, and what it no longer asks for.")
    return render_page(
        request,
        "recommendations/earlier.html",
        context,
        title=title,
        description=described(title, about),
        trail=[*trail_of(found), (_("What earlier reports asked"), request.path)],
    )


def earlier_title(request: PublicRequest, report: str) -> str:
    return _earlier_title(get_report(request, report))


def _earlier_title(report: Report) -> str:
    return _("%(report)s: what earlier reports asked") % {
        "report": plain(report.title, "report.title")
    }
