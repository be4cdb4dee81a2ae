"""Every count, order and hit of the index is what a slow retelling in plain Python says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from pyroaring import BitMap

from recommendations.figures.facets import facet_filters, totals_of
from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.index import checking, conditions, frequent, keeping
from recommendations.index.in_process import known_of
from recommendations.index.keeping import Index
from recommendations.index.names import ACTION, BEGAN, ENDED, HAVING, RECOMMENDATION, UPDATE
from recommendations.index.store import State, Store
from recommendations.models import Edition, SearchAlias, StatusPeriod
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    RecommendationFactory,
    corrected,
    published_actions,
    published_update,
)
from .indexed import selected
from .lengths import examples
from .slow_answers import Seen, SlowList
from .test_random_publishing import PUBLISH, undone
from .test_retelling import ALL_STEPS, RESEARCH, LabelledPublisher

FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
# Numbers, and words that are looked for nowhere.
NUMBERS = ["1.1", "1.1a", "2.1b", "3", "the", "?!"]
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]{2,}")


@pytest.fixture(autouse=True)
def without_other_names(db: None) -> None:
    """What names mean the same as others is told in test_search_aliases."""
    SearchAlias.objects.all().delete()


@pytest.fixture(autouse=True)
def few_words_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words of two rows have sets of their own, and those of one are gone through."""
    monkeypatch.setattr(frequent, "LEAST", 2)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptStore]:
    """What is not committed is indexed anew for each answer: here it is brought up to date."""
    store = KeptStore()
    monkeypatch.setattr(keeping, "_in_memory", store.at)
    yield store
    store.store.close()


class KeptStore:
    """An index in memory that follows the record as the one in the file does."""

    def __init__(self) -> None:
        self.store = Store(None)

    @contextmanager
    def at(self, viewpoint: Viewpoint, state: State) -> Iterator[Index]:
        keeping.bring_up(self.store, however_large=True)
        yield keeping._index(self.store, known_of(Path("kept"), self.store), viewpoint)

    def check(self) -> None:
        """It is what one made from nothing would be."""
        assert [str(one) for one in checking._of_store(self.store)] == []


# What is asked ---------------------------------------------------------------------------------


def viewpoints() -> list[Viewpoint]:
    """The present, days on which something changed and those before, editions, and both."""
    starts = set(StatusPeriod.objects.values_list("starts_on", flat=True))
    days = sorted({*starts, *(day - timedelta(days=1) for day in starts), date(1999, 1, 1)})
    days = [day for day in days if day <= today()]
    editions = list(Edition.objects.order_by("number"))
    seen = [Viewpoint.present()]
    seen += [Viewpoint(day, as_of=day) for day in days]
    seen += [Viewpoint(one.published_on, edition=one) for one in editions]
    seen += [
        Viewpoint(day, as_of=day, edition=one)
        for day, one in zip(days[::-1], editions, strict=False)
    ]
    return seen


class Asker:
    """Draws filters and words that may find something."""

    def __init__(self, seen: Seen) -> None:
        self.rows = [*seen.actions, *seen.recommendations.values()]
        texts = {text for row in self.rows for own in row.texts.values() for text in own}
        self.texts = sorted(filter(None, texts))

    def words(self, draw: Any) -> str:
        parts = [self._part(draw) for _n in range(draw(st.integers(1, 2)))]
        return " ".join(parts)

    def _part(self, draw: Any) -> str:
        text = draw(st.sampled_from([*NUMBERS, *self.texts]))
        runs = JAPANESE.findall(text)
        if runs and draw(st.booleans()):
            asked = self._piece(draw, draw(st.sampled_from(runs)), most=4)
        else:
            asked = " ".join(self._piece(draw, text.split(), most=3))
        if draw(st.integers(0, 3)) == 0:
            asked = f'"{asked}"'
        return f"-{asked}" if draw(st.integers(0, 3)) == 0 else asked

    @staticmethod
    def _piece(draw: Any, whole: Sequence[str], *, most: int) -> Any:
        start = draw(st.integers(0, len(whole) - 1))
        return whole[start : start + draw(st.integers(1, most))]

    def query(self, draw: Any, choices: dict[str, list[str]]) -> QueryDict:
        query = QueryDict(mutable=True)
        offered = sorted(name for name, codes in choices.items() if codes)
        names = (
            st.lists(st.sampled_from(offered), max_size=3, unique=True) if offered else st.just([])
        )
        for name in draw(names):
            codes = st.lists(st.sampled_from(choices[name]), min_size=1, max_size=3, unique=True)
            query.setlist(name, draw(codes))
        if draw(st.booleans()):
            query["q"] = self.words(draw)
        if draw(st.integers(0, 4)) == 0:
            days = sorted({row.status_since for row in self.rows if row.status_since})
            query["changed_since"] = draw(st.sampled_from(days or [date(2025, 1, 1)])).isoformat()
        if draw(st.integers(0, 4)) == 0:
            days = sorted({day for row in self.rows for day in row.published_on})
            day = draw(st.sampled_from(days or [date(2025, 1, 1)]))
            query["published_since"] = (day + timedelta(days=draw(st.integers(0, 1)))).isoformat()
        if draw(st.booleans()):
            query["unit"] = "recommendations"
        if draw(st.booleans()):
            query["sort"] = draw(st.sampled_from([str(sort) for sort in Sort]))
        return query


def choices_at(viewpoint: Viewpoint) -> dict[str, list[str]]:
    filterset = RecommendationFilterSet(QueryDict(), viewpoint=viewpoint)
    return {one.name: [option.code for option in one.options()] for one in facet_filters(filterset)}


def check_answers(seen: Seen, filterset: RecommendationFilterSet) -> None:
    slow = SlowList(seen, filterset)
    with selected(filterset) as selection:
        totals, keys = totals_of(selection), list(selection.all_keys())
        middle = len(keys) // 2
        assert selection.keys(middle, 7) == keys[middle : middle + 7]
        places = list(selection.after(None))
        assert [place.key for place in places] == keys
        assert list(selection.after(places[middle]) if places else ()) == places[middle + 1 :]
    rows = slow.kept()
    assert keys == slow.in_order()
    assert keys == [row.pk for row in filterset.qs]
    assert totals.total == len(slow.everything())
    statuses = [status for row in rows for status in row.values["status"]]
    assert {s: n for s, n in totals.counts.by_status.items() if n} == {
        status: statuses.count(status) for status in statuses
    }
    assert totals.recommendations == len({row.recommendation for row in rows})
    assert totals.uncounted == slow.uncounted()
    assert totals.without == {name: len(slow.kept(without=name)) for name in slow.chosen}
    shown = {facet.name: facet for facet in totals.facets}
    for one in facet_filters(filterset):
        expected = slow.count(one.name)
        if one.name in shown:
            found = {value.option.code: value.n for value in shown[one.name].values}
            assert {code: n for code, n in found.items() if n} == dict(expected), one.name
        else:
            assert len(expected) <= 1


class Slowly:
    """Keeps what each viewpoint shows, which takes long to read."""

    def __init__(self) -> None:
        self.viewpoints = viewpoints()
        self.seen: dict[Viewpoint, tuple[Seen, Asker, dict[str, list[str]]]] = {}

    def at(self, viewpoint: Viewpoint) -> tuple[Seen, Asker, dict[str, list[str]]]:
        if viewpoint not in self.seen:
            seen = Seen(viewpoint)
            self.seen[viewpoint] = (seen, Asker(seen), choices_at(viewpoint))
        return self.seen[viewpoint]


def ask(slowly: Slowly, draw: Any) -> None:
    viewpoint = draw(st.sampled_from(slowly.viewpoints))
    seen, asker, choices = slowly.at(viewpoint)
    filterset = RecommendationFilterSet(asker.query(draw, choices), viewpoint=viewpoint)
    assume(filterset.is_valid())
    check_answers(seen, filterset)


# What a view knows of each unit.
KNOWN = {
    ACTION: [
        *("told", "counted", "uncounted", "status", "status_since", "evidence", "due_on"),
        *("open_due_on", "schedule", "review", "last_reviewed_on", "review_due_on", "unreviewed"),
        *("unconfirmed", "first_search", "area", "party", "body", "section", "kind", "report"),
        *(f"{status} {which}" for status in Status for which in (BEGAN, ENDED)),
    ],
    RECOMMENDATION: ["counted", "status", "status_since", "due_on", "last_reviewed_on", "origin"],
    HAVING: ["status", "kind", "evidence", "party"],
    UPDATE: ["told", "counting", "effective_day"],
}


def check_views_of_reports(viewpoint: Viewpoint) -> None:
    """What a view of one report says of it is what the whole says."""
    with keeping.opened_at(viewpoint) as index:
        for report in Record(viewpoint).reports():
            alone, whole = index.view.of_report(report.pk), index.view
            own = {unit: whole.rows(unit, "report", str(report.pk)) for unit in KNOWN}
            own[HAVING] = own[RECOMMENDATION]
            own[UPDATE] = BitMap(
                Record(viewpoint)
                .all_updates()
                .filter(action__recommendation__report=report)
                .values_list("pk", flat=True)
            )
            for unit, names in KNOWN.items():
                for name in names:
                    found = alone.values(unit, name, on=viewpoint.on).items()
                    told = whole.values(unit, name, on=viewpoint.on).items()
                    assert {
                        value: rows & own[unit] for value, rows in found if rows & own[unit]
                    } == {value: rows & own[unit] for value, rows in told if rows & own[unit]}, (
                        unit,
                        name,
                    )


def test_a_view_of_one_report_says_of_it_what_the_whole_says(
    small_corpus: None, kept: KeptStore
) -> None:
    for action in published_actions(2, recommendation=RecommendationFactory()):
        corrected(published_update(action, "implemented"), status="partly")
    assert Record(Viewpoint.present()).reports().count() == 2
    for viewpoint in viewpoints():
        check_views_of_reports(viewpoint)


@examples(short=60, long=1500, suppress_health_check=FIXTURES, derandomize=True)
@given(data=st.data())
def test_answers_of_an_invented_record_are_those_of_the_slow_retelling(
    small_corpus: None, kept: KeptStore, slowly: Slowly, data: Any
) -> None:
    ask(slowly, data.draw)


@examples(short=24, long=1000, suppress_health_check=FIXTURES, derandomize=True)
@given(data=st.data())
def test_answers_of_the_record_as_it_ships_are_those_of_the_slow_retelling(
    whole_record: None, kept: KeptStore, slowly: Slowly, data: Any
) -> None:
    ask(slowly, data.draw)


@pytest.mark.parametrize("most", [0, 1, 1_000])
@pytest.mark.parametrize("query", ["q=the+plan", "q=-japan", "q=of+a", "q=japan&sort=status"])
def test_many_keys_in_a_query_find_what_few_do(
    small_corpus: None, kept: KeptStore, monkeypatch: pytest.MonkeyPatch, most: int, query: str
) -> None:
    monkeypatch.setattr(conditions, "MOST_KEYS", most)
    seen = Seen(Viewpoint.present())
    for unit in ("actions", "recommendations"):
        check_answers(seen, RecommendationFilterSet(QueryDict(f"{query}&unit={unit}")))


@pytest.fixture
def slowly(db: None) -> Slowly:
    """Asked for after the record."""
    return Slowly()


@examples(short=4, long=60, suppress_health_check=FIXTURES, derandomize=True)
@given(
    first=st.one_of(PUBLISH, RESEARCH),
    steps=st.lists(st.tuples(ALL_STEPS, st.integers(0, 40)), min_size=4, max_size=8),
    data=st.data(),
)
def test_answers_before_and_after_each_step_of_a_random_history(
    db: None, monkeypatch: pytest.MonkeyPatch, first: tuple, steps: list, data: Any
) -> None:
    """One index follows the record through all of it."""
    with undone(), monkeypatch.context() as patch:
        kept = KeptStore()
        patch.setattr(keeping, "_in_memory", kept.at)
        publisher = LabelledPublisher()
        publisher.start()
        for step, days in [(first, 0), *steps]:
            publisher.take(step, days=days)
            slowly = Slowly()
            for _n in range(2):
                ask(slowly, data.draw)
            check_views_of_reports(data.draw(st.sampled_from(slowly.viewpoints)))
            kept.check()
