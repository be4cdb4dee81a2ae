"""Rows of dashboards and scorecards, put together without a template: some hundred on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.figures.counts import Group
from recommendations.figures.dashboard import DeadlineGroup, RecommendationRow
from recommendations.figures.months import History
from recommendations.models import Body
from recommendations.statuses import Precision

from .addresses import address, narrow, page
from .content import said, tagged
from .history import count_cells, list_as_of
from .sources import rests_on
from .tracker import day, stack_bar, standing, time_left, waffle

register = template.Library()
LIST = "recommendations:list"


@register.simple_tag(takes_context=True)
def recommendation_rows(
    context: Context,
    rows: Sequence[RecommendationRow],
    has_squares: object = True,
    heading: str = "h4",
) -> SafeString:
    """Recommendations with their statuses, and a square for each of their actions."""
    return format_html_join(
        "",
        '<li><span class="no">{}</span><{} class="rec-name"><a href="{}">{}</a></{}>'
        '<div class="row">{}{}</div></li>',
        (
            (
                row.recommendation.number,
                heading,
                address(context, row.recommendation),
                said(row.recommendation.headline, "recommendation.headline"),
                heading,
                standing(row, "small"),
                waffle(row.actions) if has_squares else "",
            )
            for row in rows
        ),
    )


@register.simple_tag(takes_context=True)
def square_rows(
    context: Context, groups: Sequence[Group], parameter: str, scope: str, page_url: str = ""
) -> SafeString:
    """Groups of actions as rows of a table: a square for each, how many are done, and all."""
    drawn = (waffle(group.actions, 16, 12) for group in groups)
    return _group_rows(context, zip(groups, drawn, strict=True), parameter, scope, page_url)


@register.simple_tag(takes_context=True)
def bar_rows(
    context: Context, groups: Sequence[Group], parameter: str, scope: str, page_url: str = ""
) -> SafeString:
    """The same with a bar for all of a group."""
    drawn = (stack_bar(group.counts, 16) for group in groups)
    return _group_rows(context, zip(groups, drawn, strict=True), parameter, scope, page_url)


def _group_rows(
    context: Context,
    drawn: Iterable[tuple[Group, SafeString]],
    parameter: str,
    scope: str,
    page_url: str,
) -> SafeString:
    return format_html_join(
        "",
        '<tr role="row"><th role="rowheader" scope="row">{}</th>'
        '<td role="cell" class="bar">{}</td>{}{}</tr>',
        (
            (
                _label(context, group, page_url),
                chart,
                _number(
                    group.counts.implemented,
                    _("Done"),
                    page(
                        context,
                        LIST,
                        filters=narrow(scope, parameter, group.slug),
                        status="implemented",
                    ),
                ),
                _number(
                    group.counts.total,
                    _("of"),
                    page(context, LIST, filters=narrow(scope, parameter, group.slug)),
                ),
            )
            for group, chart in drawn
        ),
    )


def _label(context: Context, group: Group, page_url: str) -> str:
    if not page_url:
        return group.label
    path = page(context, page_url, group.slug)
    return format_html('<a class="quiet" href="{}">{}</a>', path, group.label)


def _number(n: int, words: str, path: str) -> SafeString:
    return format_html(
        '<td role="cell" class="r num" data-label="{}"><a class="quiet" href="{}">{}</a></td>',
        words,
        path,
        n,
    )


@register.simple_tag(takes_context=True)
def deadline_rows(context: Context, group: DeadlineGroup, on: date) -> SafeString:
    """The actions of a group by their deadlines."""
    return format_html_join(
        "",
        '<li><span class="when">{}<br>{}</span><div>'
        '<p class="what"><a class="quiet" href="{}">{}</a></p><p>{} {}</p>'
        '<p class="meta">{}{}</p></div></li>',
        (
            (
                day(action.deadline_on, action.deadline_precision or Precision.DAY),
                time_left(action, on),
                address(context, action),
                tagged(str(action)),
                standing(action, "small"),
                rests_on(action),
                action.get_addressee_display(),
                _bodies(action.bodies.all()),
            )
            for action in group.actions
        ),
    )


def _bodies(bodies: Iterable[Body]) -> SafeString:
    return format_html_join("", " · {}", ((said(body.name, "body.name"),) for body in bodies))


@register.simple_tag(takes_context=True)
def month_rows(context: Context, history: History, scope: str) -> SafeString:
    """The figures of each month, which lead to the list as of its last day."""
    cells = (
        (list_as_of(context, scope, step.on), day(step.on), count_cells(step.counts))
        for step in history.steps
    )
    return format_html_join("", '<tr><th scope="row"><a href="{}">{}</a></th>{}</tr>', cells)
