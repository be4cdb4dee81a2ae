"""The table of hosts by which publisher, kind and language of a page are guessed."""

from __future__ import annotations

from django.contrib import admin
from django.db import models

from recommendations.models import KnownHost, Recommendation

from .base import WordingAdmin


@admin.register(KnownHost)
class KnownHostAdmin(WordingAdmin):
    """What it says is filled in beforehand, and never changes what is there."""

    list_display = ("host", "publisher", "kind", "language")
    list_filter = ("kind", "language")
    search_fields = ("host", "publisher")

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        return Recommendation.objects.none()
