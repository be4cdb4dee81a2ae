"""From the file of a report to a draft, or to a new text of a report that there is."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.admin.pages import staff_page

from . import preview, upload


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        allowed = require_http_methods(["GET", "HEAD", "POST"])(view)
        return staff_page(site, allowed, permission="add_report")

    return [
        path("import/", upload.limited(page(upload.import_report)), name="import_report"),
        path("import/<int:pk>/", page(preview.import_preview), name="import_preview"),
        path(
            "import/<int:pk>/decide/",
            staff_page(site, require_POST(preview.decide_proposal), permission="add_report"),
            name="decide_proposal",
        ),
    ]
