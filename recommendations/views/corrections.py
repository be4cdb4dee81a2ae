"""Every correction and retraction."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from recommendations.models import StatusUpdate
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import page_of, strict

CORRECTIONS_A_PAGE = 50


@require_safe
@revalidated
@strict("page")
def correction_log(request: HttpRequest) -> HttpResponse:
    viewpoint = request.viewpoint
    told = StatusUpdate.objects.public().told_by(viewpoint)
    ended = told.ended_by(viewpoint)
    page = page_of(request, ended.for_corrections(viewpoint), size=CORRECTIONS_A_PAGE)
    page.object_list = [with_successor(update, viewpoint) for update in page.object_list]
    context = {
        "viewpoint": viewpoint,
        "page": page,
        "n_published": told.count(),
        "reasons": ended.order_by().aggregate(
            corrected=Count("pk", filter=Q(end_reason="corrected")),
            retracted=Count("pk", filter=Q(end_reason="retracted")),
        ),
    }
    return render(request, "recommendations/corrections.html", context)


def with_successor(update: StatusUpdate, viewpoint: Viewpoint) -> StatusUpdate:
    """Give an update of for_corrections() its `successor`, as a viewpoint knows both."""
    update = viewpoint.as_told(update)
    update.successor = next(iter(update.published_successors), None)
    if update.successor and update.ended_in_edition_id:
        update.successor.action = update.action
        viewpoint.as_told(update.successor)
    return update
