"""What a date of each precision stands for, and the day from which an update counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.statuses import (
    EFFECTIVE_PRECISIONS,
    Precision,
    effective_day,
    first_day,
    last_day,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("on", "precision", "first", "last"),
    [
        (date(2024, 2, 29), "day", date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 10), "month", date(2024, 2, 1), date(2024, 2, 29)),
        (date(2023, 2, 10), "month", date(2023, 2, 1), date(2023, 2, 28)),
        (date(2100, 2, 10), "month", date(2100, 2, 1), date(2100, 2, 28)),
        (date(2000, 2, 10), "month", date(2000, 2, 1), date(2000, 2, 29)),
        (date(2024, 12, 31), "month", date(2024, 12, 1), date(2024, 12, 31)),
        (date(2024, 4, 30), "month", date(2024, 4, 1), date(2024, 4, 30)),
        (date(2024, 2, 29), "quarter", date(2024, 1, 1), date(2024, 3, 31)),
        (date(2024, 4, 1), "quarter", date(2024, 4, 1), date(2024, 6, 30)),
        (date(2024, 9, 30), "quarter", date(2024, 7, 1), date(2024, 9, 30)),
        (date(2024, 12, 31), "quarter", date(2024, 10, 1), date(2024, 12, 31)),
        (date(2024, 2, 29), "year", date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 7, 1), "fiscal_year", date(2024, 7, 1), date(2025, 6, 30)),
        (date(2024, 3, 21), "fiscal_year", date(2024, 3, 21), date(2025, 3, 20)),
        (date(2024, 2, 29), "fiscal_year", date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 1, 31), "fiscal_year", date(2024, 1, 31), date(2025, 1, 30)),
        (date(2024, 3, 31), "fiscal_year_japan", date(2023, 4, 1), date(2024, 3, 31)),
        (date(2024, 4, 1), "fiscal_year_japan", date(2024, 4, 1), date(2025, 3, 31)),
        (date(2024, 12, 31), "fiscal_year_japan", date(2024, 4, 1), date(2025, 3, 31)),
        (date(2024, 9, 30), "fiscal_year_us", date(2023, 10, 1), date(2024, 9, 30)),
        (date(2024, 10, 1), "fiscal_year_us", date(2024, 10, 1), date(2025, 9, 30)),
        (date(2024, 1, 1), "fiscal_year_us", date(2023, 10, 1), date(2024, 9, 30)),
    ],
)
def test_date_stands_for_the_whole_of_its_period(
    on: date, precision: str, first: date, last: date
) -> None:
    assert (first_day(on, precision), last_day(on, precision)) == (first, last)


# A fiscal year is stated by its first day.
@pytest.mark.parametrize("precision", sorted({*Precision.values} - {Precision.FISCAL_YEAR}))
@settings(derandomize=True, max_examples=50)
@given(on=DAYS, offset=st.integers(0, 365))
def test_every_day_of_a_period_stands_for_the_same_period(
    precision: str, on: date, offset: int
) -> None:
    first, last = first_day(on, precision), last_day(on, precision)
    assert first <= on <= last
    other = first + timedelta(days=offset % ((last - first).days + 1))
    assert (first_day(other, precision), last_day(other, precision)) == (first, last)


@pytest.mark.parametrize("precision", Precision.values)
@settings(derandomize=True, max_examples=50)
@given(on=DAYS)
def test_periods_follow_one_another_without_a_gap(precision: str, on: date) -> None:
    following = last_day(on, precision) + timedelta(days=1)
    assert first_day(following, precision) == following


def test_unknown_precision_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown precision 'decade'"):
        last_day(date(2024, 1, 1), "decade")


def test_update_takes_effect_on_a_day_in_a_month_or_in_a_year() -> None:
    assert set(EFFECTIVE_PRECISIONS) == {"day", "month", "year"}


@pytest.mark.parametrize(
    ("on", "precision", "cap", "expected"),
    [
        (date(2025, 3, 10), "day", date(2026, 10, 1), date(2025, 3, 10)),
        (date(2025, 3, 10), "month", date(2026, 10, 1), date(2025, 3, 31)),
        (date(2024, 2, 1), "month", date(2026, 10, 1), date(2024, 2, 29)),
        (date(2025, 3, 10), "year", date(2026, 10, 1), date(2025, 12, 31)),
        (date(2026, 10, 1), "month", date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 31), "month", date(2026, 10, 15), date(2026, 10, 15)),
        (date(2026, 9, 1), "month", date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 12, 31), "year", date(2026, 10, 1), date(2026, 10, 1)),
    ],
)
def test_month_or_year_counts_from_its_last_day_but_never_later_than_the_cap(
    on: date, precision: str, cap: date, expected: date
) -> None:
    assert effective_day(on, precision, cap=cap) == expected
