"""Rows of the staff's lists lead to the form and back: the next of the list, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations.models import Action, StatusUpdate
from recommendations.viewpoint import today

from .factories import (
    AssignmentFactory,
    draft_update,
    published_action,
    published_update,
    submitted_update,
)
from .test_log_update import REFERENCE, item, typed

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
LIST = "actions?work=overdue"
CHANGELIST = "/admin/recommendations/action/"


@pytest.fixture
def desk(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


@pytest.fixture
def overdue() -> list[Action]:
    """Three actions past their review date, the longest first."""
    return [published_action(review_due_on=today() - timedelta(days=n)) for n in (9, 5, 2)]


def submit(desk: Client, action: Action, **fields: Any):
    return desk.post(reverse("admin:log_update"), typed(action, item(), **fields))


def test_submitting_leads_to_the_next_of_the_list(desk, overdue):
    first, second, _third = overdue
    page = desk.get(f"/admin/log/?action={first.pk}&list={quote(LIST)}")
    assert page.context["following"].action == second
    assert f"?action={second.pk}&amp;list={quote(LIST, safe='')}" in page.content.decode()
    response = submit(desk, first, go="next", list=LIST)
    assert response.url == f"/admin/log/?action={second.pk}&list={quote(LIST, safe='')}"
    assert StatusUpdate.objects.get().review_state == "submitted"


def test_what_somebody_has_in_hand_is_not_next(desk, overdue, staff_member):
    first, second, third = overdue
    draft_update(second, by=staff_member("bo", "Analyst"))
    page = desk.get(f"/admin/log/?action={first.pk}&list={quote(LIST)}")
    assert page.context["following"].action == third


def test_after_the_last_the_list_comes_back_and_says_so(desk, overdue):
    response = submit(desk, overdue[-1], go="next", list=LIST)
    assert response.url == f"{CHANGELIST}?work=overdue"
    assert "That was the last of this list" in desk.get(response.url).content.decode()


def test_submitting_alone_leads_back_to_the_list(desk, overdue):
    assert submit(desk, overdue[0], go="submit", list=LIST).url == f"{CHANGELIST}?work=overdue"


def test_without_a_list_another_is_chosen_or_the_workspace_comes(desk, overdue):
    assert submit(desk, overdue[0], go="next").url == "/admin/log/"
    other = submit(desk, overdue[1], go="submit", reference="u-9876543210")
    assert other.url == "/admin/"


def test_confirming_leads_to_confirming_the_next(desk, overdue):
    for action in overdue:
        published_update(action, published_on=today() - timedelta(days=30))
        Action.objects.filter(pk=action.pk).update(review_due_on=action.review_due_on)
    first, second, _third = overdue
    address = f"/admin/log/confirm/{first.pk}/?list={quote(LIST)}"
    assert desk.get(address).context["following"].action == second
    said = {"search_note": "Looked at the ministry's pages.", "searched_on": str(today())}
    response = desk.post(address, said | {"go": "next", "list": LIST})
    assert response.url == f"/admin/log/confirm/{second.pk}/?list={quote(LIST, safe='')}"


def test_a_saved_draft_keeps_the_list(desk, overdue):
    response = submit(desk, overdue[0], list=LIST)
    assert response.url == f"/admin/log/{REFERENCE}/?list={quote(LIST, safe='')}"
    assert desk.get(response.url).context["following"].action == overdue[1]
    # What is missing is said on a page that keeps it too.
    bare = typed(overdue[1], go="submit", list=LIST, reference="u-9876543210")
    response = desk.post(reverse("admin:log_update"), bare)
    assert response.url.endswith(f"?list={quote(LIST, safe='')}&refused=1#errors")


@pytest.mark.parametrize(
    "name", ["nothing?x=1", "actions", "actions?odd__lookup=1", "//evil.example?x=1", "x" * 3000]
)
def test_what_names_no_list_changes_nothing(desk, overdue, name):
    page = desk.get("/admin/log/", {"action": overdue[0].pk, "list": name})
    assert page.status_code == 200
    assert page.context["following"] is None


def test_the_list_of_what_is_mine_is_worked_through_in_its_order(desk, overdue, analyst):
    mine = [overdue[2], overdue[0]]
    for action in mine:
        AssignmentFactory(analyst=analyst, action=action)
    page = desk.get("/admin/log/", {"action": overdue[0].pk, "list": "actions?work=mine"})
    assert page.context["following"].action == overdue[2]


def test_each_row_of_the_list_of_actions_leads_to_log_and_confirm(desk, overdue):
    published_update(overdue[0], published_on=today() - timedelta(days=30))
    html = desk.get(f"{CHANGELIST}?work=mine").content.decode()
    assert "/admin/log/?action=" not in html
    html = desk.get(CHANGELIST).content.decode()
    for action in overdue:
        assert f"/admin/log/?action={action.pk}&amp;list=actions%3F" in html
    assert f"/admin/log/confirm/{overdue[0].pk}/?list=actions%3F" in html
    assert f"/admin/log/confirm/{overdue[1].pk}/" not in html


def test_who_may_not_log_is_not_led_there(client, reviewer, overdue):
    client.force_login(reviewer)
    assert "/admin/log/" not in client.get(CHANGELIST).content.decode().partition("result_list")[2]


def test_rows_of_updates_lead_on(desk, analyst, overdue):
    draft = draft_update(overdue[0], by=analyst)
    waiting = submitted_update(overdue[1], by=analyst, published_on=today())
    html = desk.get("/admin/recommendations/statusupdate/").content.decode()
    assert f"/admin/log/{draft.slug}/" in html
    assert f"/admin/log/{waiting.slug}/recall/" in html
    assert f"/admin/log/?action={overdue[1].pk}" in html


def test_the_message_after_submitting_leads_to_taking_it_back(desk, overdue):
    response = submit(desk, overdue[0], go="submit")
    assert f'href="/admin/log/{REFERENCE}/recall/"' in desk.get(response.url).content.decode()


def test_the_columns_that_staff_need_first_come_first(desk, overdue):
    html = desk.get(CHANGELIST).content.decode()
    columns = ["column-ways", "column-marked_status", "column-review_due_on", "column-analysts"]
    places = [html.index(name) for name in [*columns, "column-addressee_said"]]
    assert places == sorted(places)
