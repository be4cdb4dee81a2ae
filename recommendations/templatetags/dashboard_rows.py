"""Rows of dashboards and scorecards, put together without a template: some hundred on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.addressee_groups import group_of
from recommendations.figures.counts import Counts, Group, phrase, phrases_of
from recommendations.figures.dashboard import DeadlineGroup, RecommendationRow
from recommendations.figures.months import History
from recommendations.models import Body
from recommendations.querysets.fetched import fetched
from recommendations.statuses import Precision, Status
from recommendations.text.html import format_html, format_html_join
from recommendations.text.punctuation import colon

from .addresses import address, narrow, page
from .content import said, tagged
from .history import count_cells, list_as_of
from .named_reports import names_reports, of_report
from .sources import rests_on
from .tracker import actions_in_words, day, stack_bar, standing, time_left, waffle

register = template.Library()
LIST = "recommendations:list"
# Taps on a chart lead on. The link beside it leads to the same page: one stop of the keyboard is
# enough.
OF_ROW = '<a class="of-chart" href="{}" tabindex="-1">{}</a>'
OF_CHART = '<a class="of-chart" href="{}" tabindex="-1" rel="nofollow">{}</a>'


@register.simple_tag(takes_context=True)
def recommendation_rows(
    context: Context,
    rows: Sequence[RecommendationRow],
    has_squares: object = True,
    heading: str = "h4",
) -> SafeString:
    """Recommendations with their statuses, and a square for each of their actions."""
    found = []
    for row in rows:
        path = address(context, row.recommendation)
        squares = format_html(OF_ROW, path, waffle(row.actions)) if has_squares else ""
        name = said(row.recommendation.headline, "recommendation.headline")
        number, mark = row.recommendation.number, standing(row, "small")
        found.append((number, heading, path, name, heading, mark, squares, _parts(row)))
    return format_html_join(
        "",
        '<li><span class="no">{}</span><{} class="rec-name"><a href="{}">{}</a></{}>'
        '<div class="row">{}{}{}</div></li>',
        found,
    )


def _parts(row: RecommendationRow) -> SafeString | str:
    """What the squares are, where a status that says nothing yet hides what some actions have."""
    counts = Counts.of(action.status for action in row.actions)
    if row.status != Status.NOT_ASSESSED or counts.total == counts.n(Status.NOT_ASSESSED):
        return ""
    return format_html('<span class="meta parts">{}</span>', phrases_of(counts))


@register.simple_tag(takes_context=True)
def square_rows(
    context: Context, groups: Sequence[Group], parameter: str, scope: str, page_url: str = ""
) -> SafeString:
    """Groups of actions as rows of a table: a square for each, how many are done, and all."""
    is_named = names_reports(context)
    drawn = (waffle(group.actions, 16, 12, names_reports=is_named) for group in groups)
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
    done, of_all = _("Implemented"), _("of")
    rows = []
    for group, chart in drawn:
        own = narrow(scope, parameter, group.slug)
        n, total = group.counts.implemented, group.counts.total
        implemented = page(context, LIST, filters=own, status="implemented")
        every = page(context, LIST, filters=own)
        rows.append(
            (
                _label(context, group, page_url),
                format_html(OF_CHART, every, chart),
                _number(n, done, implemented, _named(group, phrase(Status.IMPLEMENTED, n))),
                _number(total, of_all, every, _named(group, actions_in_words(total))),
            )
        )
    form = '<tr><th scope="row">{}</th><td class="bar">{}</td>{}{}</tr>'
    return format_html_join("", form, rows)


def _label(context: Context, group: Group, page_url: str) -> str:
    if not page_url:
        return group.label
    path = page(context, page_url, group.slug)
    return format_html('<a class="quiet" href="{}">{}</a>', path, group.label)


def _named(group: Group, words: str) -> str:
    """Return what a link says to those who hear it, of which a number alone is seen."""
    return f"{group.label}{colon()}{words}"


def _number(n: int, words: str, path: str, name: str) -> SafeString:
    return format_html(
        '<td class="r num" data-label="{}">'
        '<a class="quiet" href="{}" rel="nofollow" aria-label="{}">{}</a></td>',
        words,
        path,
        name,
        n,
    )


@register.simple_tag(takes_context=True)
def addresses_by_status(context: Context, scope: str) -> dict[str, str]:
    """Return the list with a scope, of each status alone."""
    return {one.value: page(context, LIST, filters=scope, status=one.value) for one in Status}


@register.simple_tag(takes_context=True)
def deadline_rows(context: Context, group: DeadlineGroup, on: date) -> SafeString:
    """The actions of a group by their deadlines."""
    is_named = names_reports(context)
    return format_html_join(
        "",
        '<li><span class="when">{}<br>{}</span><div>'
        '<p class="what"><a class="quiet" href="{}">{}</a></p><p>{} {}</p>'
        '<p class="meta">{}{}{}</p></div></li>',
        (
            (
                day(action.deadline_on, action.deadline_precision or Precision.DAY),
                time_left(action, on),
                address(context, action),
                tagged(str(action)),
                standing(action, "small"),
                rests_on(action),
                group_of(action.addressee).label,
                _bodies(fetched(action, "bodies")),
                of_report(context, action.recommendation.report) if is_named else "",
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
    return format_html_join(
        "", '<tr><th scope="row"><a href="{}" rel="nofollow">{}</a></th>{}</tr>', cells
    )
