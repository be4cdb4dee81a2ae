"""Dashboards of reports, and the scorecards of policy areas and parties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.counts import Counts, headline
from recommendations.figures.dashboard import latest_steps
from recommendations.figures.earlier_reports import neighbours_of
from recommendations.figures.scale import figures_of
from recommendations.figures.scope import Scope
from recommendations.figures.summary import Summary
from recommendations.index.keeping import opened_at
from recommendations.models import ContextEvent, Party, PolicyArea, Report
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon
from recommendations.web.conditional import revalidated
from recommendations.web.one_state import indexed
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest


@require_safe
@revalidated
@strict()
@indexed
def home(request: PublicRequest) -> HttpResponse:
    """The dashboard of the featured report."""
    report = Record(request.viewpoint).featured_report()
    if report is None:
        return render(request, "recommendations/empty.html")
    # Another report may be featured one day.
    return _dashboard(request, report, path=report.get_absolute_url())


def home_path(request: PublicRequest) -> str:
    """Return the lasting address of the dashboard that opens the site."""
    report = Record(request.viewpoint).featured_report()
    return report.get_absolute_url() if report else request.path


def home_title(request: PublicRequest) -> str:
    report = Record(request.viewpoint).featured_report()
    if report is None:
        raise Http404
    return _title_of_report(request, report)


@require_safe
@revalidated
@strict()
@indexed
def report_dashboard(request: PublicRequest, report: str) -> HttpResponse:
    return _dashboard(request, get_report(request, report))


def report_title(request: PublicRequest, report: str) -> str:
    return _title_of_report(request, get_report(request, report))


def get_report(request: PublicRequest, slug: str) -> Report:
    """Return a report that the viewpoint knows, or raise Http404."""
    found = Record(request.viewpoint).report(slug)
    if found is None:
        raise Http404(f"No report {slug}.")
    return found


def _title_of_report(request: PublicRequest, report: Report) -> str:
    counts = _counts(request, "report", report.pk)
    return _dashboard_title(report, counts, is_too_early=request.viewpoint.precedes(report))


def _counts(request: PublicRequest, name: str, key: int) -> Counts:
    """Return the statuses of a report, an area or a party, for the title of its page."""
    with opened_at(request.viewpoint) as index:
        record = Record(request.viewpoint)
        return Summary(record, Scope(index, record, name, key)).counts


def _dashboard_title(report: Report, counts: Counts, *, is_too_early: bool) -> str:
    if is_too_early:
        return report.full_title
    return f"{plain(report.title, 'report.title')}{colon()}{headline(counts)}"


def _dashboard(request: PublicRequest, report: Report, *, path: str = "") -> HttpResponse:
    viewpoint, record = request.viewpoint, Record(request.viewpoint)
    scope = Scope(request.index, record, "report", report.pk)
    shown = figures_of(scope)
    is_too_early = viewpoint.precedes(report)
    context = {
        "report": report,
        "is_too_early": is_too_early,
        "neighbours": neighbours_of(record, report),
        "scope": f"report={report.slug}",
        "figures": shown.figures,
        "caveats": shown.caveats(),
        "sections": shown.sections(report),
        "not_verifiable": scope.n_uncounted,
        "latest": latest_steps(scope),
        "history": shown.history,
        "events": _events(record, [report], since=report.published_on),
    }
    title = _dashboard_title(report, shown.figures.counts, is_too_early=is_too_early)
    return render_page(request, "recommendations/report.html", context, title=title, path=path)


def _events(record: Record, reports: Collection[Report], *, since: date) -> list[ContextEvent]:
    """Return what happened meanwhile, from the month of the first report on (one query)."""
    return record.events(reports, since=since.replace(day=1))


@require_safe
@revalidated
@strict()
@indexed
def area_scorecard(request: PublicRequest, slug: str) -> HttpResponse:
    return _scorecard(request, _area(request, slug), "area", _("Policy area"))


def area_title(request: PublicRequest, slug: str) -> str:
    area = _area(request, slug)
    return _scorecard_title(area, _counts(request, "area", area.pk))


def _area(request: PublicRequest, slug: str) -> PolicyArea:
    return get_object_or_404(Record(request.viewpoint).known_areas(), slug=slug)


@require_safe
@revalidated
@strict()
@indexed
def party_scorecard(request: PublicRequest, slug: str) -> HttpResponse:
    party = _party(request, slug)
    return _scorecard(request, party, "party", party.get_kind_display())


def party_title(request: PublicRequest, slug: str) -> str:
    party = _party(request, slug)
    return _scorecard_title(party, _counts(request, "party", party.pk))


def _party(request: PublicRequest, slug: str) -> Party:
    return get_object_or_404(Record(request.viewpoint).known_parties(), slug=slug)


def _scorecard_title(subject: PolicyArea | Party, counts: Counts) -> str:
    return f"{subject}{colon()}{headline(counts)}"


def _scorecard(
    request: PublicRequest,
    subject: PolicyArea | Party,
    parameter: str,
    kind: str,
) -> HttpResponse:
    record = Record(request.viewpoint)
    scope = Scope(request.index, record, parameter, subject.pk)
    shown = figures_of(scope)
    history = shown.history
    multiples_by = "addressee" if parameter == "area" else "area"
    context = {
        "subject": subject,
        "kind": kind,
        "parameter": parameter,
        "scope": f"{parameter}={subject.slug}",
        "figures": shown.figures,
        "caveats": shown.caveats(),
        "latest": latest_steps(scope),
        "history": history,
        "events": _events(record, shown.reports, since=history.since) if history else [],
        "multiples": shown.multiples(multiples_by) if history else [],
        "multiples_by": multiples_by,
    }
    title = _scorecard_title(subject, shown.figures.counts)
    return render_page(request, "recommendations/scorecard.html", context, title=title)
