from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from recommendations.models import Recommendation, Report, Section
from recommendations.publishing import touch

from .assignment import AssignmentInline
from .base import CHECKBOXES, LabelledFormSet, WordingAdmin, editable_only_as_draft, said_column
from .fixed_names import FixedNameForm, FixedNameMixin
from .relation import DropInline
from .structure import StructureAdminMixin
from .text_history import TextHistoryMixin


class SectionInline(admin.TabularInline):
    model = Section
    form = FixedNameForm
    formset = LabelledFormSet
    extra = 0
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            report = request.resolver_match.kwargs.get("object_id") if request else None
            kwargs["queryset"] = Section.objects.filter(report=report)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReportForm(forms.ModelForm):
    def clean(self):
        """Judge the predecessors that are chosen; those that are stored are judged by the model."""
        chosen = super().clean() or self.cleaned_data
        if "predecessors" in chosen and chosen.get("published_on"):
            later = Report(
                pk=self.instance.pk,
                title=chosen.get("title", ""),
                published_on=chosen["published_on"],
                published_precision=chosen.get("published_precision", ""),
            )
            try:
                later.refuse_predecessors(chosen["predecessors"])
            except ValidationError as error:
                self.add_error("predecessors", error)
        return chosen


@admin.register(Report)
class ReportAdmin(TextHistoryMixin, StructureAdminMixin, WordingAdmin):
    list_display = (
        said_column(Report, "title"),
        "published_on",
        "is_featured",
        "from_edition",
        "breakdown",
    )
    list_filter = ("is_featured", "is_bibliographic")
    list_select_related = ("from_edition",)
    search_fields = ("title", "subtitle", "authors", "publisher")
    form = ReportForm
    formfield_overrides = CHECKBOXES

    def get_inlines(self, request, obj):
        """What a report dropped is judged by its date, once it is there."""
        return (SectionInline, DropInline) if obj else (SectionInline,)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "predecessors":
            report = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = (
                Report.objects.exclude(pk=report) if report else Report.objects.all()
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("Breakdown"))
    def breakdown(self, report: Report) -> SafeString:
        address = reverse("admin:breakdown", args=[report.slug])
        return format_html(
            '<a href="{}">{}<span class="vh"> {}</span></a>', address, _("Open"), report
        )

    def get_readonly_fields(self, request, obj=None):
        return (
            *editable_only_as_draft(("slug", "is_bibliographic"), obj),
            "from_edition",
            "until_edition",
            "withdrawal_reason",
        )

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and not obj.is_draft else {"slug": ("title",)}

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(report=obj)

    def delete_model(self, request, obj) -> None:
        """Pages may have named it as an earlier report."""
        super().delete_model(request, obj)
        touch(())


@admin.register(Section)
class SectionAdmin(FixedNameMixin, TextHistoryMixin, WordingAdmin):
    inlines = (AssignmentInline,)
    list_display = (said_column(Section, "title"), "report", "parent", "position")
    list_filter = ("report",)
    list_select_related = ("report", "parent")
    search_fields = ("title", "report__title")

    def is_in_use(self, obj) -> bool:
        return self.touched_recommendations(obj).exists()

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(section=obj)
