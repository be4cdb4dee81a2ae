"""What stands on a page by the hundred, drawn without a template.

A template spends some ten microseconds on each value that it inserts: on a dashboard of a hundred
recommendations, squares, bars and bands took two thirds of all its time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.text.html import conditional_escape

from .bars import Segment, StackBar, Waffle
from .time import AXIS, Band, MonthlySteps, Tick, TimeLine

NO_LINKS: Mapping[str, str] = MappingProxyType({})
# Height of the history of one action, in pixels.
STRIP = 24


def draw_waffle(chart: Waffle) -> SafeString:
    # What is around its title, which may be escaped already, is the same in each.
    size = f'width="{chart.size}" height="{chart.size}"/></g>'
    squares = "".join(
        [
            f'<g><title>{conditional_escape(title)}</title><use href="#s-{status}"'
            f' x="{x}" y="{y}" {size}'
            for status, x, y, title in chart.squares
        ]
    )
    return mark_safe(
        f'<svg class="waffle" width="{chart.width}" height="{chart.height}"'
        f' viewBox="0 0 {chart.width} {chart.height}" preserveAspectRatio="xMinYMid" role="img"'
        f' aria-label="{escape(chart.label)}">{squares}</svg>'
    )


def draw_stack_bar(bar: StackBar, links: Mapping[str, str] = NO_LINKS) -> SafeString:
    """Draw a bar, each part of which leads to the address of its status, where `links` has one.

    The way of the keyboard to the same addresses is the legend: the parts are no stops of it.
    """
    segments = "".join(_segment(segment, bar, links) for segment in bar.segments)
    # What is inside of an image is no link to those who hear the page.
    role = "group" if links else "img"
    drawn = (
        f'<svg class="stackbar{" slim" if bar.is_slim else ""}" height="{bar.height}"'
        f' role="{role}" aria-label="{escape(bar.label)}">{segments}</svg>'
    )
    return mark_safe(f'<div class="bar-room">{drawn}</div>' if bar.top else drawn)


def _segment(segment: Segment, bar: StackBar, links: Mapping[str, str]) -> str:
    number = ""
    if bar.top and segment.room:
        number = (
            f'<text class="room-{segment.room}" x="{segment.x}" dx="1" y="{bar.text_y}">'
            f"{segment.n}</text>"
        )
    title = escape(segment.title)
    part = (
        f'<svg x="{segment.x}" y="{bar.top}" width="{segment.width}"'
        f' height="{bar.bar_height}"><title>{title}</title>'
        f'<rect class="seg f-{segment.status} k-{segment.status}" width="100%" height="100%"/>'
        "</svg>"
    )
    address = links.get(segment.status)
    if not address:
        return number + part
    return (
        f'{number}<a href="{escape(address)}" tabindex="-1" rel="nofollow" aria-label="{title}">'
        f"{part}</a>"
    )


def draw_bands(bands: Sequence[Band]) -> SafeString:
    """Draw the months of each status, and then their upper edges, which lie over them.

    Those of a status share its class: a page with ten charts has hundreds of them.
    """
    areas, edges = "", ""
    for status, run in groupby(bands, key=lambda band: band.status):
        own = list(run)
        drawn = "".join(
            f'<rect x="{band.x}" width="{band.width}" y="{band.y}" height="{band.height}"/>'
            for band in own
        )
        lines = "".join(
            f'<line x1="{band.x}" x2="{band.end}" y1="{band.y}" y2="{band.y}"/>' for band in own
        )
        areas += f'<g class="f-{status}">{drawn}</g>'
        edges += f'<g class="edge k-{status}">{lines}</g>'
    return mark_safe(f'<g shape-rendering="crispEdges">{areas}{edges}</g>')


def draw_monthly_steps(chart: MonthlySteps) -> SafeString:
    """Draw the months of all actions: figures at the left, the plot, names at the right."""
    return mark_safe(
        f'<div class="over-time">{_beside_plot(chart, _figures(chart))}'
        f'<svg height="{chart.height}" role="img" aria-label="{escape(chart.label)}">'
        f"{_grid(chart)}{draw_bands(chart.bands)}{_marks(chart)}"
        f'<line class="axis" x1="0" x2="100%" y1="{chart.bottom}" y2="{chart.bottom}"/>'
        f"{draw_month_axis(chart.x_ticks, chart.bottom)}</svg>"
        f"{_beside_plot(chart, _names(chart))}</div>{_words(chart)}"
    )


def _beside_plot(chart: MonthlySteps, drawn: str) -> str:
    return f'<svg height="{chart.height}" aria-hidden="true" focusable="false">{drawn}</svg>'


def _figures(chart: MonthlySteps) -> str:
    return "".join(
        f'<text class="tick" x="100%" dx="-6" dy="4" y="{tick.place}" text-anchor="end">'
        f"{escape(tick.text)}</text>"
        for tick in chart.y_ticks
    )


def _grid(chart: MonthlySteps) -> str:
    return "".join(
        f'<line class="grid" x1="0" x2="100%" y1="{tick.place}" y2="{tick.place}"/>'
        for tick in chart.y_ticks[1:]
    )


def _marks(chart: MonthlySteps) -> str:
    """Draw the lines of events, and then those of first searches, whose letters stand beside."""
    drawn = [(mark, "event", ' y="13" text-anchor="middle"') for mark in chart.marks]
    drawn += [(mark, "searched", ' dx="-3" y="13" text-anchor="end"') for mark in chart.searches]
    return "".join(
        f'<line class="{css_class}" x1="{mark.x}" x2="{mark.x}" y1="18" y2="{chart.bottom}"/>'
        f'<text class="tick" x="{mark.x}"{place}>{escape(mark.numbers)}</text>'
        for mark, css_class, place in drawn
    )


def _names(chart: MonthlySteps) -> str:
    return "".join(
        f'<path class="lead" d="M2 {row.y}L8 {row.label_y}"/>'
        f'<use href="#s-{row.status}" x="11" y="{row.glyph_y}" width="14" height="14"/>'
        f'<text class="lab-n" x="30" y="{row.text_y}">{row.n}</text>'
        f'<text class="lab" x="54" y="{row.text_y}">{escape(str(row.status.label))}</text>'
        for row in chart.labels
    )


def _words(chart: MonthlySteps) -> str:
    """Return what the names say, for widths that have no room for them beside the plot.

    The plot has it in its label: those who hear the page need it once.
    """
    items = "".join(
        f'<li><svg class="glyph" viewBox="0 0 16 16"><use href="#s-{row.status}"/></svg>'
        f"{row.n} {escape(str(row.status.label))}</li>"
        for row in chart.labels
    )
    return f'<ul class="over-time-words" role="list" aria-hidden="true">{items}</ul>'


def draw_month_axis(ticks: Sequence[Tick], top: int) -> SafeString:
    """Draw the names of months below an axis, which lies at `top`, in pixels."""
    drawn = "".join(
        f'<line class="axis" x1="{tick.place}" x2="{tick.place}" y1="0" y2="5"/>'
        f'<text class="tick{" minor" if tick.is_minor else ""}" x="{tick.place}" dx="2" y="18">'
        f"{escape(tick.text)}</text>"
        for tick in ticks
    )
    return mark_safe(f'<svg y="{top}" width="100%" height="{AXIS}">{drawn}</svg>')


def draw_time_line(line: TimeLine) -> SafeString:
    """Draw the stretches of one action, and the line at which it was first searched."""
    stretches = "".join(
        f'<svg x="{stretch.x}" width="{stretch.width}" height="{STRIP}">'
        f"<title>{escape(stretch.title)}</title>"
        f'<rect class="f-{stretch.status} k-{stretch.status}" y="0.5" width="100%"'
        f' height="{STRIP - 1}"/></svg>'
        for stretch in line.stretches
    )
    searched = ""
    if line.searched_at:
        # Outside of the f-string, in which nobody would find it for translation.
        words = escape(_("First searched"))
        searched = (
            f'<line class="searched" x1="{line.searched_at}" x2="{line.searched_at}" y1="0"'
            f' y2="{STRIP}"><title>{words}</title></line>'
        )
    return mark_safe(
        f'<svg class="strip" height="{STRIP}" role="img" aria-label="{escape(line.label)}">'
        f"{stretches}{searched}</svg>"
    )
