"""What an analyst takes back: a submission, a draft, and the discarding of one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations import publishing
from recommendations.admin.base import tell
from recommendations.admin.pages import user_of
from recommendations.models import DiscardedDraft, StatusUpdate
from recommendations.models.status_update import ReviewState


def draft_address(update: StatusUpdate) -> str:
    return reverse("admin:log_update_draft", args=[update.slug])


def record_address(update: StatusUpdate) -> str:
    return reverse("admin:recommendations_statusupdate_change", args=[update.pk])


@require_POST
def discard_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw one's own draft away. It can be taken out again for a while."""
    update = get_object_or_404(StatusUpdate, slug=slug, author=user_of(request))
    try:
        publishing.discard(update, by=user_of(request))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(draft_address(update))
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _("The draft is discarded."),
            reverse("admin:discarded_drafts"),
            _("Undo"),
        ),
    )
    return HttpResponseRedirect(reverse("admin:index"))


@require_safe
def discarded_drafts(request: HttpRequest) -> HttpResponse:
    """Show the drafts that this person discarded and can take out again."""
    found = publishing.discarded_by(user_of(request), now=timezone.now())
    context = {"discarded": found, "days": publishing.DISCARDED_LAST.days}
    return render(request, "admin/discarded_drafts.html", context)


@require_POST
def restore_draft(request: HttpRequest, pk: int) -> HttpResponse:
    kept = DiscardedDraft.objects.filter(pk=pk, person=user_of(request)).first()
    try:
        update = publishing.restore(kept or DiscardedDraft(pk=0), by=user_of(request))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(reverse("admin:discarded_drafts"))
    messages.success(request, _("The draft is there again, as it was."))
    return HttpResponseRedirect(draft_address(update))


@require_http_methods(["GET", "HEAD", "POST"])
def recall_submission(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back a submission of one's own that waits for review."""
    update = get_object_or_404(StatusUpdate.objects.select_related("action"), slug=slug)
    if request.method != "POST":
        return _ask(request, update)
    try:
        publishing.recall(update, by=user_of(request))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(record_address(update))
    messages.success(request, _("Taken back. It waits for nobody now."))
    return HttpResponseRedirect(draft_address(update))


def _ask(request: HttpRequest, update: StatusUpdate) -> HttpResponse:
    """Ask before an act; the answer comes to the same address."""
    is_waiting = update.review_state == ReviewState.SUBMITTED
    context = {
        "update": update,
        "action": update.action,
        "back": record_address(update) if is_waiting else draft_address(update),
        "question": _("Take this submission back?"),
        "warning": _("It leaves the review and is your draft again. Nothing of it is lost."),
        "answer": _("Take it back"),
    }
    return render(request, "admin/ask.html", context)
