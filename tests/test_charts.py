"""Geometry of the charts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recommendations import charts
from recommendations.charts import stack_bar
from recommendations.charts.bars import ROOM, room_for
from recommendations.figures.counts import Counts


@pytest.mark.parametrize(
    ("n", "whole", "is_large", "room"),
    [
        (83, 83, True, 240),
        (9, 83, True, 240),
        (7, 83, True, 240),
        (5, 83, True, 240),
        (3, 83, True, 480),
        (2, 83, True, 640),
        (1, 83, True, 1180),
        (1, 83, False, 1000),
        (1, 500, True, 0),
    ],
)
def test_number_shows_where_its_part_is_as_wide_as_its_digits(
    n: int, whole: int, is_large: bool, room: int
) -> None:
    assert room_for(n, whole, is_large=is_large) == room


def test_parts_fill_the_bar_in_the_fixed_order() -> None:
    counts = Counts.of(["implemented"] * 3 + ["rejected"] + ["partly"] * 4)
    bar = stack_bar(counts, height=44, numbers=True, label="8 verifiable actions:")
    assert [(one.status, one.x, one.width) for one in bar.segments] == [
        ("implemented", "0%", "37.5%"),
        ("partly", "37.5%", "50%"),
        ("rejected", "87.5%", "12.5%"),
    ]


def test_style_sheet_knows_the_same_widths() -> None:
    folder = Path(charts.__file__).parent.parent / "static" / "recommendations"
    rules = re.findall(
        r"@container \(max-width: ([\d.]+)px\) {\s+\.room-(\d+) ",
        (folder / "components.css").read_text(),
    )
    assert [int(room) for _width, room in rules] == list(ROOM)
    assert [float(width) + 0.1 for width, _room in rules] == pytest.approx(ROOM)
