"""Charts of months, and the addresses behind their figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from recommendations import charts
from recommendations.figures.counts import Counts
from recommendations.figures.months import History, SideBySide, Strip, month_ends
from recommendations.models import ContextEvent
from recommendations.paths import path_of
from recommendations.text.html import format_html, format_html_join

from .tracker import standing

register = template.Library()


@register.simple_tag
def monthly_steps(history: History, events: Iterable[ContextEvent]) -> SafeString:
    """The months of a history; the events lie in them, in order."""
    chart = charts.monthly_steps(
        history.months,
        events=[event.on for event in events],
        searches=[search.on for search in history.first_searches],
    )
    return charts.draw_monthly_steps(chart)


@register.simple_tag
def bands(drawn: Sequence[charts.Band]) -> SafeString:
    return charts.draw_bands(drawn)


@register.inclusion_tag("components/small_multiples.html")
def small_multiples(side_by_side: SideBySide, parameter: str, scope: str) -> dict:
    """Histories of groups side by side, on one scale."""
    most = side_by_side.most
    return {
        "scope": scope,
        "parameter": parameter,
        "multiples": [
            (one.group, charts.small_steps(one.history.months, most=most))
            for one in side_by_side.histories
        ],
        "scale": side_by_side.scale,
        "ticks": charts.month_ticks(side_by_side.days),
    }


@register.simple_tag
def month_axis(ticks: Sequence[charts.Tick], top: int) -> SafeString:
    return charts.draw_month_axis(ticks, top)


@register.simple_tag
def strips(rows: Sequence[Strip], since: date, on: date) -> SafeString:
    """One line an action, by month. The actions need `recommendation` at hand."""
    days = month_ends(since, max(on, since))
    lines = format_html_join(
        "",
        '<span class="no num">{}</span>{}<span class="now">{}</span>',
        (
            (
                row.action.label,
                charts.draw_time_line(charts.line_of(row, days)),
                standing(row.action, "small"),
            )
            for row in rows
        ),
    )
    return format_html(
        '<div class="strips">{}<span></span>'
        '<svg height="26" aria-hidden="true" focusable="false">'
        '<line class="axis" x1="0" x2="100%" y1="0" y2="0"/>{}</svg><span></span></div>',
        lines,
        charts.draw_month_axis(charts.month_ticks(days), top=0),
    )


@register.simple_tag
def count_cells(counts: Counts) -> SafeString:
    """Return a cell for the number of each status, and one for their sum."""
    numbers = [*counts.numbers, counts.total]
    return mark_safe("".join(f"<td>{n}</td>" for n in numbers))


@register.simple_tag(takes_context=True)
def list_as_of(context: Context, scope: str, on: date) -> str:
    """The address of the list with these filters as of a day, told by the edition shown."""
    viewpoint = context["request"].viewpoint
    query = urlencode({**viewpoint.parameters, "as_of": on.isoformat()})
    return f"{path_of('recommendations:list')}?{f'{scope}&' if scope else ''}{query}"
