"""Many numbers in few words."""

from __future__ import annotations

import pytest

from recommendations.text.ranges import ranges


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([7], "7"),
        ([3, 4, 5, 9], "3-5, 9"),
        ([9, 5, 3, 4, 4], "3-5, 9"),
        ([1, 2], "1-2"),
        (range(1, 501), "1-500"),
    ],
)
def test_neighbours_are_told_by_the_first_and_the_last(numbers, said) -> None:
    assert ranges(numbers) == said
