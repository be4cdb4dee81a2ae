from __future__ import annotations

from django.contrib import admin

from recommendations.models import Action, ActionBody, Deadline, Recommendation, Section

from .base import WordingAdmin, editable_only_as_draft
from .structure import StructureAdminMixin

DERIVED = ("status", "status_since", "from_edition", "until_edition", "withdrawal_reason")


class ActionInline(admin.TabularInline):
    """The breakdown at a glance; an action's own page has the rest."""

    model = Action
    extra = 0
    fields = ("number", "slug", "title", "kind", "ask_strength", "review_due_on", "status")
    readonly_fields = ("status",)
    show_change_link = True

    def has_delete_permission(self, request, obj=None) -> bool:
        is_draft = obj is None or obj.is_draft
        return is_draft and super().has_delete_permission(request, obj)


@admin.register(Recommendation)
class RecommendationAdmin(StructureAdminMixin, WordingAdmin):
    list_display = ("number", "headline", "report", "section", "origin", "status", "from_edition")
    list_display_links = ("number", "headline")
    list_filter = ("report", "status", "origin", "areas")
    list_select_related = ("report", "section", "from_edition")
    search_fields = ("number", "headline", "summary")
    filter_horizontal = ("areas",)
    inlines = (ActionInline,)

    def get_readonly_fields(self, request, obj=None):
        return (*editable_only_as_draft(("report", "number", "slug"), obj), *DERIVED)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and not obj.is_draft else {"slug": ("headline",)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "section":
            kwargs["queryset"] = Section.objects.select_related("report")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(pk=obj.pk)


class ActionBodyInline(admin.TabularInline):
    model = ActionBody
    extra = 0
    autocomplete_fields = ("body",)


class DeadlineInline(admin.TabularInline):
    model = Deadline
    extra = 0


@admin.register(Action)
class ActionAdmin(StructureAdminMixin, WordingAdmin):
    list_display = ("label", "title", "addressee", "status", "due_on", "review_due_on")
    list_display_links = ("label", "title")
    list_filter = (
        "recommendation__report",
        "recommendation__areas",
        "parties",
        "status",
        "kind",
        "is_verifiable",
    )
    list_select_related = ("recommendation",)
    search_fields = ("title", "recommendation__headline", "recommendation__number")
    autocomplete_fields = ("recommendation",)
    filter_horizontal = ("parties",)
    inlines = (ActionBodyInline, DeadlineInline)

    def get_readonly_fields(self, request, obj=None):
        fixed = ("recommendation", "number", "slug", "is_verifiable", "verifiability_note")
        derived = ("addressee", "is_lapsed", "implemented_on", "last_reviewed_on")
        return (*editable_only_as_draft(fixed, obj), *derived, *DERIVED)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(pk=obj.recommendation_id)
