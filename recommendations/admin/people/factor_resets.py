"""Lost second factors: another person sees who asks for whom and why, and decides."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance import second_factor
from recommendations.accounts import factor_resets
from recommendations.admin.base import ReadOnlyAdmin
from recommendations.admin.pages import staff_page, user_of
from recommendations.admin.review.ages import waiting_time
from recommendations.models import FactorReset
from recommendations.models.factor_reset import FactorResetOutcome
from recommendations.text.clock import moment

REVIEW = "recommendations.review_factorreset"
CONFIRM, DECLINE, RECALL = "confirm", "decline", "recall"


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, decide_factor_reset, permission="view_factorreset")
    return [path("factor-resets/<int:pk>/", page, name="decide_factor_reset")]


@require_http_methods(["GET", "HEAD", "POST"])
def decide_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(pk)
    go = request.POST.get("go", "")
    if go not in (CONFIRM, DECLINE, RECALL):
        return _show(request, asked)
    if go != RECALL and not request.user.has_perm(REVIEW):
        raise PermissionDenied
    try:
        messages.success(request, _decide(request, asked, go=go))
    except ValidationError as error:
        return _show(request, _asked(pk), refusals=error.messages, status=409)
    return redirect("admin:person_access", asked.person_id)


def _asked(pk: int) -> FactorReset:
    return get_object_or_404(FactorReset.objects.with_people(), pk=pk)


def _decide(request: HttpRequest, asked: FactorReset, *, go: str) -> str:
    by = user_of(request)
    if go == RECALL:
        factor_resets.recall(asked, by=by)
        return _("Taken back. Nothing was changed.")
    if go == DECLINE:
        factor_resets.decline(asked, by=by)
        return _("The reset is declined. Nothing was changed.")
    factor_resets.confirm(asked, by=by)
    return _("The second factor is removed, and all sessions are ended.")


def _show(
    request: HttpRequest,
    asked: FactorReset,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    is_own = asked.requested_by_id == user.pk
    context = {
        "asked": asked,
        "outcome": outcome_of(asked),
        "factors": second_factor.kinds_of(asked.person),
        "is_own": is_own,
        "may_decide": not is_own
        and request.user.has_perm(REVIEW)
        and factor_resets.may_reset(user, asked.person),
        "refusals": refusals or [],
        "waiting": waiting_time(asked.requested_at, now=timezone.now()),
    }
    return render(request, "admin/decide_factor_reset.html", context, status=status)


def outcome_of(asked: FactorReset) -> str:
    """Return what became of a request: by whom and when; "" while it waits."""
    if asked.decided_at is None:
        return ""
    facts = {"person": asked.decided_by or asked.requested_by, "moment": moment(asked.decided_at)}
    match asked.outcome:
        case FactorResetOutcome.CONFIRMED:
            return _("Confirmed by %(person)s, %(moment)s.") % facts
        case FactorResetOutcome.DECLINED:
            return _("Declined by %(person)s, %(moment)s.") % facts
    return _("Taken back by %(person)s, %(moment)s.") % facts


@admin.register(FactorReset)
class FactorResetAdmin(ReadOnlyAdmin):
    """Asked for on the page of the person, and decided on by another on a page of its own."""

    list_display = ("person", "requested_by", "requested_at", "outcome", "decided_by")
    list_filter = ("outcome",)
    list_select_related = ("person", "requested_by", "decided_by")
    change_form_template = "admin/recommendations/record_change_form.html"

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        asked = kwargs["obj"]
        if asked.is_pending:
            address = reverse("admin:decide_factor_reset", args=[asked.pk])
            context["steps"] = [(_("Decide on this request"), address)]
        return super().render_change_form(request, context, *args, **kwargs)
