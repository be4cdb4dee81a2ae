from __future__ import annotations

from django.contrib import admin

from recommendations.models import Coding

from .base import ReadOnlyAdmin
from .of_report import OfReportMixin


@admin.register(Coding)
class CodingAdmin(OfReportMixin, ReadOnlyAdmin):
    list_display = ("action", "coder", "status", "coded_on", "decision", "person", "edition")
    list_filter = ("coder", "decision", "status")
    list_select_related = ("action__recommendation__report", "person", "edition")
    search_fields = ("action__title", "reason")
