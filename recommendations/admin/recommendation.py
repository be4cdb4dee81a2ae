from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.models import Action, ActionBody, Deadline, Recommendation, Section
from recommendations.models.deadline import DeadlineOrigin

from .action_filters import ACTION_FILTERS
from .action_list import ActionListMixin, addressee_said
from .assignment import AssignmentInline
from .base import (
    CHECKBOXES,
    LabelledFormSet,
    WordingAdmin,
    editable_only_as_draft,
    marked_status,
    said_column,
    stated_since,
)
from .deadline_form import DeadlineForm
from .relation import RelationInline
from .structure import StructureAdminMixin
from .text_history import TextHistoryMixin
from .work_queues import ACTION_QUEUES, ActionWorkFilter, WorkQueueAdmin

DERIVED = ("status", stated_since, "from_edition", "until_edition", "withdrawal_reason")


class ActionInlineForm(forms.ModelForm):
    """Number and slug stand in addresses: they are fixed once an action is in the record."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in editable_only_as_draft(("number", "slug"), self.instance):
            self.fields[name].disabled = True


class ActionInline(admin.TabularInline):
    """The breakdown at a glance; an action's own page has the rest."""

    model = Action
    form = ActionInlineForm
    formset = LabelledFormSet
    extra = 0
    fields = ("number", "slug", "title", "kind", "ask_strength", "review_due_on", "status")
    readonly_fields = ("status",)
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("recommendation")

    def has_delete_permission(self, request, obj=None) -> bool:
        is_draft = obj is None or obj.is_draft
        return is_draft and super().has_delete_permission(request, obj)


HEADLINE = said_column(Recommendation, "headline")


@admin.register(Recommendation)
class RecommendationAdmin(TextHistoryMixin, StructureAdminMixin, WordingAdmin):
    list_display = (
        "number",
        HEADLINE,
        "report",
        "section",
        "origin",
        marked_status,
        "from_edition",
    )
    list_display_links = ("number", HEADLINE)
    list_filter = ("report", "report__is_bibliographic", "status", "origin", "areas")
    list_select_related = ("report", "section", "from_edition")
    search_fields = ("number", "headline", "summary")
    formfield_overrides = CHECKBOXES

    def get_inlines(self, request, obj):
        """Relations come to what is there: their dates are judged by its report."""
        return (ActionInline, RelationInline) if obj else (ActionInline,)

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
    formset = LabelledFormSet
    extra = 0
    autocomplete_fields = ("body",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("body")


class DeadlineFormSet(LabelledFormSet):
    def clean(self) -> None:
        """The database has one of the report for each action; two new ones come together here."""
        super().clean()
        origins = [
            form.cleaned_data.get("origin")
            for form in self.forms
            if form.is_valid() and not form.cleaned_data.get("DELETE")
        ]
        if origins.count(DeadlineOrigin.REPORT) > 1:
            raise ValidationError(_("An action has one deadline of the report."))
        if any(form.instance.is_fixed for form in self.deleted_forms if form.instance.pk):
            raise ValidationError(Deadline.fixed_message)


class DeadlineInline(admin.TabularInline):
    model = Deadline
    form = DeadlineForm
    formset = DeadlineFormSet
    extra = 0


@admin.register(Action)
class ActionAdmin(
    TextHistoryMixin, ActionListMixin, StructureAdminMixin, WorkQueueAdmin, WordingAdmin
):
    queues = ACTION_QUEUES
    list_filter = (ActionWorkFilter, *ACTION_FILTERS)
    search_fields = ("title", "recommendation__headline", "recommendation__number")
    autocomplete_fields = ("recommendation",)
    formfield_overrides = CHECKBOXES
    inlines = (ActionBodyInline, DeadlineInline, AssignmentInline)

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("recommendation__section", "recommendation__report")
        )

    def get_readonly_fields(self, request, obj=None):
        fixed = ("recommendation", "number", "slug", "is_verifiable", "verifiability_note")
        derived = (addressee_said, "fell_from", "implemented_on", "last_reviewed_on")
        return (*editable_only_as_draft(fixed, obj), *derived, *DERIVED)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(pk=obj.recommendation_id)
