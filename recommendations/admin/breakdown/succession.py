"""Pages that ask for a split or a merger: they show what follows first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import publishing
from recommendations.admin.pages import staff_page, user_of
from recommendations.admin.step_plan import Plan, plan_of
from recommendations.models import Action, StructureRequest
from recommendations.models.structure_request import StructureStep

from .forms import NEW, MergeForm, NewActionForm, NewActions, NewActionsFormSet, SplitForm

ROWS = 3
MOST_KEYS = 50


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="structure_recommendation")

    return [
        path("actions/merge/", page(merge_actions), name="merge_actions"),
        path("actions/<int:pk>/split/", page(split_action), name="split_action"),
    ]


def _actions() -> QuerySet[Action]:
    return Action.objects.select_related("recommendation__report")


def _in_record() -> QuerySet[Action]:
    return _actions().filter(pk__in=Action.objects.in_record().values("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def split_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to split an action into new ones and drafts, once it was seen what follows."""
    action = get_object_or_404(_in_record(), pk=pk)
    drafts = _actions().filter(recommendation=action.recommendation, from_edition__isnull=True)
    data = request.POST if request.method == "POST" else None
    form = SplitForm(data, drafts=drafts)
    rows = NewActions(data, prefix="new", initial=_rows_like(action))
    page = SuccessionPage("admin/split_action.html", {"action": action, "form": form, "rows": rows})
    if data is None or not (form.is_valid() and rows.is_valid()):
        return page.show(request, refusals=_sentences_of(rows) if data is not None else [])
    reason = form.cleaned_data["reason"]
    if len(form.chosen) + len(rows.said) < 2:
        return page.show(request, refusals=[_("An action is split into two or more.")])
    plan = plan_of([action], typed=rows.said, drafts=form.chosen, reason=reason)
    return page.decide(request, plan, lambda: _split(request, action, form, rows), action)


def _rows_like(action: Action) -> list[dict[str, Any]]:
    return [{"parties": list(action.parties.all())} for _n in range(ROWS)]


def _sentences_of(rows: NewActionsFormSet) -> list[str]:
    return [
        *(
            _("New action %(n)d: %(problem)s") % {"n": n, "problem": problem}
            for n, form in enumerate(rows, start=1)
            for problems in form.errors.values()
            for problem in problems
        ),
        *rows.non_form_errors(),
    ]


@transaction.atomic
def _split(
    request: HttpRequest, action: Action, form: SplitForm, rows: NewActionsFormSet
) -> StructureRequest:
    by = user_of(request)
    new = [publishing.draft_successor(action, **row, by=by) for row in rows.said]
    step = publishing.Step(StructureStep.SPLIT, actions=[action], into=[*form.chosen, *new])
    return publishing.request_step(step, by=by, reason=form.cleaned_data["reason"])


@require_http_methods(["GET", "HEAD", "POST"])
def merge_actions(request: HttpRequest) -> HttpResponse:
    """Ask to merge actions: ?action=1&action=2. Others of their recommendations may be chosen."""
    chosen = _named_actions(request)
    homes = {action.recommendation_id for action in chosen}
    data = request.POST if request.method == "POST" else None
    form = MergeForm(
        data,
        actions=_in_record().filter(recommendation__in=homes),
        drafts=_actions().filter(recommendation__in=homes, from_edition__isnull=True),
        initial={"action": chosen, "into": NEW},
    )
    new = NewActionForm(data, prefix="new", initial=_rows_like(chosen[0])[0])
    page = SuccessionPage("admin/merge_actions.html", {"chosen": chosen, "form": form, "new": new})
    if data is None or not (form.is_valid() and new.is_valid()):
        return page.show(request)
    if refusals := _refusals(form, new):
        return page.show(request, refusals=refusals)
    target = form.target
    plan = plan_of(
        form.merged,
        typed=[] if target else [new.cleaned_data],
        drafts=[target] if target and target.is_draft else [],
        staying=target if target and not target.is_draft else None,
        reason=form.cleaned_data["reason"],
    )
    return page.decide(request, plan, lambda: _merge(request, form, new), target or form.merged[0])


def _named_actions(request: HttpRequest) -> list[Action]:
    """Return the actions that the address and the form name, or raise Http404."""
    keys = {*request.GET.getlist("action"), *request.POST.getlist("action")}
    if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in keys):
        raise Http404
    found = list(_in_record().filter(pk__in=sorted(keys, key=int)[:MOST_KEYS]))
    if not found:
        raise Http404
    return found


def _refusals(form: MergeForm, new: NewActionForm) -> list[str]:
    target = form.target
    if target is None and not new.cleaned_data.get("title"):
        return [_("Give the new action a title.")]
    if len(form.merged) + (target is not None and not target.is_draft) < 2:
        return [_("Two or more actions are merged.")]
    return []


@transaction.atomic
def _merge(request: HttpRequest, form: MergeForm, new: NewActionForm) -> StructureRequest:
    by = user_of(request)
    into = form.target or publishing.draft_successor(form.merged[0], **new.cleaned_data, by=by)
    step = publishing.Step(StructureStep.MERGE, actions=form.merged, into=[into])
    return publishing.request_step(step, by=by, reason=form.cleaned_data["reason"])


@dataclass(frozen=True)
class SuccessionPage:
    template: str
    context: dict[str, Any]

    def show(
        self, request: HttpRequest, *, plan: Plan | None = None, refusals: Sequence[str] = ()
    ) -> HttpResponse:
        context = self.context | {"plan": plan, "refusals": refusals}
        return render(request, self.template, context)

    def decide(
        self, request: HttpRequest, plan: Plan, ask: Callable[[], StructureRequest], action: Action
    ) -> HttpResponse:
        """Ask for it, once the editor has seen a preview of exactly this; else show it."""
        wants = request.POST.get("go") == "ask" and request.POST.get("seen") == plan.mark
        if not wants:
            return self.show(request, plan=plan)
        try:
            ask()
        except ValidationError as error:
            return self.show(request, plan=plan, refusals=error.messages)
        messages.success(request, _("Asked for. Another person has to confirm it."))
        return HttpResponseRedirect(action.recommendation.get_absolute_url())
