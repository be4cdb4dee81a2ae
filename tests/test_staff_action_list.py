"""Staff filter the list of actions, keep filters, work in bulk and take the list as a file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import publishing
from recommendations.models import Action, Assignment, SavedFilter, TrackerState
from recommendations.viewpoint import today

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    AssignmentFactory,
    BodyFactory,
    DeadlineFactory,
    PolicyAreaFactory,
    SavedFilterFactory,
    draft_update,
    published_action,
    published_update,
    submitted_update,
    withdraw,
)
from .reading import csv_rows, links_of, post_change, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/recommendations/action/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def listed(client: Client, query: str) -> set[Action]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200, response["Location"]
    return set(response.context["cl"].result_list)


# Filters -----------------------------------------------------------------------------------------


def test_list_is_filtered_by_area_party_body_and_status(desk: Client) -> None:
    action, other = published_action(parties=["japan"]), published_action()
    area, body = PolicyAreaFactory(), BodyFactory()
    action.recommendation.areas.add(area)
    ActionBodyFactory(action=action, body=body)
    published_update(action, "partly")
    party = action.parties.get()
    for query in (
        f"recommendation__areas__id__exact={area.pk}",
        f"parties__id__exact={party.pk}",
        f"bodies__id__exact={body.pk}",
        "status__exact=partly",
    ):
        assert listed(desk, query) == {action}, query
    assert listed(desk, "") == {action, other}


def test_list_is_filtered_by_schedule(desk: Client) -> None:
    late, open_ = published_action(), published_action()
    DeadlineFactory(action=late, on=today() - timedelta(days=1))
    publishing.settle_wording(type(late.recommendation).objects.all())
    assert listed(desk, "schedule=overdue") == {late}
    assert listed(desk, "schedule=no_deadline") == {open_}


def test_list_is_filtered_by_review(desk: Client) -> None:
    due = published_action(review_due_on=today() - timedelta(days=1))
    drafted = published_action(review_due_on=today())
    draft_update(drafted)
    handed_in = published_action(review_due_on=today())
    submitted_update(handed_in)
    first_look = published_action(review_due_on=today())
    Action.objects.filter(pk=first_look.pk).update(last_reviewed_on=today())
    assert listed(desk, "review=needs_review") == {due}
    assert listed(desk, "review=draft") == {drafted}
    assert listed(desk, "review=submitted") == {handed_in}
    assert listed(desk, "review=unconfirmed") == {first_look}


def test_list_is_filtered_by_who_looks_after_an_action(desk: Client, analyst: User) -> None:
    own, by_section, by_area, nobodys = (published_action() for _n in range(4))
    area = PolicyAreaFactory()
    by_area.recommendation.areas.add(area)
    AssignmentFactory(analyst=analyst, action=own)
    AssignmentFactory(analyst=analyst, action=None, section=by_section.recommendation.section)
    AssignmentFactory(analyst=analyst, action=None, area=area)
    mine = {own, by_section, by_area}
    assert listed(desk, f"analyst={analyst.pk}") == mine
    assert listed(signed_in(analyst), "analyst=me") == mine
    assert listed(desk, "analyst=me") == set()
    assert listed(desk, "analyst=nobody") == {nobodys}


def test_list_is_filtered_by_the_last_review(desk: Client) -> None:
    never, lately, long_ago = (published_action() for _n in range(3))
    Action.objects.filter(pk=lately.pk).update(last_reviewed_on=today() - timedelta(days=20))
    Action.objects.filter(pk=long_ago.pk).update(last_reviewed_on=today() - timedelta(days=200))
    assert listed(desk, "reviewed=never") == {never}
    assert listed(desk, "reviewed=30") == {lately}
    assert listed(desk, "reviewed=before-180") == {long_ago}
    assert listed(desk, "reviewed=365") == {lately, long_ago}


def test_list_is_filtered_by_the_record(desk: Client) -> None:
    there, gone = published_action(), published_action()
    withdraw(gone.recommendation, reason="It was counted twice.")
    draft = ActionFactory(recommendation=there.recommendation)
    assert listed(desk, "record=in") == {there}
    assert listed(desk, "record=draft") == {draft}
    assert listed(desk, "record=withdrawn") == {gone}


@pytest.mark.parametrize(
    "query", ["schedule=zzz", "review=zzz", "analyst=999999", "reviewed=x", "record=zzz", "no=1"]
)
def test_filter_that_cannot_be_does_not_show_every_action(desk: Client, query: str) -> None:
    published_action()
    response = desk.get(f"{LIST}?{query}")
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?e=1")


def test_list_names_who_looks_after_an_action_in_a_fixed_number_of_queries(
    desk: Client, analyst: User
) -> None:
    taken = []
    for _n in range(2):
        for _m in range(2):
            action = published_action()
            action.recommendation.areas.add(PolicyAreaFactory())
            AssignmentFactory(analyst=analyst, action=action)
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            html = desk.get(f"{LIST}?schedule=no_deadline&review=needs_review&e=").content.decode()
            html = desk.get(LIST).content.decode()
        taken.append(len(queries))
    assert html.count(f'<td class="field-analysts">{analyst.username}</td>') == 4
    assert taken[0] == taken[1]


# Filters that a person keeps ---------------------------------------------------------------------


def keep(client: Client, **fields: str):
    data = {
        "page": "admin:recommendations_action_changelist",
        "query": "status__exact=partly&p=3",
        "name": "Partly done",
    }
    return client.post("/admin/filters/save/", data | fields, follow=True)


def test_filters_are_saved_under_a_name_and_offered_again(desk: Client, editor: User) -> None:
    html = keep(desk).content.decode()
    kept = SavedFilter.objects.get()
    assert (kept.owner, kept.name, kept.query) == (editor, "Partly done", "status__exact=partly")
    assert (f"{LIST}?status__exact=partly", "Partly done") in links_of(html)


def test_saving_under_the_same_name_replaces_the_filters(desk: Client) -> None:
    keep(desk)
    keep(desk, query="status__exact=stalled")
    assert SavedFilter.objects.get().query == "status__exact=stalled"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_filters_without_a_proper_name_are_not_saved(desk: Client, name: str) -> None:
    assert keep(desk, name=name).status_code == 200
    assert not SavedFilter.objects.exists()


def test_filters_of_an_unknown_page_are_not_saved(desk: Client) -> None:
    assert keep(desk, page="admin:index").status_code == 404
    assert not SavedFilter.objects.exists()


def test_saved_filters_are_a_persons_own(desk: Client, analyst: User) -> None:
    other = SavedFilterFactory(owner=analyst, name="Of the analyst")
    assert "Of the analyst" not in text_of(desk.get(LIST).content.decode())
    assert desk.post(f"/admin/filters/{other.pk}/delete/").status_code == 404
    assert signed_in(analyst).post(f"/admin/filters/{other.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_filters_are_not_saved_or_deleted_by_a_link(desk: Client, editor: User) -> None:
    kept = SavedFilterFactory(owner=editor)
    assert desk.get("/admin/filters/save/").status_code == 405
    assert desk.get(f"/admin/filters/{kept.pk}/delete/").status_code == 405


# In bulk -----------------------------------------------------------------------------------------


def bulk(client: Client, action: str, chosen: list[Action], query: str = "", **fields):
    data = {"action": action, "_selected_action": [one.pk for one in chosen]}
    return client.post(f"{LIST}?{query}", data | fields)


def test_analyst_is_assigned_to_what_is_chosen(desk: Client, analyst: User) -> None:
    one, other, rest = (published_action() for _n in range(3))
    before = AssignmentFactory(action=one)
    page = bulk(desk, "assign_analyst", [one, other])
    assert "2 actions are chosen:" in text_of(page.content.decode())
    answer = bulk(
        desk, "assign_analyst", [one, other], apply="1", analyst=analyst.pk, is_instead="on"
    )
    assert answer.status_code == 302
    assert not Assignment.objects.filter(pk=before.pk).exists()
    assert {(a.analyst, a.action) for a in Assignment.objects.all()} == {
        (analyst, one),
        (analyst, other),
    }
    assert LogEntry.objects.filter(change_message__contains="Assigned to analyst").count() == 2
    assert not rest.assignments.exists()


def test_analyst_is_assigned_beside_others(desk: Client, analyst: User) -> None:
    action = published_action()
    AssignmentFactory(action=action)
    for _twice in range(2):
        bulk(desk, "assign_analyst", [action], apply="1", analyst=analyst.pk)
    assert action.assignments.count() == 2


def test_assignments_are_taken_back(desk: Client) -> None:
    action = AssignmentFactory(action=published_action()).action
    bulk(desk, "assign_analyst", [action], apply="1", analyst="", is_instead="on")
    assert not Assignment.objects.exists()


def test_only_analysts_can_be_assigned(desk: Client, reviewer: User) -> None:
    action = published_action()
    answer = bulk(desk, "assign_analyst", [action], apply="1", analyst=reviewer.pk)
    assert answer.status_code == 200
    assert not Assignment.objects.exists()


def test_review_date_is_set_for_all_that_the_filters_leave(desk: Client) -> None:
    wanted = [published_action(parties=["japan"]) for _n in range(2)]
    rest = published_action()
    party = wanted[0].parties.get()
    revision = TrackerState.objects.get().content_revision
    day = today() + timedelta(days=30)
    answer = bulk(
        desk,
        "set_review_date",
        wanted[:1],
        f"parties__id__exact={party.pk}",
        select_across="1",
        apply="1",
        review_due_on=day.isoformat(),
    )
    assert answer.status_code == 302
    assert set(Action.objects.filter(review_due_on=day)) == set(wanted)
    assert Action.objects.get(pk=rest.pk).review_due_on == rest.review_due_on
    assert TrackerState.objects.get().content_revision > revision


def test_review_date_in_the_past_is_refused(desk: Client) -> None:
    action = published_action()
    day = (today() - timedelta(days=1)).isoformat()
    answer = bulk(desk, "set_review_date", [action], apply="1", review_due_on=day)
    assert "Choose a day that is not past." in text_of(answer.content.decode())
    assert Action.objects.get(pk=action.pk).review_due_on == action.review_due_on


@pytest.mark.parametrize("role", ["Analyst", "Reviewer"])
@pytest.mark.parametrize("action", ["assign_analyst", "set_review_date"])
def test_only_editors_work_in_bulk(staff_member, analyst: User, role: str, action: str) -> None:
    chosen = published_action()
    client = signed_in(staff_member("person", role))
    day = (today() + timedelta(days=30)).isoformat()
    bulk(client, action, [chosen], apply="1", analyst=analyst.pk, review_due_on=day)
    assert not Assignment.objects.exists()
    assert Action.objects.get(pk=chosen.pk).review_due_on == chosen.review_due_on


# The file ----------------------------------------------------------------------------------------


def test_file_has_what_is_filtered_and_nothing_else(desk: Client) -> None:
    action = published_action(parties=["japan"])
    published_action()
    party = action.parties.get()
    rows = csv_rows(desk.get(f"{LIST}csv/?parties__id__exact={party.pk}&p=9&o=-2"))
    assert [row["action_number"] for row in rows] == [action.label]


def test_file_with_a_filter_that_cannot_be_is_refused(desk: Client) -> None:
    published_action()
    assert desk.get(f"{LIST}csv/?schedule=zzz").status_code == 400


def test_list_leads_to_its_file(desk: Client) -> None:
    published_action()
    html = desk.get(f"{LIST}?status__exact=partly").content.decode()
    assert (f"{LIST}csv/?status__exact=partly", "CSV of this list") in links_of(html)


# Sections and areas ------------------------------------------------------------------------------


def test_analyst_is_assigned_on_the_page_of_an_area(desk: Client, analyst: User) -> None:
    area = PolicyAreaFactory()
    data = {
        "slug": area.slug,
        "name": area.name,
        "position": 0,
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 0,
        "assignments-0-analyst": analyst.pk,
    }
    answer = post_change(desk, f"/admin/recommendations/policyarea/{area.pk}/change/", data)
    assert answer.status_code == 302
    assert area.assignments.get().analyst == analyst
