"""The status of a recommendation, compared with a table written apart from the code."""

from itertools import combinations_with_replacement

import pytest

from recommendations.statuses import ROLL_UP_RULES, Status, roll_up

ALL = [
    "implemented",
    "partly",
    "in_progress",
    "stalled",
    "no_action",
    "rejected",
    "overtaken",
    "not_assessed",
]


def only(code):
    return lambda left: all(one == code for one in left)


def some(*codes):
    return lambda left: any(one in codes for one in left)


# The lines of the methodology after overtaken ones were left out: condition, status, line.
LINES = [
    (only("not_assessed"), "not_assessed", 2),
    (only("implemented"), "implemented", 3),
    (only("rejected"), "rejected", 4),
    (some("implemented", "partly"), "partly", 5),
    (some("in_progress"), "in_progress", 6),
    (some("stalled"), "stalled", 7),
    (some("no_action"), "no_action", 8),
    (some("rejected", "not_assessed"), "not_assessed", 9),
]


def by_the_table(statuses: tuple[str, ...]) -> tuple[str, int]:
    if only("not_assessed")(statuses):
        return "not_assessed", 1
    left = [one for one in statuses if one != "overtaken"]
    if not left:
        return "overtaken", 2
    return next((status, line) for fits, status, line in LINES if fits(left))


@pytest.mark.parametrize(
    ("statuses", "status", "rule"),
    [
        ([], "not_assessed", 1),
        (["not_assessed", "not_assessed"], "not_assessed", 1),
        (["overtaken", "overtaken"], "overtaken", 2),
        (["overtaken", "not_assessed"], "not_assessed", 2),
        (["implemented", "implemented"], "implemented", 3),
        (["implemented", "overtaken"], "implemented", 3),
        (["rejected", "rejected"], "rejected", 4),
        (["rejected", "overtaken"], "rejected", 4),
        (["implemented", "rejected"], "partly", 5),
        (["partly"], "partly", 5),
        (["implemented", "not_assessed"], "partly", 5),
        (["in_progress", "stalled", "no_action"], "in_progress", 6),
        (["stalled", "no_action", "rejected"], "stalled", 7),
        (["no_action", "rejected", "not_assessed"], "no_action", 8),
        (["rejected", "not_assessed"], "not_assessed", 9),
        (["rejected", "not_assessed", "overtaken"], "not_assessed", 9),
    ],
)
def test_first_line_that_fits_gives_the_status(statuses: list[str], status: str, rule: int) -> None:
    rolled_up = roll_up(statuses)
    assert (rolled_up.status, rolled_up.rule) == (status, rule)


def test_every_multiset_of_up_to_four_actions_equals_the_table() -> None:
    multisets = [m for size in range(5) for m in combinations_with_replacement(ALL, size)]
    assert len(multisets) == 1 + 8 + 36 + 120 + 330
    wrong = [
        (multiset, rolled_up)
        for multiset in multisets
        if ((rolled_up := roll_up(multiset)).status, rolled_up.rule) != by_the_table(multiset)
    ]
    assert wrong == []


def test_every_line_is_reached_and_has_its_words() -> None:
    reached = {
        roll_up(m).rule for size in range(4) for m in combinations_with_replacement(ALL, size)
    }
    assert reached == set(ROLL_UP_RULES) == set(range(1, 10))


def test_table_names_every_status() -> None:
    assert set(ALL) == set(Status.values)


def test_order_of_the_actions_does_not_matter() -> None:
    statuses = ["rejected", "in_progress", "overtaken", "stalled"]
    assert roll_up(statuses) == roll_up(statuses[::-1])


def test_counts_include_overtaken_actions() -> None:
    rolled_up = roll_up(["implemented", "overtaken", "overtaken"])
    assert rolled_up.counts == {"implemented": 1, "overtaken": 2}
    assert rolled_up.total == 3
