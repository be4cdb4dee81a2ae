"""Every correction and retraction."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from recommendations.figures.ended_updates import with_replacements
from recommendations.figures.logged_updates import EndedUpdates
from recommendations.index.keeping import Index, opened_at
from recommendations.index.names import UPDATE
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.description import described
from recommendations.web.one_state import indexed
from recommendations.web.page import numbered, render_page
from recommendations.web.parameters import page_of, strict
from recommendations.web.public_request import PublicRequest

CORRECTIONS_A_PAGE = 50


@require_safe
@revalidated
@strict("page")
@indexed
def correction_log(request: PublicRequest) -> HttpResponse:
    view = request.index.view
    page = _page(request, request.index)
    ended = view.ended_updates()
    context = {
        "page": page,
        "entries": with_replacements(page.object_list),
        "n_published": len(view.rows(UPDATE, "told")),
        "reasons": {
            reason: ended.intersection_cardinality(view.rows(UPDATE, "end_reason", reason))
            for reason in ("corrected", "retracted")
        },
    }
    return render_page(
        request,
        "recommendations/corrections.html",
        context,
        title=_title(page.number),
        description=described(_title(1), _number_of(page.paginator.count, context["n_published"])),
        trail=[(_title(1), request.path)],
    )


def _number_of(n: int, total: object) -> str:
    return ngettext(
        "%(n)s of %(total)s published updates was corrected or retracted.",
        "%(n)s of %(total)s published updates were corrected or retracted.",
        n,
    ) % {"n": n, "total": total}


def corrections_title(request: PublicRequest) -> str:
    with opened_at(request.viewpoint) as index:
        return _title(_page(request, index).number)


def _page(request: PublicRequest, index: Index) -> Page:
    ended = EndedUpdates(Record(request.viewpoint), index.view)
    return page_of(request, ended, size=CORRECTIONS_A_PAGE)


def _title(page: int) -> str:
    return numbered(_("Corrections and retractions"), page)
