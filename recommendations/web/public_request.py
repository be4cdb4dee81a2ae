"""The request of a public page, with what its decorators have read from the address."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from recommendations.figures.site_reports import has_several_reports
from recommendations.index.keeping import Index, State
from recommendations.kept_of_state import kept_of_answer
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint


class PublicRequest(HttpRequest):
    """`strict()` sets the viewpoint, the middleware of kept answers or `revalidated()` the tag of
    the answer and the state that it is of, `indexed()` the index; `newest_edition_of()` keeps what
    it asked for."""

    htmx: HtmxDetails
    viewpoint: Viewpoint
    newest_edition: Edition | None
    page_tag: str | None
    content_state: State | None
    index: Index


def has_several_reports_of(request: HttpRequest) -> bool:
    """Whether the page looks at several reports, asked for once a request.

    Pages of staff, and those about an error, look from the present. While the database is away,
    nobody knows.
    """
    known = request.__dict__
    if "has_several_reports" not in known:
        viewpoint = getattr(request, "viewpoint", None) or Viewpoint.present()
        try:
            known["has_several_reports"] = has_several_reports(Record(viewpoint))
        except DatabaseError:
            return False
    return known["has_several_reports"]


def newest_edition_of(request: HttpRequest) -> Edition | None:
    """Return the newest edition, asked for once a request."""
    known = request.__dict__
    if "newest_edition" not in known:
        now = Viewpoint.present()
        newest = kept_of_answer(now, "newest edition", Record(now).newest_edition)
        known["newest_edition"] = newest
    return known["newest_edition"]
