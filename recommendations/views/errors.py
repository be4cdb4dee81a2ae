"""Honest error pages in the look of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _


class BadAddress(Exception):
    """The address asks for something that cannot be. `reasons` say what, and what can."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def refuse(request: HttpRequest, reasons: list[str]) -> HttpResponse:
    """Return the page for an address with bad parameters, which names each of them."""
    return render(request, "400.html", {"reasons": reasons}, status=400)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reasons = getattr(exception, "reasons", [])
    return render(request, "400.html", {"reasons": reasons}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render without context processors: the database may be what failed."""
    template = loader.get_template("500.html")
    return HttpResponse(template.render({"message": _("Something went wrong here.")}), status=500)
