"""The report of a row, on lists and forms of the staff, as soon as numbers could be of two."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from recommendations.figures.site_reports import has_several_reports
from recommendations.models import Report
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.viewpoint import Viewpoint

# By what a row leads to its report, the nearest first.
LEADS = ("update", "action", "recommendation", "report", "section")


def report_of(row: models.Model | None) -> Report | None:
    """Return the report that a row is about, or None where it is about none."""
    step: Any = row
    while step is not None and not isinstance(step, Report):
        ways = (getattr(step, name, None) for name in LEADS)
        step = next((one for one in ways if one is not None), None)
    return step


def names_reports() -> bool:
    return has_several_reports(Record(Viewpoint.present()))


class OfReportMixin(admin.ModelAdmin):
    """`report_column` is the place of the report among the columns of the list."""

    report_column = 1

    def about_row(self, row: Any) -> models.Model | None:
        return row

    @admin.display(description=gettext_lazy("report"))
    def of_report(self, row: Any) -> str:
        report = report_of(self.about_row(row))
        return plain(report.title, "report.title") if report else "–"

    def get_list_display(self, request: HttpRequest):
        columns = [*super().get_list_display(request)]
        if names_reports():
            columns.insert(self.report_column, "of_report")
        return columns

    def render_change_form(self, request: HttpRequest, context, *args, **kwargs):
        row = kwargs.get("obj")
        if row is not None and names_reports():
            context["subtitle"] = f"{row} · {self.of_report(row)}"
        return super().render_change_form(request, context, *args, **kwargs)
