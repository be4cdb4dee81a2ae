"""One source is logged for several actions at once: an update each, all of them or none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations.models import Act, Action, Evidence, InboxItem, StatusUpdate

from .factories import (
    PUBLISHED_ON,
    InboxItemFactory,
    ListedHostFactory,
    UserFactory,
    noon,
    published_actions,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
LAW = "https://gazette.example.org/law"


@pytest.fixture
def desk(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


@pytest.fixture
def item() -> InboxItem:
    return InboxItemFactory(url=LAW, title="The otter act", publisher="Gazette", kind="primary")


@pytest.fixture
def actions() -> list[Action]:
    return published_actions(2)


def html(response) -> str:
    return response.content.decode()


def address(item: InboxItem) -> str:
    return reverse("admin:inbox_log", args=[item.pk])


def opened(desk: Client, item: InboxItem, actions: list[Action]) -> dict[str, Any]:
    """What the form sends as it was opened."""
    page = html(desk.get(address(item), {"action": [action.pk for action in actions]}))
    references = dict(re.findall(r'name="(a\d+-reference)" value="([^"]+)"', page))
    assert len(references) == len(actions)
    return {
        "action": [action.pk for action in actions],
        **references,
        **{f"a{action.pk}-revision": "0" for action in actions},
    }


def typed(actions: list[Action], **fields: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "evidence-TOTAL_FORMS": "1",
        "evidence-INITIAL_FORMS": "1",
        "evidence-0-url": LAW,
        "evidence-0-title": "The otter act",
        "evidence-0-publisher": "Gazette",
        "evidence-0-kind": "primary",
        "evidence-0-published_on": "2026-11-01",
        "evidence-0-published_precision": "day",
        "evidence-0-accessed_on": "2026-11-02",
        "evidence-0-supports": "It is law.",
    }
    for action in actions:
        said |= {
            f"a{action.pk}-status": "implemented",
            f"a{action.pk}-effective_on": "2026-11-01",
            f"a{action.pk}-effective_precision": "day",
            f"a{action.pk}-note": f"{action.title}: the act says so.",
        }
    return said | fields


def send(desk: Client, item: InboxItem, data: dict[str, Any], go: str = "submit"):
    return desk.post(address(item), data | {"go": go})


def test_the_form_is_filled_with_what_is_known_of_the_source(desk, item, actions):
    ListedHostFactory(host="gazette.example.org", mark="state_media")
    page = html(desk.get(address(item), {"action": actions[0].pk, "also": actions[1].label}))
    assert f'value="{LAW}"' in page and 'value="The otter act"' in page
    assert re.search(r'value="primary"\s+selected', page)
    assert re.search(r'name="evidence-0-is_state_media"[^>]*checked', page)
    for action in actions:
        assert f'name="a{action.pk}-status"' in page
    assert not StatusUpdate.objects.filter(author=desk.session["_auth_user_id"]).exists()


def test_each_action_gets_an_update_with_the_source_that_was_typed_once(
    desk, item, actions, analyst
):
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{actions[1].pk}-supports"] = "It counts the second otter."
    response = send(desk, item, data)
    assert response.url == reverse("admin:inbox")
    updates = StatusUpdate.objects.filter(author=analyst).order_by("pk")
    assert [(one.action, one.review_state) for one in updates] == [
        (action, "submitted") for action in actions
    ]
    supports = [one.evidence.get().supports for one in updates]
    assert supports == ["It is law.", "It counts the second otter."]
    assert {one.evidence.get().url for one in updates} == {LAW}
    item.refresh_from_db()
    assert (item.state, item.decided_by) == ("logged", analyst)
    assert item.logged_as == [one.slug for one in updates]
    page = html(desk.get(reverse("admin:inbox_item", args=[item.pk])))
    assert "Submitted: " in page
    assert all(f"/statusupdate/{one.pk}/" in page for one in updates)
    assert Act.objects.filter(event="inbox", detail__startswith="logged: ").count() == 1


def test_drafts_may_lack_what_a_submission_needs(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{actions[0].pk}-status"] = "no_action"
    send(desk, item, data, go="draft")
    assert StatusUpdate.objects.filter(review_state="draft").count() == 2


def test_one_that_cannot_be_submitted_holds_all_back_and_says_why_beside_it(desk, item, actions):
    good, bad = actions
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{bad.pk}-status"] = "no_action"
    page = html(send(desk, item, data))
    assert "Nothing is stored yet." in page
    assert f"{bad.label} cannot be submitted yet" in page
    assert f"{good.label} cannot be submitted yet" not in page
    assert "the act says so." in page
    assert not StatusUpdate.objects.filter(review_state="submitted").exists()
    assert not Evidence.objects.filter(url=LAW).exists()
    item.refresh_from_db()
    assert (item.state, item.logged_as) == ("waiting", [])
    # What was corrected is stored as if it were sent for the first time.
    data[f"a{bad.pk}-status"] = "in_progress"
    send(desk, item, data)
    assert StatusUpdate.objects.filter(review_state="submitted").count() == 2


def test_faults_of_the_form_are_named_by_action_and_keep_what_was_typed(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{actions[0].pk}-effective_on"] = "soon"
    data["evidence-0-publisher"] = ""
    page = html(send(desk, item, data))
    assert f"{actions[0].label}, Date it took effect: " in page
    assert "Source 1, publisher: " in page.replace("Publisher", "publisher")
    assert 'value="soon"' in page and "It is law." in page
    assert not Evidence.objects.filter(url=LAW).exists()


def test_sent_twice_is_stored_once(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    for _time in range(2):
        response = send(desk, item, data)
    assert "This form was stored already." in html(desk.get(response.url))
    assert StatusUpdate.objects.filter(review_state="submitted").count() == 2
    item.refresh_from_db()
    assert len(item.logged_as) == 2


def test_what_was_typed_after_it_was_stored_is_not_lost(desk, item, actions):
    """Somebody goes back in the browser, types on and sends the form again."""
    data = opened(desk, item, actions) | typed(actions)
    send(desk, item, data, go="draft")
    data[f"a{actions[0].pk}-note"] = "Typed after that."
    response = send(desk, item, data)
    assert response.status_code == 409
    page = html(response)
    assert f"stored before with other words, for {actions[0].label}." in page
    assert "Typed after that." in page
    assert StatusUpdate.objects.filter(review_state="draft").count() == 2


def test_an_action_that_left_the_record_meanwhile_stops_the_form(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{actions[1].pk}-note"] = "A whole afternoon of work."
    withdraw(actions[1], reason="It was counted twice.")
    response = send(desk, item, data)
    page = html(response)
    assert response.status_code == 409
    assert f"No longer in the record: {actions[1].label}." in page
    assert "A whole afternoon of work." in page
    assert re.findall(r'name="action" value="(\d+)"', page) == [str(actions[0].pk)]
    assert not Evidence.objects.filter(url=LAW).exists()
    send(desk, item, data | {"action": [actions[0].pk]})
    assert Evidence.objects.get(url=LAW).update.action == actions[0]


def test_a_form_whose_actions_all_left_the_record_loses_no_word(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    for action in actions:
        withdraw(action, reason="It was counted twice.")
    response = send(desk, item, data)
    assert response.status_code == 409
    assert f"{actions[0].title}: the act says so." in html(response)
    assert f'value="{LAW}"' in html(response)
    response = send(desk, item, data | {"action": []})
    assert response.status_code == 409
    assert "Choose at least one action." in html(response) and f'value="{LAW}"' in html(response)


def test_a_further_source_keeps_what_was_typed_and_judges_nothing(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    data[f"a{actions[0].pk}-note"] = ""
    page = html(send(desk, item, data, go="add"))
    assert 'name="evidence-1-url"' in page and 'class="error"' not in page
    assert not Evidence.objects.filter(url=LAW).exists()


def test_an_unlikely_date_is_asked_about_once_for_all(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    data["evidence-0-published_on"] = "1999-01-01"
    page = html(send(desk, item, data))
    questions = re.findall(r'type="checkbox" name="likely" value="([^"]+)"', page)
    assert len(questions) == 1
    send(desk, item, data | {"likely": questions})
    assert StatusUpdate.objects.filter(review_state="submitted").count() == 2


def test_what_a_colleague_dismissed_meanwhile_is_not_logged(desk, item, actions):
    data = opened(desk, item, actions) | typed(actions)
    decided = {"decided_by": UserFactory(username="mia"), "decided_at": noon(PUBLISHED_ON)}
    InboxItem.objects.filter(pk=item.pk).update(state="dismissed", reason="Old.", **decided)
    response = send(desk, item, data)
    assert response.status_code == 409
    assert "Bring it back first." in html(response)
    assert f"{actions[0].title}: the act says so." in html(response)
    assert not Evidence.objects.filter(url=LAW).exists()


def test_what_was_logged_is_logged_for_another_action_too(desk, item, actions):
    for action in actions:
        send(desk, item, opened(desk, item, [action]) | typed([action]))
    item.refresh_from_db()
    assert len(item.logged_as) == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Choose at least one action."),
        ({"also": "9.9z"}, "No single action has the number 9.9z."),
        ({"action": "x"}, "Choose at least one action."),
    ],
)
def test_without_an_action_it_says_what_to_do(desk, item, query, words):
    response = desk.get(address(item), query)
    assert words in html(desk.get(response.url))
