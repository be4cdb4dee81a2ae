"""When fiscal years begin."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from recommendations.models import FiscalYear
from recommendations.models.act import Event
from recommendations.publishing import touch

from .base import StaffAdmin


@admin.register(FiscalYear)
class FiscalYearAdmin(StaffAdmin):
    """It says how deadlines are read from now on; those that there are keep their days."""

    act = Event.WORDING
    list_display = ("__str__", "begins_month", "begins_day", "is_named_by_end")
    list_select_related = ("party",)

    def save_model(self, request: HttpRequest, obj: FiscalYear, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        touch(())
