from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models import Body, ContextEvent, Party, PolicyArea, Recommendation
from recommendations.publishing import touch

from .assignment import AssignmentInline
from .base import CHECKBOXES, WordingAdmin, said_column
from .fixed_names import FixedNameMixin
from .text_history import TextHistoryMixin


@admin.display(description=_("name"), ordering="name")
def name_said(obj: models.Model) -> str:
    return str(obj)


class VocabularyAdmin(FixedNameMixin, TextHistoryMixin, WordingAdmin):
    """Entries in use cannot vanish."""

    list_display: tuple[str | Callable[[models.Model], str], ...] = (name_said, "slug", "position")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def is_in_use(self, obj: models.Model) -> bool:
        return obj.pk is not None and self.touched_recommendations(obj).exists()


@admin.register(PolicyArea)
class PolicyAreaAdmin(VocabularyAdmin):
    inlines = (AssignmentInline,)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(areas=obj)


@admin.register(Party)
class PartyAdmin(VocabularyAdmin):
    list_display = (name_said, "kind", "slug", "position")
    list_filter = ("kind",)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(actions__parties=obj)


@admin.register(Body)
class BodyAdmin(VocabularyAdmin):
    list_display = (name_said, "party", "slug", "position")
    list_filter = ("party",)
    list_select_related = ("party",)

    def touched_recommendations(self, obj):
        return Recommendation.objects.filter(actions__bodies=obj)


@admin.register(ContextEvent)
class ContextEventAdmin(TextHistoryMixin, WordingAdmin):
    list_display = (said_column(ContextEvent, "title"), "on", "report", "publisher")
    list_select_related = ("report",)
    list_filter = ("report", "parties")
    search_fields = ("title", "publisher")
    formfield_overrides = CHECKBOXES
    prepopulated_fields = {"slug": ("title",)}

    def touched_recommendations(self, obj):
        return Recommendation.objects.none()

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        touch(())
