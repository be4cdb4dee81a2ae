"""The admin of the tracker: Django's, with the staff's own pages beside those of the models.

It stands apart from recommendations.admin, which is imported while the site is being made.
"""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class TrackerAdminSite(admin.AdminSite):
    site_header = _("Integrated Alliance Tracker: staff")
    site_title = _("Integrated Alliance Tracker")
    index_title = _("Workspace")

    def get_urls(self):
        from recommendations.admin.urls import staff_urls

        return [*staff_urls(self), *super().get_urls()]
