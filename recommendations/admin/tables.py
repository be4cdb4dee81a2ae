"""Whom tables mean by a name, and what their columns mean: kept for their next delivery."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import AddresseeAlias, Delivery, TableMapping

from .base import ReadOnlyAdmin, StaffAdmin


@admin.register(AddresseeAlias)
class AddresseeAliasAdmin(StaffAdmin):
    list_display = ("name", "report", "party", "body")
    list_select_related = ("report", "party", "body")
    list_filter = ("report",)
    search_fields = ("name",)


@admin.register(TableMapping)
class TableMappingAdmin(StaffAdmin):
    """They come from the import, where the columns can be seen; here they are named and deleted."""

    list_display = ("name", "saved_by", "saved_at")
    list_select_related = ("saved_by",)
    fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("title", "publisher", "imported_by", "imported_at")
    list_select_related = ("imported_by",)
    exclude = ("mapping",)
    change_form_template = "admin/recommendations/record_change_form.html"

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        address = reverse("admin:delivery", args=[kwargs["obj"].pk])
        context["steps"] = [(_("What came of it"), address)]
        return super().render_change_form(request, context, *args, **kwargs)
