"""The page of a recommendation, and the short addresses of its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from recommendations.figures.also_cited import also_cited, kept_copies
from recommendations.figures.caveats import caveats_of
from recommendations.figures.dead_links import dead_links
from recommendations.figures.recommendation import RecommendationDetail, detail_of, placed
from recommendations.models import Recommendation
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.templatetags.tracker import verdict
from recommendations.text.languages import plain
from recommendations.text.punctuation import colon, comma
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .dashboards import trail_of

if TYPE_CHECKING:
    from recommendations.rows import PlacedRecommendation


@require_safe
@revalidated
@strict()
def recommendation_detail(request: PublicRequest, report: str, number: str) -> HttpResponse:
    viewpoint, user = request.viewpoint, request.user
    recommendation = _recommendation(request, report, number)
    record = Record(viewpoint)
    detail = detail_of(record, recommendation)
    updates = detail.timeline
    context = {
        "also_cited": also_cited(record, updates, report=recommendation.report.slug),
        "kept_copies": kept_copies(record, updates),
        "dead_links": dead_links(record, updates),
        "recommendation": recommendation,
        "is_too_early": viewpoint.precedes(recommendation.report),
        "detail": detail,
        "caveats": caveats_of(record, [one.action for one in detail.counted]),
        "may_log": not viewpoint.edition and user.has_perm("recommendations.add_statusupdate"),
        "may_retract": user.has_perm("recommendations.add_retractionrequest"),
    }
    title = _title_of(recommendation)
    return render_page(
        request,
        "recommendations/detail.html",
        context,
        title=title,
        description=_description_of(recommendation, detail),
        trail=[*trail_of(recommendation.report), (title, recommendation.get_absolute_url())],
    )


def _description_of(recommendation: Recommendation, detail: RecommendationDetail) -> str:
    status = Status(detail.derived.status).label
    return described(
        f"{_title_of(recommendation)}{colon()}{status}",
        verdict(detail.derived),
        plain(recommendation.summary, "recommendation.summary"),
    )


def recommendation_title(request: PublicRequest, report: str, number: str) -> str:
    return _title_of(_recommendation(request, report, number))


def _recommendation(request: PublicRequest, report: str, number: str) -> PlacedRecommendation:
    found = placed(request.viewpoint, report, number)
    if found is None:
        raise Http404(f"No recommendation {number} of {report}.")
    return found


def _title_of(recommendation: Recommendation) -> str:
    headline = plain(recommendation.headline, "recommendation.headline")
    return f"{recommendation.number} {headline}{comma()}{recommendation.report.known_as}"


@require_safe
@revalidated
@strict()
def action_redirect(request: PublicRequest, report: str, label: str) -> HttpResponse:
    """The permanent short address of an action. Where it leads changes when it is merged."""
    actions = Record(request.viewpoint).actions()
    found = get_object_or_404(
        actions.labelled(label).select_related("recommendation__report"),
        recommendation__report__slug=report,
    )
    page, _mark, anchor = actions.standing_for(found).get_absolute_url().partition("#")
    query = f"?{request.viewpoint.query}" if request.viewpoint.parameters else ""
    return HttpResponseRedirect(f"{page}{query}#{anchor}")
