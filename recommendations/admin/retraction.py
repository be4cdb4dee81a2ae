from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import RetractionRequest
from recommendations.models.retraction import RetractionOutcome

from .base import ReadOnlyAdmin
from .of_report import OfReportMixin


@admin.register(RetractionRequest)
class RetractionRequestAdmin(OfReportMixin, ReadOnlyAdmin):
    """Asked for, and decided on by another person, on pages of their own."""

    list_display = (
        "update",
        "reason",
        "requested_by",
        "requested_at",
        "outcome",
        "research_edition",
    )
    list_filter = ("outcome",)
    list_select_related = (
        "update__action__recommendation__report",
        "requested_by",
        "research_edition",
    )
    change_form_template = "admin/recommendations/record_change_form.html"

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        asked = kwargs["obj"]
        may_decide = request.user.has_perm("recommendations.review_retractionrequest")
        if may_decide and asked.outcome == RetractionOutcome.PENDING:
            address = reverse("admin:review_retraction", args=[asked.pk])
            context["steps"] = [(_("Decide on this request"), address)]
        return super().render_change_form(request, context, *args, **kwargs)
