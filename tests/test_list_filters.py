"""Each filter, its count and its export agree on what it keeps."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from recommendations import publishing
from recommendations.filters import RecommendationFilterSet
from recommendations.index.keeping import opened_at
from recommendations.models import Action, Recommendation
from recommendations.viewpoint import Viewpoint
from tests.factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    SectionFactory,
    include,
    published_action,
    published_actions,
    published_update,
    set_verifiable,
)
from tests.indexed import counted, listed

ON = date(2026, 11, 24)


def asked(query: str, *, on: date = ON) -> RecommendationFilterSet:
    filterset = RecommendationFilterSet(QueryDict(query), viewpoint=Viewpoint(on))
    assert filterset.is_valid(), filterset.problems
    return filterset


def found(query: str) -> list:
    return list(asked(query).qs)


def numbers(query: str, name: str) -> dict[str, int]:
    [facet] = [facet for facet in counted(asked(query)).facets if facet.name == name]
    return {value.option.code: value.n for value in facet.values}


@pytest.fixture
def two_reports(db):
    """An action each in two reports that share the slug of a section."""
    actions = []
    for slug in ("first", "second"):
        section = SectionFactory(report=ReportFactory(slug=slug), slug="security")
        recommendation = RecommendationFactory(report=section.report, section=section)
        actions.append(published_action(recommendation=recommendation))
    return actions


def test_repeated_keys_mean_any_of_and_keys_mean_all_of(db):
    japan, states = published_action(parties=["japan"]), published_action()
    both = published_action(parties=["japan", "united-states"], kind="agreement")
    assert set(found("addressee=japan&addressee=united_states")) == {japan, states}
    assert found("party=japan&kind=agreement") == [both]
    assert set(found("party=japan&party=united-states")) == {japan, states, both}


def test_an_action_with_several_values_is_found_once(db):
    action = published_action(parties=["japan", "united-states", "australia"])
    assert found("party=japan&party=united-states&party=australia") == [action]


def test_report_and_section_are_found_by_slug(two_reports):
    first, second = two_reports
    assert found("report=first") == [first]
    assert set(found("section=security")) == {first, second}
    assert found("section=security&report=second") == [second]
    assert numbers("report=first", "report") == {"first": 1, "second": 1}


def test_a_section_includes_those_below_it(db):
    top = SectionFactory(slug="top")
    middle = SectionFactory(slug="middle", report=top.report, parent=top)
    below = SectionFactory(slug="below", report=top.report, parent=middle)
    other = SectionFactory(slug="other", report=top.report)
    for section in (below, other):
        ActionFactory(
            recommendation=RecommendationFactory(report=top.report, section=section),
            title=section.slug,
        )
    include(reports=[top.report])
    assert [action.title for action in found("section=top")] == ["below"]
    assert numbers("", "section") == {"top": 1, "middle": 1, "below": 1, "other": 1}
    assert len(found("section=top&section=middle&section=other")) == 2


def test_sections_in_a_ring_are_answered(db):
    action = published_action()
    section = action.recommendation.section
    section.parent = SectionFactory(report=section.report, parent=section)
    section.save()
    assert found(f"section={section.slug}") == [action]


def test_area_and_lead_body(db):
    action, _other = published_action(), published_action()
    action.recommendation.areas.add(PolicyAreaFactory(slug="energy"))
    ActionBodyFactory(action=action, body=BodyFactory(slug="cabinet"))
    assert found("area=energy") == found("body=cabinet") == [action]


def test_schedule_depends_on_the_day(db):
    recommendation = RecommendationFactory()
    ActionFactory(recommendation=recommendation)
    due = ActionFactory(recommendation=recommendation)
    DeadlineFactory(action=due, on=date(2026, 11, 24))
    include(reports=[recommendation.report])
    assert found("schedule=due") == [due]
    late = asked("schedule=overdue", on=ON + timedelta(days=1))
    assert list(late.qs) == [due]
    assert numbers("schedule=due", "schedule") == {
        "overdue": 0,
        "due": 1,
        "met": 0,
        "met_late": 0,
        "closed": 0,
        "no_deadline": 1,
    }


def test_review_asks_for_the_date_and_for_the_second_review(db, baseline):
    everything = len(found(""))
    assert found("review=needs_review") == []
    assert len(found("review=up_to_date")) == everything
    unconfirmed = found("review=unconfirmed")
    assert unconfirmed
    finding = publishing.default_reliance(unconfirmed[0])
    published_update(unconfirmed[0], unconfirmed[0].status, on=date(2026, 9, 1), relies_on=finding)
    assert len(found("review=unconfirmed")) == len(unconfirmed) - 1
    later = asked("review=needs_review", on=date(2027, 12, 1))
    assert later.qs.count() == everything
    assert len(found("review=unconfirmed&review=up_to_date")) == everything


def test_changed_since_is_the_day_of_the_present_status(db):
    action, _untouched = published_actions(2)
    published_update(action, "in_progress", on=date(2025, 3, 1))
    assert found("changed_since=2025-03-01") == [action]
    assert found("changed_since=2025-03-02") == []


def test_search_finds_by_words_and_leaves_out(db):
    law, treaty = published_action(title="Pass a law"), published_action(title="Sign a treaty")
    assert found("q=laws") == [law]
    assert treaty in found("q=-law")
    assert law not in found("q=-law")
    assert found("q=%3F%3F") == []


def test_recommendations_keep_those_with_one_action_that_meets_all(db):
    one, other = RecommendationFactory(), RecommendationFactory()
    published_action(recommendation=one, parties=["japan"], kind="agreement")
    ActionFactory(recommendation=other, parties=["japan"], kind="policy")
    ActionFactory(recommendation=other, parties=["united-states"], kind="agreement")
    include(reports=[other.report])
    assert found("unit=recommendations&addressee=japan&kind=agreement") == [one]
    assert set(found("unit=recommendations&addressee=japan")) == {one, other}
    assert numbers("unit=recommendations&kind=agreement", "addressee")["united_states"] == 1


def test_status_of_recommendations_is_the_derived_one(db):
    done, open_ = published_actions(2)
    published_update(done, "implemented")
    query = "unit=recommendations&status="
    assert found(f"{query}implemented") == []
    assert found(f"{query}partly") == [done.recommendation]
    assert numbers(f"{query}partly", "status")["partly"] == 1


def test_counts_ignore_their_own_choice_alone(db):
    published_action(parties=["japan"], kind="policy")
    published_action(parties=["united-states"], kind="policy")
    published_action(parties=["united-states"], kind="agreement")
    query = "addressee=japan&kind=policy"
    addressees, kinds = numbers(query, "addressee"), numbers(query, "kind")
    assert (addressees["japan"], addressees["united_states"], addressees["both"]) == (1, 1, 0)
    assert (kinds["policy"], kinds["agreement"]) == (1, 0)


def test_totals_name_the_denominator_and_what_is_not_counted(db):
    first, *_others = published_actions(3)
    published_action()
    set_verifiable(first, is_verifiable=False, reason="Nobody could tell.")
    totals = counted(asked(f"report={first.recommendation.report.slug}"))
    assert (totals.counts.total, totals.total, totals.recommendations) == (2, 3, 1)
    assert totals.uncounted == 1
    assert totals.without == {"report": 3}


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
@pytest.mark.parametrize("sort", ["report", "status", "deadline", "changed", "reviewed"])
def test_every_order_is_complete_and_the_same_each_time(db, baseline, unit, sort):
    query = f"unit={unit}&sort={sort}"
    rows = [row.pk for row in found(query)]
    assert rows == listed(asked(query))
    assert len(set(rows)) == len(rows) == counted(asked(query)).total


def test_orders_put_first_what_they_name(db, baseline):
    assert [a.status for a in found("sort=status")][0] == "implemented"
    assert [a.status for a in found("sort=status")][-1] == "rejected"
    due = [a.due_on for a in found("sort=deadline")]
    assert due[:2] == sorted(day for day in due if day)
    changed = [a.status_since for a in found("sort=changed") if a.status_since]
    assert changed == sorted(changed, reverse=True)
    assert found("sort=reviewed")[0].last_reviewed_on is None


def test_an_invalid_filter_has_no_rows_to_give(db):
    published_action()
    filterset = RecommendationFilterSet(QueryDict("status=zzz"), viewpoint=Viewpoint(ON))
    assert not filterset.is_valid()
    assert len(filterset.problems) == len(filterset.errors["status"]) == 1
    with pytest.raises(ValueError, match="zzz"):
        filterset.qs  # noqa: B018


def test_a_value_that_is_given_twice_is_an_error_of_its_parameter(db):
    filterset = RecommendationFilterSet(QueryDict("sort=status&sort=deadline&status=zzz"))
    assert set(filterset.errors) == {"status", "sort"}
    assert "more than once" in filterset.errors["sort"][0]


def test_rows_to_filter_can_be_given(db):
    one, other = published_actions(2)
    published_update(one, "implemented")
    published_update(other, "implemented")
    given = Action.objects.filter(pk=one.pk)
    filterset = RecommendationFilterSet(QueryDict("status=implemented"), queryset=given)
    assert list(filterset.qs) == [one]
    rows = Recommendation.objects.filter(pk=one.recommendation_id)
    assert list(RecommendationFilterSet(QueryDict("kind=policy"), queryset=rows).qs) == [
        one.recommendation
    ]
    assert not RecommendationFilterSet(QueryDict("q=xyzzy"), queryset=rows).qs


def test_the_viewpoint_is_that_of_the_request(db, rf):
    action = published_action()
    published_update(action, "implemented", on=date(2025, 3, 1))
    request = rf.get("/")
    for day, expected in ((date(2025, 2, 28), []), (date(2025, 3, 1), [action])):
        request.viewpoint = Viewpoint(on=day, as_of=day)
        asked_then = RecommendationFilterSet(QueryDict("status=implemented"), request=request)
        assert list(asked_then.qs) == expected


def test_what_there_is_to_choose_from_is_asked_for_once(db, django_assert_num_queries):
    action = published_action(parties=["japan"])
    filterset = asked(f"party=japan&report={action.recommendation.report.slug}")
    with django_assert_num_queries(0):
        assert [option.code for option in filterset.any_of("party").options()] == ["japan"]
        assert filterset.is_valid()
    # A page looks at one state of the record, which is told by a query of its own.
    other = asked("")
    with opened_at(other.viewpoint), django_assert_num_queries(1):
        for _n in range(2):
            assert [option.code for option in other.any_of("party").options()] == ["japan"]
    with django_assert_num_queries(0):
        assert asked("status=partly&sort=deadline").pairs == [("status", "partly")]


def test_the_same_list_has_the_same_query_however_it_is_asked_for(db):
    published_action()
    one = asked("status=rejected&q=&unit=actions&addressee=japan&status=implemented&sort=report")
    other = asked("addressee=japan&status=implemented&status=rejected&status=implemented")
    assert one.query() == other.query() == ("?addressee=japan&status=implemented&status=rejected")
    assert one.query(addressee=None, page=2) == "?status=implemented&status=rejected&page=2"
    assert asked("").query() == ""
