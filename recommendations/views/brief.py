"""The brief of a list, as a page for print and as a file for word processors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.site_name import site_name
from recommendations.figures.brief import brief_of
from recommendations.figures.named_reports import only_report
from recommendations.filters.selection import Selection
from recommendations.models import Edition, Report
from recommendations.record import Record
from recommendations.text.punctuation import colon, listed
from recommendations.viewpoint import Viewpoint
from recommendations.web.conditional import revalidated
from recommendations.web.context_processors import Surroundings
from recommendations.web.description import described
from recommendations.web.filtering import LIST_FILTERS, chips_of, filterset_of
from recommendations.web.one_state import indexed
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest, has_several_reports_of


@require_safe
@revalidated
@strict(*LIST_FILTERS)
@indexed
def brief_page(request: PublicRequest) -> HttpResponse:
    filterset = filterset_of(request)
    report = only_report(filterset)
    context = {
        "report": report,
        "brief": brief_of(Record(request.viewpoint), Selection(filterset, request.index)),
        "filters": _filters(request),
        "query": filterset.query(),
    }
    title = _title(report)
    about = _("A page a recommendation: what was asked, its status, its sources and its deadline.")
    return render_page(
        request,
        "recommendations/brief.html",
        context,
        title=title,
        description=described(title, about) if report else described(about),
        trail=[(_("Brief"), request.path)],
    )


def brief_title(request: PublicRequest) -> str:
    return _title(only_report(filterset_of(request)))


def _title(report: Report | None) -> str:
    words = _("Brief")
    return f"{words}{colon()}{report.known_as}" if report else words


@require_safe
@revalidated
@strict(*LIST_FILTERS, is_file=True)
@indexed
def brief_file(request: PublicRequest) -> HttpResponse:
    """The same as DOCX."""
    # Here, since what writes such files takes 7 MB: a worker that is asked for none needs it not.
    from recommendations.exports.brief_docx import CONTENT_TYPE, Cover, document_of

    filterset = filterset_of(request)
    brief = brief_of(Record(request.viewpoint), Selection(filterset, request.index))
    edition = Surroundings(request).edition
    cover = Cover(
        site=site_name(),
        on=request.viewpoint.on,
        edition=edition,
        filters=_filters(request),
        address=request.build_absolute_uri(_lasting(request, filterset.query(), edition)),
        language=get_language() or settings.LANGUAGE_CODE,
        names_reports=has_several_reports_of(request),
    )
    response = HttpResponse(document_of(brief, cover), content_type=CONTENT_TYPE)
    name = f"brief-as-of-{request.viewpoint.on.isoformat()}.docx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lasting(request: PublicRequest, query: str, edition: Edition | None) -> str:
    """Return the address of the brief as it was handed out."""
    on = request.viewpoint.on
    seen = Viewpoint(on=on, as_of=on, edition=edition)
    return seen.address(reverse("recommendations:brief") + query)


def _filters(request: PublicRequest) -> str:
    """Return the filters in words; nothing where the whole record is meant."""
    return listed(f"{one.label}{colon()}{one.value}" for one in chips_of(filterset_of(request)))
