"""Pages as of a day, and as an edition told them: every figure against a slow retelling."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, given
from hypothesis import strategies as st

from recommendations.figures.counts import Counts, headline, phrases_of
from recommendations.figures.months import history_of, told_spans
from recommendations.models import Action, Edition, Recommendation, Report
from recommendations.record import Record
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    ActionFactory,
    PolicyAreaFactory,
    ReportFactory,
    corrected,
    published_action,
    published_update,
    retracted,
    split,
    withdraw,
)
from .lengths import examples
from .overviews import overview
from .public_pages import EVERY
from .reading import csv_rows, list_count, text_of
from .test_random_publishing import PUBLISH, STEPS, History, Publisher, undone
from .test_roll_up import by_the_table


def viewpoint(on: date, number: int | None) -> Viewpoint:
    return Viewpoint(on, on, Edition.objects.get(pk=number) if number else None)


def told(publisher: Publisher, history: History, on: date, edition: int) -> dict[int, str]:
    """The status of each counted action, from the rows of the record alone."""
    left = dict(Action.objects.values_list("pk", "recommendation__until_edition"))
    return {
        pk: history.status(pk, edition, on)
        for pk in publisher.counted
        if publisher.counts_in(pk, edition) and (left[pk] is None or left[pk] > edition)
    }


def check_rows(expected: dict[int, str], history: History, seen: Viewpoint, edition: int) -> None:
    actions = {a.pk: a for a in Action.objects.seen_from(seen).counted()}
    assert {pk: action.status for pk, action in actions.items()} == expected
    for pk, action in actions.items():
        implemented = history.implemented_days(pk, edition, seen.on)
        assert action.implemented_on == (implemented[0] if implemented else None)
        assert action.is_lapsed == (bool(implemented) and action.status != "implemented")
    of_recommendation: dict[int, list[str]] = {}
    for pk, recommendation in Action.objects.values_list("pk", "recommendation"):
        if pk in expected:
            of_recommendation.setdefault(recommendation, []).append(expected[pk])
    for one in Recommendation.objects.seen_from(seen).counted():
        status, _line = by_the_table(tuple(of_recommendation.get(one.pk, [])))
        assert one.status == status


def check_history(publisher: Publisher, history: History, seen: Viewpoint, edition: int) -> None:
    """The counts of each month end are those of a slow retelling as of that day."""
    actions = Action.objects.seen_from(seen)
    figures = overview(actions, on=seen.on)
    spans = told_spans(Record(seen), [one.pk for one in figures.actions])
    months = history_of(figures.actions, spans, on=seen.on)
    for step in months.steps if months else ():
        expected = Counts.of(told(publisher, history, step.on, edition).values())
        assert dict(step.counts.by_status) == dict(expected.by_status), step.on


def check_recommendations(
    expected: dict[int, str], history: History, seen: Viewpoint, edition: int
) -> None:
    """Every figure of the page of each recommendation that is counted, strips included.

    One that was withdrawn still tells of its own actions: test_retelling.py has those.
    """
    client = Client()
    for one in Recommendation.objects.seen_from(seen).counted():
        page = client.get(f"{one.get_absolute_url()}?{seen.query}").content.decode()
        actions = list(one.actions.seen_from(seen).counted())
        statuses = [expected[action.pk] for action in actions if action.pk in expected]
        status, line = by_the_table(tuple(statuses))
        verdict = page.split('<div class="verdict">')[1].split("</div></div>")[0]
        assert str(Status(status).label) in text_of(verdict) and f"Rule {line}" in text_of(verdict)
        counted = phrases_of(Counts.of(statuses))
        assert f": {counted}." in text_of(verdict) if statuses else "no verifiable" in verdict
        for action in actions:
            assert strip_status(page, action.label) == str(Status(expected[action.pk]).label)


def strip_status(page: str, label: str) -> str:
    """The status on which the strip of an action ends."""
    [told_in_words] = re.findall(rf'aria-label="{re.escape(label)}: ([^"]*)"', page)
    return told_in_words.split("; ")[-1].split(" from ")[0]


def check_pages(expected: dict[int, str], seen: Viewpoint) -> None:
    client, query = Client(), f"?{seen.query}"
    counts = Counts.of(expected.values())
    dashboard = text_of(client.get(f"/{query}").content.decode())
    assert headline(counts) in dashboard
    page = client.get(f"/recommendations/{query}").content.decode()
    assert list_count(page) == (len(expected), len(expected))
    rows = csv_rows(client.get(f"/recommendations.csv{query}"))
    assert Counter(row["status"] for row in rows) == Counter(expected.values())
    for status, n in Counter(expected.values()).items():
        filtered = client.get(f"/recommendations/{query}&status={status}").content.decode()
        assert list_count(filtered) == (n, len(expected))
        assert f"{seen.on.isoformat()}" in filtered


@pytest.mark.django_db
@examples(short=3, long=40, derandomize=True, phases=[Phase.generate])
@given(
    PUBLISH,
    st.lists(st.tuples(STEPS, st.integers(0, 40)), min_size=5, max_size=9),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=2, max_size=3),
)
def test_figures_are_those_of_a_slow_retelling(first: tuple, others: list, looks: list) -> None:
    with undone():
        publisher = Publisher()
        report = publisher.start()
        for step, days in [(first, 0), *others]:
            publisher.take(step, days=days)
        history, last = History.read(), Edition.objects.count()
        possible = [day for day in history.days() if report.published_on <= day <= today()]
        for nth_day, nth_edition in looks:
            on = possible[nth_day % len(possible)] if possible else report.published_on
            number = [None, *range(1, last + 1)][nth_edition % (last + 1)]
            seen = viewpoint(on, number)
            expected = told(publisher, history, on, number or last)
            check_rows(expected, history, seen, number or last)
            check_pages(expected, seen)
            check_history(publisher, history, seen, number or last)
            check_recommendations(expected, history, seen, number or last)


# Addresses ----------------------------------------------------------------------------------------

CANNOT_BE_SHOWN = [
    "as_of=2024-04-03",
    "as_of=2999-01-01",
    "as_of=2025-02-30",
    "as_of=20250201",
    "as_of=yesterday",
    "as_of=",
    "as_of=２０２５-01-01",
    "as_of=2025-01-01&as_of=2025-01-02",
    "edition=0",
    "edition=2",
    "edition=-1",
    "edition=x",
    "edition=",
    "edition=99999999999999999999",
    "edition=1&edition=1",
]


def check_refused_with_what_can_be_shown(client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400, address
    text = response.content.decode()
    told = ("2024-04-04", "from 1 to 1", "given more than once")
    assert any(words in text for words in told), address


def test_every_page_refuses_a_day_and_an_edition_that_it_cannot_show(client, baseline):
    for page in EVERY:
        for query in ("as_of=2999-01-01", "edition=2"):
            check_refused_with_what_can_be_shown(client, page.with_query(query))


@pytest.mark.parametrize("page", ["/", "/recommendations.csv"])
def test_what_cannot_be_shown_is_refused_with_what_can(client, baseline, page):
    for query in CANNOT_BE_SHOWN:
        check_refused_with_what_can_be_shown(client, f"{page}?{query}")


@pytest.mark.parametrize("page", ["/", "/recommendations/", "/reports/us-japan-alliance-2024/1.1/"])
def test_today_equals_no_date(client, baseline, page):
    now = text_of(client.get(page).content.decode())
    then = text_of(client.get(page, {"as_of": today().isoformat()}).content.decode())
    figures = [word for word in now.rpartition("See another date")[2].split() if word.isdigit()]
    shown = [word for word in then.split("Return to today")[1].split() if word.isdigit()]
    assert figures == shown


def test_tomorrow_is_today_somewhere(client, baseline):
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert client.get("/", {"as_of": tomorrow}).status_code == 200


def test_a_fact_shows_from_its_day_on(client, baseline):
    page = "/reports/us-japan-alliance-2024/1.1/"
    before = client.get(page, {"as_of": "2025-03-23"}).content.decode()
    after = client.get(page, {"as_of": "2025-03-24"}).content.decode()
    assert "Of 7 verifiable actions: 7 not assessed." in text_of(before)
    assert "Of 7 verifiable actions: 1 implemented, 6 not assessed." in text_of(after)
    assert "Status on 24 Mar 2025" in text_of(after)
    assert "Status today" in text_of(client.get(page).content.decode())


def test_a_report_of_a_later_day_is_not_counted(client, baseline):
    later = ReportFactory(slug="later", published_on=date(2026, 1, 1))
    from .factories import RecommendationFactory

    published_action(recommendation=RecommendationFactory(report=later))
    then = client.get("/recommendations/", {"as_of": "2025-12-31"}).content.decode()
    now = client.get("/recommendations/", {"as_of": "2026-01-01"}).content.decode()
    assert (list_count(then)[1], list_count(now)[1]) == (83, 84)
    assert "/reports/later/" not in client.get("/reports/?as_of=2025-12-31").content.decode()
    assert Report.objects.published().count() == 2
    for page in (later.get_absolute_url(), later.recommendations.get().get_absolute_url()):
        then = text_of(client.get(page, {"as_of": "2025-12-31"}).content.decode())
        assert "The report is of 1 Jan 2026 . On 31 Dec 2025 it had not asked for anything" in then
        now = text_of(client.get(page, {"as_of": "2026-01-01"}).content.decode())
        assert "had not asked" not in now


@pytest.mark.django_db
@pytest.mark.parametrize("leave", [corrected, retracted])
def test_an_edition_tells_what_was_corrected_later(client, leave):
    action = published_action()
    update = published_update(action, "implemented", on=date(2025, 3, 1))
    number = update.edition_id
    leave(update, **({"status": "partly"} if leave is corrected else {}))
    address = action.recommendation.get_absolute_url()
    then = client.get(address, {"edition": number}).content.decode()
    assert "1 implemented" in text_of(then)
    assert "1 implemented" not in text_of(client.get(address).content.decode())
    assert 'class="ended"' not in then


@pytest.mark.django_db
def test_publishing_leaves_the_pages_of_older_editions_as_they_were(client):
    action, other = published_action(), published_action()
    published_update(action, "partly")
    last = Edition.objects.count()
    area = PolicyAreaFactory()
    action.recommendation.areas.add(area)
    pages = ["/", "/recommendations/", "/changes/", area.get_absolute_url()]
    pages += [one.recommendation.get_absolute_url() for one in (action, other)]
    looks = [
        (page, {"edition": n, "as_of": "2026-11-01"}) for page in pages for n in range(1, last + 1)
    ]
    looks += [("/recommendations/", {**query, "unit": "recommendations"}) for _page, query in looks]
    looks = [look for look in looks if client.get(*look).status_code == 200]
    before = [text_of(client.get(*look).content.decode()) for look in looks]
    published_update(action, "implemented")
    published_update(other, "rejected")
    parted = published_action(recommendation=action.recommendation)
    parts = ActionFactory.create_batch(2, recommendation=action.recommendation)
    split(parted, into=parts, reason="Two governments, two actions.")
    split(
        action,
        into=ActionFactory.create_batch(2, recommendation=action.recommendation),
        reason="Two laws, two actions.",
    )
    withdraw(other.recommendation, reason="Counted twice.")
    assert len(looks) > 4
    assert [text_of(client.get(*look).content.decode()) for look in looks] == before


def test_an_edition_knows_the_review_dates_of_what_no_update_has_moved(client, baseline):
    day = today().isoformat()
    for review in ("up_to_date", "needs_review"):
        now = client.get("/recommendations/", {"review": review}).content.decode()
        told = {"review": review, "as_of": day, "edition": "1"}
        assert list_count(client.get("/recommendations/", told).content.decode()) == list_count(now)


@pytest.mark.django_db
def test_a_review_date_of_before_the_first_update_stays_with_its_editions(client):
    action = published_action()
    number = Edition.objects.count()
    first = Action.objects.get(pk=action.pk).review_due_on
    published_update(action, "partly", next_review_on=date(2030, 1, 1))
    seen = Action.objects.seen_from(viewpoint(today(), number)).get(pk=action.pk)
    assert seen.review_due_on == first != date(2030, 1, 1)


@pytest.mark.parametrize(
    "page",
    ["/", "/recommendations/", "/recommendations/?unit=recommendations", "/changes/compare/"],
)
def test_a_day_of_the_past_takes_hardly_more_queries_than_today(client, baseline, page):
    def queries(address: str) -> int:
        # The first answer makes the index of a viewpoint.
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    mark = "&" if "?" in page else "?"
    today = queries(page)
    # One more asks for the day of the first search, and one for the edition itself.
    assert queries(f"{page}{mark}as_of=2025-06-30") <= today + 1
    assert queries(f"{page}{mark}as_of=2025-06-30&edition=1") <= today + 2
