"""Who looks after what."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q

from recommendations.accounts.people import analysts
from recommendations.models import Assignment

from .base import StaffAdmin
from .of_report import OfReportMixin


def _people(db_field) -> dict:
    """Return the analysts, and whoever is assigned already, so that a form can be saved again."""
    if db_field.name != "analyst":
        return {}
    wanted = Q(pk__in=analysts().values("pk")) | Q(pk__in=Assignment.objects.values("analyst"))
    return {"queryset": User.objects.filter(wanted).order_by("username")}


class AssignmentInline(admin.TabularInline):
    """On the page of an action, a section or a policy area."""

    model = Assignment
    extra = 0
    fields = ("analyst",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **(_people(db_field) | kwargs))


@admin.register(Assignment)
class AssignmentAdmin(OfReportMixin, StaffAdmin):
    report_column = 3
    list_display = ("analyst", "action", "section", "area")
    list_filter = ("analyst", "area")
    list_select_related = (
        "analyst",
        "action__recommendation__report",
        "section__report",
        "area",
    )
    search_fields = ("analyst__username", "action__title", "section__title", "area__name")
    autocomplete_fields = ("action", "section", "area")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **(_people(db_field) | kwargs))
