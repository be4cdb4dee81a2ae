"""Honest error pages in the look of the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import csrf


class BadAddress(Exception):
    """The address asks for something that cannot be. `reasons` say what, and what can."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def refuse(request: HttpRequest, reasons: list[str]) -> HttpResponse:
    """Return the page for an address with bad parameters, which names each of them."""
    return render(request, "400.html", {"reasons": reasons}, status=400)


def plain_refusal(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer BadAddress in plain text: who asks for a file gets no page."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BadAddress as error:
            text = "\n".join(error.reasons)
            return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")

    return wrapper


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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is out of date, as after a sign-in in another tab.

    Staff, and readers who report an error, get their text back to send it again; any other form
    is refused.
    """
    from recommendations.admin.pages import came_from_here, hold
    from recommendations.views.reader_reports import ask_for_cookie

    match = request.resolver_match
    is_ours = came_from_here(request)
    if is_ours and match and match.view_name == "recommendations:report_error":
        return ask_for_cookie(request, **match.kwargs)
    if is_ours and request.path.startswith(reverse("admin:index")):
        return hold(request, is_signed_out=not request.user.is_authenticated, status=403)
    return csrf.csrf_failure(request, reason=reason)
