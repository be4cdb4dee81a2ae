"""The list of hosts that are never evidence, and of others that are marked."""

from __future__ import annotations

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest

from recommendations.models import ListedHost, Recommendation
from recommendations.publishing import touch

from .base import WordingAdmin


@admin.register(ListedHost)
class ListedHostAdmin(WordingAdmin):
    """Each save and deletion makes pages that readers keep ask again: links come and go."""

    list_display = ("host", "mark", "since_on", "reason")
    list_filter = ("mark",)
    search_fields = ("host", "reason")

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: ListedHost) -> None:
        super().delete_model(request, obj)
        touch(())
