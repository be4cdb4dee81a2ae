from __future__ import annotations

from django.contrib import admin

from recommendations.models import Edition

from .base import ReadOnlyAdmin, said_column


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "published_at", said_column(Edition, "note"))
    list_filter = ("kind",)
    search_fields = ("note",)
