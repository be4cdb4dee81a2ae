"""Adding to the public record and withdrawing from it: a page that asks before it acts."""

from __future__ import annotations

from collections.abc import Callable

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
from recommendations.models import Action, Edition, Recommendation, Report
from recommendations.models.fields import column_of

from .base import StaffAdmin, tell

PERMISSION = "recommendations.structure_recommendation"


class StructureReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Public reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=column_of(Action, "withdrawal_reason").validators,
    )


Subject = Report | Recommendation | Action


def _include(subject: Subject, reason: str) -> Edition:
    match subject:
        case Report():
            return publishing.include(reports=[subject], note=reason)
        case Recommendation():
            return publishing.include(recommendations=[subject], note=reason)
    return publishing.include(actions=[subject], note=reason)


def _withdraw(subject: Subject, reason: str) -> Edition:
    return publishing.withdraw(subject, reason=reason)


def _toggle_verifiable(subject: Action, reason: str) -> Edition:
    return publishing.set_verifiable(
        subject, is_verifiable=not subject.is_verifiable, reason=reason
    )


STEPS: dict[str, tuple[str | Promise, Callable[..., Edition]]] = {
    "include": (gettext_lazy("Add to the public record"), _include),
    "withdraw": (gettext_lazy("Withdraw from every count"), _withdraw),
    "verifiable": (gettext_lazy("Change whether it is verifiable"), _toggle_verifiable),
}


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
        steps = ["include"] if obj.is_draft else ["withdraw"]
        if isinstance(obj, Action) and not obj.is_draft:
            steps.append("verifiable")
        name = f"admin:recommendations_{self.model._meta.model_name}_structure"
        links = [(STEPS[step][0], reverse(name, args=[obj.pk, step])) for step in steps]
        return [*links, *(_links_of_succession(obj) if isinstance(obj, Action) else [])]

    def _known_steps(self) -> set[str]:
        return set(STEPS) if self.model is Action else set(STEPS) - {"verifiable"}

    def structure_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        subject = self.get_object(request, object_id)
        if subject is None or step not in self._known_steps():
            return self.no_such_row(request, object_id)
        label, act = STEPS[step]
        form = StructureReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                edition = act(subject, form.cleaned_data["reason"])
            except ValidationError as error:
                tell(request, error)
            else:
                messages.success(request, _("%(edition)s is published.") % {"edition": edition})
                return HttpResponseRedirect(
                    reverse(
                        f"admin:recommendations_{self.model._meta.model_name}_change",
                        args=[subject.pk],
                    )
                )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": subject,
            "title": label,
            "form": form,
        }
        return render(request, "admin/recommendations/reason.html", context)
