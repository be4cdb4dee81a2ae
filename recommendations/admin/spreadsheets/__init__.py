"""From a spreadsheet to drafts: upload, meaning of the columns, check, and what came of it."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.admin.importing.upload import limited
from recommendations.admin.pages import staff_page

from . import check, columns, delivery, template_file, upload


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view, permission: str = "add_report"):
        allowed = require_http_methods(["GET", "HEAD", "POST"])(view)
        return staff_page(site, allowed, permission=permission)

    template = staff_page(site, require_safe(template_file.template_file), permission="add_report")
    return [
        path("import/table/", limited(page(upload.import_table)), name="import_table"),
        path("import/table/template.<str:kind>", template, name="import_table_template"),
        path(
            "import/table/<int:pk>/",
            page(upload.while_there(columns.table_columns)),
            name="table_columns",
        ),
        path(
            "import/table/<int:pk>/check/",
            page(upload.while_there(check.table_check)),
            name="table_check",
        ),
        path("deliveries/<int:pk>/", page(delivery.show, "view_delivery"), name="delivery"),
        path(
            "deliveries/<int:pk>/dates/",
            page(delivery.give_dates, "add_statusupdate"),
            name="delivery_dates",
        ),
        path(
            "deliveries/<int:pk>/submit/",
            page(delivery.submit_complete, "add_statusupdate"),
            name="delivery_submit",
        ),
    ]
