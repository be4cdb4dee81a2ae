"""Forms whose token is missing or out of date."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import csrf

from recommendations.admin.pages import came_from_here, resend_page
from recommendations.views.reader_reports import ask_for_cookie


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is out of date, as after a sign-in in another tab.

    Staff, and readers who report an error, get their text back to send it again; any other form
    is refused.
    """
    match = request.resolver_match
    is_ours = came_from_here(request)
    if is_ours and match and match.view_name == "recommendations:report_error":
        return ask_for_cookie(request, **match.kwargs)
    if is_ours and request.path.startswith(reverse("admin:index")):
        return resend_page(request, is_signed_out=not request.user.is_authenticated, status=403)
    return csrf.csrf_failure(request, reason=reason)
