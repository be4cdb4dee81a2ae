"""Editors ask for splits and mergers on pages that show what follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from recommendations import publishing
from recommendations.models import Action, Edition, Party, StructureRequest

from .factories import (
    ActionFactory,
    PartyFactory,
    UserFactory,
    draft_update,
    published_action,
    published_actions,
    published_update,
    withdraw,
)
from .reading import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def split_page(action: Action) -> str:
    return f"/admin/actions/{action.pk}/split/"


def merge_page(*actions: Action) -> str:
    return "/admin/actions/merge/?" + "&".join(f"action={one.pk}" for one in actions)


def rows(*titles: str, party: Party | None = None) -> dict[str, Any]:
    party = party or PartyFactory(slug="japan")
    data: dict[str, Any] = {"new-TOTAL_FORMS": len(titles), "new-INITIAL_FORMS": 0}
    for n, title in enumerate(titles):
        data |= {f"new-{n}-title": title, f"new-{n}-parties": [party.pk]}
    return data | {"reason": "Two governments, two actions."}


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', html)
    assert found, text_of(html)
    return found[1]


def published_after_preview(desk: Client, address: str, data: dict[str, Any]) -> str:
    """Preview, then ask for what was previewed; another confirms. Return the preview."""
    html = desk.post(address, data).content.decode()
    answer = desk.post(address, data | {"go": "ask", "seen": seen(html)})
    assert answer.status_code == 302, text_of(answer.content.decode())
    publishing.confirm_step(StructureRequest.objects.waiting().get(), by=UserFactory())
    return text_of(html)


def nothing_new(desk: Client, address: str, data: dict[str, Any], words: str) -> None:
    before = Edition.objects.count(), Action.objects.count()
    answer = desk.post(address, data)
    assert answer.status_code == 200
    assert words in text_of(answer.content.decode())
    assert (Edition.objects.count(), Action.objects.count()) == before


def test_split_is_previewed_and_then_published(desk: Client) -> None:
    action, other = published_actions(2)
    published_update(action, "implemented")
    published_update(other, "implemented")
    draft_update(action)
    data = rows("Do it in Japan", "Do it in the United States", "")
    text = published_after_preview(desk, split_page(action), data)
    assert "Do it in Japan is added to the public record." in text
    assert "goes from Implemented to Partly implemented" in text
    assert "from 2 to 3 verifiable actions" in text
    assert "1 open draft of an update can then no longer be published." in text
    new = Action.objects.get(pk=action.pk).successors.order_by("number")
    assert [one.title for one in new] == ["Do it in Japan", "Do it in the United States"]
    assert [one.addressee for one in new] == ["japan", "japan"]


def test_split_takes_drafts_that_were_made_before(desk: Client) -> None:
    action = published_action()
    draft = ActionFactory(recommendation=action.recommendation)
    data = rows("Do it in Japan") | {"drafts": [draft.pk]}
    published_after_preview(desk, split_page(action), data)
    assert draft in Action.objects.get(pk=action.pk).successors.all()


def test_nothing_is_published_without_its_preview(desk: Client) -> None:
    action = published_action()
    data = rows("Do it in Japan", "Do it elsewhere")
    mark = seen(desk.post(split_page(action), data).content.decode())
    changed = rows("Do it in Japan", "Do it anywhere") | {"go": "ask", "seen": mark}
    nothing_new(desk, split_page(action), changed, "What will follow")


def test_preview_is_shown_again_where_a_status_has_changed_since(desk: Client) -> None:
    action = published_action()
    data = rows("Do it in Japan", "Do it elsewhere")
    mark = seen(desk.post(split_page(action), data).content.decode())
    published_update(action, "implemented")
    data |= {"go": "ask", "seen": mark}
    nothing_new(desk, split_page(action), data, "goes from Implemented to Not assessed")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"new-1-title": ""}, "An action is split into two or more."),
        ({"reason": " "}, "This field is required."),
        ({"new-0-parties": []}, "New action 1: Choose who is responsible."),
        ({"new-0-title": "a\x00b"}, "New action 1: Null characters are not allowed."),
    ],
)
def test_what_a_split_lacks_is_named(desk: Client, change: dict, words: str) -> None:
    action = published_action()
    nothing_new(desk, split_page(action), rows("One", "Other") | change, words)


def test_split_that_became_impossible_is_refused_in_words(desk: Client) -> None:
    action = published_action()
    draft = ActionFactory(recommendation=action.recommendation, parties=[])
    data = rows("Do it in Japan") | {"drafts": [draft.pk]}
    mark = seen(desk.post(split_page(action), data).content.decode())
    data |= {"go": "ask", "seen": mark}
    nothing_new(desk, split_page(action), data, "names no responsible party")


def test_merge_into_a_new_action(desk: Client) -> None:
    one, other = published_actions(2)
    data = {
        "action": [one.pk, other.pk],
        "into": "new",
        "new-title": "Do it together",
        "new-parties": [PartyFactory(slug="japan").pk],
        "reason": "Only together can it be done.",
    }
    text = published_after_preview(desk, merge_page(one, other), data)
    assert "from 2 to 1 verifiable actions" in text
    new = Action.objects.get(title="Do it together")
    assert set(new.predecessors.all()) == {one, other}


def test_merge_into_one_that_stays(desk: Client) -> None:
    one, other = published_actions(2)
    published_update(one, "implemented")
    data = {"action": [one.pk, other.pk], "into": one.pk, "reason": "They say the same."}
    text = published_after_preview(desk, merge_page(one, other), data)
    assert "stays as it is and takes in the others" in text
    one.refresh_from_db()
    assert (one.status, one.until_edition) == ("implemented", None)
    assert list(one.predecessors.all()) == [other]


def test_merge_into_a_draft(desk: Client) -> None:
    one, other = published_actions(2)
    draft = ActionFactory(recommendation=one.recommendation)
    data = {"action": [one.pk, other.pk], "into": draft.pk, "reason": "They say the same."}
    published_after_preview(desk, merge_page(one, other), data)
    assert set(draft.predecessors.all()) == {one, other}


def test_merge_of_one_alone_is_refused(desk: Client) -> None:
    one, _other = published_actions(2)
    data = {"action": [one.pk], "into": one.pk, "reason": "Why."}
    nothing_new(desk, merge_page(one), data, "Two or more actions are merged.")


def test_merge_into_a_new_action_asks_for_its_title(desk: Client) -> None:
    one, other = published_actions(2)
    data = {"action": [one.pk, other.pk], "into": "new", "reason": "Why."}
    nothing_new(desk, merge_page(one, other), data, "Give the new action a title.")


@pytest.mark.parametrize("query", ["", "?action=x", "?action=999999", "?action=²"])
def test_merge_of_nothing_is_not_found(desk: Client, query: str) -> None:
    assert desk.get(f"/admin/actions/merge/{query}").status_code == 404


def test_what_was_withdrawn_cannot_be_split(desk: Client) -> None:
    action = published_action()
    withdraw(action, reason="It was counted twice.")
    assert desk.get(split_page(action)).status_code == 404


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize("role", ["Analyst", "Reviewer", "Editor"])
def test_only_editors_split_and_merge(client: Client, staff_member, role: str, prefix: str) -> None:
    client.force_login(staff_member("person", role))
    one, other = published_actions(2)
    for address in (split_page(one), merge_page(one, other)):
        wanted = 200 if role == "Editor" else 403
        assert client.get(f"{prefix}{address}").status_code == wanted


def test_page_of_an_action_leads_to_its_split_and_merger(desk: Client) -> None:
    action = published_action()
    html = desk.get(f"/admin/recommendations/action/{action.pk}/change/").content.decode()
    assert {split_page(action), merge_page(action)} <= {href for href, _text in links_of(html)}


def test_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(split_page(published_action())).status_code == 302
