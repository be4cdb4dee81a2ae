"""Pages whose counts come from the index, and whose rows come from the database, of one state."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

from recommendations.index.keeping import Index, of_one_state

from .errors import View
from .public_request import PublicRequest


def indexed(view: View) -> View:
    """Give a view the index of its viewpoint as `request.index`.

    It is made again where something was published meanwhile, so that what it shows is of one state
    of the record. Stands below strict(), which reads the viewpoint.
    """

    @wraps(view)
    def wrapper(request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def answer(index: Index) -> HttpResponseBase:
            request.index = index
            return view(request, *args, **kwargs)

        return of_one_state(request.viewpoint, answer)

    return wrapper
