"""Elements of a picture as text of SVG, and the marks of statuses that are drawn in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from django.template.loader import render_to_string

from recommendations.statuses import Status

from .lines import cleaned

# The light theme, whatever the reader's: a picture stands on pages that nobody knows.
PAPER, INK, INK_2, INK_3 = "#fcfcfa", "#15181c", "#41474f", "#5a616a"
RULE, EDGE, ACCENT = "#d9dbd5", "#7d848c", "#1d407c"
DONE, DONE_TINT, GREY, AMBER, RED = "#0b5d4e", "#cde5dc", "#666d76", "#8a5200", "#a3262e"
FILLS = {
    Status.IMPLEMENTED: DONE,
    Status.PARTLY: "url(#p-partly)",
    Status.IN_PROGRESS: DONE_TINT,
    Status.NO_ACTION: "#ffffff",
    Status.NOT_ASSESSED: "url(#p-not_assessed)",
    Status.OVERTAKEN: "url(#p-overtaken)",
    Status.STALLED: "url(#p-stalled)",
    Status.REJECTED: RED,
}
STROKES = {
    Status.IMPLEMENTED: DONE,
    Status.PARTLY: DONE,
    Status.IN_PROGRESS: DONE,
    Status.NO_ACTION: GREY,
    Status.NOT_ASSESSED: GREY,
    Status.OVERTAKEN: GREY,
    Status.STALLED: AMBER,
    Status.REJECTED: RED,
}
MARKS = re.compile(r"<symbol id=\"(?:s-[a-z_]+|i-logo)\".*?</symbol>|<pattern .*?</pattern>", re.S)
THEMED = re.compile(r"var\(--[\w-]+, ?(#[0-9a-f]+)\)")


@cache
def marks() -> str:
    """Return symbols and patterns of the pages, in the colours that these fall back to."""
    sprite = render_to_string("components/sprite.html")
    return "".join(THEMED.sub(r"\1", mark) for mark in MARKS.findall(sprite))


def pixels(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 20,
    fill: str = INK,
    is_bold: bool = False,
    anchor: str = "start",
) -> str:
    weight = ' font-weight="700"' if is_bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{pixels(x)}" y="{pixels(y)}" font-size="{size}" fill="{fill}"{weight}{place}>'
        f"{escape(cleaned(words), quote=False)}</text>"
    )


def lines(x: float, y: float, texts: Iterable[str], *, leading: int, **style: object) -> str:
    return "".join(
        text(x, y + leading * n, words, **style)  # type: ignore[arg-type]
        for n, words in enumerate(texts)
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str, width: float = 1, dash: str = ""
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{pixels(x1)} {pixels(y1)}L{pixels(x2)} {pixels(y2)}" fill="none"'
        f' stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'
    )


def box(x: float, y: float, width: float, height: float, status: Status) -> str:
    """Draw a part of a bar in the pattern of its status, with its edge."""
    dashes = ' stroke-dasharray="4 3"' if status == Status.NOT_ASSESSED else ""
    return (
        f'<rect x="{pixels(x)}" y="{pixels(y)}" width="{pixels(max(width, 0.5))}"'
        f' height="{pixels(height)}" fill="{FILLS[status]}" stroke="{STROKES[status]}"'
        f' stroke-width="1.5"{dashes}/>'
    )


def band(x: float, y: float, width: float, height: float, status: Status) -> str:
    """Draw months of a status, of which the upper edge alone is drawn."""
    return (
        f'<rect x="{pixels(x)}" y="{pixels(y)}" width="{pixels(width)}"'
        f' height="{pixels(height)}" fill="{FILLS[status]}"/>'
        + line(x, y, x + width, y, stroke=STROKES[status], width=1.5)
    )


def mark(x: float, y: float, size: int, status: str) -> str:
    return (
        f'<use href="#s-{status}" x="{pixels(x)}" y="{pixels(y)}" width="{size}" height="{size}"/>'
    )
