"""Pages that anyone may read."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.dashboard import latest_steps, overview, section_groups
from recommendations.figures.earlier_reports import mentions_of, neighbours_of, with_mentions
from recommendations.figures.months import history_of, side_by_side, strips_of, told_spans
from recommendations.models import (
    Action,
    ContextEvent,
    Party,
    PolicyArea,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.querysets.actions import add_labels, add_succession
from recommendations.querysets.base import seen_alike
from recommendations.statuses import ROLL_UP_RULES, roll_up
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import strict


@require_safe
@revalidated
@strict()
def home(request: HttpRequest) -> HttpResponse:
    """The dashboard of the featured report."""
    report = Report.objects.seen_from(request.viewpoint).featured()
    if report is None:
        return render(request, "recommendations/empty.html")
    # Another report may be featured one day.
    request.lasting_path = report.get_absolute_url()
    return _dashboard(request, report)


@require_safe
@revalidated
@strict()
def report_dashboard(request: HttpRequest, report: str) -> HttpResponse:
    return _dashboard(request, get_object_or_404(Report.objects.published(), slug=report))


def _dashboard(request: HttpRequest, report: Report) -> HttpResponse:
    viewpoint = request.viewpoint
    actions = Action.objects.seen_from(viewpoint).filter(recommendation__report=report)
    figures = overview(actions, on=viewpoint.on)
    spans = told_spans(actions, viewpoint=viewpoint)
    recommendations = Recommendation.objects.seen_from(viewpoint).counted().filter(report=report)
    context = {
        "viewpoint": viewpoint,
        "report": viewpoint.as_kept(report),
        "is_too_early": viewpoint.precedes(report),
        "neighbours": neighbours_of(report, viewpoint=viewpoint),
        "scope": f"report={report.slug}",
        "figures": figures,
        "sections": section_groups(
            recommendations.select_related("section", "report"), figures.actions
        ),
        "not_verifiable": actions.in_record().filter(is_verifiable=False).count(),
        "latest": latest_steps(actions),
        "history": history_of(figures.actions, spans, on=viewpoint.on),
        "events": _events([report], viewpoint),
    }
    return render(request, "recommendations/report.html", context)


def _events(reports: Collection[Report], viewpoint: Viewpoint) -> list[ContextEvent]:
    """Return what happened meanwhile, from the month of the first report on (one query)."""
    if not reports:
        return []
    since = min(report.published_on for report in reports).replace(day=1)
    events = ContextEvent.objects.shown_with(reports, until=viewpoint.on)
    return list(events.filter(on__gte=since))


@require_safe
@revalidated
@strict()
def recommendation_detail(request: HttpRequest, report: str, number: str) -> HttpResponse:
    viewpoint = request.viewpoint
    seen = Recommendation.objects.seen_from(viewpoint).published()
    recommendation = get_object_or_404(
        with_mentions(_with_neighbours(seen)).select_related("report", "section"),
        report__slug=report,
        number=number,
    )
    actions = list(
        recommendation.actions.seen_from(viewpoint).published().for_detail(on=viewpoint.on)
    )
    viewpoint.as_kept(recommendation)
    for action in actions:
        viewpoint.as_kept(action).recommendation = recommendation
    add_labels(recommendation, actions)
    add_succession(actions, viewpoint=viewpoint)
    counted = [action for action in actions if action.is_verifiable and not action.is_withdrawn]
    derived = roll_up(action.status for action in counted)
    context = {
        "viewpoint": viewpoint,
        "recommendation": recommendation,
        "is_too_early": viewpoint.precedes(recommendation.report),
        "actions": actions,
        "counted": counted,
        "derived": derived,
        "rule": ROLL_UP_RULES[derived.rule],
        "timeline": _timeline(actions, viewpoint),
        "strips": strips_of(counted, viewpoint=viewpoint),
        "mentions": mentions_of(recommendation, viewpoint=viewpoint),
        "may_log": not viewpoint.edition
        and request.user.has_perm("recommendations.add_statusupdate"),
        "may_retract": request.user.has_perm("recommendations.add_retractionrequest"),
    }
    return render(request, "recommendations/detail.html", context)


@require_safe
@revalidated
@strict()
def action_redirect(request: HttpRequest, report: str, label: str) -> HttpResponse:
    """The permanent short address of an action. Where it leads changes when it is merged."""
    actions = Action.objects.published().select_related("recommendation__report")
    action = get_object_or_404(actions.labelled(label), recommendation__report__slug=report)
    page, _mark, anchor = action.present().get_absolute_url().partition("#")
    query = f"?{request.viewpoint.query}" if request.viewpoint.parameters else ""
    return HttpResponseRedirect(f"{page}{query}#{anchor}")


def _with_neighbours(recommendations):
    others = seen_alike(Recommendation.objects, recommendations).counted()
    others = others.filter(report=OuterRef("report"))
    following = others.filter(position__gt=OuterRef("position")).order_by("position")
    preceding = others.filter(position__lt=OuterRef("position")).order_by("-position")
    return recommendations.annotate(
        next_number=Subquery(following.values("number")[:1]),
        next_headline=Subquery(following.values("headline")[:1]),
        previous_number=Subquery(preceding.values("number")[:1]),
        previous_headline=Subquery(preceding.values("headline")[:1]),
    )


def _timeline(actions: list[Action], viewpoint: Viewpoint) -> list[StatusUpdate]:
    """Return the updates of all actions, newest first, each with its action at hand."""
    updates = []
    for action in actions:
        for update in action.updates.all():
            update.action = action
            updates.append(viewpoint.as_told(update))
    updates.sort(key=lambda u: (u.effective_day, u.edition_id, u.pk), reverse=True)
    return updates


@require_safe
@revalidated
@strict()
def area_scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    area = get_object_or_404(PolicyArea, slug=slug)
    actions = Action.objects.seen_from(request.viewpoint).filter(recommendation__areas=area)
    return _scorecard(request, area, "area", actions, _("Policy area"))


@require_safe
@revalidated
@strict()
def party_scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    party = get_object_or_404(Party, slug=slug)
    actions = Action.objects.seen_from(request.viewpoint).filter(parties=party)
    return _scorecard(request, party, "party", actions, party.get_kind_display())


def _scorecard(request: HttpRequest, subject, parameter: str, actions, kind: str) -> HttpResponse:
    viewpoint = request.viewpoint
    figures = overview(actions, on=viewpoint.on)
    if not figures.actions and not actions.published().exists():
        # Nothing public has this label: drafts must not show by their area.
        raise Http404
    reports = {action.recommendation.report for action in figures.actions}
    spans = told_spans(actions, viewpoint=viewpoint)
    history = history_of(figures.actions, spans, on=viewpoint.on)
    groups = figures.by_addressee if parameter == "area" else figures.by_area
    context = {
        "viewpoint": viewpoint,
        "subject": subject,
        "kind": kind,
        "parameter": parameter,
        "scope": f"{parameter}={subject.slug}",
        "figures": figures,
        "latest": latest_steps(actions),
        "history": history,
        "events": _events(reports, viewpoint),
        "multiples": side_by_side(groups, spans, on=viewpoint.on, since=history.since)
        if history
        else [],
        "multiples_by": "addressee" if parameter == "area" else "area",
    }
    return render(request, "recommendations/scorecard.html", context)
