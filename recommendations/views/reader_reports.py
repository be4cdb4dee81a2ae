"""What readers send in: a form without an account, and a page that says thanks."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance.client_address import client_network
from alliance.throttle import seconds_to_wait
from recommendations.models import Recommendation
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint
from recommendations.web.parameters import strict
from recommendations.web.reader_report_form import ReaderReportForm, age_of, stamp_of

MOST_AN_HOUR = 5
ONE_HOUR = 60 * 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@strict()
def report_error(request: HttpRequest, report: str, number: str) -> HttpResponse:
    recommendation = _recommendation(report, number)
    now = timezone.now()
    if request.method != "POST":
        return _show(request, ReaderReportForm(recommendation=recommendation), now=now)
    form = ReaderReportForm(request.POST, recommendation=recommendation)
    if not form.is_valid():
        return _show(request, form, now=now)
    if problem := form.problem_of_opening(now=now):
        return _show(request, form, refusals=[problem], now=now)
    network = client_network(request)
    wait = seconds_to_wait("reports", network, limit=MOST_AN_HOUR, period=ONE_HOUR, now=now)
    if wait:
        return _ask_to_wait(request, form, wait, now=now)
    if not form.is_trapped:
        form.receive(now=now)
    return HttpResponseRedirect(reverse("recommendations:report_thanks", args=[report, number]))


@require_safe
@strict()
def report_thanks(request: HttpRequest, report: str, number: str) -> HttpResponse:
    context = {"recommendation": _recommendation(report, number)}
    return render(request, "recommendations/report_thanks.html", context)


def ask_for_cookie(request: HttpRequest, report: str, number: str) -> HttpResponse:
    """Give a reader's text back where the token of the form is missing or out of date."""
    form = ReaderReportForm(request.POST, recommendation=_recommendation(report, number))
    sentence = _(
        "Nothing was stored: your browser did not send the cookie that protects this form. Send "
        "it again. If this comes back, allow cookies for this site."
    )
    return _show(request, form, refusals=[sentence], status=403, now=timezone.now())


def _recommendation(report: str, number: str) -> Recommendation:
    recommendations = Record(Viewpoint.present()).recommendations().select_related("report")
    return get_object_or_404(recommendations, report__slug=report, number=number)


def _show(
    request: HttpRequest,
    form: ReaderReportForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
    now: datetime,
) -> HttpResponse:
    sent = form.data.get("opened", "")
    is_current = age_of(sent, form.recommendation, now=now) is not None
    context = {
        "recommendation": form.recommendation,
        "form": form,
        "refusals": refusals or [],
        "opened": sent if is_current else stamp_of(form.recommendation, now=now),
    }
    return render(request, "recommendations/report_error.html", context, status=status)


def _ask_to_wait(
    request: HttpRequest, form: ReaderReportForm, seconds: int, *, now: datetime
) -> HttpResponse:
    minutes = -(-seconds // 60)
    sentence = ngettext(
        "Nothing was stored: too much came from your network within an hour. Leave this page "
        "open, and send it again in %(n)d minute.",
        "Nothing was stored: too much came from your network within an hour. Leave this page "
        "open, and send it again in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}
    response = _show(request, form, refusals=[sentence], status=429, now=now)
    response["Retry-After"] = str(seconds)
    return response
