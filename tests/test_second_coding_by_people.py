"""A second person codes what stands without seeing it; equal confirms, different is proposed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations import integrity, publishing
from recommendations.figures.agreement import agreements_of, agreements_of_people
from recommendations.models import Action, Coding, Evidence, StatusUpdate
from recommendations.record import Record
from recommendations.statuses.agreement import agreement
from recommendations.viewpoint import Viewpoint

from .factories import (
    UserFactory,
    draft_update,
    noon,
    published_action,
    published_actions,
    published_update,
)
from .reading import text_of

pytestmark = pytest.mark.django_db

SINCE = date(2025, 3, 1)
SEARCHED = date(2026, 11, 1)
NOTE = "The secret note of the first."


def code(status: str = "partly", on: date | None = SINCE, **fields: Any) -> publishing.Code:
    said = {
        "status": status,
        "effective_on": on,
        "effective_precision": "day",
        "note": "The office works.",
        "search_note": "The gazette and the ministry.",
        "searched_on": SEARCHED,
    }
    return publishing.Code(**{**said, **fields})


@pytest.fixture
def action() -> Action:
    made = published_action(title="Open the office")
    published_update(made, "partly", on=SINCE, note=NOTE)
    return made


@pytest.fixture
def coder(staff_member) -> User:
    return staff_member("second", "Analyst")


def test_same_status_since_the_same_time_is_a_confirmation_in_review(action, coder) -> None:
    coding = publishing.code_again(action, code(), by=coder)
    assert coding.is_same
    assert coding.draft.review_state == "submitted"
    assert list(coding.draft.relies_on.all()) == [coding.compared_with]
    edition = publishing.publish([coding.draft], reviewer=UserFactory())
    coding.refresh_from_db()
    action.refresh_from_db()
    assert (action.status, coding.edition) == ("partly", edition)
    assert list(integrity.differences()) == []


@pytest.mark.parametrize(
    "found",
    [
        code("in_progress"),
        code("partly", date(2025, 4, 1)),
        code("partly", SINCE, effective_precision="month"),
        code("no_action", None),
    ],
)
def test_anything_else_is_different(action, coder, found) -> None:
    coding = publishing.code_again(action, found, by=coder)
    assert not coding.is_same
    assert coding.draft.review_state == "draft"
    action.refresh_from_db()
    assert action.status == "partly"


def test_a_month_is_the_same_whichever_day_of_it_was_typed(coder) -> None:
    action = published_action()
    published_update(action, "partly", on=date(2025, 3, 31), precision="month")
    found = code("partly", date(2025, 3, 5), effective_precision="month")
    assert publishing.code_again(action, found, by=coder).is_same


def test_two_searches_that_found_nothing_are_the_same_whenever_they_were(coder) -> None:
    action = published_action()
    published_update(
        action, "no_action", on=SINCE, search_note="Archives.", searched_on=date(2026, 6, 1)
    )
    coding = publishing.code_again(action, code("no_action", None), by=coder)
    assert (coding.is_same, coding.effective_on) == (True, None)


def test_what_was_found_otherwise_is_proposed_as_a_correction_citing_again(action, coder) -> None:
    coding = publishing.code_again(action, code("in_progress"), by=coder)
    standing = coding.compared_with
    draft = publishing.propose(coding, by=coder, reason="Nothing is in force yet.")
    assert (draft.replaces, draft.review_state) == (standing, "submitted")
    assert [item.url for item in draft.evidence.all()] == [
        item.url for item in standing.evidence.all()
    ]
    publishing.publish([draft], reviewer=UserFactory())
    action.refresh_from_db()
    standing.refresh_from_db()
    assert (action.status, standing.end_reason) == ("in_progress", "corrected")
    assert list(integrity.differences()) == []


def test_a_correction_needs_a_public_reason_and_is_the_coders_own(action, coder) -> None:
    coding = publishing.code_again(action, code("in_progress"), by=coder)
    with pytest.raises(publishing.Refused, match="Say why"):
        publishing.propose(coding, by=coder, reason=" ")
    with pytest.raises(publishing.Refused, match="no draft of yours"):
        publishing.propose(coding, by=UserFactory(), reason="Mine.")
    assert StatusUpdate.objects.get(pk=coding.draft_id).review_state == "draft"


def test_nobody_codes_what_they_wrote_or_coded_or_what_waits(action, coder) -> None:
    author = action.updates.get().author
    for person in (author, UserFactory()):
        assert (action in Action.objects.to_code_again(person)) is (person != author)
    publishing.code_again(action, code("in_progress"), by=coder)
    assert action not in Action.objects.to_code_again(coder)
    with pytest.raises(publishing.Refused, match="You wrote what stands, or have coded it"):
        publishing.code_again(action, code(), by=coder)
    waiting = draft_update(action, "implemented", on=date(2025, 6, 1))
    publishing.submit(waiting, by=waiting.author)
    assert action not in Action.objects.to_code_again(UserFactory())


def test_what_nobody_has_assessed_is_not_coded_again(coder) -> None:
    action = published_action()
    assert action not in Action.objects.to_code_again(coder)
    with pytest.raises(publishing.Refused, match="Nobody has assessed"):
        publishing.code_again(action, code(), by=coder)


def test_coding_that_lacks_something_is_refused_and_nothing_kept(action, coder) -> None:
    with pytest.raises(publishing.Refused):
        publishing.code_again(action, code("in_progress", None), by=coder)
    assert not Coding.objects.exists()
    assert StatusUpdate.objects.filter(author=coder).count() == 0


# The pages ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, coder: User) -> Client:
    client.force_login(coder)
    return client


def send(desk: Client, action: Action, **fields: Any):
    address = reverse("admin:code_action", args=[action.pk])
    said = {
        "status": "partly",
        "effective_on": "2025-03-01",
        "effective_precision": "day",
        "note": "",
        "search_note": "The gazette.",
        "searched_on": SEARCHED.isoformat(),
        "evidence-TOTAL_FORMS": "0",
        "evidence-INITIAL_FORMS": "0",
    }
    return desk.post(address, {**said, **fields})


def test_page_shows_ask_place_and_sources_and_nothing_of_the_first_finding(desk, action) -> None:
    item = action.updates.get().evidence.get()
    Evidence.objects.filter(pk=item.pk)
    html = desk.get(reverse("admin:code_action", args=[action.pk])).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert "Open the office" in main
    assert item.url in main
    assert NOTE not in html
    assert "since 1 Mar 2025" not in html
    assert "checked" not in main
    for hidden in (item.supports, item.quotation):
        assert not hidden or hidden not in html


def test_queue_leads_to_the_first_action_and_each_to_the_next(desk) -> None:
    actions = published_actions(3)
    for one in actions:
        published_update(one, "partly", on=SINCE)
    html = desk.get(reverse("admin:coding_queue")).content.decode()
    assert "3 actions that you may code" in text_of(html)
    assert reverse("admin:code_action", args=[actions[0].pk]) in html
    answer = send(desk, actions[0])
    assert answer.status_code == 302
    assert answer.url == reverse("admin:code_action", args=[actions[1].pk])
    page = desk.get(answer.url)
    assert "handed in as a confirmation" in page.content.decode()
    assert page.context["form"]["search_note"].value() == "The gazette."
    send(desk, actions[1])
    assert send(desk, actions[2]).url == reverse("admin:coding_queue")


def test_difference_is_shown_only_afterwards_and_can_be_proposed(desk, action) -> None:
    answer = send(desk, action, status="in_progress", note="Only a tender.")
    coding = Coding.objects.get()
    assert answer.url == reverse("admin:compared_coding", args=[coding.pk])
    text = text_of(desk.get(answer.url).content.decode())
    for shown in ("You found something else", NOTE, "Only a tender.", "In progress"):
        assert shown in text
    done = desk.post(answer.url, {"reason": "It is a tender alone."})
    assert done.url == reverse("admin:coding_queue")
    assert StatusUpdate.objects.get(pk=coding.draft_id).review_state == "submitted"


def test_sources_may_be_added(desk, action) -> None:
    source = {
        "evidence-TOTAL_FORMS": "1",
        "evidence-0-url": "https://ministry.example/office",
        "evidence-0-title": "The office",
        "evidence-0-publisher": "A ministry",
        "evidence-0-kind": "official",
        "evidence-0-published_on": "2025-03-02",
        "evidence-0-published_precision": "day",
        "evidence-0-accessed_on": "2026-11-01",
    }
    assert send(desk, action, **source).status_code == 302
    coding = Coding.objects.get()
    assert coding.is_same
    assert [one.url for one in coding.draft.evidence.all()] == ["https://ministry.example/office"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": ""}, "Choose a status."),
        ({"search_note": ""}, "This field is required."),
        ({"status": "in_progress", "effective_on": ""}, "Say when it took effect."),
        ({"searched_on": "2199-01-01"}, "lies in the future"),
    ],
)
def test_bad_input_is_answered_and_keeps_nothing(desk, action, fields, reason) -> None:
    answer = send(desk, action, **fields)
    assert answer.status_code == 200
    assert reason in text_of(answer.content.decode())
    assert not Coding.objects.exists()


def test_pages_are_for_analysts_and_codings_for_those_who_made_them(client, action, staff_member):
    page = reverse("admin:code_action", args=[action.pk])
    assert client.get(page).status_code == 302
    coding = publishing.code_again(action, code("in_progress"), by=UserFactory())
    client.force_login(staff_member("other", "Analyst"))
    assert client.get(reverse("admin:compared_coding", args=[coding.pk])).status_code == 404
    client.force_login(staff_member("edith", "Editor"))
    assert client.get(page).status_code == 403


def test_reviewer_is_told_of_the_second_coding(client: Client, action, coder, staff_member) -> None:
    coding = publishing.code_again(action, code(), by=coder)
    client.force_login(staff_member("rita", "Reviewer"))
    html = client.get(reverse("admin:review", args=[coding.draft.slug])).content.decode()
    assert "came to the same status, since the same time" in html


# The agreement ----------------------------------------------------------------------------------


def test_agreement_of_people_is_that_of_a_hand_computation(client: Client, coder) -> None:
    actions = published_actions(10)
    for one in actions:
        published_update(one, "partly", on=SINCE)
    codes = ["partly"] * 6 + ["in_progress"] * 3 + ["no_action"]
    for one, status in zip(actions, codes, strict=True):
        publishing.code_again(one, code(status, None if status == "no_action" else SINCE), by=coder)
    [found] = agreements_of_people(Record(Viewpoint.present()))
    assert found.blind == agreement([("partly", status) for status in codes])
    assert (found.blind.n, found.blind.same, found.same_period) == (10, 6, 6)
    assert found.has_kappa
    assert agreements_of(Record(Viewpoint.present())) == []
    text = text_of(client.get("/methodology/").content.decode())
    assert "10 actions were coded again by people who saw neither status nor note: 6 got" in text
    assert "0.00" in text


def test_under_ten_kappa_is_not_computed(client: Client, action, coder) -> None:
    publishing.code_again(action, code(), by=coder)
    text = text_of(client.get("/methodology/").content.decode())
    assert "1 action was coded again by a person" in text
    assert "not computed" in text


def test_an_edition_knows_what_came_of_codings_by_then(client: Client, action, coder) -> None:
    coding = publishing.code_again(action, code(), by=coder, now=noon(date(2026, 11, 2)))
    before = client.get("/methodology/?edition=2").content.decode()
    assert "coded again" not in before
    edition = publishing.publish([coding.draft], reviewer=UserFactory())
    after = client.get(f"/methodology/?edition={edition.number}").content.decode()
    assert "1 action was coded again" in text_of(after)
