"""What is published is mended: a correction is begun, a retraction asked for and decided on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.admin.pages import user_of
from recommendations.figures.effects_of_publishing import effects_of_retraction
from recommendations.models import RetractionRequest, StatusUpdate
from recommendations.models.retraction import RetractionOutcome
from recommendations.models.status_update import ReviewState
from recommendations.text.clock import moment

from .ages import waiting_time
from .forms import CorrectionReasonForm

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def correct_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Say why an update is corrected; the draft that this begins is an update like any other."""
    update = _published(slug)
    form = CorrectionReasonForm(request.POST or None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            draft = publishing.correct(update, by=user_of(request), **form.cleaned_data)
        except publishing.Stale:
            # The form was sent twice: its draft is there already.
            return _to_draft(request, form.cleaned_data["reference"])
        except ValidationError as error:
            refusals = error.messages
        else:
            return _to_draft(request, draft.slug)
    drafts = update.replacements.exclude(review_state=ReviewState.PUBLISHED)
    context = _context(update, form, refusals) | {"drafts": drafts.select_related("author")}
    return render(request, "admin/correct_update.html", context)


def _to_draft(request: HttpRequest, slug: str) -> HttpResponse:
    messages.success(request, _("This is the draft of the correction."))
    return HttpResponseRedirect(reverse("admin:log_update_draft", args=[slug]))


@require_http_methods(METHODS)
def retract_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a retraction, which another person has to confirm."""
    update = _published(slug)
    form = CorrectionReasonForm(request.POST or None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            publishing.request_retraction(update, by=user_of(request), reason=reason)
        except ValidationError as error:
            refusals = error.messages
        mine = update.retraction_requests.filter(requested_by=user_of(request), reason=reason)
        # Also where the answer to the first click was lost.
        if mine.filter(outcome=RetractionOutcome.PENDING).exists():
            messages.success(request, _("Asked for. Another person has to confirm the retraction."))
            return HttpResponseRedirect(
                reverse("admin:recommendations_statusupdate_change", args=[update.pk])
            )
    context = _context(update, form, refusals) | {
        "effects": effects_of_retraction(update, today=timezone.now().date()),
        "pending": update.retraction_requests.waiting().select_related("requested_by").first(),
    }
    return render(request, "admin/retract_update.html", context)


def _published(slug: str) -> StatusUpdate:
    updates = StatusUpdate.objects.published().for_timeline()
    return get_object_or_404(
        updates.select_related("action__recommendation__report", "edition", "ended_in_edition"),
        slug=slug,
    )


def _context(
    update: StatusUpdate, form: CorrectionReasonForm, refusals: list[str]
) -> dict[str, Any]:
    return {"update": update, "action": update.action, "form": form, "refusals": refusals}


@require_http_methods(METHODS)
def decide_retraction(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a retraction that another person asked for, or decline it."""
    asked = _asked(pk)
    refusals: list[str] = []
    go = request.POST.get("go")
    if go in ("confirm", "decline"):
        try:
            messages.success(request, _decide(request, asked, go=go))
        except ValidationError as error:
            asked, refusals = _asked(pk), error.messages
            if not _is_done(request, asked, go=go):
                return _show_request(request, asked, refusals=refusals, status=409)
            messages.success(request, outcome_of(asked))
        return HttpResponseRedirect(reverse("admin:review_queue"))
    return _show_request(request, asked, refusals=refusals)


def _asked(pk: int) -> RetractionRequest:
    return get_object_or_404(
        RetractionRequest.objects.select_related("requested_by", "decided_by"), pk=pk
    )


def _decide(request: HttpRequest, asked: RetractionRequest, *, go: str) -> str:
    if go == "decline":
        publishing.decline_retraction(asked, by=user_of(request))
        return _("The retraction is declined; the update stands.")
    edition = publishing.retract(asked, by=user_of(request))
    return _("%(edition)s is published.") % {"edition": edition}


def _is_done(request: HttpRequest, asked: RetractionRequest, *, go: str) -> bool:
    """Whether this person decided so before, and only the answer was lost."""
    wanted = RetractionOutcome.CONFIRMED if go == "confirm" else RetractionOutcome.DECLINED
    return asked.outcome == wanted and asked.decided_by_id == user_of(request).pk


def outcome_of(asked: RetractionRequest) -> str:
    """Return what became of a request: by whom and when; "" while it waits."""
    if asked.research_edition_id:
        told = _("Retracted by the research of edition %(edition)d, without a request.")
        return told % {"edition": asked.research_edition_id}
    if asked.decided_by is None or asked.decided_at is None:
        return ""
    facts = {"person": asked.decided_by.get_username(), "moment": moment(asked.decided_at)}
    if asked.outcome == RetractionOutcome.CONFIRMED:
        return _("Confirmed already: by %(person)s, %(moment)s. The update is retracted.") % facts
    return _("Declined already: by %(person)s, %(moment)s. The update stands.") % facts


def _show_request(
    request: HttpRequest, asked: RetractionRequest, *, refusals: list[str], status: int = 200
) -> HttpResponse:
    now = timezone.now()
    update = _published(asked.update.slug)
    context = {
        "asked": asked,
        "update": update,
        "action": update.action,
        "refusals": refusals,
        "outcome": outcome_of(asked),
        "is_own": asked.requested_by_id == user_of(request).pk,
        "waiting": waiting_time(asked.requested_at, now=now),
        "effects": effects_of_retraction(update, today=now.date()),
    }
    return render(request, "admin/review_retraction.html", context, status=status)
