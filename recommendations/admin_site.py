"""The admin of the tracker: Django's, with the staff's own pages beside those of the models.

It stands apart from recommendations.admin, which is imported while the site is being made.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from alliance.site_name import lazy_site_name, lazy_text, site_name
from recommendations.viewpoint import today


@lazy_text
def staff_header() -> str:
    return _("%(site)s: staff") % {"site": site_name()}


class TrackerAdminSite(admin.AdminSite):
    site_header = staff_header()
    site_title = lazy_site_name()
    index_title = gettext_lazy("Workspace")
    index_template = "admin/workspace.html"
    # The workspace lists all records, and the bar leads back to it.
    enable_nav_sidebar = False

    def get_urls(self):
        from recommendations.admin.urls import staff_urls

        return [*staff_urls(self), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from recommendations.admin.pages import user_of
        from recommendations.admin.workspace import workspace_context

        context = workspace_context(user_of(request), on=today()) | (extra_context or {})
        return super().index(request, context)

    @method_decorator([never_cache, secure_admin_login])
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Lead to the one page that signs in.

        Django's form would take a name and password without throttle and second factor, also
        from somebody who is signed in as another.
        """
        return redirect("admin:index")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context=None
    ) -> HttpResponse:
        return redirect("account_change_password")
