"""The charts of pictures, in pixels, of the geometry that pages draw in shares of their width."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.charts import (
    Band,
    MonthlySteps,
    SmallSteps,
    StackBar,
    Tick,
    TimeLine,
)
from recommendations.figures.counts import Counts, phrases_of
from recommendations.statuses import Status
from recommendations.text.punctuation import colon

from . import drawing
from .drawing import EDGE, INK_2, INK_3, RULE
from .lines import shortened, width_of, wrapped

MARGIN = 48
INNER = 1200 - 2 * MARGIN
# Actions of a recommendation, and charts side by side, that one picture has room for.
MOST_STRIPS = 40


@dataclass(frozen=True)
class Body:
    """A drawn chart. A card has the size in which networks show a page; others grow."""

    drawn: str
    height: float
    told: str
    is_card: bool = False
    is_centred: bool = True


def share(of: str) -> float:
    """Return a length of the geometry, "33.3%", as a number from 0 to 1."""
    return float(of.removesuffix("%")) / 100


# Bars ----------------------------------------------------------------------------------------


def bar_body(bar: StackBar, counts: Counts) -> Body:
    """The bar of a headline, with a legend that has each number."""
    height, top = 64, 34
    drawn = ""
    for segment in bar.segments:
        x, width = MARGIN + share(segment.x) * INNER, share(segment.width) * INNER
        drawn += drawing.box(x + 1.5, top, width - 3, height, segment.status)
        if width > width_of(str(segment.n), 26, is_bold=True) + 4:
            drawn += drawing.text(x + 1, top - 9, str(segment.n), size=26, is_bold=True)
    return Body(
        drawn + _legend(counts, top + height + 40), top + height + 92, bar.label, is_card=True
    )


def _legend(counts: Counts, y: float) -> str:
    """Draw every status with its number, in two rows."""
    column, drawn = INNER / 4, ""
    for place, row in enumerate(counts.rows):
        x, own = MARGIN + column * (place % 4), y + 40 * (place // 4)
        number = str(row.n)
        drawn += drawing.mark(x, own - 18, 22, row.status)
        drawn += drawing.text(x + 32, own, number, size=22, is_bold=True)
        after = x + 42 + width_of(number, 22, is_bold=True)
        words = shortened(row.label, x + column - after - 8, 21)
        drawn += drawing.text(after, own, words, size=21, fill=INK_2)
    return drawn


# Over time -----------------------------------------------------------------------------------

LEFT, RIGHT = 52, 268


def history_body(chart: MonthlySteps, notes: Sequence[str]) -> Body:
    """All months, with the numbers at the left and the names at the right."""
    x0, width = MARGIN + LEFT, INNER - LEFT - RIGHT
    end = x0 + width
    drawn = ""
    for tick in chart.y_ticks:
        y = float(tick.place)
        drawn += drawing.line(x0, y, end, y, stroke=RULE)
        drawn += drawing.text(x0 - 10, y + 6, tick.text, size=17, fill=INK_3, anchor="end")
    drawn += _bands(chart.bands, x0, width)
    for marks, stroke, dash in ((chart.marks, INK_2, "2 4"), (chart.searches, EDGE, "7 4")):
        for mark in marks:
            x = x0 + share(mark.x) * width
            drawn += drawing.line(x, 20, x, chart.bottom, stroke=stroke, width=1.5, dash=dash)
            drawn += drawing.text(x, 14, mark.numbers, size=16, fill=INK_2, anchor="middle")
    drawn += drawing.line(x0, chart.bottom, end, chart.bottom, stroke=INK_2, width=1.5)
    drawn += _axis(chart.x_ticks, x0, width, chart.bottom, size=17)
    drawn += _names(chart, end)
    told = [line for note in notes for line in wrapped(note, INNER, 18, most=3)]
    key, height = _status_key({one.status for one in chart.bands}, chart.bottom + 46)
    drawn += key
    top = chart.bottom + 46 + height + 24
    drawn += drawing.lines(MARGIN, top, told, leading=26, size=18, fill=INK_2)
    return Body(drawn, top + 26 * len(told), " ".join([chart.label, *notes]))


def _bands(bands: Sequence[Band], x0: float, width: float) -> str:
    drawn = "".join(
        drawing.band(
            x0 + share(one.x) * width,
            float(one.y),
            share(one.width) * width,
            float(one.height),
            one.status,
        )
        for one in bands
    )
    # Months that lie side by side have no gap.
    return f'<g shape-rendering="crispEdges">{drawn}</g>'


def _names(chart: MonthlySteps, end: float) -> str:
    drawn = ""
    for row in chart.labels:
        y, at = float(row.y), float(row.label_y)
        drawn += drawing.line(end + 2, y, end + 10, at, stroke=EDGE)
        drawn += drawing.mark(end + 14, at - 8, 16, row.status)
        drawn += drawing.text(end + 38, at + 6, str(row.n), size=18, is_bold=True)
        words = shortened(str(row.status.label), RIGHT - 76, 18)
        drawn += drawing.text(end + 72, at + 6, words, size=18)
    return drawn


def _axis(ticks: Sequence[Tick], x0: float, width: float, y: float, *, size: int) -> str:
    """Draw the names of months, but for those that would run into the one before."""
    drawn, free = "", 0.0
    for tick in ticks:
        x = x0 + share(tick.place) * width
        drawn += drawing.line(x, y, x, y + 6, stroke=INK_2)
        if x >= free and x + width_of(tick.text, size) <= x0 + width + 60:
            drawn += drawing.text(x + 2, y + 24, tick.text, size=size, fill=INK_2)
            free = x + width_of(tick.text, size) + 12
    return drawn


# Strips --------------------------------------------------------------------------------------


def strips_body(
    rows: Sequence[tuple[TimeLine, str, str]], ticks: Sequence[Tick], counts: Counts
) -> Body:
    """One line an action: its history, its label and the status that it has now."""
    shown, x0, y = rows[:MOST_STRIPS], MARGIN + 84, 0.0
    width = INNER - 84 - RIGHT
    drawn = ""
    for line, label, status in shown:
        drawn += drawing.text(MARGIN, y + 25, label, size=20, is_bold=True)
        for stretch in line.stretches:
            x, own = x0 + share(stretch.x) * width, share(stretch.width) * width
            drawn += drawing.box(x, y + 3, own, 30, stretch.status)
        if line.searched_at:
            x = x0 + share(line.searched_at) * width
            drawn += drawing.line(x, y, x, y + 36, stroke=INK_2, width=1.5, dash="7 4")
        drawn += drawing.mark(x0 + width + 16, y + 8, 20, status)
        words = shortened(str(Status(status).label), RIGHT - 46, 19)
        drawn += drawing.text(x0 + width + 44, y + 25, words, size=19)
        y += 44
    drawn += drawing.line(x0, y, x0 + width, y, stroke=INK_2, width=1.5)
    drawn += _axis(ticks, x0, width, y, size=17)
    key, height = _status_key({one.status for row in shown for one in row[0].stretches}, y + 44)
    drawn += key
    y += 44 + height
    for words in _strip_notes([line for line, _label, _status in shown], len(rows) - len(shown)):
        drawn += drawing.text(MARGIN, y + 24, words, size=18, fill=INK_2)
        y += 36
    return Body(drawn, y, phrases_of(counts))


def _strip_notes(shown: Sequence[TimeLine], left_out: int) -> Iterator[str]:
    if left_out:
        yield ngettext(
            "%(n)d more action stands on the page.",
            "%(n)d more actions stand on the page.",
            left_out,
        ) % {"n": left_out}
    if any(line.searched_at for line in shown):
        yield _("Dashed line: first searched.")


# Side by side --------------------------------------------------------------------------------


def multiples_body(
    charts: Sequence[tuple[str, Counts, SmallSteps]], ticks: Sequence[Tick], scale: str
) -> Body:
    """Several charts, three in a row, and below them what their scale is."""
    gap, row = 36, 200
    width = (INNER - 2 * gap) / 3
    drawn, told = "", []
    for place, (label, counts, chart) in enumerate(charts):
        x, y = MARGIN + (width + gap) * (place % 3), row * (place // 3)
        n = _("%(n)d of %(total)d implemented") % {
            "n": counts.implemented,
            "total": counts.total,
        }
        name = wrapped(label, width, 18, most=2, is_bold=True)
        drawn += drawing.lines(x, y + 18, name, leading=23, size=18, is_bold=True)
        drawn += drawing.text(x, y + 18 + 23 * len(name), n, size=16, fill=INK_2)
        drawn += f'<g transform="translate(0 {y + 74})">{_bands(chart.bands, x, width)}</g>'
        bottom = y + 74 + chart.height
        drawn += drawing.line(x, bottom, x + width, bottom, stroke=INK_2, width=1.5)
        drawn += _axis(ticks, x, width, bottom, size=15)
        told.append(f"{label}{colon()}{n}.")
    top = row * -(-len(charts) // 3)
    used = {band.status for _label, _counts, chart in charts for band in chart.bands}
    key, height = _status_key(used, top)
    drawn += key + drawing.text(MARGIN, top + height + 24, scale, size=18, fill=INK_2)
    return Body(drawn, top + height + 36, " ".join([*told, scale]))


def _status_key(used: Collection[Status], y: float) -> tuple[str, float]:
    """Draw what each pattern of a chart stands for, and return how high that is."""
    column, drawn = INNER / 4, ""
    shown = [status for status in Status if status in used]
    for place, status in enumerate(shown):
        x, own = MARGIN + column * (place % 4), y + 34 * (place // 4)
        drawn += drawing.box(x, own, 26, 18, status)
        words = shortened(str(status.label), column - 44, 18)
        drawn += drawing.text(x + 36, own + 15, words, size=18, fill=INK_2)
    return drawn, 34 * -(-len(shown) // 4)


def words_body(words: str) -> Body:
    """Words alone, for a page without a chart."""
    told = wrapped(words, INNER, 30, most=5)
    drawn = drawing.lines(MARGIN, 34, told, leading=46, size=30, fill=INK_2)
    return Body(drawn, 46 * len(told), words, is_card=True, is_centred=False)
