"""Several submissions as one edition: seen together, then published together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.admin.pages import user_of
from recommendations.figures.effects_of_publishing import effects_of
from recommendations.models import StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.viewpoint import today

from .comparison import ReliedOn, Source, own_sources, relied_on_by
from .forms import PUBLISH, EditionForm
from .queue import MOST
from .submission import decision_on, is_published_so


@dataclass(frozen=True, slots=True)
class Line:
    """One of the chosen submissions with what a reviewer has to see of it."""

    update: StatusUpdate
    problems: list[str]
    sources: list[Source]
    relied_on: list[ReliedOn]
    has_new_source: bool


@require_http_methods(["GET", "HEAD", "POST"])
def review_edition(request: HttpRequest) -> HttpResponse:
    """Show the joint effect of the chosen submissions; publish them when told to."""
    updates = _chosen(request)
    form = EditionForm(request.POST or None)
    if request.POST.get("go") != PUBLISH or not form.is_valid():
        return _show(request, updates, form)
    seen = _seen_versions(request.POST.getlist("seen"))
    try:
        edition = publishing.publish(
            updates,
            reviewer=user_of(request),
            note=form.cleaned_data["public_note"],
            seen={update.pk: seen.get(update.slug, "") for update in updates},
        )
    except ValidationError as error:
        return _refused(request, form, error)
    messages.success(request, _("%(edition)s is published.") % {"edition": edition})
    return HttpResponseRedirect(reverse("admin:review_queue"))


def _chosen(request: HttpRequest) -> list[StatusUpdate]:
    """Return those chosen in the queue, without the one that is to be left out."""
    data = request.POST or request.GET
    left_out = data.get("leave_out")
    slugs = [slug for slug in data.getlist("update") if slug != left_out and "\x00" not in slug][
        :MOST
    ]
    return list(StatusUpdate.objects.filter(slug__in=slugs).for_review().order_by("submitted_at"))


def _seen_versions(values: Sequence[str]) -> dict[str, str]:
    """Return by slug the versions that the page was sent with."""
    return dict(value.split(":", 1) for value in values if ":" in value)


def _refused(request: HttpRequest, form: EditionForm, error: ValidationError) -> HttpResponse:
    """Show the page as things stand now. Where only the answer was lost, say that it is done."""
    updates = _chosen(request)
    if is_published_so(updates, user_of(request), note=form.cleaned_data["public_note"]):
        messages.success(request, decision_on(updates[0]))
        return HttpResponseRedirect(reverse("admin:review_queue"))
    return _show(request, updates, form, refusals=error.messages, status=409)


def _show(
    request: HttpRequest,
    updates: Sequence[StatusUpdate],
    form: EditionForm,
    *,
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    on = today()
    lines = [_line(update, user_of(request), today=on) for update in updates]
    waiting = [one for one in updates if one.review_state == ReviewState.SUBMITTED]
    counts = Counter(update.action_id for update in updates)
    has_rivals = any(n > 1 for n in counts.values())
    context = {
        "lines": lines,
        "form": form,
        "refusals": refusals,
        "has_rivals": has_rivals,
        "effects": None if has_rivals else effects_of(waiting, today=on),
        "may_publish": bool(lines) and not has_rivals and not any(one.problems for one in lines),
        "versions": [f"{one.slug}:{publishing.seen_version(one)}" for one in waiting],
    }
    return render(request, "admin/review_edition.html", context, status=status)


def _line(update: StatusUpdate, user: User, *, today: date) -> Line:
    return Line(
        update,
        _problems(update, user, today=today),
        own_sources(update, today=today),
        relied_on_by(update, today=today),
        publishing.has_source_of_its_own(update),
    )


def _problems(update: StatusUpdate, user: User, *, today: date) -> list[str]:
    if decision := decision_on(update):
        return [decision]
    own = [publishing.own_draft()] if user.pk in publishing.authors_of(update) else []
    return [*own, *publishing.obstacles_to(update, today=today)]
