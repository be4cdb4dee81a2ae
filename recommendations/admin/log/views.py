"""Pages of the analyst: choose an action, log an update, confirm that nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations import publishing
from recommendations.admin.base import tell
from recommendations.admin.pages import staff_page, user_of
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .choosing import choices
from .copies import anchor_of, copy_step
from .copy_boxes import copy_boxes
from .forms import ConfirmForm, DraftForm, evidence_formset
from .inheriting import begin_with_evidence
from .page import DraftPage, left_sentence, open_updates_of, page_context
from .taking_back import (
    discard_draft,
    discarded_drafts,
    draft_address,
    recall_submission,
    record_address,
    restore_draft,
)
from .unlikely_dates import unanswered
from .versions import version_differences
from .worked_lists import PARAMETER, confirm_address, list_of, log_address, next_in
from .writing import store_draft

SUBMIT, SUBMIT_AND_NEXT = "submit", "next"


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_statusupdate")

    return [
        path("log/", page(log_update), name="log_update"),
        path("log/actions/", page(action_suggestions), name="log_actions"),
        path("log/confirm/<int:pk>/", page(confirm_status), name="confirm_status"),
        path("log/inherit/<int:pk>/", page(begin_with_evidence), name="log_update_inherit"),
        path("log/discarded/", page(discarded_drafts), name="discarded_drafts"),
        path("log/discarded/<int:pk>/", page(restore_draft), name="restore_draft"),
        path("log/<slug:slug>/", page(log_update_draft), name="log_update_draft"),
        path("log/<slug:slug>/stored/", page(is_draft_stored), name="log_update_stored"),
        path("log/<slug:slug>/recall/", page(recall_submission), name="log_update_recall"),
        path("log/<slug:slug>/discard/", page(discard_draft), name="log_update_discard"),
    ]


@require_safe
def action_suggestions(request: HttpRequest) -> JsonResponse:
    """Return actions for the search box: by number, address and words, the best first."""
    is_named = has_several_reports(Record(Viewpoint.present()))
    found = choices(request.GET.get("q", ""))
    return JsonResponse(found.as_json(is_report_named=is_named))


@require_http_methods(["GET", "HEAD", "POST"])
def log_update(request: HttpRequest) -> HttpResponse:
    """Begin a draft. Without an action the page asks for one."""
    key = request.POST.get("action") or request.GET.get("action", "")
    if not key:
        text = request.GET.get("q", "")
        context = {"query": text, "choices": choices(text) if text.strip() else None}
        return render(request, "admin/log_choose.html", context)
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    action = action_of_form(request, int(key))
    if request.method != "POST":
        return _show(request, publishing.begin(action, by=user_of(request)))
    stored = _stored_before(request)
    return _save(request, stored or publishing.begin(action, by=user_of(request)))


def action_of_form(request: HttpRequest, pk: int) -> Action:
    """Return an action in the record, or raise Http404.

    What was typed for one that has left it meanwhile is refused later, where it can be shown.
    """
    rows = Action.objects.all() if request.method == "POST" else Action.objects.in_record()
    rows = rows.with_stated_since().select_related("recommendation__report")
    return get_object_or_404(rows, pk=pk)


def _stored_before(request: HttpRequest) -> StatusUpdate | None:
    """Return the draft of this very form, where it is stored and only the answer was lost."""
    mine = StatusUpdate.objects.filter(editors=user_of(request)).select_related(
        "action__recommendation__report"
    )
    return mine.filter(slug=request.POST.get("reference", "")[:120]).first()


@require_http_methods(["GET", "HEAD", "POST"])
def log_update_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a draft, or with what was returned."""
    updates = StatusUpdate.objects.select_related("action__recommendation__report", "replaces")
    update = get_object_or_404(updates, slug=slug)
    if request.method == "POST":
        return _save(request, update)
    if update.review_state not in (ReviewState.DRAFT, ReviewState.RETURNED):
        return HttpResponseRedirect(record_address(update))
    return _show(request, update)


def _address(update: StatusUpdate, request: HttpRequest | None = None) -> str:
    address = draft_address(update)
    worked = list_of(request) if request else None
    return f"{address}?{urlencode({PARAMETER: worked.carried})}" if worked else address


def _show(request: HttpRequest, update: StatusUpdate) -> HttpResponse:
    on = today()
    page = DraftPage(
        update,
        DraftForm(instance=update, action=update.action, today=on),
        evidence_formset(update, today=on),
    )
    problems = []
    if update.pk:
        problems = publishing.problems_of(update, today=on)
    return _render(request, page, today=on, problems=problems, is_refused="refused" in request.GET)


def _render(
    request: HttpRequest,
    page: DraftPage,
    *,
    status: int = 200,
    refused_copies: Mapping[str, str] | None = None,
    **facts: Any,
) -> HttpResponse:
    context = page_context(page, **facts) | way_on(request, page.form.action)
    context["copy_boxes"] = copy_boxes(page.formset, user=user_of(request), refused=refused_copies)
    return render(request, "admin/log_update.html", context, status=status)


def way_on(request: HttpRequest, action: Action, *, confirms: bool = False) -> dict[str, Any]:
    """Return the list that somebody works through, as the page names it, and what is next."""
    worked = list_of(request)
    return {
        "worked": worked,
        "following": next_in(request, worked, action, confirms=confirms),
        "log_address": log_address(action, worked),
        "confirm_address": confirm_address(action, worked),
    }


def _save(request: HttpRequest, update: StatusUpdate) -> HttpResponse:
    """Store the draft; where it cannot be, show it again as it was typed."""
    on = today()
    form = DraftForm(request.POST, instance=update, action=update.action, today=on)
    formset = evidence_formset(update, today=on, data=request.POST)
    page = DraftPage(update, form, formset)
    go = request.POST.get("go", "")
    if go == "add":
        page = page.with_one_more_item(request.POST, today=on)
        return _render(request, page, today=on)
    step = copy_step(go, request.POST, by=user_of(request))
    if step and not step.is_saved:
        page = page.with_items(step.data)
        return _render(request, page, today=on, refused_copies=step.refused)
    if not update.pk and (said := left_sentence(update.action)):
        return _render(request, page, status=409, today=on, refusals=[said])
    if not (form.is_valid() and formset.is_valid()):
        return _render(request, page, today=on)
    items = formset.items
    if questions := unanswered(update, items, answered=page.answered):
        return _render(request, page, today=on, questions=questions)
    try:
        saved = store_draft(form, items, by=user_of(request))
    except publishing.Stale:
        return _tell_stale(request, page, items, on=on, go=go)
    except ValidationError as error:
        return _render(request, page, today=on, refusals=error.messages)
    return _after_save(request, saved, go=go)


def _tell_stale(
    request: HttpRequest, page: DraftPage, items: list[Evidence], *, on: date, go: str
) -> HttpResponse:
    """Show what was saved meanwhile beside it. Where both agree, the form was sent twice."""
    stored = StatusUpdate.objects.select_related("action__recommendation__report").get(
        slug=page.update.slug if page.update.pk else page.form.cleaned_data["reference"]
    )
    found = version_differences(page.form, items, stored)
    if not found:
        return _after_save(request, stored, go=go)
    return _render(request, page, status=409, today=on, differences=found, stored=stored)


def _after_save(request: HttpRequest, update: StatusUpdate, *, go: str) -> HttpResponse:
    if go == "preview":
        return HttpResponseRedirect(f"{_address(update, request)}#preview")
    if go not in (SUBMIT, SUBMIT_AND_NEXT):
        messages.success(request, _("The draft is saved."))
        return HttpResponseRedirect(_address(update, request) + anchor_of(go))
    if update.review_state == ReviewState.SUBMITTED:
        return _submitted(request, update)
    try:
        publishing.submit(update, by=user_of(request))
    except ValidationError as error:
        # The page finds again what the update lacks, beside the form.
        if not publishing.problems_of(update, today=today()):
            tell(request, error)
        address = _address(update, request)
        mark = "&" if "?" in address else "?"
        return HttpResponseRedirect(f"{address}{mark}refused=1#errors")
    return _submitted(request, update)


def _submitted(
    request: HttpRequest, update: StatusUpdate, *, confirms: bool = False
) -> HttpResponse:
    """Say so, with the way to take it back, and lead on: to the next, or to where one came from."""
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _("Submitted: %(action)s. Another person will review it.")
            % {"action": update.action.label},
            reverse("admin:log_update_recall", args=[update.slug]),
            _("Take it back"),
        ),
    )
    waiting = StatusUpdate.objects.waiting().filter(action=update.action_id)
    if waiting.exclude(pk=update.pk).exists():
        messages.warning(
            request,
            _("Another update of %(action)s waits for review too: each is published apart.")
            % {"action": update.action.label},
        )
    return HttpResponseRedirect(_where_next(request, update, confirms=confirms))


def _where_next(request: HttpRequest, update: StatusUpdate, *, confirms: bool) -> str:
    worked = list_of(request)
    if request.POST.get("go") != SUBMIT_AND_NEXT:
        return worked.url if worked else reverse("admin:index")
    if worked is None:
        return reverse("admin:log_update")
    if following := next_in(request, worked, update.action, confirms=confirms):
        return following.url
    messages.info(request, _("That was the last of this list that nobody has in hand."))
    return worked.url


@require_safe
def is_draft_stored(request: HttpRequest, slug: str) -> JsonResponse:
    """Tell the form's script whether what it kept of an earlier visit was stored after all."""
    mine = StatusUpdate.objects.filter(slug=slug, editors=user_of(request))
    return JsonResponse({"is_stored": mine.exists()})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit that nothing changed, on the evidence that stands."""
    action = action_of_form(request, pk)
    form = ConfirmForm(request.POST or None, today=today())
    refusals: list[str] = []
    if request.method == "POST" and (said := left_sentence(action)):
        refusals = [said]
    elif request.method == "POST" and form.is_valid():
        try:
            update = publishing.confirm(action, by=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            refusals = error.messages
        else:
            return _submitted(request, update, confirms=True)
    context = {
        **way_on(request, action, confirms=True),
        "action": action,
        "form": form,
        "refusals": refusals,
        "reliance": publishing.default_reliance(action),
        "open_updates": open_updates_of(action),
    }
    return render(request, "admin/confirm_status.html", context)
