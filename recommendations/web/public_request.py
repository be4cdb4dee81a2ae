"""The request of a public page, with what its decorators have read from the address."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from recommendations.index.keeping import Index
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint


class PublicRequest(HttpRequest):
    """`strict()` sets the viewpoint, the middleware of kept answers or `revalidated()` the tag of
    the answer, `indexed()` the index; `newest_edition_of()` keeps what it asked for."""

    htmx: HtmxDetails
    viewpoint: Viewpoint
    newest_edition: Edition | None
    page_tag: str | None
    index: Index


def newest_edition_of(request: HttpRequest) -> Edition | None:
    """Return the newest edition, asked for once a request."""
    known = request.__dict__
    if "newest_edition" not in known:
        known["newest_edition"] = Record(Viewpoint.present()).newest_edition()
    return known["newest_edition"]
