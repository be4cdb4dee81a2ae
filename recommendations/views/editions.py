"""The editions of the tracker, and what each of them changed."""

from __future__ import annotations

from django.core.paginator import Page
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.counts import Counts
from recommendations.figures.editions import (
    counts_told_by,
    edition_entries,
    status_changes,
    structure_of,
)
from recommendations.figures.ended_updates import with_replacements
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.text.punctuation import comma
from recommendations.text.revisions import edited_since
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_of, strict
from recommendations.web.public_request import PublicRequest

EDITIONS_A_PAGE = 50
UPDATES_A_PAGE = 50
MOST_TEXTS = 100


@require_safe
@revalidated
@strict("page")
def edition_index(request: PublicRequest) -> HttpResponse:
    page = _page(request)
    context = {
        "page": page,
        "entries": edition_entries(Record(request.viewpoint), list(page.object_list)),
    }
    title = _index_title(page.number)
    return render_page(request, "recommendations/editions.html", context, title=title)


def editions_title(request: PublicRequest) -> str:
    return _index_title(_page(request).number)


def _page(request: PublicRequest) -> Page:
    editions = Record(request.viewpoint).editions().order_by("-number")
    return page_of(request, editions.with_numbers(), size=EDITIONS_A_PAGE)


def _index_title(page: int) -> str:
    return numbered(_("Editions"), page)


@require_safe
@revalidated
@strict("page")
def edition_detail(request: PublicRequest, number: int) -> HttpResponse:
    """An edition as it was on its day. A later one than the viewpoint's did not exist there."""
    edition = _edition(request, number)
    known = Record(request.viewpoint).editions()
    before = known.filter(number__lt=number).order_by("-number").first()
    after = known.filter(number__gt=number).order_by("number").first()
    own_record = _record_of(edition)
    told = counts_told_by(own_record, [one for one in (edition, before) if one])
    page = _updates_page(request, edition)
    ended = own_record.all_updates().filter(ended_in_edition=edition)
    context = {
        "edition": edition,
        "before": before,
        "after": after,
        "counts": told[number],
        "changes": status_changes(told[before.number] if before else Counts({}), told[number]),
        "page": page,
        "n_ended_since": _ended_since(request, edition),
        "ended": with_replacements(ended.for_corrections()),
        "structure": structure_of(own_record, edition),
        **_texts(request, own_record, edition),
    }
    title = _edition_title(edition, page.number)
    return render_page(request, "recommendations/edition.html", context, title=title)


def edition_title(request: PublicRequest, number: int) -> str:
    edition = _edition(request, number)
    return _edition_title(edition, _updates_page(request, edition).number)


def _edition_title(edition: Edition, page: int) -> str:
    published = _("published")
    title = f"{edition}{comma()}{published} {edition.published_on.isoformat()}"
    return numbered(title, page)


def _edition(request: PublicRequest, number: int) -> Edition:
    known = Record(request.viewpoint).editions()
    return get_object_or_404(known.select_related("report"), number=number)


def _record_of(edition: Edition) -> Record:
    """Return the record as an edition told it on its own day."""
    return Record(Viewpoint(on=edition.published_on, edition=edition))


def _updates_page(request: PublicRequest, edition: Edition) -> Page:
    updates = _record_of(edition).all_updates().filter(edition=edition)
    return page_of(request, updates.for_change_log(), size=UPDATES_A_PAGE)


def _ended_since(request: PublicRequest, edition: Edition) -> int:
    updates = Record(request.viewpoint).all_updates().filter(edition=edition)
    return updates.ended().count()


def _texts(request: PublicRequest, record: Record, edition: Edition) -> dict[str, object]:
    """Return how many texts of an edition read otherwise now, and for staff which."""
    reports = record.reports().counted()
    texts: list[models.QuerySet] = [
        reports,
        record.sections().filter(report__in=reports.values("pk")),
        record.recommendations().counted(),
        record.actions().in_record().select_related("recommendation"),
        record.areas(),
        record.parties(),
        record.bodies(),
    ]
    edited = [(rows, edited_since(rows, edition.published_at)) for rows in texts]
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


def _may_see(request: PublicRequest, model: type[models.Model]) -> bool:
    name = f"recommendations.view_{model._meta.model_name}"
    return request.user.is_staff and request.user.has_perm(name)
