"""Charts that stand on a page by the hundred, drawn without a template: a quarter of the time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from .bars import Square, Waffle
from .time import Band


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


def draw_bands(bands: Sequence[Band]) -> SafeString:
    """Draw the months of each status, and then their upper edges, which lie over them."""
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
