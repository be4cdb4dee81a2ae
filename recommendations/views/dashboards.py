"""Dashboards of reports, and the scorecards of policy areas and parties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from recommendations.figures.asked_of import asked_of
from recommendations.figures.caveats import counted_caveats
from recommendations.figures.counts import Counts, headline, remainder
from recommendations.figures.dashboard import latest_steps
from recommendations.figures.earlier_reports import neighbours_of, report_cards
from recommendations.figures.scale import figures_of
from recommendations.figures.scope import Scope
from recommendations.figures.site_reports import has_several_reports, home_report
from recommendations.figures.summary import Summary
from recommendations.figures.ways_in import ways_in
from recommendations.index.keeping import opened_at
from recommendations.models import ContextEvent, Party, PolicyArea, Report
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.paths import path_of
from recommendations.record import Label, Record
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.one_state import indexed
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest
from recommendations.web.structured_data import Trail

# Reports that the first page shows with their figures; the page of all reports has the rest.
MOST_CARDS = 6


@require_safe
@revalidated
@strict()
@indexed
def home(request: PublicRequest) -> HttpResponse:
    """The dashboard of one report, or, of several of which none was chosen, that of them all."""
    record = Record(request.viewpoint)
    report = home_report(record)
    if report:
        # Another report may be featured one day.
        return _dashboard(request, report, path=report.get_absolute_url())
    if has_several_reports(record):
        return _dashboard_of_all(request)
    return render(request, "recommendations/empty.html")


def home_path(request: PublicRequest) -> str:
    """Return the lasting address of the dashboard that opens the site."""
    report = home_report(Record(request.viewpoint))
    return report.get_absolute_url() if report else request.path


def home_title(request: PublicRequest) -> str:
    record = Record(request.viewpoint)
    report = home_report(record)
    if report:
        return _title_of_report(request, report)
    if not has_several_reports(record):
        raise Http404
    with opened_at(request.viewpoint) as index:
        counts = Summary(record, Scope(index, record)).counts
    return _title_of_all(record.reports_in_record().count(), counts)


def _title_of_all(n_reports: int, counts: Counts) -> str:
    words = ngettext("%(n)d report", "%(n)d reports", n_reports) % {"n": n_reports}
    return f"{words}{colon()}{headline(counts)}"


def _dashboard_of_all(request: PublicRequest) -> HttpResponse:
    """Each report with its figures, and the ways into all of them."""
    record = Record(request.viewpoint)
    scope = Scope(request.index, record)
    figures = Summary(record, scope)
    reports = record.reports_in_record()
    n_reports = reports.count()
    context = {
        "figures": figures,
        "caveats": counted_caveats(record, scope.view, scope.rows),
        "cards": report_cards(record, list(reports.for_cards()[:MOST_CARDS])),
        "n_reports": n_reports,
        "ways": ways_in(record, request.index),
        "latest": latest_steps(scope),
    }
    title = _title_of_all(n_reports, figures.counts)
    return render_page(
        request,
        "recommendations/home.html",
        context,
        title=title,
        description=described(title, remainder(figures.counts)),
    )


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
    return f"{report.known_as}{colon()}{headline(counts)}"


def _dashboard(request: PublicRequest, report: Report, *, path: str = "") -> HttpResponse:
    viewpoint, record = request.viewpoint, Record(request.viewpoint)
    scope = Scope(request.index, record, "report", report.pk)
    shown = figures_of(scope)
    is_too_early = viewpoint.precedes(report)
    sections = shown.sections(report)
    context = {
        "report": report,
        "is_of_one_report": True,
        "is_too_early": is_too_early,
        "neighbours": neighbours_of(record, report),
        "ways": ways_in(record, request.index),
        "scope": f"report={report.slug}",
        "figures": shown.figures,
        "caveats": shown.caveats(),
        "sections": sections,
        "n_recommendations": sum(section.n for section in sections),
        "has_running_text": str(RecommendationOrigin.RUNNING_TEXT) in scope.among("origin"),
        "not_verifiable": scope.n_uncounted,
        "asked_of": asked_of(scope),
        "latest": latest_steps(scope),
        "history": shown.history,
        "events": _events(scope, [report], since=report.published_on),
    }
    counts = shown.figures.counts
    return render_page(
        request,
        "recommendations/report.html",
        context,
        title=_dashboard_title(report, counts, is_too_early=is_too_early),
        path=path,
        description=_dashboard_description(report, counts, is_too_early=is_too_early),
        # The first page of the site is the way to all others.
        trail=() if path else trail_of(report),
    )


def _dashboard_description(report: Report, counts: Counts, *, is_too_early: bool) -> str:
    if is_too_early:
        return described(report.full_title, _("This report was not published yet"))
    return described(headline(counts), report.full_title, remainder(counts))


def trail_of(report: Report) -> Trail:
    """Return the way to the page of a report."""
    reports = (_("Reports"), path_of("recommendations:reports"))
    return [reports, (plain(report.title, "report.title"), report.get_absolute_url())]


def _events(scope: Scope, reports: Collection[Report], *, since: date) -> list[ContextEvent]:
    """Return what happened meanwhile, from the month of the first report on (one query)."""
    return scope.record.events(reports, scope.parties, since=since.replace(day=1))


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
    return _known(request, PolicyArea, slug)


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
    return _known(request, Party, slug)


def _known(request: PublicRequest, model: type[Label], slug: str) -> Label:
    found = Record(request.viewpoint).known_label(model, slug)
    if found is None:
        raise Http404(f"No {model._meta.verbose_name} {slug} in the record.")
    return found


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
        "asked_of": asked_of(scope),
        "latest": latest_steps(scope),
        "history": history,
        "events": _events(scope, shown.reports, since=history.since) if history else [],
        "multiples": shown.multiples(multiples_by) if history else [],
        "multiples_by": multiples_by,
    }
    counts = shown.figures.counts
    title = _scorecard_title(subject, counts)
    about = getattr(subject, "description", "")
    return render_page(
        request,
        "recommendations/scorecard.html",
        context,
        title=title,
        description=described(title, remainder(counts), plain(about, "policyarea.description")),
        trail=[(str(subject), subject.get_absolute_url())],
    )
