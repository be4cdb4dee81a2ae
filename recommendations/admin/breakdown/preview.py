"""The public pages of a draft as they would stand, for the staff alone.

What is in the record already shows beside the drafts, as it is. Links within the report lead from
preview to preview; those to pages that there are not yet lead nowhere.
"""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

from django.contrib.admin import AdminSite
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from recommendations.admin.pages import staff_page
from recommendations.figures.caveats import caveats_of
from recommendations.figures.dashboard import Overview, section_groups
from recommendations.figures.recommendation import detail_from
from recommendations.models import Action, Recommendation, Report
from recommendations.models.recommendation import RecommendationOrigin
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

if TYPE_CHECKING:
    from recommendations.rows import DetailedAction, ListedAction, PlacedRecommendation

LINK = re.compile(r'(<(?:a|link)\b[^>]*?) href="([^"]*)"')
# The page of a report, and that of a recommendation, in any language.
PAGE = re.compile(
    r"(?:/[a-z-]{2,8})?/reports/(?P<report>[\w-]+)/(?:(?P<number>[A-Za-z]{0,2}\d[\d.]*)/)?"
)


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, require_safe(view), permission="view_recommendation")

    return [
        path("breakdown/<slug:slug>/preview/", page(preview_report), name="breakdown_preview"),
        path(
            "breakdown/<slug:slug>/preview/<str:number>/",
            page(preview_recommendation),
            name="breakdown_preview_of",
        ),
    ]


def preview_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the dashboard of a report with all its drafts."""
    report, viewpoint = get_object_or_404(Report, slug=slug), Viewpoint.present()
    actions = _scorecard_actions(report, viewpoint)
    counted = [one for one in actions if one.is_verifiable]
    recommendations = list(_recommendations(report, viewpoint))
    sections = section_groups(recommendations, counted)
    context = {
        "report": report,
        "scope": f"report={report.slug}",
        "figures": Overview(counted, viewpoint.on),
        "caveats": caveats_of(Record(viewpoint), counted),
        "sections": sections,
        "n_recommendations": sum(section.n for section in sections),
        "not_verifiable": len(actions) - len(counted),
        "has_running_text": any(
            one.origin == RecommendationOrigin.RUNNING_TEXT for one in recommendations
        ),
    }
    return _answer(request, report, "admin/preview_report.html", context, viewpoint)


def preview_recommendation(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show a recommendation with all its drafts."""
    report, viewpoint = get_object_or_404(Report, slug=slug), Viewpoint.present()
    recommendation = _placed(report, viewpoint).filter(number=number).first()
    if recommendation is None:
        raise Http404
    actions = Action.objects.seen_from(viewpoint).filter(recommendation=recommendation)
    rows = cast("list[DetailedAction]", list(actions.for_detail(on=viewpoint.on)))
    detail = detail_from(Record(viewpoint), recommendation, rows)
    context = {
        "report": report,
        "recommendation": recommendation,
        "detail": detail,
        "caveats": caveats_of(Record(viewpoint), [one.action for one in detail.counted]),
    }
    return _answer(request, report, "admin/preview_recommendation.html", context, viewpoint)


# Rows ------------------------------------------------------------------------------------------


def _recommendations(report: Report, viewpoint: Viewpoint) -> QuerySet[Recommendation]:
    """Return those that would be counted, with their sections."""
    of_report = Recommendation.objects.seen_from(viewpoint).filter(report=report)
    return of_report.filter(until_edition__isnull=True).select_related("section", "report")


def _scorecard_actions(report: Report, viewpoint: Viewpoint) -> list[ListedAction]:
    actions = Action.objects.seen_from(viewpoint).filter(
        recommendation__report=report,
        recommendation__until_edition__isnull=True,
        until_edition__isnull=True,
    )
    return cast("list[ListedAction]", list(actions.for_scorecard(on=viewpoint.on)))


def _placed(report: Report, viewpoint: Viewpoint) -> QuerySet[PlacedRecommendation]:
    """Return recommendations with their neighbours, drafts among them."""
    others = Recommendation.objects.filter(report=report, until_edition__isnull=True)
    following = others.filter(position__gt=OuterRef("position")).order_by("position")
    preceding = others.filter(position__lt=OuterRef("position")).order_by("-position")
    either = Record(viewpoint).relations()
    found = Recommendation.objects.seen_from(viewpoint).filter(report=report)
    placed = found.select_related("report", "section").annotate(
        next_number=Subquery(following.values("number")[:1]),
        next_headline=Subquery(following.values("headline")[:1]),
        previous_number=Subquery(preceding.values("number")[:1]),
        previous_headline=Subquery(preceding.values("headline")[:1]),
        is_mentioned=Exists(either.filter(recommendation=OuterRef("pk")))
        | Exists(either.filter(earlier=OuterRef("pk"))),
    )
    return cast("QuerySet[PlacedRecommendation]", placed)


# The answer ------------------------------------------------------------------------------------


def _answer(
    request: HttpRequest, report: Report, template: str, context: dict, viewpoint: Viewpoint
) -> HttpResponse:
    around = {"viewpoint": viewpoint, "is_preview": True, "is_of_one_report": True}
    html = render_to_string(template, {**around, **context}, request)
    response = HttpResponse(LINK.sub(partial(_leading_on, report), html))
    # It is marked in the page too; this holds where somebody keeps the answer alone.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _leading_on(report: Report, link: re.Match[str]) -> str:
    """Return a link within the report as one to its preview; another of it without its address."""
    before, address = link.groups()
    where = urlsplit(unescape(address))
    page = PAGE.fullmatch(where.path)
    if page and page["report"] == report.slug:
        anchor = f"#{where.fragment}" if where.fragment else ""
        return f'{before} href="{escape(_preview(report, page["number"]) + anchor)}"'
    is_of_report = f"/reports/{report.slug}/" in where.path
    is_filtered = report.slug in parse_qs(where.query).get("report", ())
    return before if is_of_report or is_filtered else link[0]


def _preview(report: Report, number: str | None) -> str:
    if number:
        return reverse("admin:breakdown_preview_of", args=[report.slug, number])
    return reverse("admin:breakdown_preview", args=[report.slug])
