"""Pages of the analyst: choose an action, log an update, confirm that nothing changed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations import publishing
from recommendations.admin.base import tell
from recommendations.admin.pages import key_of, staff_page, user_of
from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.status_update import ReviewState
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .choosing import choices
from .forms import ConfirmForm, DraftForm, evidence_formset
from .page import DraftPage, open_updates_of, page_context
from .unlikely_dates import unanswered
from .versions import version_differences


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_statusupdate")

    return [
        path("log/", page(log_update), name="log_update"),
        path("log/actions/", page(action_suggestions), name="log_actions"),
        path("log/confirm/<int:pk>/", page(confirm_status), name="confirm_status"),
        path("log/inherit/<int:pk>/", page(begin_with_evidence), name="log_update_inherit"),
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
    actions = Action.objects.in_record().select_related("recommendation__report")
    action = get_object_or_404(actions, pk=int(key))
    if request.method != "POST":
        return _show(request, publishing.begin(action, by=user_of(request)))
    stored = _stored_before(request)
    return _save(request, stored or publishing.begin(action, by=user_of(request)))


def _stored_before(request: HttpRequest) -> StatusUpdate | None:
    """Return the draft of this very form, where it is stored and only the answer was lost."""
    mine = StatusUpdate.objects.filter(editors=user_of(request)).select_related(
        "action__recommendation__report"
    )
    return mine.filter(slug=request.POST.get("reference", "")[:120]).first()


@require_POST
def begin_with_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft of an action with what an action said that it came of."""
    actions = Action.objects.in_record().select_related("recommendation__report")
    action = get_object_or_404(actions, pk=pk)
    earlier = action.predecessors.filter(pk=key_of(request.POST.get("earlier", "")) or 0).first()
    if earlier is None:
        raise Http404
    reference = request.POST.get("reference", "")[:120]
    try:
        draft = publishing.begin_with_evidence(
            action, earlier, by=user_of(request), reference=reference
        )
    except publishing.Stale:
        return HttpResponseRedirect(reverse("admin:log_update_draft", args=[reference]))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(f"{reverse('admin:log_update')}?action={action.pk}")
    messages.success(
        request, _("The draft is begun. Look through each source: it was found for another action.")
    )
    return HttpResponseRedirect(_address(draft))


@require_http_methods(["GET", "HEAD", "POST"])
def log_update_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a draft, or with what was returned."""
    updates = StatusUpdate.objects.select_related("action__recommendation__report", "replaces")
    update = get_object_or_404(updates, slug=slug)
    if request.method == "POST":
        return _save(request, update)
    if update.review_state not in (ReviewState.DRAFT, ReviewState.RETURNED):
        return HttpResponseRedirect(_record_address(update))
    return _show(request, update)


def _record_address(update: StatusUpdate) -> str:
    return reverse("admin:recommendations_statusupdate_change", args=[update.pk])


def _address(update: StatusUpdate) -> str:
    return reverse("admin:log_update_draft", args=[update.slug])


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
    return render(
        request,
        "admin/log_update.html",
        page_context(page, today=on, problems=problems, is_refused="refused" in request.GET),
    )


def _save(request: HttpRequest, update: StatusUpdate) -> HttpResponse:
    """Store the draft; where it cannot be, show it again as it was typed."""
    on = today()
    form = DraftForm(request.POST, instance=update, action=update.action, today=on)
    formset = evidence_formset(update, today=on, data=request.POST)
    page = DraftPage(update, form, formset)
    go = request.POST.get("go", "")
    if go == "add":
        page = page.with_one_more_item(request.POST, today=on)
        return render(request, "admin/log_update.html", page_context(page, today=on))
    if not (form.is_valid() and formset.is_valid()):
        return render(request, "admin/log_update.html", page_context(page, today=on))
    items = formset.items
    if questions := unanswered(update, items, answered=page.answered):
        context = page_context(page, today=on, questions=questions)
        return render(request, "admin/log_update.html", context)
    try:
        saved = _write(request, form, items)
    except publishing.Stale:
        return _tell_stale(request, page, items, on=on, go=go)
    except ValidationError as error:
        context = page_context(page, today=on, refusals=error.messages)
        return render(request, "admin/log_update.html", context)
    return _after_save(request, saved, go=go)


@transaction.atomic
def _write(request: HttpRequest, form: DraftForm, items: list[Evidence]) -> StatusUpdate:
    update = form.instance
    if update.pk:
        publishing.lock_draft(update.pk, revision=form.cleaned_data["revision"])
    else:
        publishing.claim_reference(update, form.cleaned_data["reference"], by=user_of(request))
    form.save()
    update.evidence.all().delete()
    for item in items:
        item.pk, item.update = None, update
        item.save()
    publishing.record_save(update, by=user_of(request))
    return update


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
    context = page_context(page, today=on, differences=found, stored=stored)
    return render(request, "admin/log_update.html", context, status=409)


def _after_save(request: HttpRequest, update: StatusUpdate, *, go: str) -> HttpResponse:
    if go == "preview":
        return HttpResponseRedirect(f"{_address(update)}#preview")
    if go != "submit":
        messages.success(request, _("The draft is saved."))
        return HttpResponseRedirect(_address(update))
    if update.review_state == ReviewState.SUBMITTED:
        return _submitted(request, update)
    try:
        publishing.submit(update, by=user_of(request))
    except ValidationError as error:
        # The page finds again what the update lacks, beside the form.
        if not publishing.problems_of(update, today=today()):
            tell(request, error)
        return HttpResponseRedirect(f"{_address(update)}?refused=1#errors")
    return _submitted(request, update)


def _submitted(request: HttpRequest, update: StatusUpdate) -> HttpResponse:
    messages.success(request, _("Submitted. Another person will review it."))
    waiting = StatusUpdate.objects.waiting().filter(action=update.action_id)
    if waiting.exclude(pk=update.pk).exists():
        messages.warning(
            request,
            _("Another update of %(action)s waits for review too: each is published apart.")
            % {"action": update.action.label},
        )
    return HttpResponseRedirect(reverse("admin:index"))


@require_safe
def is_draft_stored(request: HttpRequest, slug: str) -> JsonResponse:
    """Tell the form's script whether what it kept of an earlier visit was stored after all."""
    mine = StatusUpdate.objects.filter(slug=slug, editors=user_of(request))
    return JsonResponse({"is_stored": mine.exists()})


@require_POST
def discard_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete one's own draft, which nobody was asked to review yet."""
    update = get_object_or_404(StatusUpdate, slug=slug, author=user_of(request))
    if update.review_state != ReviewState.DRAFT:
        messages.error(request, _("Only a draft that was never submitted can be discarded."))
        return HttpResponseRedirect(_address(update))
    if "sure" not in request.POST:
        return _ask(
            request,
            update,
            question=_("Discard this draft?"),
            warning=_("What it says, and its sources, are gone for good."),
            answer=_("Discard the draft"),
        )
    update.delete()
    messages.success(request, _("The draft is discarded."))
    return HttpResponseRedirect(reverse("admin:index"))


def _ask(request: HttpRequest, update: StatusUpdate, **sentences: str) -> HttpResponse:
    """Ask before an act; the answer comes to the same address."""
    back = (
        _record_address(update)
        if update.review_state == ReviewState.SUBMITTED
        else _address(update)
    )
    context = {"update": update, "action": update.action, "back": back, **sentences}
    return render(request, "admin/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recall_submission(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back a submission of one's own that waits for review."""
    update = get_object_or_404(StatusUpdate.objects.select_related("action"), slug=slug)
    if request.method != "POST":
        return _ask(
            request,
            update,
            question=_("Take this submission back?"),
            warning=_("It leaves the review and is your draft again. Nothing of it is lost."),
            answer=_("Take it back"),
        )
    try:
        publishing.recall(update, by=user_of(request))
    except ValidationError as error:
        tell(request, error)
        return HttpResponseRedirect(_record_address(update))
    messages.success(request, _("Taken back. It waits for nobody now."))
    return HttpResponseRedirect(_address(update))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit that nothing changed, on the evidence that stands."""
    actions = Action.objects.in_record().select_related("recommendation__report")
    action = get_object_or_404(actions.with_stated_since(), pk=pk)
    form = ConfirmForm(request.POST or None, today=today())
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            update = publishing.confirm(action, by=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            refusals = error.messages
        else:
            return _submitted(request, update)
    context = {
        "action": action,
        "form": form,
        "refusals": refusals,
        "reliance": publishing.default_reliance(action),
        "open_updates": open_updates_of(action),
    }
    return render(request, "admin/confirm_status.html", context)
