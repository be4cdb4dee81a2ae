"""The admin of the tracker: Django's, with the staff's own pages beside those of the models.

It stands apart from recommendations.admin, which is imported while the site is being made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from recommendations.viewpoint import today

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class TrackerAdminSite(admin.AdminSite):
    site_header = _("Integrated Alliance Tracker: staff")
    site_title = _("Integrated Alliance Tracker")
    index_title = _("Workspace")
    index_template = "admin/workspace.html"
    # The workspace lists all records, and the bar leads back to it.
    enable_nav_sidebar = False

    def get_urls(self):
        from recommendations.admin.urls import staff_urls

        return [*staff_urls(self), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from recommendations.admin.workspace import workspace_context

        # Nobody else comes as far as this: each view of the site asks first.
        user = cast("User", request.user)
        context = workspace_context(user, on=today()) | (extra_context or {})
        return super().index(request, context)
