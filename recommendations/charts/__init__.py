"""Numbers to geometry. No database, no request, no clock.

Templates draw what this returns, but for what stands on a page by the hundred (`drawing`).

Data charts have no viewBox: x and width are percentages, y and height pixels, so that text keeps
its size at every width. Geometry is handed over as text, or localisation would write "1,5%".
"""

from .bars import Segment, Square, StackBar, Waffle, percent, stack_bar, waffle
from .drawing import (
    NO_LINKS,
    draw_bands,
    draw_month_axis,
    draw_monthly_steps,
    draw_stack_bar,
    draw_time_line,
    draw_waffle,
)
from .strips import line_of
from .time import (
    Band,
    DatedStatus,
    MonthlySteps,
    SmallSteps,
    Tick,
    TimeLine,
    month_ticks,
    monthly_steps,
    small_steps,
    time_line,
)

__all__ = [
    "NO_LINKS",
    "Band",
    "DatedStatus",
    "MonthlySteps",
    "Segment",
    "SmallSteps",
    "Square",
    "StackBar",
    "Tick",
    "TimeLine",
    "Waffle",
    "draw_bands",
    "draw_month_axis",
    "draw_monthly_steps",
    "draw_stack_bar",
    "draw_time_line",
    "draw_waffle",
    "line_of",
    "month_ticks",
    "monthly_steps",
    "percent",
    "small_steps",
    "stack_bar",
    "time_line",
    "waffle",
]
