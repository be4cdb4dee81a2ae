"""What would come of a spreadsheet, and what an editor has to say before it does."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.admin.pages import user_of
from recommendations.drafting.deliveries.acceptance import Accepted, accept
from recommendations.drafting.deliveries.plan import Plan, plan_of
from recommendations.importing.problems import ImportProblem
from recommendations.models import TableImport
from recommendations.translating.record_texts import carry_over

from .check_page import context_of
from .forms import Forms, forms_of
from .said import save_decisions
from .upload import own


def table_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would come of the rows; keep what is decided; write them when told to."""
    kept = own(request, pk)
    plan = plan_of(kept)
    if request.method != "POST":
        return _show(request, kept, plan, forms_of(plan))
    forms = forms_of(plan, request)
    save_decisions(request, pk, plan, forms)
    kept = own(request, pk)
    plan = plan_of(kept)
    if request.POST.get("go") != "accept":
        if forms.are_valid:
            return HttpResponseRedirect(reverse("admin:table_check", args=[pk]))
        return _show(request, kept, plan, forms, status=400)
    if not forms.are_valid or not plan.is_ready:
        return _show(request, kept, plan, forms, refusals=list(_left(plan)), status=400)
    return _accepted(request, kept, plan, forms)


def _accepted(request: HttpRequest, kept: TableImport, plan: Plan, forms: Forms) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if seen != plan.mark:
        # What was said just now changed what would come of it: it is shown before it does.
        return _show(request, kept, plan, forms, refusals=[_look_again()], status=409)
    try:
        with transaction.atomic():
            accepted = accept(kept.pk, by=user_of(request), seen=seen, now=timezone.now())
            for before, after in accepted.reworded:
                carry_over(before, after)
    except ImportProblem as problem:
        return _show(request, kept, plan, forms, refusals=[str(problem)], status=409)
    messages.success(request, _told(accepted))
    return HttpResponseRedirect(reverse("admin:delivery", args=[accepted.delivery.pk]))


def _look_again() -> str:
    return _(
        "What you said changed what would come of the table. Look at it, and import it once more."
    )


def _told(accepted: Accepted) -> str:
    return _(
        "Imported as drafts: %(recommendations)d recommendations, %(actions)d actions, "
        "%(changes)d changes, %(drafts)d draft updates. Nothing of it is public yet."
    ) % {
        "recommendations": accepted.recommendations,
        "actions": accepted.actions,
        "changes": accepted.changes,
        "drafts": accepted.drafts,
    }


def _left(plan: Plan) -> Iterator[str]:
    """Yield what is left to be said, as sentences."""
    if not plan.recommendations:
        yield _("No recommendation was found in the rows.")
    if plan.open_groups:
        yield _("Some rows are wrong: correct the file, or leave them out.")
    if any(not report.is_decided for report in plan.reports):
        yield _("Say which report the table is about.")
    if plan.open_names:
        yield _("Say who is meant by each name.")
    if plan.open_statuses:
        yield _("Say what each status means.")
    if plan.likely:
        yield _("Say which rows are recommendations or actions that are here already.")


def _show(
    request: HttpRequest,
    kept: TableImport,
    plan: Plan,
    forms: Forms,
    *,
    refusals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"kept": kept, "refusals": refusals or [], **context_of(plan, forms)}
    return render(request, "admin/table_check.html", context, status=status)
