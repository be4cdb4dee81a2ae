"""Honest error pages in the look of the site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from alliance import database_away
from recommendations.exports.kept_files import FileBeingMade
from recommendations.index.keeping import BeingMade

from . import data_files

View = Callable[..., HttpResponseBase]


class BadAddress(BadRequest):
    """The address asks for something that cannot be. `reasons` say what, and what can."""

    # Whoever asks for a file gets no page to say why not.
    is_of_file = False

    def __init__(self, reasons: list[str], *, parameters: Sequence[str] = ()) -> None:
        """Take sentences and, where it is known, the parameter that each of them is about."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons
        self.parameters = parameters or [""] * len(reasons)


class BadAddressMiddleware:
    """Answer BadAddress from wherever a view raises it.

    Left to Django, a visitor's slip would be logged with its traceback, and debugging would show
    it in place of the refusal.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadAddress):
            return bad_request(request, exception)
        if isinstance(exception, BeingMade):
            return being_made()
        if isinstance(exception, FileBeingMade):
            return data_files.being_made()
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say what is wrong with an address, on a page or, for a file, in plain text."""
    reasons = exception.reasons if isinstance(exception, BadAddress) else []
    if isinstance(exception, BadAddress) and exception.is_of_file:
        text = "\n".join(reasons)
        return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")
    return render(request, "400.html", {"reasons": reasons}, status=400)


def being_made() -> HttpResponse:
    """Say that there is no index yet that could answer, and when to ask again."""
    message = _("Counts and search are being prepared. Please try again in a minute.")
    return database_away.unavailable(message, seconds=60)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render without context processors: the database may be what failed."""
    if answer := database_away.answer_to(sys.exc_info()[1]):
        return answer
    template = loader.get_template("500.html")
    return HttpResponse(template.render({"message": _("Something went wrong here.")}), status=500)
