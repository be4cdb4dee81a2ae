"""The spans of a recommendation say of each day what its actions have on it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recommendations.periods.spans import Span, replay, rolled_up_spans, status_on
from recommendations.statuses import Status
from recommendations.statuses.roll_up import rule_for

from .lengths import examples

FIRST = date(2025, 1, 1)
DAYS = 12
STATUSES = st.sampled_from([str(status) for status in Status])


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Those of one action: they follow each other, now and then with a gap."""
    starts = sorted(draw(st.sets(st.integers(0, DAYS), max_size=4)))
    found = []
    for start, after in zip(starts, [*starts[1:], None], strict=False):
        end = draw(st.sampled_from([after, start + 1])) if after else None
        days = [None if day is None else FIRST + timedelta(days=day) for day in (start, end)]
        found.append(Span(draw(STATUSES), FIRST + timedelta(days=start), days[1]))
    return found


@examples(short=200, long=5_000)
@given(st.lists(spans(), max_size=4))
def test_each_day_on_which_a_span_starts_has_the_status_of_all(actions: list[list[Span]]) -> None:
    told = rolled_up_spans(actions)
    for day in {span.starts_on for one in actions for span in one}:
        found = frozenset(str(status_on(one, day)) for one in actions)
        assert status_on(told, day) == rule_for(found)[0]


@examples(short=200, long=5_000)
@given(st.dictionaries(st.integers(1, 6), st.sets(STATUSES, max_size=3), min_size=1))
def test_what_is_told_goes_on_from_any_edition(by_edition: dict[int, set[str]]) -> None:
    whole = replay(by_edition, by_edition.__getitem__)
    last = max(by_edition)
    before = replay([n for n in by_edition if n < last], by_edition.__getitem__)
    told = {row.span: row.from_edition for row in before if row.until_edition is None}
    closed = [row for row in before if row.until_edition is not None]
    assert {*closed, *replay([last], by_edition.__getitem__, told=told)} == {*whole}
