"""The list of sources, and the page of each with what cites it and its copies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations import sources
from recommendations.admin.base import WordingAdmin
from recommendations.admin.of_report import names_reports
from recommendations.models import Capture, Evidence, Recommendation, Source
from recommendations.models.act import Event
from recommendations.text.dates import date_text
from recommendations.text.html import format_html, joined
from recommendations.text.punctuation import brackets

MOST_ITEMS = 50


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ("url",)

    def clean_url(self) -> str:
        """Refuse an address that a source stands at already, in whatever spelling."""
        url: str = self.cleaned_data["url"]
        known = sources.known_source(url)
        if known is not None:
            raise ValidationError(
                _("This source is there already, as “%(source)s”.") % {"source": known}
            )
        return url


@admin.register(Source)
class SourceAdmin(WordingAdmin):
    """What is said of sources shows as now; published items keep their own words of them."""

    act = Event.SOURCE
    form = SourceForm
    list_display = ("__str__", "publisher", "host", "kind", "published", "cited_by")
    list_filter = ("kind", "copy_rights")
    search_fields = ("title", "publisher", "host", "url")
    change_form_template = "admin/recommendations/structured_change_form.html"
    change_list_template = "admin/recommendations/source_change_list.html"
    ordering = ("-pk",)
    fields = (
        "url",
        "title",
        "publisher",
        "kind",
        "language",
        "published_on",
        "published_precision",
        "is_state_media",
        "archived_url",
        "copy_rights",
        "note",
    )

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        context["structure_steps"] = steps = []
        if (source := kwargs.get("obj")) is not None:
            address = reverse("admin:source_copies", args=[source.pk])
            steps.append((_("Copies: keep one, upload, read"), address))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Source]:
        return Source.objects.with_n_items().order_by(*self.ordering)

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else (*self.fields, "cited_for", "copies")

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        return () if obj is None else ("url", "cited_for", "copies")

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()

    def is_in_use(self, obj: models.Model) -> bool:
        return Evidence.objects.filter(source=obj.pk).exists() or (
            Capture.objects.filter(source=obj.pk).exists()
        )

    @admin.display(description=gettext_lazy("published on"), ordering="published_on")
    def published(self, obj: Source) -> str:
        return date_text(obj.published_on, obj.published_precision) if obj.published_on else "–"

    @admin.display(description=gettext_lazy("cited by"), ordering="n_items")
    def cited_by(self, obj: Any) -> SafeString | str:
        """How many items cite it, which leads to their actions."""
        if not obj.n_items:
            return "0"
        listed = reverse("admin:recommendations_action_changelist")
        return format_html('<a href="{}?source={}">{}</a>', listed, obj.slug, obj.n_items)

    @admin.display(description=gettext_lazy("cited for"))
    def cited_for(self, obj: Any) -> SafeString | str:
        """Links to the published updates that cite it, the newest first (one query)."""
        items = Evidence.objects.filter(source=obj.pk).order_by("-update__edition", "-pk")
        rows = items.select_related("update__action__recommendation__report")[:MOST_ITEMS]
        links: list[SafeString | str] = [_link_to(item) for item in rows]
        if obj.n_items > len(links):
            more = obj.n_items - len(links)
            links.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
        return joined(links, ", ") or "–"

    @admin.display(description=gettext_lazy("our copies"))
    def copies(self, obj: Source) -> SafeString | str:
        """Links to its copies, the newest first (one query)."""
        return joined(map(_copy, obj.captures.all()[:MOST_ITEMS]), ", ") or "–"


def _link_to(item: Evidence) -> SafeString:
    action = item.update.action
    page = f"{action.recommendation.get_absolute_url()}#{item.update.slug}"
    title = f"{action.recommendation.report.title}: {action}"
    words = action.label
    if names_reports():
        before, behind = brackets()
        words = f"{words}{before}{action.recommendation.report.title}{behind}"
    return format_html('<a href="{}" title="{}">{}</a>', page, title, words)


def _copy(capture: Capture) -> SafeString:
    page = reverse("admin:recommendations_capture_change", args=[capture.pk])
    words = date_text(capture.made_at.date())
    if capture.removed_at:
        words = _("%(day)s (removed)") % {"day": words}
    return format_html('<a href="{}">{}</a>', page, words)
