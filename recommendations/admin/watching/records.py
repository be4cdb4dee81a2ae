"""The list of feeds, and the form of each. Whether one is on is decided on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.base import StaffAdmin
from recommendations.admin.pages import user_of
from recommendations.admin.stale_forms import StaleFormMixin
from recommendations.models import Feed
from recommendations.querysets import FeedQuerySet
from recommendations.text.html import format_html

# What makes another feed of it, that has to be tried anew.
WHERE = ("url", "kind", "adapter")


class AdapterField(forms.JSONField):
    """Empty where there is none: a form would say null."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


@admin.register(Feed)
class FeedAdmin(StaleFormMixin, StaffAdmin):
    change_form_template = "admin/recommendations/feed_change_form.html"
    list_display = ("name", "kind", "state", "fetched_at", "n_seen", "n_folded", "problem")
    list_filter = ("is_on", "kind")
    search_fields = ("name", "url")
    fields = ("name", "url", "kind", "adapter", "found_in", "found_on")
    formfield_overrides = {models.JSONField: {"form_class": AdapterField}}

    def get_queryset(self, request: HttpRequest) -> FeedQuerySet:
        return Feed.objects.with_numbers().order_by("name", "pk")

    def save_model(
        self, request: HttpRequest, obj: Feed, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            obj.added_by = user_of(request)
        if set(form.changed_data) & set(WHERE):
            obj.begin_anew()
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if obj := kwargs.get("obj"):
            context["steps"] = [
                (_("Try it, or switch it on or off"), reverse("admin:watched_feed", args=[obj.pk]))
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("state"), ordering="is_on")
    def state(self, obj: Feed) -> SafeString:
        said = _("On") if obj.is_on else _("Off")
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:watched_feed", args=[obj.pk]), said
        )

    @admin.display(description=gettext_lazy("items seen"), ordering="n_seen")
    def n_seen(self, obj: Any) -> int:
        return obj.n_seen

    @admin.display(description=gettext_lazy("of them fit nothing"), ordering="n_folded")
    def n_folded(self, obj: Any) -> int:
        return obj.n_folded
