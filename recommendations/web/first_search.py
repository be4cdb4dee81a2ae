"""Since when there was a search, for what looks from before it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from recommendations.index.past import PastView
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint


def first_search_behind(request: HttpRequest, viewpoint: Viewpoint) -> date | None:
    """Return the first day of a search that its edition tells, if the viewpoint is before it."""
    if viewpoint.as_of is None:
        return None
    index = getattr(request, "index", None)
    if index and isinstance(index.view, PastView):
        first = index.view.first_search()
    else:
        first = Record(viewpoint).all_updates().counting().first_search()
    return first if first and viewpoint.on < first else None
