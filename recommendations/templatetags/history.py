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
from recommendations.figures.months import GroupHistory, History, Strip, month_ends
from recommendations.models import ContextEvent
from recommendations.paths import path_of
from recommendations.periods.spans import status_on
from recommendations.statuses import Status

register = template.Library()


@register.simple_tag
def monthly_steps(history: History, events: Iterable[ContextEvent]) -> charts.MonthlySteps:
    """The months of a history; the events lie in them, in order."""
    return charts.monthly_steps(
        history.months,
        events=[event.on for event in events],
        searches=[search.on for search in history.first_searches],
    )


@register.simple_tag
def bands(drawn: Sequence[charts.Band]) -> SafeString:
    return charts.draw_bands(drawn)


@register.inclusion_tag("components/small_multiples.html")
def small_multiples(histories: Sequence[GroupHistory], parameter: str, scope: str) -> dict:
    """Histories of groups side by side, on one scale."""
    most = max((one.history.most for one in histories), default=1)
    return {
        "scope": scope,
        "parameter": parameter,
        "most": most,
        "multiples": [
            (one.group, charts.small_steps(one.history.months, most=most)) for one in histories
        ],
        "ticks": charts.month_ticks(histories[0].history.days) if histories else (),
    }


@register.inclusion_tag("components/strips.html")
def strips(rows: Sequence[Strip], since: date, on: date) -> dict:
    """One line an action, by month. The actions need `recommendation` at hand."""
    days = month_ends(since, max(on, since))
    lines = [
        charts.time_line(
            [status_on(row.spans, day) for day in days],
            days,
            changes=[
                charts.DatedStatus(
                    span.status,
                    *row.stated[span.update_id],
                    is_first_search=i == 0 and span.status == Status.NO_ACTION,
                )
                for i, span in enumerate(row.spans)
                if span.update_id
            ],
            name=row.action.label,
        )
        for row in rows
    ]
    return {"lines": list(zip(rows, lines, strict=True)), "ticks": charts.month_ticks(days)}


@register.simple_tag
def count_cells(counts: Counts) -> SafeString:
    """Return a cell for the number of each status, and one for their sum."""
    numbers = [*(row.n for row in counts.rows), counts.total]
    return mark_safe("".join(f'<td class="r num">{n}</td>' for n in numbers))


@register.simple_tag(takes_context=True)
def list_as_of(context: Context, scope: str, on: date) -> str:
    """The address of the list with these filters as of a day, told by the edition shown."""
    viewpoint = context["request"].viewpoint
    query = urlencode({**viewpoint.parameters, "as_of": on.isoformat()})
    return f"{path_of('recommendations:list')}?{f'{scope}&' if scope else ''}{query}"
