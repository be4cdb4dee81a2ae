"""Blind second coding: an action without its status and note, coded by another person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from recommendations import publishing
from recommendations.admin.pages import staff_page, user_of
from recommendations.models import Action, Coding, Evidence, Report, StatusUpdate
from recommendations.models.fields import column_of
from recommendations.querysets import ActionQuerySet
from recommendations.statuses import STATUS_DEFINITIONS, Status
from recommendations.statuses.code_book import CODE_BOOK
from recommendations.viewpoint import today

from .log.forms import day_field, evidence_formset

# What a coder typed for one action is offered for the next.
KEPT = "second-coding-search-note"
MOST_OWN = 50


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="add_statusupdate")

    return [
        path("coding/", page(coding_queue), name="coding_queue"),
        path("coding/<int:pk>/", page(code_action), name="code_action"),
        path("coding/<int:pk>/compared/", page(compared_coding), name="compared_coding"),
    ]


class SecondCodingForm(forms.Form):
    status = forms.ChoiceField(
        choices=Status.choices,
        error_messages={"required": gettext_lazy("Choose a status.")},
    )
    effective_on = day_field(
        label=gettext_lazy("Since when"),
        required=False,
        help_text=gettext_lazy(
            "The day of the event. For a month or a year, any day of it. Where no step was found, "
            "it may stay empty."
        ),
    )
    effective_precision = forms.ChoiceField(
        label=gettext_lazy("Known to the"),
        choices=column_of(StatusUpdate, "effective_precision").flatchoices,
        initial="day",
    )
    note = column_of(StatusUpdate, "note").formfield(widget=forms.Textarea(attrs={"rows": 3}))
    search_note = column_of(StatusUpdate, "search_note").formfield(
        required=True, widget=forms.Textarea(attrs={"rows": 2})
    )
    searched_on = day_field(label=gettext_lazy("Date of the search"))

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """Return each status with its definition, for the radio buttons."""
        chosen = self["status"].value()
        return [
            {
                "code": status.value,
                "label": status.label,
                "definition": STATUS_DEFINITIONS[status],
                "is_chosen": chosen == status.value,
            }
            for status in Status
        ]

    def clean_searched_on(self) -> date:
        day = self.cleaned_data["searched_on"]
        if day > today():
            raise forms.ValidationError(_("The date of the search lies in the future."))
        return day


@dataclass(frozen=True)
class ToCode:
    """A report with actions that a person may code again; `first` is where they begin."""

    report: Report
    n: int
    first: Action


@require_safe
def coding_queue(request: HttpRequest) -> HttpResponse:
    """Show how many actions of each report this person may code again, and what came of it."""
    person = user_of(request)
    own = Coding.objects.filter(person=person).select_related(
        "action__recommendation__report", "draft", "compared_with"
    )
    context = {
        "reports": list(_reports_to_code(Action.objects.to_code_again(person))),
        "own": own.order_by("-pk")[:MOST_OWN],
    }
    return render(request, "admin/coding_queue.html", context)


def _reports_to_code(actions: ActionQuerySet) -> Iterable[ToCode]:
    for report in Report.objects.filter(from_edition__isnull=False):
        rows = _of(actions, report)
        if first := rows.first():
            yield ToCode(report, rows.count(), first)


def _of(actions: ActionQuerySet, report: Report) -> ActionQuerySet:
    return actions.filter(recommendation__report=report).order_by(*actions.REPORT_ORDER)


@require_http_methods(["GET", "HEAD", "POST"])
def code_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Code one action again, and go on to the next."""
    on = today()
    actions = Action.objects.to_code_again(user_of(request)).select_related(
        "recommendation__report", "recommendation__section"
    )
    action = get_object_or_404(actions, pk=pk)
    initial = {"search_note": request.session.get(KEPT, ""), "searched_on": on}
    form = SecondCodingForm(request.POST or None, initial=initial)
    formset = evidence_formset(StatusUpdate(action=action), today=on, data=request.POST or None)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        try:
            code = publishing.Code(**form.cleaned_data)
            coding = publishing.code_again(action, code, by=user_of(request), items=formset.items)
        except ValidationError as error:
            refusals = error.messages
        else:
            request.session[KEPT] = code.search_note
            return _go_on(request, coding)
    context = {
        "action": action,
        "form": form,
        "formset": formset,
        "refusals": refusals,
        "sources": sources_of(action),
        "code_book": CODE_BOOK,
        "left": _of(actions, action.recommendation.report).count(),
    }
    return render(request, "admin/code_action.html", context)


def sources_of(action: Action) -> list[Evidence]:
    """Return what the updates of an action cite, each address once, the oldest first.

    What they support stays out of the page, and so does which update cites them.
    """
    items = Evidence.objects.filter(update__in=action.updates.counting())
    once = {item.url: item for item in items.order_by("pk")}
    return sorted(once.values(), key=lambda item: (item.published_on or date.max, item.pk))


def _next_of(request: HttpRequest, coding: Coding) -> Action | None:
    actions = Action.objects.to_code_again(user_of(request))
    return _of(actions, coding.action.recommendation.report).first()


def _go_on(request: HttpRequest, coding: Coding) -> HttpResponse:
    """Lead to the next action; where the two differ, first to the page that compares them."""
    if not coding.is_same:
        return HttpResponseRedirect(reverse("admin:compared_coding", args=[coding.pk]))
    messages.success(
        request,
        _("The same as what stands: handed in as a confirmation of %(action)s.")
        % {"action": coding.action},
    )
    following = _next_of(request, coding)
    if following is None:
        return HttpResponseRedirect(reverse("admin:coding_queue"))
    return HttpResponseRedirect(reverse("admin:code_action", args=[following.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def compared_coding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stands beside what this person found, who may propose it as a correction."""
    codings = Coding.objects.filter(person=user_of(request)).select_related(
        "action__recommendation__report", "draft", "compared_with"
    )
    coding = get_object_or_404(codings, pk=pk)
    reason, refusals = request.POST.get("reason", ""), []
    if request.method == "POST":
        try:
            publishing.propose(coding, by=user_of(request), reason=reason)
        except ValidationError as error:
            refusals = error.messages
        else:
            messages.success(request, _("Submitted. Another person will review it."))
            return HttpResponseRedirect(reverse("admin:coding_queue"))
    context = {
        "coding": coding,
        "standing": coding.compared_with,
        "draft": coding.draft,
        "reason": reason,
        "refusals": refusals,
        "following": _next_of(request, coding),
    }
    return render(request, "admin/compared_coding.html", context)
