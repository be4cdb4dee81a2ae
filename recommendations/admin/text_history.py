"""The page of a text's history, and the one that asks before it goes back to a version."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from recommendations.text.revisions import Version, difference_to, fields_of, revert, versions_of

from .base import WordingAdmin, tell


class TextHistoryMixin(WordingAdmin):
    """For models with a history of their text."""

    object_history_template = "admin/recommendations/text_history.html"

    def get_urls(self):
        return [
            path(
                "<path:object_id>/history/<int:key>/",
                self.admin_site.admin_view(self.revert_view),
                name=f"recommendations_{self.opts.model_name}_revert",
            ),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        context = {
            # Asked for by the template, after the permission was checked.
            "versions": lambda: versions_of(obj) if obj else [],
            "may_revert": obj is not None and self.has_change_permission(request, obj),
            "revert_name": f"admin:recommendations_{self.opts.model_name}_revert",
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def revertible_fields(self, request: HttpRequest, obj: models.Model) -> list[str]:
        fixed = set(self.get_readonly_fields(request, obj))
        return [field.name for field in fields_of(self.model) if field.name not in fixed]

    def revert_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self.no_such_row(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        history = reverse(f"admin:recommendations_{self.opts.model_name}_history", args=[obj.pk])
        if request.method == "POST":
            self._revert(request, obj.pk, key)
            return HttpResponseRedirect(history)
        versions = versions_of(obj)
        version = _find(versions, key)
        if version is None:
            messages.error(request, _("This version does not exist."))
            return HttpResponseRedirect(history)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Go back to this version"),
            "version": version,
            "changes": difference_to(obj, version, self.revertible_fields(request, obj)),
            "seen": versions[0].key,
            "history": history,
        }
        return render(request, "admin/recommendations/revert.html", context)

    @transaction.atomic
    def _revert(self, request: HttpRequest, pk: int, key: int) -> None:
        """Go back, unless the text changed since the page was opened."""
        obj = self.model._default_manager.select_for_update().get(pk=pk)
        versions = versions_of(obj)
        version = _find(versions, key)
        if version is None:
            messages.error(request, _("This version does not exist."))
            return
        if request.POST.get("seen") != str(versions[0].key):
            messages.error(
                request, _("Somebody changed the text since you opened the page. Look again.")
            )
            return
        try:
            revert(obj, version, names=self.revertible_fields(request, obj))
        except ValidationError as error:
            tell(request, error)
            return
        self.settle(obj)
        self.log_change(request, obj, _("Went back to an earlier version."))
        messages.success(request, _("The text is again what it was in this version."))


def _find(versions: list[Version], key: int) -> Version | None:
    return next((version for version in versions if version.key == key), None)
