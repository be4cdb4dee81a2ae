"""The report of a number, said beside it wherever it could be another's."""

from __future__ import annotations

from django import template
from django.db.models import Model
from django.template import Context
from django.utils.safestring import SafeString

from recommendations.models import Report
from recommendations.text.html import format_html
from recommendations.web.public_request import has_several_reports_of

from .content import said

register = template.Library()


def names_reports(context: Context) -> bool:
    """Whether a page says of which report each number is (one query, asked once a request).

    A page that is of one report alone has that in its head, and says `is_of_one_report`.
    """
    return not context.get("is_of_one_report") and has_several(context)


def has_several(context: Context) -> bool:
    request = getattr(context, "request", None)
    return request is not None and has_several_reports_of(request)


@register.simple_tag(takes_context=True)
def are_reports_named(context: Context) -> bool:
    return names_reports(context)


@register.simple_tag(takes_context=True)
def are_reports_named_anywhere(context: Context) -> bool:
    """Whether there are several reports, on a page of one of them too."""
    return has_several(context)


@register.simple_tag(takes_context=True)
def of_its_report(context: Context, row: Model, before: str = " · ") -> SafeString | str:
    """The same of a recommendation or an action; nothing of a report, which is named itself."""
    if not names_reports(context):
        return ""
    owner = getattr(row, "recommendation", row)
    report = getattr(owner, "report", None)
    return of_report(context, report, before) if isinstance(report, Report) else ""


@register.simple_tag(takes_context=True)
def of_report(context: Context, report: Report, before: str = " · ") -> SafeString | str:
    """The title of the report that a number is of; nothing where there is no other report."""
    if not names_reports(context):
        return ""
    return format_html(
        '{}<cite class="of-report">{}</cite>', before, said(report.title, "report.title")
    )
