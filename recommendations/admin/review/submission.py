"""One submission: read beside what stands, published or returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.admin.pages import user_of
from recommendations.figures.effects_of_publishing import effects_of
from recommendations.models import StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.text.clock import moment

from .ages import waiting_time
from .comparison import comparison_of, since_return
from .forms import PUBLISH, RETURN, ReviewDecisionForm


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    update = get_object_or_404(StatusUpdate.objects.for_review(), slug=slug)
    form = ReviewDecisionForm(request.POST or None)
    go = request.POST.get("go")
    if go not in (PUBLISH, RETURN) or not form.is_valid():
        return _show(request, update, form)
    try:
        done = _decide(request, update, go=go, **form.cleaned_data)
    except ValidationError as error:
        return _refused(request, slug, form, error, go=go)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:review_queue"))


def _decide(
    request: HttpRequest,
    update: StatusUpdate,
    *,
    go: str,
    seen: str,
    public_note: str,
    return_note: str,
) -> str:
    """Take the step; return what was done, as a sentence."""
    versions = {update.pk: seen}
    if go == RETURN:
        publishing.return_(update, reviewer=user_of(request), note=return_note, seen=versions)
        return _("Returned to its authors.")
    edition = publishing.publish(
        [update], reviewer=user_of(request), note=public_note, seen=versions
    )
    return _("%(edition)s is published.") % {"edition": edition}


def _refused(
    request: HttpRequest, slug: str, form: ReviewDecisionForm, error: ValidationError, *, go: str
) -> HttpResponse:
    """Show the page as things stand now, with what was typed.

    Where this person's own step was taken already and only the answer was lost, say so.
    """
    update = StatusUpdate.objects.for_review().get(slug=slug)
    if _is_done(request, update, form, go=go):
        messages.success(request, decision_on(update))
        return HttpResponseRedirect(reverse("admin:review_queue"))
    return _show(request, update, form, refusals=error.messages, status=409)


def _is_done(
    request: HttpRequest, update: StatusUpdate, form: ReviewDecisionForm, *, go: str
) -> bool:
    if go == PUBLISH:
        return is_published_so([update], user_of(request), note=form.cleaned_data["public_note"])
    is_returned = update.review_state == ReviewState.RETURNED
    return is_returned and update.return_note == form.cleaned_data["return_note"]


def is_published_so(updates: Sequence[StatusUpdate], user: User, *, note: str) -> bool:
    """Whether this person published all of them as one edition with this note."""
    editions = {update.edition for update in updates}
    return (
        len(editions) == 1
        and all(update.reviewer_id == user.pk for update in updates)
        and all(edition and edition.note == note for edition in editions)
    )


def decision_on(update: StatusUpdate) -> str:
    """Return what became of an update that is not waiting: by whom, when, in which edition."""
    match update.review_state:
        case ReviewState.PUBLISHED if update.reviewer and update.published_at:
            return _("Published already: by %(person)s, %(moment)s, in edition %(edition)d.") % {
                "person": update.reviewer.get_username(),
                "moment": moment(update.published_at),
                "edition": update.edition_id,
            }
        case ReviewState.PUBLISHED if update.edition and update.edition.kind == "research":
            return _("It came with desk research, in edition %(edition)d.") % {
                "edition": update.edition_id
            }
        case ReviewState.PUBLISHED:
            return _("It came with the baseline, in edition %(edition)d.") % {
                "edition": update.edition_id
            }
        case ReviewState.RETURNED:
            return _("It was returned to its authors already: %(note)s") % {
                "note": update.return_note
            }
        case ReviewState.DRAFT:
            return _("It is a draft: nobody was asked to review it yet.")
    return ""


def _show(
    request: HttpRequest,
    update: StatusUpdate,
    form: ReviewDecisionForm,
    *,
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    decision = decision_on(update)
    context = {
        "update": update,
        "action": update.action,
        "form": form,
        "refusals": [] if decision else refusals,
        "decision": decision,
        **(_of_waiting(request, update, form) if _is_waiting(update) else {}),
    }
    return render(request, "admin/review.html", context, status=status)


def _is_waiting(update: StatusUpdate) -> bool:
    return update.review_state == ReviewState.SUBMITTED


def _of_waiting(
    request: HttpRequest, update: StatusUpdate, form: ReviewDecisionForm
) -> dict[str, Any]:
    """Return what the page of a submission shows besides, and send its version with the form."""
    now = timezone.now()
    standing = publishing.beside(update)
    if standing:
        standing = StatusUpdate.objects.for_review().get(pk=standing.pk)
    version = publishing.seen_version(update)
    form.fields["seen"].initial = version
    if form.is_bound:
        data = request.POST.copy()
        data["seen"] = version
        form.data = data
    return {
        "comparison": comparison_of(update, standing, today=now.date()),
        "since_return": since_return(update, today=now.date()),
        "effects": effects_of([update], today=now.date()),
        "problems": list(publishing.obstacles_to(update, today=now.date())),
        "is_own": user_of(request).pk in publishing.authors_of(update),
        "waiting": waiting_time(update.submitted_at or update.created_at, now=now),
    }
