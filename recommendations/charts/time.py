"""What changed month by month: steps, not slopes."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from string import ascii_uppercase
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from recommendations.figures.counts import STATUSES, Counts, phrases_of
from recommendations.statuses import Precision, Status
from recommendations.text.dates import date_text
from recommendations.text.punctuation import colon

from .bars import percent

Months = Sequence[tuple[date, Counts]]

# Pixels: the plot with its axis at the bottom, room for the numbers of events above it.
HEIGHT, TOP, AXIS = 328, 24, 26
LABEL_STEP = 20
# With more months than this, only each January, and then only some years, have a name.
MONTHS_WITH_HALVES, MOST_YEARS = 48, 10
# Between the first name and the next: Japanese ones are as wide as three months of a strip.
MONTHS_BETWEEN = 4


def pixels(value: float) -> str:
    return f"{value:.1f}"


class Band(NamedTuple):
    """A status over months in which neither it nor those below it changed."""

    status: Status
    n: int
    x: str
    end: str
    width: str
    y: str
    height: str


def bands(months: Months, *, height: float, scale: float) -> tuple[Band, ...]:
    """Stack the statuses in their order from the bottom up; `scale` is pixels an action."""
    found = []
    below = [0] * len(months)
    numbers = [counts.numbers for _day, counts in months]
    places = [percent(n, len(months)) for n in range(len(months) + 1)]
    for place, status in enumerate(STATUSES):
        own = [of_month[place] for of_month in numbers]
        after = 0
        for (n, base), run in groupby(zip(own, below, strict=True)):
            first, after = after, after + len(list(run))
            if n:
                found.append(
                    Band(
                        status,
                        n,
                        places[first],
                        places[after],
                        places[after - first],
                        pixels(height - (base + n) * scale),
                        pixels(n * scale),
                    )
                )
        below = [base + n for base, n in zip(below, own, strict=True)]
    return tuple(found)


@dataclass(frozen=True)
class Tick:
    """A name on an axis: `place` in per cent from the left, or in pixels from the top."""

    place: str
    text: str
    is_minor: bool = False


def month_ticks(days: Sequence[date]) -> tuple[Tick, ...]:
    """Name the first month and then each January, with July between where there is room."""
    years = len(days) // 12 + 1
    every = -(-years // MOST_YEARS)
    found = []
    for i, day in enumerate(days):
        has_room = i >= MONTHS_BETWEEN
        is_january = day.month == 1 and day.year % every == 0 and has_room
        is_july = day.month == 7 and len(days) <= MONTHS_WITH_HALVES and has_room
        if i == 0 or is_january or is_july:
            text = date_text(day, Precision.MONTH)
            found.append(Tick(percent(i, len(days)), text, is_minor=is_july))
    return tuple(found)


def nice_numbers(most: int) -> list[int]:
    """Return 0, some round numbers and the most: [0, 20, 40, 60, 83]."""
    step = next(
        round_number
        for power in range(12)
        for round_number in (10**power, 2 * 10**power, 5 * 10**power)
        if most / round_number <= 5
    )
    between = [n for n in range(step, most, step) if most - n >= step / 2]
    return [0, *between, most]


@dataclass(frozen=True)
class DirectLabel:
    """A status at the right edge: `y` is where its band ends, `label_y` where there is room."""

    status: Status
    n: int
    y: str
    glyph_y: str
    text_y: str
    label_y: str


def direct_labels(counts: Counts, *, scale: float) -> tuple[DirectLabel, ...]:
    """Place the labels beside their bands, no two closer than LABEL_STEP, none above the plot."""
    wanted, base = [], 0
    for row in counts.rows:
        if row.n:
            wanted.append((row, HEIGHT - (base + row.n / 2) * scale))
            base += row.n
    placed: list[float] = []
    for _row, y in wanted:
        placed.append(min(y, placed[-1] - LABEL_STEP) if placed else y)
    ceiling = float(TOP)
    for i in reversed(range(len(placed))):
        placed[i] = max(placed[i], ceiling)
        ceiling = placed[i] + LABEL_STEP
    return tuple(
        DirectLabel(row.status, row.n, pixels(y), pixels(at - 7), pixels(at + 4.5), pixels(at))
        for (row, y), at in zip(wanted, placed, strict=True)
    )


@dataclass(frozen=True)
class Mark:
    """A dotted line for something that happened; `numbers` lead to the list below the chart."""

    x: str
    numbers: str


def place_of(on: date, days: Sequence[date]) -> float:
    """Return a day in months from the left edge."""
    first = days[0]
    months = (on.year - first.year) * 12 + on.month - first.month
    return months + (on.day - 1) / calendar.monthrange(on.year, on.month)[1]


def marks(
    events: Iterable[date], days: Sequence[date], *, names: Iterable[str]
) -> tuple[Mark, ...]:
    """Name the days in their order; those of one month share a line."""
    numbered = [(place_of(on, days), name) for name, on in zip(names, events, strict=False)]
    return tuple(
        Mark(percent(group[0][0], len(days)), ", ".join(name for _place, name in group))
        for _month, run in groupby(numbered, key=lambda one: int(one[0]))
        if (group := list(run))
    )


@dataclass(frozen=True)
class MonthlySteps:
    """All actions by status, month by month, with what is written around it."""

    bands: tuple[Band, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    labels: tuple[DirectLabel, ...]
    marks: tuple[Mark, ...]
    searches: tuple[Mark, ...]
    label: str
    bottom: int = HEIGHT
    height: int = HEIGHT + AXIS


def monthly_steps(
    months: Months, *, events: Iterable[date] = (), searches: Iterable[date] = ()
) -> MonthlySteps:
    """Draw (day, counts) pairs, one a month.

    `events` and `searches` are days within these months, in order: the former are numbered, the
    latter have letters.
    """
    days = [day for day, _counts in months]
    most = max(counts.total for _day, counts in months)
    scale = (HEIGHT - TOP) / most
    return MonthlySteps(
        bands(months, height=HEIGHT, scale=scale),
        tuple(Tick(pixels(HEIGHT - n * scale), str(n)) for n in nice_numbers(most)),
        month_ticks(days),
        direct_labels(months[-1][1], scale=scale),
        marks(events, days, names=map(str, count(1))),
        marks(searches, days, names=ascii_uppercase),
        steps_label(months),
    )


def steps_label(months: Months) -> str:
    (first_day, first), (last_day, last) = months[0], months[-1]
    return _(
        "Verifiable actions by status at the end of each month. %(first)s: %(before)s. "
        "%(last)s: %(after)s. The table below has every figure."
    ) % {
        "first": date_text(first_day, Precision.MONTH),
        "before": phrases_of(first),
        "last": date_text(last_day),
        "after": phrases_of(last),
    }


@dataclass(frozen=True)
class SmallSteps:
    """One of several charts that share their months and their scale."""

    bands: tuple[Band, ...]
    label: str
    height: int


def small_steps(months: Months, *, most: int, height: int = 72) -> SmallSteps:
    """Draw (day, counts) pairs; `most` actions are as high as the chart."""
    first, last = months[0][1], months[-1][1]
    label = ngettext(
        "%(n)d verifiable action, by month. First: %(before)s. Last: %(after)s.",
        "%(n)d verifiable actions, by month. First: %(before)s. Last: %(after)s.",
        last.total,
    ) % {"n": last.total, "before": phrases_of(first) or "0", "after": phrases_of(last)}
    return SmallSteps(bands(months, height=height, scale=height / most), label, height)


@dataclass(frozen=True)
class Stretch:
    """Months with one status."""

    status: Status
    x: str
    width: str
    title: str


class DatedStatus(NamedTuple):
    """Since when something had a status, as it was stated."""

    status: str
    on: date
    precision: str = Precision.DAY
    is_first_search: bool = False


@dataclass(frozen=True)
class TimeLine:
    """The status of one action at the end of each month.

    `searched_at` is where its first status is that of a search which found nothing, else empty.
    """

    stretches: tuple[Stretch, ...]
    label: str
    searched_at: str = ""


def time_line(
    statuses: Sequence[str], days: Sequence[date], *, changes: Iterable[DatedStatus], name: str
) -> TimeLine:
    """Draw one status a day of `days`. `changes` are told in words, as exact as known."""
    changes, found, start = list(changes), [], 0
    for status, run in groupby(statuses):
        n = len(list(run))
        title = _("%(status)s: %(first)s to %(last)s") % {
            "status": Status(status).label,
            "first": date_text(days[start], Precision.MONTH),
            "last": date_text(days[start + n - 1], Precision.MONTH),
        }
        place, width = percent(start, len(days)), percent(n, len(days))
        found.append(Stretch(Status(status), place, width, title))
        start += n
    between = pgettext("between the parts of a sentence", "; ")
    told = [_told(change) for change in changes] or [str(Status.NOT_ASSESSED.label)]
    searched = next((one.on for one in changes if one.is_first_search), None)
    return TimeLine(
        tuple(found),
        f"{name}{colon()}{between.join(told)}",
        percent(place_of(searched, days), len(days)) if searched else "",
    )


def _told(change: DatedStatus) -> str:
    words = {
        "status": Status(change.status).label,
        "day": date_text(change.on, change.precision),
    }
    if change.is_first_search:
        return _("%(status)s from %(day)s, when it was first searched") % words
    return _("%(status)s from %(day)s") % words
