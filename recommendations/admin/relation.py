"""Relations to earlier recommendations, beside the later side that has them."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from recommendations.models import RecommendationRelation
from recommendations.models.relation import RelationKind

from .base import LabelledFormSet


class RelationInline(admin.TabularInline):
    model = RecommendationRelation
    fk_name = "recommendation"
    formset = LabelledFormSet
    extra = 0
    fields = ("earlier", "kind", "publisher", "url", "note")
    autocomplete_fields = ("earlier",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("earlier__report")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [
                ("", "---------"),
                *((code, label) for code, label in RelationKind.choices if code != "drops"),
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class DropForm(forms.ModelForm):
    """What a report no longer asks for: its kind goes without saying."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = RelationKind.DROPS


class DropInline(admin.TabularInline):
    model = RecommendationRelation
    form = DropForm
    fk_name = "report"
    formset = LabelledFormSet
    extra = 0
    fields = ("earlier", "publisher", "url", "note")
    autocomplete_fields = ("earlier",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("earlier__report")
