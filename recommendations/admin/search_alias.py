"""Names that mean the same to search."""

from __future__ import annotations

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from recommendations.models import Recommendation, SearchAlias
from recommendations.publishing import lock_state, touch

from .base import WordingAdmin
from .text_history import TextHistoryMixin


@admin.register(SearchAlias)
class SearchAliasAdmin(TextHistoryMixin, WordingAdmin):
    """Each save and deletion makes pages that readers keep ask again: searches find otherwise."""

    list_display = ("__str__", "report")
    list_select_related = ("report",)
    search_fields = ("names",)

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # Of two new entries with the same name the second is refused.
        if request.method == "POST":
            lock_state()
        return super().changeform_view(request, object_id, form_url, extra_context)

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: SearchAlias) -> None:
        super().delete_model(request, obj)
        touch(())
