"""The editions of the tracker, and what each of them changed."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from recommendations.figures.counts import Counts
from recommendations.figures.editions import counts_told_by, status_changes, structure_of
from recommendations.models import (
    Action,
    Body,
    Edition,
    Party,
    PolicyArea,
    Recommendation,
    Report,
    Section,
    StatusUpdate,
)
from recommendations.text.revisions import edited_since
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import page_of, strict

from .corrections import with_successor

EDITIONS_A_PAGE = 50
UPDATES_A_PAGE = 50
MOST_TEXTS = 100


@require_safe
@revalidated
@strict("page")
def edition_index(request: HttpRequest) -> HttpResponse:
    editions = Edition.objects.by_then(request.viewpoint).order_by("-number")
    page = page_of(request, editions.with_numbers(), size=EDITIONS_A_PAGE)
    page.object_list = list(page.object_list)
    told = counts_told_by(page.object_list)
    for edition in page.object_list:
        edition.counts = told[edition.number]
    context = {"viewpoint": request.viewpoint, "page": page}
    return render(request, "recommendations/editions.html", context)


@require_safe
@revalidated
@strict("page")
def edition_detail(request: HttpRequest, number: int) -> HttpResponse:
    """An edition as it was on its day. A later one than the viewpoint's did not exist there."""
    known = Edition.objects.by_then(request.viewpoint)
    edition = get_object_or_404(known.select_related("report"), number=number)
    before = known.filter(number__lt=number).order_by("-number").first()
    after = known.filter(number__gt=number).order_by("number").first()
    told = counts_told_by([one for one in (edition, before) if one])
    seen = Viewpoint(on=edition.published_on, edition=edition)
    updates = StatusUpdate.objects.public().filter(edition=edition)
    page = page_of(request, updates.for_change_log(seen), size=UPDATES_A_PAGE)
    ended = StatusUpdate.objects.public().filter(ended_in_edition=edition)
    context = {
        "viewpoint": request.viewpoint,
        "edition": edition,
        "before": before,
        "after": after,
        "counts": told[number],
        "changes": status_changes(told[before.number] if before else Counts({}), told[number]),
        "page": page,
        "n_ended_since": updates.ended_by(request.viewpoint).count(),
        "ended": [with_successor(update, seen) for update in ended.for_corrections(seen)],
        "structure": structure_of(edition),
        **_texts(request, seen),
    }
    page.object_list = [seen.as_told(update) for update in page.object_list]
    return render(request, "recommendations/edition.html", context)


def _texts(request: HttpRequest, seen: Viewpoint) -> dict[str, object]:
    """Return how many texts of an edition read otherwise now, and for staff which."""
    reports = Report.objects.seen_from(seen).counted()
    texts: list[models.QuerySet] = [
        reports,
        Section.objects.filter(report__in=reports.values("pk")),
        Recommendation.objects.seen_from(seen).counted(),
        Action.objects.seen_from(seen).in_record().select_related("recommendation"),
        PolicyArea.objects.all(),
        Party.objects.all(),
        Body.objects.all(),
    ]
    edited = [(rows, edited_since(rows, seen.edition.published_at)) for rows in texts]
    return {
        "n_edited": sum(len(keys) for _rows, keys in edited),
        "edited": [
            (
                text,
                reverse(f"admin:recommendations_{text._meta.model_name}_history", args=[text.pk]),
            )
            for rows, keys in edited
            if keys and _may_see(request, rows.model)
            for text in rows.filter(pk__in=keys[:MOST_TEXTS])
        ],
    }


def _may_see(request: HttpRequest, model: type[models.Model]) -> bool:
    name = f"recommendations.view_{model._meta.model_name}"
    return request.user.is_staff and request.user.has_perm(name)
