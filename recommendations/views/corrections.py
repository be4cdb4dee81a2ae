"""Every correction and retraction."""

from __future__ import annotations

from django.core.paginator import Page
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.figures.ended_updates import with_replacements
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_of, strict
from recommendations.web.public_request import PublicRequest

CORRECTIONS_A_PAGE = 50


@require_safe
@revalidated
@strict("page")
def correction_log(request: PublicRequest) -> HttpResponse:
    told = Record(request.viewpoint).updates()
    page = _page(request)
    context = {
        "page": page,
        "entries": with_replacements(page.object_list),
        "n_published": told.count(),
        "reasons": told.ended().aggregate(
            corrected=Count("pk", filter=Q(end_reason="corrected")),
            retracted=Count("pk", filter=Q(end_reason="retracted")),
        ),
    }
    title = _title(page.number)
    return render_page(request, "recommendations/corrections.html", context, title=title)


def corrections_title(request: PublicRequest) -> str:
    return _title(_page(request).number)


def _page(request: PublicRequest) -> Page:
    ended = Record(request.viewpoint).updates().ended()
    return page_of(request, ended.for_corrections(), size=CORRECTIONS_A_PAGE)


def _title(page: int) -> str:
    return numbered(_("Corrections and retractions"), page)
