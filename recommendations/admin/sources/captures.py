"""Copies of sources: looked at, asked to be removed, and removed by another person."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import sources
from recommendations.admin.base import ReadOnlyAdmin
from recommendations.admin.pages import staff_page, user_of
from recommendations.admin.review.ages import waiting_time
from recommendations.models import Capture, CaptureRemoval
from recommendations.models.capture import RemovalOutcome
from recommendations.models.fields import column_of
from recommendations.publishing import touch
from recommendations.text.clock import moment

METHODS = ["GET", "HEAD", "POST"]
ASK = "recommendations.add_captureremoval"
REVIEW = "recommendations.review_captureremoval"
CONFIRM, DECLINE = "confirm", "decline"


def urls(site: AdminSite) -> list[URLPattern]:
    ask = staff_page(site, ask_removal, permission="add_captureremoval")
    decide = staff_page(site, decide_removal, permission="view_captureremoval")
    return [
        path("sources/copies/<int:pk>/remove/", ask, name="ask_removal"),
        path("sources/removals/<int:pk>/", decide, name="decide_removal"),
    ]


class ReasonForm(forms.Form):
    reason = column_of(CaptureRemoval, "reason").formfield(
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=column_of(CaptureRemoval, "reason").validators,
    )


@require_http_methods(METHODS)
def ask_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a copy is to go; another person decides."""
    capture = get_object_or_404(Capture.objects.select_related("source"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sources.ask_removal(capture, by=user_of(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Asked for. Another person has to confirm the removal."))
            return redirect("admin:recommendations_capture_change", capture.pk)
    context = {"capture": capture, "form": form}
    return render(request, "admin/ask_removal.html", context)


@require_http_methods(METHODS)
def decide_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a removal that another person asked for, or decline it."""
    asked = _asked(pk)
    go = request.POST.get("go", "")
    if go not in (CONFIRM, DECLINE):
        return _show(request, asked)
    if not request.user.has_perm(REVIEW):
        raise PermissionDenied
    decide = sources.confirm_removal if go == CONFIRM else sources.decline_removal
    try:
        with transaction.atomic():
            decide(asked, by=user_of(request))
            # Pages that readers keep say of the copy that it is gone.
            touch(())
    except ValidationError as error:
        return _show(request, _asked(pk), refusals=error.messages, status=409)
    done = _("The copy is removed. Its hash and the reason stay.")
    messages.success(request, done if go == CONFIRM else _("Declined. The copy stays."))
    return redirect("admin:recommendations_capture_change", asked.capture_id)


def _asked(pk: int) -> CaptureRemoval:
    rows = CaptureRemoval.objects.select_related("capture__source", "requested_by", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    asked: CaptureRemoval,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_own = asked.requested_by_id == user_of(request).pk
    context = {
        "asked": asked,
        "outcome": outcome_of(asked),
        "is_own": is_own,
        "may_decide": not is_own and request.user.has_perm(REVIEW),
        "refusals": refusals or [],
        "waiting": waiting_time(asked.requested_at, now=timezone.now()),
    }
    return render(request, "admin/decide_removal.html", context, status=status)


def outcome_of(asked: CaptureRemoval) -> str:
    """Return what became of a request: by whom and when; "" while it waits."""
    if asked.decided_at is None:
        return ""
    facts = {"person": asked.decided_by, "moment": moment(asked.decided_at)}
    if asked.outcome == RemovalOutcome.CONFIRMED:
        return _("Confirmed by %(person)s, %(moment)s.") % facts
    return _("Declined by %(person)s, %(moment)s.") % facts


@admin.register(Capture)
class CaptureAdmin(ReadOnlyAdmin):
    """Added by whoever captures a source, and removed by two."""

    list_display = ("source", "made_at", "way", "media_type", "size", "sha256", "removed_at")
    list_filter = ("way", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("source",)
    search_fields = ("sha256", "source__title", "source__host")
    change_form_template = "admin/recommendations/record_change_form.html"

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        capture = kwargs["obj"]
        context["steps"] = steps = []
        if capture.is_kept:
            steps.append((_("Text of the copy"), reverse("admin:copy_text", args=[capture.pk])))
            steps.append((_("Save the file"), reverse("admin:staff_copy", args=[capture.pk])))
        if waiting := capture.removals.waiting().first():
            address = reverse("admin:decide_removal", args=[waiting.pk])
            steps.append((_("Decide on its removal"), address))
        elif capture.is_kept and request.user.has_perm(ASK):
            steps.append(
                (_("Ask for its removal"), reverse("admin:ask_removal", args=[capture.pk]))
            )
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(CaptureRemoval)
class CaptureRemovalAdmin(ReadOnlyAdmin):
    """Asked for on the page of the copy, and decided on by another on a page of its own."""

    list_display = ("capture", "reason", "requested_by", "requested_at", "outcome", "decided_by")
    list_filter = ("outcome",)
    list_select_related = ("capture", "requested_by", "decided_by")
    change_form_template = "admin/recommendations/record_change_form.html"

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        asked = kwargs["obj"]
        if asked.outcome == RemovalOutcome.PENDING:
            address = reverse("admin:decide_removal", args=[asked.pk])
            context["steps"] = [(_("Decide on this request"), address)]
        return super().render_change_form(request, context, *args, **kwargs)
