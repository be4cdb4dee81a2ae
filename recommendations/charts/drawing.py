"""What stands on a page by the hundred, drawn without a template.

A template spends some ten microseconds on each value that it inserts: on a dashboard of a hundred
recommendations, squares, bars and bands took two thirds of all its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from .bars import Segment, Square, StackBar, Waffle
from .time import Band

MOST_BANDS = 120


def draw_waffle(chart: Waffle) -> SafeString:
    squares = "".join(_square(square, chart.size) for square in chart.squares)
    return mark_safe(
        f'<svg class="waffle" width="{chart.width}" height="{chart.height}"'
        f' viewBox="0 0 {chart.width} {chart.height}" preserveAspectRatio="xMinYMid" role="img"'
        f' aria-label="{escape(chart.label)}">{squares}</svg>'
    )


def _square(square: Square, size: int) -> str:
    return (
        f'<g><title>{escape(square.title)}</title><use href="#s-{square.status}"'
        f' x="{square.x}" y="{square.y}" width="{size}" height="{size}"/></g>'
    )


def draw_stack_bar(bar: StackBar) -> SafeString:
    segments = "".join(_segment(segment, bar) for segment in bar.segments)
    drawn = (
        f'<svg class="stackbar{" slim" if bar.is_slim else ""}" height="{bar.height}" role="img"'
        f' aria-label="{escape(bar.label)}">{segments}</svg>'
    )
    return mark_safe(f'<div class="bar-room">{drawn}</div>' if bar.top else drawn)


def _segment(segment: Segment, bar: StackBar) -> str:
    number = ""
    if bar.top and segment.room:
        number = (
            f'<text class="room-{segment.room}" x="{segment.x}" dx="1" y="{bar.text_y}">'
            f"{segment.n}</text>"
        )
    return (
        f'{number}<svg x="{segment.x}" y="{bar.top}" width="{segment.width}"'
        f' height="{bar.bar_height}"><title>{escape(segment.title)}</title>'
        f'<rect class="seg f-{segment.status} k-{segment.status}" width="100%" height="100%"/>'
        "</svg>"
    )


def draw_bands(bands: Sequence[Band]) -> SafeString:
    """Draw the months of each status, and then their upper edges, which lie over them.

    Of many, those of a status share its class, which each of a few has of its own.
    """
    if len(bands) > MOST_BANDS:
        return _grouped_bands(bands)
    areas = "".join(
        f'<rect class="f-{band.status}" x="{band.x}" width="{band.width}" y="{band.y}"'
        f' height="{band.height}"/>'
        for band in bands
    )
    edges = "".join(
        f'<line class="edge k-{band.status}" x1="{band.x}" x2="{band.end}" y1="{band.y}"'
        f' y2="{band.y}"/>'
        for band in bands
    )
    return mark_safe(f'<g shape-rendering="crispEdges">{areas}{edges}</g>')


def _grouped_bands(bands: Sequence[Band]) -> SafeString:
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
