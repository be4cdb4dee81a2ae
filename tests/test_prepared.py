"""Querysets that are put together once give the rows that they give each time anew."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from recommendations.figures import dashboard, deadlines, earlier_reports, months
from recommendations.figures.caveats import EDITIONS_OF_RESEARCH
from recommendations.figures.recommendation import DETAILED_ACTIONS, PLACED
from recommendations.filters.vocabularies import FIRST_REPORTS, FIRST_SECTIONS
from recommendations.models import Action, Edition, Recommendation, Report, StatusUpdate
from recommendations.querysets.prepared import MOST_KEPT, Parameter, Prepared
from recommendations.record import CONTEXT_EVENTS, LISTED_HOSTS, NEWEST_EDITION, Record
from recommendations.viewpoint import Viewpoint
from recommendations.views.recommendation_list import LISTED_ACTIONS, LISTED_RECOMMENDATIONS


def viewpoints() -> list[Viewpoint]:
    edition = Edition.objects.get(number=2)
    past = date(2025, 6, 30)
    return [
        Viewpoint.present(),
        Viewpoint(past, as_of=past),
        Viewpoint(Viewpoint.present().on, edition=edition),
        Viewpoint(past, as_of=past, edition=edition),
    ]


def told(row: Any, depth: int = 6) -> Any:
    """Return all that a row brings along: columns, annotations, what was fetched with it."""
    if isinstance(row, list | tuple | models.QuerySet):
        return [told(one, depth) for one in row]
    if not isinstance(row, models.Model) or not depth:
        return row
    own = {name: value for name, value in row.__dict__.items() if name[0] != "_"}
    fetched = row._state.fields_cache | getattr(row, "_prefetched_objects_cache", {})
    # Django names the owner of what it fetched in a column of its own.
    return {
        name: told(value, depth - 1) for name, value in (own | fetched).items() if value is not row
    }


def in_order(rows: list, queryset: models.QuerySet) -> list:
    """Return what rows tell; a database gives them as it likes where no order was asked for."""
    return told(rows) if queryset.ordered else sorted(told(rows), key=repr)


def keys(rows: models.QuerySet) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def few(whole_record: None) -> dict[str, Any]:
    """Values for the parameters of all of them."""
    return {
        "keys": keys(Action.objects.all())[:40],
        "unreviewed": keys(Action.objects.all())[5:15],
        "recommendation": Recommendation.objects.get(
            report__slug="us-japan-alliance-2024", number="2.1"
        ),
        "report": Report.objects.get(slug="us-japan-alliance-2024"),
    }


def cases(seen: Viewpoint, few: dict[str, Any]) -> list[tuple[Prepared, dict, models.QuerySet]]:
    """Return what is prepared, the values that it gets, and the queryset that it stands for."""
    record = Record(seen)
    own, report = few["keys"], few["report"]
    updates = keys(StatusUpdate.objects.all())[:60]
    recommendations = keys(Recommendation.objects.all())
    actions = record.actions().filter(pk__in=own)
    return [
        (
            DETAILED_ACTIONS,
            {"recommendation": few["recommendation"]},
            record.actions().filter(recommendation=few["recommendation"]).for_detail(on=seen.on),
        ),
        (dashboard.SCORECARD_ACTIONS, {"keys": own}, actions.for_scorecard(on=seen.on)),
        (
            dashboard.ACTIONS_OF_REPORT,
            {"report": report},
            record.actions()
            .filter(recommendation__report=report)
            .counted()
            .for_scorecard(on=seen.on),
        ),
        (
            deadlines.DATED_ACTIONS,
            {"keys": own},
            actions.with_schedule(on=seen.on).for_deadlines(on=seen.on),
        ),
        (deadlines.CALENDAR_ACTIONS, {"keys": own}, actions.for_calendar(on=seen.on)),
        (
            dashboard.LATEST_STEPS,
            {"keys": updates},
            record.updates().counting().filter(pk__in=updates).for_latest()[: dashboard.LATEST],
        ),
        (
            dashboard.RECOMMENDATIONS_OF_REPORT,
            {"report": report},
            record.recommendations()
            .counted()
            .filter(report=report)
            .select_related("section", "report"),
        ),
        (
            LISTED_RECOMMENDATIONS,
            {"keys": recommendations},
            record.recommendations().filter(pk__in=recommendations).for_list(),
        ),
        (
            months.TOLD_PERIODS,
            {"keys": own},
            record.periods()
            .filter(action__in=own)
            .order_by()
            .values_list("action_id", "status", "starts_on", "ends_on"),
        ),
        (
            earlier_reports.PREDECESSORS,
            {"report": report},
            record.nameable_reports().filter(successors=report),
        ),
        (
            EDITIONS_OF_RESEARCH,
            {},
            record.editions().exclude(report=None).select_related("report").order_by("number"),
        ),
        (FIRST_REPORTS, {}, record.reports()),
        (FIRST_SECTIONS, {}, record.sections().for_filters()),
        (NEWEST_EDITION, {}, record.editions().order_by("-number")[:1]),
    ]


@pytest.mark.django_db
def test_prepared_rows_are_those_of_the_queryset(few):
    compared = 0
    for seen in viewpoints():
        for prepared, values, queryset in cases(seen, few):
            expected = list(queryset)
            # The second answer is of SQL that is kept.
            for _time in range(2):
                found = prepared(seen, **values)
                assert told(found) == told(expected), (queryset.model, seen)
            compared += len(expected)
    assert compared > 300


@pytest.mark.django_db
def test_known_reviews_are_taken_as_they_are(few):
    rows = LISTED_ACTIONS(Viewpoint.present(), keys=few["keys"], unreviewed=few["unreviewed"])
    assert {row.pk for row in rows if not row.is_reviewed} == set(few["unreviewed"])
    assert {row.pk for row in rows} == set(few["keys"])
    assert all(row.bodies.all() is not None and row.recommendation.report for row in rows)


@pytest.mark.django_db
def test_what_was_fetched_is_not_asked_for_again(few):
    seen = Viewpoint.present()
    values = {"recommendation": few["recommendation"]}
    DETAILED_ACTIONS(seen, **values)
    with CaptureQueriesContext(connection) as first:
        rows = DETAILED_ACTIONS(seen, **values)
    assert rows and len(first) <= 9
    with CaptureQueriesContext(connection) as none:
        for row in rows:
            assert row.recommendation.report.slug
            for update in row.timeline:
                assert update.action is row
                assert list(update.evidence_shown) is not None
                assert update.explanation is not None
                assert update.relied_on is not None
            assert all(lead.body.name for lead in row.lead_bodies)
    assert not none.captured_queries


@pytest.mark.django_db
def test_an_update_that_another_names_is_the_one_at_hand(small_corpus):
    seen, named = Viewpoint.present(), 0
    for recommendation in Recommendation.objects.all():
        for row in DETAILED_ACTIONS(seen, recommendation=recommendation):
            at_hand = {update.pk: update for update in row.timeline}
            for update in row.timeline:
                if other := update.rests_on:
                    named += 1
                    assert other is at_hand[other.pk]
                    assert other.pk == update.rests_on_key
                    assert list(update.evidence_shown) == list(other.evidence.all())
                    assert update.evidence_shown
    assert named


@pytest.mark.django_db
def test_an_update_that_is_not_at_hand_is_fetched(small_corpus):
    updates = Record(Viewpoint.present()).updates().counting().for_latest()
    alone = Prepared[StatusUpdate](lambda _seen: updates.filter(pk=Parameter("key")))
    every = {one.pk: one.rests_on for one in updates if one.rests_on}
    assert every
    for key, other in every.items():
        [update] = alone(Viewpoint.present(), key=key)
        assert update.rests_on == other
        assert list(update.evidence_shown) == list(other.evidence.all())


@pytest.mark.django_db
def test_what_was_fetched_cannot_be_narrowed_unseen(few):
    [row, *_more] = dashboard.SCORECARD_ACTIONS(Viewpoint.present(), keys=few["keys"])
    with pytest.raises(AttributeError):
        row.bodies.filter(slug="diet")


PAGES = (
    *("/", "/reports/", "/recommendations/", "/recommendations/?unit=recommendations", "/brief/"),
    *("/recommendations.csv", "/deadlines/", "/changes/", "/changes/feed.atom", "/corrections/"),
    *("/parties/japan/", "/areas/energy-and-climate/", "/reports/us-japan-alliance-2024/"),
    *("/reports/us-japan-alliance-2024/1.1/", "/reports/us-japan-alliance-2024/text/"),
    *("/api/v1/actions", "/api/v1/recommendations", "/api/v1/updates", "/api/v1/evidence"),
)
LEFT_JOINED = re.compile(r'LEFT OUTER JOIN "(\w+)"(?: (\w+))? ON')
NARROWED = re.compile(r'(\w+)"?\."\w+" IN \(SELECT value FROM json_each')


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_keys_narrow_no_table_that_may_be_missing(client, whole_record, address):
    """SQLite goes through such a join from the other end: over a second of a million actions."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        assert response.status_code == 200
        b"".join(response)
    for query in asked.captured_queries:
        sql = query["sql"]
        left = {alias or table for table, alias in LEFT_JOINED.findall(sql)}
        assert not left & set(NARROWED.findall(sql)), sql


@pytest.mark.django_db
def test_values_change_and_the_sql_stays(few):
    seen, [first, second, *_more] = Viewpoint.present(), few["keys"]
    by_key = Prepared[Action](lambda viewpoint: Action.objects.filter(pk=Parameter("key")))
    with CaptureQueriesContext(connection) as asked:
        assert [row.pk for row in by_key(seen, key=first)] == [first]
        assert [row.pk for row in by_key(seen, key=second)] == [second]
        assert by_key.first(seen, key=-1) is None
    assert len(asked) == 3
    assert PLACED(seen, report="us-japan-alliance-2024", number="2.1")
    assert not PLACED(seen, report="us-japan-alliance-2024", number="2.1' OR '1'='1")


@pytest.mark.django_db
def test_days_are_values_as_the_database_has_them(few):
    seen = Viewpoint.present()
    report = [few["report"].pk]
    all_of_them = CONTEXT_EVENTS(seen, keys=report, parties=[], since=date(1990, 1, 1))
    assert all_of_them
    last = max(event.on for event in all_of_them)
    assert [one.on for one in CONTEXT_EVENTS(seen, keys=report, parties=[], since=last)] == [last]


@pytest.mark.django_db
def test_no_rows_of_a_queryset_that_has_none(few):
    none = Prepared[Action](lambda viewpoint: Action.objects.none())
    assert none(Viewpoint.present()) == []
    assert dashboard.SCORECARD_ACTIONS(Viewpoint.present(), keys=[]) == []


@pytest.mark.django_db
def test_no_more_viewpoints_are_kept_than_some(whole_record):
    hosts = Prepared[Any](lambda viewpoint: Report.objects.order_by("pk"))
    for n in range(MOST_KEPT + 5):
        hosts(Viewpoint(date(2025, 1, 1 + n % 28), as_of=date(2024 - n // 28, 1, 1 + n % 28)))
    assert len(hosts._kept) == MOST_KEPT
    assert LISTED_HOSTS(Viewpoint.present())


@pytest.mark.django_db
def test_what_is_asked_for_most_stays_among_many_viewpoints(few):
    made: list[Viewpoint] = []

    def rows(viewpoint: Viewpoint) -> models.QuerySet:
        made.append(viewpoint)
        return Report.objects.order_by("pk")

    reports, today = Prepared[Report](rows), Viewpoint.present()
    for n in range(3 * MOST_KEPT):
        assert reports(today)
        day = date(2024, 1 + n % 12, 1 + n // 12)
        reports(Viewpoint(day, as_of=day))
    assert made.count(today) == 1


@pytest.mark.django_db
def test_an_edition_of_another_database_is_not_taken_for_one_of_the_same_number(few):
    later = Edition.objects.get(number=2)
    earlier = Edition(number=2, published_at=later.published_at.replace(year=2001))
    before = Prepared[Edition](
        lambda seen: Edition.objects.filter(published_at__lte=seen.edition.published_at)
    )
    on = Viewpoint.present().on
    assert before(Viewpoint(on, edition=later))
    assert before(Viewpoint(on, edition=earlier)) == []
