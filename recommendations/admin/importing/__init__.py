"""From the file of a report to a draft, or to a new text of a report that there is."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from recommendations.admin.pages import staff_page

from . import preview, reading_page, upload


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view, *methods: str):
        allowed = require_http_methods(methods or ("GET", "HEAD", "POST"))(view)
        return staff_page(site, allowed, permission="add_report")

    shown = preview.while_there(preview.import_preview)
    decide = preview.while_there(preview.decide_proposal)
    switch = preview.while_there(preview.switch_reading)
    return [
        path("import/", upload.limited(page(upload.import_report)), name="import_report"),
        path("import/reading/<int:pk>/", page(reading_page.import_reading), name="import_reading"),
        path("import/<int:pk>/", page(shown), name="import_preview"),
        path("import/<int:pk>/switch/", page(switch, "POST"), name="switch_reading"),
        path("import/<int:pk>/decide/", page(decide, "POST"), name="decide_proposal"),
    ]
