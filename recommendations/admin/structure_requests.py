"""Steps in what is counted that one person asked for: another sees what follows, and decides."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.models import StructureRequest
from recommendations.models.fields import column_of
from recommendations.models.structure_request import StructureOutcome
from recommendations.publishing.structure_requests import (
    Step,
    changed_since,
    is_stale,
    obstacle_to,
    step_of,
)
from recommendations.text.clock import moment

from .base import ReadOnlyAdmin
from .of_report import OfReportMixin
from .pages import staff_page, user_of
from .review.ages import waiting_time
from .step_plan import Plan, plan_of_step

REVIEW = "recommendations.review_structurerequest"
CONFIRM, DECLINE, RECALL = "confirm", "decline", "recall"


def urls(site: AdminSite) -> list[URLPattern]:
    page = staff_page(site, decide_step, permission="view_structurerequest")
    return [path("steps/<int:pk>/", page, name="decide_step")]


class DecisionForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    note = forms.CharField(
        label=gettext_lazy("Why it is declined"),
        help_text=gettext_lazy("For who asked for it, when you decline. Never public."),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=column_of(StructureRequest, "note").validators,
        required=False,
    )

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if self.data.get("go") == DECLINE and not data.get("note"):
            self.add_error("note", _("Say why it is declined."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def decide_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a step that another person asked for, or decline it; or take back one's own."""
    asked = _asked(pk)
    form = DecisionForm(request.POST or None)
    go = request.POST.get("go", "")
    if go in (CONFIRM, DECLINE) and not request.user.has_perm(REVIEW):
        raise PermissionDenied
    if go not in (CONFIRM, DECLINE, RECALL) or not form.is_valid():
        return _show(request, asked, form)
    is_open = asked.outcome == StructureOutcome.PENDING
    if go == CONFIRM and is_open and form.cleaned_data["seen"] != _mark(asked):
        return _show(request, asked, form, refusals=[_seen_otherwise()], status=409)
    try:
        done = _decide(request, asked, go=go, note=form.cleaned_data["note"])
    except ValidationError as error:
        return _refused(request, pk, form, error, go=go)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:index"))


def _asked(pk: int) -> StructureRequest:
    return get_object_or_404(StructureRequest.objects.with_subjects(), pk=pk)


def _mark(asked: StructureRequest) -> str:
    plan = _plan(asked, step_of(asked))
    return plan.mark if plan else ""


def _seen_otherwise() -> str:
    return _("The numbers changed since you opened the page. Look again at what follows.")


def _decide(request: HttpRequest, asked: StructureRequest, *, go: str, note: str) -> str:
    by = user_of(request)
    if go == RECALL:
        publishing.recall_step(asked, by=by)
        return _("Taken back. Nothing was changed.")
    if go == DECLINE:
        publishing.decline_step(asked, by=by, note=note)
        return _("The step is declined. Nothing was changed.")
    edition = publishing.confirm_step(asked, by=by)
    return _("%(edition)s is published.") % {"edition": edition}


def _refused(
    request: HttpRequest, pk: int, form: DecisionForm, error: ValidationError, *, go: str
) -> HttpResponse:
    """Show the page as things stand now. Where only the answer was lost, say that it is done."""
    asked = _asked(pk)
    if _is_done(request, asked, go=go):
        messages.success(request, outcome_of(asked))
        return HttpResponseRedirect(reverse("admin:index"))
    return _show(request, asked, form, refusals=error.messages, status=409)


def _is_done(request: HttpRequest, asked: StructureRequest, *, go: str) -> bool:
    """Whether this person decided so before, and only the answer was lost."""
    me = user_of(request).pk
    match go:
        case "confirm":
            return asked.outcome == StructureOutcome.CONFIRMED and asked.decided_by_id == me
        case "decline":
            return asked.outcome == StructureOutcome.DECLINED and asked.decided_by_id == me
    return asked.outcome == StructureOutcome.RECALLED and asked.requested_by_id == me


def outcome_of(asked: StructureRequest) -> str:
    """Return what became of a request: by whom and when; "" while it waits."""
    if asked.decided_at is None:
        return ""
    facts = {"person": asked.decided_by or asked.requested_by, "moment": moment(asked.decided_at)}
    match asked.outcome:
        case StructureOutcome.CONFIRMED:
            told = _("Confirmed already: by %(person)s, %(moment)s, in edition %(edition)d.")
            return told % (facts | {"edition": asked.edition_id})
        case StructureOutcome.DECLINED:
            told = _("Declined already: by %(person)s, %(moment)s. %(note)s")
            return told % (facts | {"note": asked.note})
    return _("Taken back by %(person)s, %(moment)s.") % facts


def _plan(asked: StructureRequest, step: Step) -> Plan | None:
    """Return what would follow; None where what it is about is not there any more."""
    return None if is_stale(asked, step) else plan_of_step(step, reason=asked.reason)


def _show(
    request: HttpRequest,
    asked: StructureRequest,
    form: DecisionForm,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    outcome, step, user = outcome_of(asked), step_of(asked), user_of(request)
    plan = None if outcome else _plan(asked, step)
    _send_along(form, plan.mark if plan else "")
    obstacle = "" if outcome else obstacle_to(asked, step, by=user)
    context = {
        "asked": asked,
        "subjects": step.subjects,
        "outcome": outcome,
        "plan": plan,
        "stale": "" if outcome or plan else changed_since(),
        "obstacle": obstacle,
        "is_own": asked.requested_by_id == user.pk,
        "may_decide": request.user.has_perm(REVIEW) and asked.requested_by_id != user.pk,
        "may_confirm": bool(plan) and not obstacle,
        "form": form,
        "refusals": [] if outcome else refusals or [],
        "waiting": waiting_time(asked.requested_at, now=timezone.now()),
    }
    return render(request, "admin/decide_step.html", context, status=status)


def _send_along(form: DecisionForm, mark: str) -> None:
    """Send what was shown with the form, so that nobody confirms what is not before the eyes."""
    form.fields["seen"].initial = mark
    if form.is_bound:
        data = cast(QueryDict, form.data).copy()
        data["seen"] = mark
        form.data = data


@admin.register(StructureRequest)
class StructureRequestAdmin(OfReportMixin, ReadOnlyAdmin):
    """Asked for where the subject is, and decided on by another person on a page of its own."""

    list_display = (
        "step",
        "about",
        "reason",
        "requested_by",
        "requested_at",
        "outcome",
        "decided_by",
        "edition",
    )
    list_filter = ("outcome", "step")
    report_column = 2
    change_form_template = "admin/recommendations/record_change_form.html"

    def get_queryset(self, request: HttpRequest):
        return StructureRequest.objects.with_subjects().select_related("edition")

    def about_row(self, row: StructureRequest) -> Model | None:
        """Return the first of its subjects, which are of one report."""
        return next(iter(row.subjects), None)

    @admin.display(description=gettext_lazy("about"))
    def about(self, asked: StructureRequest) -> str:
        return "; ".join(map(str, asked.subjects))

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        asked = kwargs["obj"]
        if asked.outcome == StructureOutcome.PENDING:
            address = reverse("admin:decide_step", args=[asked.pk])
            context["steps"] = [(_("See what follows, and decide"), address)]
        return super().render_change_form(request, context, *args, **kwargs)
