from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from recommendations.models import Edition

from .base import ReadOnlyAdmin, said_column


@admin.display(description=_("asked for by"))
def asked_for_by(edition: Edition) -> str:
    """Return who asked for a step in what is counted; who confirmed it made the edition."""
    asked = getattr(edition, "structure_request", None)
    return str(asked.requested_by) if asked else "–"


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "kind",
        "published_at",
        "made_by",
        asked_for_by,
        said_column(Edition, "note"),
    )
    list_select_related = ("made_by", "structure_request__requested_by")

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), asked_for_by)

    list_filter = ("kind",)
    search_fields = ("note",)
