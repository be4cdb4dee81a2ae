"""Asking that something be added to the public record, withdrawn, or counted otherwise."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import publishing
from recommendations.models import Action, StructureRequest
from recommendations.models.fields import column_of
from recommendations.models.structure_request import StructureStep

from .base import StaffAdmin, tell
from .pages import user_of
from .step_plan import Subject, plan_of_step

PERMISSION = "recommendations.structure_recommendation"


class StructureReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Public reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=column_of(Action, "withdrawal_reason").validators,
    )


STEPS: dict[str, str | Promise] = {
    "include": gettext_lazy("Add to the public record"),
    "withdraw": gettext_lazy("Withdraw from every count"),
    "verifiable": gettext_lazy("Change whether it is verifiable"),
}


def _step(name: str, subject: Subject) -> publishing.Step:
    match name:
        case "include":
            return publishing.Step.about(StructureStep.INCLUDE, subject)
        case "withdraw":
            return publishing.Step.about(StructureStep.WITHDRAW, subject)
    counts = isinstance(subject, Action) and subject.is_verifiable
    kind = StructureStep.NOT_VERIFIABLE if counts else StructureStep.VERIFIABLE
    return publishing.Step.about(kind, subject)


def _waiting_about(subject: Subject) -> list[tuple[str, str]]:
    """Return the steps with it that wait for another person, each with its page."""
    return [
        (
            _("Waiting: %(step)s") % {"step": one.get_step_display()},
            reverse("admin:decide_step", args=[one.pk]),
        )
        for one in StructureRequest.objects.waiting().about(subject)
    ]


def _links_of_succession(action: Action) -> list[tuple[str, str]]:
    if action.is_draft:
        return []
    return [
        (_("Split"), reverse("admin:split_action", args=[action.pk])),
        (_("Merge"), f"{reverse('admin:merge_actions')}?action={action.pk}"),
    ]


class StructureAdminMixin(StaffAdmin):
    """Gives an admin the steps that open an edition of kind *structure*."""

    change_form_template = "admin/recommendations/structured_change_form.html"

    def get_urls(self):
        name = self.model._meta.model_name
        return [
            path(
                "<path:object_id>/structure/<str:step>/",
                self.admin_site.admin_view(self.structure_view),
                name=f"recommendations_{name}_structure",
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        context["structure_steps"] = self._open_steps(request, kwargs.get("obj"))
        return super().render_change_form(request, context, *args, **kwargs)

    def _open_steps(
        self, request: HttpRequest, obj: Subject | None
    ) -> list[tuple[str | Promise, str]]:
        if obj is None or not request.user.has_perm(PERMISSION) or obj.is_withdrawn:
            return []
        if waiting := _waiting_about(obj):
            return [*waiting]
        steps = ["include"] if obj.is_draft else ["withdraw"]
        if isinstance(obj, Action) and not obj.is_draft:
            steps.append("verifiable")
        name = f"admin:recommendations_{self.model._meta.model_name}_structure"
        links = [(STEPS[step], reverse(name, args=[obj.pk, step])) for step in steps]
        return [*links, *(_links_of_succession(obj) if isinstance(obj, Action) else [])]

    def _known_steps(self) -> set[str]:
        return set(STEPS) if self.model is Action else set(STEPS) - {"verifiable"}

    def structure_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        subject = self.get_object(request, object_id)
        if subject is None or step not in self._known_steps():
            return self.no_such_row(request, object_id)
        wanted = _step(step, subject)
        form = StructureReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                publishing.request_step(
                    wanted, by=user_of(request), reason=form.cleaned_data["reason"]
                )
            except ValidationError as error:
                tell(request, error)
            else:
                messages.success(request, _("Asked for. Another person has to confirm it."))
                name = f"admin:recommendations_{self.model._meta.model_name}_change"
                return HttpResponseRedirect(reverse(name, args=[subject.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": subject,
            "title": STEPS[step],
            "form": form,
            "plan": plan_of_step(wanted),
        }
        return render(request, "admin/recommendations/reason.html", context)
