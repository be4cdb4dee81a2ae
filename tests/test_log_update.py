"""Analysts log updates: one form, nothing lost, nothing twice, nothing overwritten."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.statuses import REVIEW_INTERVAL
from recommendations.viewpoint import today

from .factories import (
    draft_update,
    published_action,
    published_update,
    submitted_update,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
REFERENCE = "u-0123456789"
NEW = "admin:log_update"


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def desk(client: Client, analyst) -> Client:
    client.force_login(analyst)
    return client


def typed(action: Action, *items: dict[str, str], **fields: Any) -> dict[str, Any]:
    """What the form sends."""
    data = {
        "action": action.pk,
        "reference": REFERENCE,
        "revision": "0",
        "status": "partly",
        "effective_on": "2026-11-01",
        "effective_precision": "day",
        "note": "The office opened.",
        "go": "draft",
        "evidence-TOTAL_FORMS": str(len(items)),
        "evidence-INITIAL_FORMS": "0",
    }
    for n, item in enumerate(items):
        data |= {f"evidence-{n}-{name}": value for name, value in item.items()}
    return data | fields


def item(**fields: str) -> dict[str, str]:
    return {
        "url": "https://example.org/opening",
        "title": "Opening of the office",
        "publisher": "Ministry of Defense (Japan)",
        "kind": "official",
        "published_on": "2026-11-01",
        "published_precision": "day",
        "accessed_on": "2026-11-02",
    } | fields


def send(desk: Client, data: dict[str, Any], update: StatusUpdate | None = None, **extra: Any):
    address = reverse("admin:log_update_draft", args=[update.slug]) if update else reverse(NEW)
    return desk.post(address, data, **extra)


def html(response) -> str:
    return response.content.decode()


# Choosing ---------------------------------------------------------------------------------------


@pytest.mark.about_databases
@pytest.mark.parametrize("text", ["HEADQ", "1.1b", "1.1B head", "1.1", "headquarters create"])
def test_actions_are_suggested_by_number_headline_and_half_typed_words(desk, baseline, text):
    found = desk.get(reverse("admin:log_actions"), {"q": text}).json()["actions"]
    assert "1.1b" in [one["label"] for one in found]


@pytest.mark.parametrize("text", ["", "  ", "zzz", "1.1zz", "%", "_"])
def test_words_that_no_action_has_suggest_nothing(desk, baseline, text):
    found = desk.get(reverse("admin:log_actions"), {"q": text}).json()
    assert found == {"actions": [], "is_certain": False, "cited": ""}


def test_without_the_script_the_same_actions_are_links(desk, baseline):
    page = html(desk.get(reverse(NEW), {"q": "headq"}))
    assert f"?action={Action.objects.get(recommendation__number='1.1', number=2).pk}" in page


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Philippine Senate concurs in the reciprocal access pact with Tokyo", "2.3d"),
        ("比上院、日本との部隊間協力円滑化協定を承認", "2.3d"),
        ("security clearance law", "1.2c"),
        ("LNG exports", "3.5b"),
    ],
)
def test_a_headline_finds_its_action_and_says_by_which_words(desk, baseline, text, label):
    found = desk.get(reverse("admin:log_actions"), {"q": text}).json()["actions"]
    row = next(one for one in found[:3] if one["label"] == label)
    assert row["why"].startswith("Matched: ")
    assert row["why"] in html(desk.get(reverse(NEW), {"q": text}))


def test_an_address_says_who_cites_it_and_puts_them_first(desk, baseline) -> None:
    item = Evidence.objects.exclude(update__action__from_edition=None).first()
    assert item is not None
    citing = Evidence.objects.filter(url=item.url).values_list("update__action", flat=True)
    answer = desk.get(reverse("admin:log_actions"), {"q": item.url}).json()
    first = answer["actions"][: len(set(citing))]
    assert {int(one["url"].rpartition("=")[2]) for one in first} == set(citing)
    assert all(one["why"].startswith("Cites this address already") for one in first)
    assert answer["cited"] == "cited in " + ", ".join(one["label"] for one in first)
    assert answer["cited"] in html(desk.get(reverse(NEW), {"q": item.url}))


def test_a_search_that_finds_nothing_says_what_to_do(desk, baseline) -> None:
    begun = html(desk.get(reverse(NEW)))
    assert '<p class="note" id="nothing" hidden>' in begun
    page = html(desk.get(reverse(NEW), {"q": "zzz"}))
    assert '<p class="note" id="nothing">' in page
    assert "No action fits. Try a number" in page


def test_enter_may_take_the_first_only_where_one_report_has_it(desk, db) -> None:
    one, other = (published_action(title="Run more ferries") for _report in range(2))
    assert one.recommendation.report_id != other.recommendation.report_id
    both = desk.get(reverse("admin:log_actions"), {"q": "ferries"}).json()
    assert (len(both["actions"]), both["is_certain"]) == (2, False)
    assert {row["report"] for row in both["actions"]} == {
        action.recommendation.report.known_as for action in (one, other)
    }
    alone = desk.get(reverse("admin:log_actions"), {"q": one.label}).json()
    assert (len(alone["actions"]), alone["is_certain"]) == (1, True)


@pytest.mark.parametrize("key", ["0", "999999", "x", "٣", "1" * 30])
def test_an_action_that_does_not_exist_is_not_found(desk, key):
    assert desk.get(reverse(NEW), {"action": key}).status_code == 404


# Saving -----------------------------------------------------------------------------------------


def test_a_draft_is_stored_with_its_evidence(desk, analyst, action):
    response = send(desk, typed(action, item(), item(title="A second")))
    update = StatusUpdate.objects.get()
    assert response.url == reverse("admin:log_update_draft", args=[REFERENCE])
    assert (update.slug, update.status, update.author) == (REFERENCE, "partly", analyst)
    assert [one.title for one in update.evidence.all()] == ["Opening of the office", "A second"]
    assert publishing.authors_of(update) == {analyst.pk}


def test_an_update_goes_to_review_in_one_step(desk, action):
    send(desk, typed(action, item(), go="submit"))
    assert StatusUpdate.objects.get().review_state == "submitted"


def test_what_is_missing_is_said_and_the_draft_is_kept(desk, action):
    response = send(desk, typed(action, go="submit"), follow=True)
    assert "needs one item of evidence that is not an announcement" in html(response)
    assert StatusUpdate.objects.get().review_state == "draft"


def test_items_left_empty_or_left_out_are_none(desk, action):
    empty = {"accessed_on": "2026-11-02", "published_precision": "day"}
    send(desk, typed(action, item(), empty, item(DELETE="on")))
    assert StatusUpdate.objects.get().evidence.count() == 1


def test_saving_again_replaces_the_items(desk, action):
    send(desk, typed(action, item(), item(title="A second")))
    update = StatusUpdate.objects.get()
    send(desk, typed(action, item(title="The only one"), revision="1"), update)
    assert [one.title for one in update.evidence.all()] == ["The only one"]
    assert StatusUpdate.objects.get().revision == 2


def test_a_mistake_keeps_what_was_typed(desk, action):
    page = html(send(desk, typed(action, item(url="nonsense"), note="Long <b>text</b>", status="")))
    assert "Long &lt;b&gt;text&lt;/b&gt;" in page
    assert "Choose the new status." in page
    assert 'value="nonsense"' in page
    assert not StatusUpdate.objects.exists()


@pytest.mark.about_databases
@pytest.mark.parametrize(
    "fields",
    [
        {"note": "A\x00B"},
        {"search_note": "A\x01B"},
        {"evidence-TOTAL_FORMS": "1", "evidence-0-title": "A\x00B"},
        {"evidence-TOTAL_FORMS": "1", "evidence-0-quotation": "A\x01B"},
        {"effective_on": "2026-13-40"},
        {"effective_precision": "quarter"},
        {"status": "done"},
        {"reference": "u-'; drop table"},
        {"revision": "-1"},
        {"relies_on": ["999999"]},
        {"evidence-TOTAL_FORMS": "x"},
        {"evidence-TOTAL_FORMS": "5000", "evidence-0-url": "https://example.org/"},
    ],
)
def test_bad_input_is_answered_and_stores_nothing(desk, action, fields):
    response = send(desk, typed(action, **fields))
    assert response.status_code == 200
    assert "There is a problem" in html(response)
    assert not StatusUpdate.objects.exists()


def test_a_draft_does_not_rely_on_an_update_of_another_action(desk, action):
    other = published_update(published_action())
    page = html(send(desk, typed(action, item(), relies_on=[other.pk])))
    assert "There is a problem" in page
    assert StatusUpdate.objects.get() == other


def test_another_source_can_be_asked_for_without_the_script(desk, action):
    page = html(send(desk, typed(action, item(title="Kept"), go="add", status="")))
    assert 'name="evidence-1-url"' in page
    assert 'value="Kept"' in page
    assert "There is a problem" not in page
    assert not StatusUpdate.objects.exists()


def test_the_preview_is_what_the_public_will_read(desk, action):
    note = "The office opened, with officers from both sides."
    response = desk.post(reverse(NEW), typed(action, item(), note=note, go="preview"), follow=True)
    preview = html(response).split('id="preview"')[1]
    assert note in preview
    assert "Opening of the office" in preview
    assert f"{action.recommendation.number} goes from Not assessed to Partly implemented" in preview


def test_the_note_to_the_reviewer_is_nowhere_public(desk, client, action):
    send(desk, typed(action, item(), note_to_reviewer="Please hurry.", go="submit"))
    update = StatusUpdate.objects.get()
    publishing.publish([update], reviewer=draft_update(published_action()).author)
    visitor = Client()
    for address in (action.recommendation.get_absolute_url(), "/changes/", "/recommendations.csv"):
        response = visitor.get(address)
        content = b"".join(response) if response.streaming else response.content
        assert b"Please hurry" not in content


def test_the_evidence_that_stands_is_preselected_for_a_confirmation_alone(desk, action):
    """Every new status passed on it, unread: the form's script ticks it once nothing changes."""
    standing = published_update(action, "in_progress")
    other = published_update(action, "partly", on=date(2024, 6, 1))
    page = html(desk.get(reverse(NEW), {"action": action.pk}))
    assert re.search(rf'name="relies_on" value="{standing.pk}" +data-confirms', page)
    assert re.search(rf'name="relies_on" value="{other.pk}" +data-items', page)
    assert not re.search(r'name="relies_on" value="\d+" checked', page)


def test_the_next_review_is_filled_in(desk, action):
    page = html(desk.get(reverse(NEW), {"action": action.pk}))
    assert f'value="{(today() + REVIEW_INTERVAL).isoformat()}"' in page


# Twice, at once, and lost answers ----------------------------------------------------------------


@pytest.mark.about_databases
def test_a_form_sent_twice_makes_one_draft(desk, action):
    for _n in range(2):
        assert send(desk, typed(action, item())).status_code == 302
    assert StatusUpdate.objects.count() == 1
    assert StatusUpdate.objects.get().evidence.count() == 1


@pytest.mark.about_databases
def test_a_submission_sent_twice_is_one_submission(desk, action):
    """As when the server was killed between storing it and answering."""
    for _n in range(2):
        response = desk.post(reverse(NEW), typed(action, item(), go="submit"), follow=True)
        assert "Submitted." in html(response) or response.status_code == 200
    assert StatusUpdate.objects.get().review_state == "submitted"


def test_another_persons_reference_is_not_taken_over(desk, action):
    other = draft_update(action)
    StatusUpdate.objects.filter(pk=other.pk).update(slug=REFERENCE)
    page = html(send(desk, typed(action, item())))
    assert "There is a problem" in page
    assert StatusUpdate.objects.get().note == other.note


@pytest.mark.about_databases
def test_a_draft_saved_by_somebody_else_shows_both_versions(desk, action, staff_member):
    send(desk, typed(action, item()))
    update = StatusUpdate.objects.get()
    other = Client()
    other.force_login(staff_member("bo", "Analyst"))
    send(other, typed(action, item(title="Theirs"), note="Their text.", revision="1"), update)
    response = send(desk, typed(action, item(), note="My text.", revision="1"), update)
    page = html(response)
    assert response.status_code == 409
    assert "My text." in page
    assert "Their text." in page
    assert "Theirs" in page
    assert StatusUpdate.objects.get().note == "Their text."
    send(desk, typed(action, item(), note="My text.", revision="2"), update)
    assert StatusUpdate.objects.get().note == "My text."


def test_a_draft_submitted_meanwhile_is_not_edited(desk, action):
    update = submitted_update(action)
    page = html(send(desk, typed(action, item(), reference=update.slug), update))
    assert "cannot be edited: it is submitted" in page
    assert StatusUpdate.objects.get().note == update.note


def test_published_text_is_not_edited_through_the_form(desk, action):
    update = published_update(action)
    send(desk, typed(action, item(), reference=update.slug, note="Rewritten"), update)
    assert StatusUpdate.objects.get().note == update.note
    assert update.evidence.count() == 1


def test_a_session_that_ended_gives_the_text_back(client, action):
    response = client.post(reverse(NEW), typed(action, note="Typed for half an hour."))
    page = html(response)
    assert response.status_code == 401
    assert "Typed for half an hour." in page
    assert 'name="note" value="Typed for half an hour."' in page
    assert not StatusUpdate.objects.exists()


def test_a_token_from_before_the_sign_in_gives_the_text_back(analyst, action):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)
    data = typed(action, note="Typed for half an hour.")
    response = strict.post(reverse(NEW), data, headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "Send it again" in html(response)
    assert "Typed for half an hour." in html(response)
    assert not StatusUpdate.objects.exists()


def test_a_form_of_another_site_is_refused_without_its_text(analyst, action):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)
    data = typed(action, note="Typed elsewhere.")
    response = strict.post(reverse(NEW), data, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert "Typed elsewhere." not in html(response)


# Who --------------------------------------------------------------------------------------------


def test_visitors_are_led_to_sign_in(client, action):
    response = client.get(reverse(NEW), {"action": action.pk})
    assert response.status_code == 302
    assert "login" in response.url


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_only_analysts_log_updates(client, action, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse(NEW), {"action": action.pk}).status_code == 403
    assert send(client, typed(action, item())).status_code == 403
    assert not StatusUpdate.objects.exists()


def test_the_way_in_stands_on_the_public_page_for_analysts_alone(client, desk, action):
    address = action.recommendation.get_absolute_url()
    link = f"{reverse(NEW)}?action={action.pk}"
    assert link in html(desk.get(address))
    assert link not in html(Client().get(address))


# Discarding and confirming ----------------------------------------------------------------------


def test_a_draft_is_discarded_by_its_author_alone(desk, action, staff_member):
    send(desk, typed(action, item()))
    address = reverse("admin:log_update_discard", args=[REFERENCE])
    other = Client()
    other.force_login(staff_member("bo", "Analyst"))
    assert other.post(address).status_code == 404
    assert StatusUpdate.objects.exists()
    desk.post(address, {"sure": "1"})
    assert not StatusUpdate.objects.exists()


def test_what_was_submitted_is_not_discarded(desk, action):
    send(desk, typed(action, item(), go="submit"))
    desk.post(reverse("admin:log_update_discard", args=[REFERENCE]))
    assert StatusUpdate.objects.exists()


def test_confirming_relies_on_the_evidence_that_stands(desk, action):
    standing = published_update(action, "implemented")
    data = {"search_note": "The ministry’s pages.", "searched_on": today().isoformat()}
    desk.post(reverse("admin:confirm_status", args=[action.pk]), data)
    update = StatusUpdate.objects.exclude(pk=standing.pk).get()
    assert (update.status, update.review_state) == ("implemented", "submitted")
    assert list(update.relies_on.all()) == [standing]


def test_a_confirmation_of_a_confirmation_relies_on_the_same_evidence(desk, action):
    standing = published_update(action, "partly")
    for _n in range(2):
        data = {"search_note": "The ministry’s pages.", "searched_on": today().isoformat()}
        desk.post(reverse("admin:confirm_status", args=[action.pk]), data)
        update = StatusUpdate.objects.latest("pk")
        publishing.publish([update], reviewer=standing.reviewer)
        assert list(update.relies_on.all()) == [standing]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"search_note": "", "searched_on": "2026-06-01"}, "This field is required"),
        ({"search_note": "Pages", "searched_on": "2199-01-01"}, "lies in the future"),
        ({"search_note": "Pages", "searched_on": "2999-01-01"}, "The year 2999 is too late"),
        ({"search_note": "Pages", "searched_on": "soon"}, "Enter a valid date"),
    ],
)
def test_a_confirmation_needs_a_dated_search(desk, action, data, said):
    published_update(action, "partly")
    page = html(desk.post(reverse("admin:confirm_status", args=[action.pk]), data))
    assert said in page
    assert StatusUpdate.objects.count() == 1


def test_nothing_to_confirm_is_said(desk, action):
    data = {"search_note": "Pages", "searched_on": today().isoformat()}
    page = html(desk.post(reverse("admin:confirm_status", args=[action.pk]), data))
    assert "there is nothing to confirm" in page
    assert not StatusUpdate.objects.exists()


def test_what_was_typed_for_an_action_that_left_the_record_is_given_back(desk, action):
    withdraw(action, reason="It was counted twice.")
    response = send(desk, typed(action, item(), note="A whole afternoon of work."))
    assert response.status_code == 409
    assert f"{action.label} has left the record" in html(response)
    assert "A whole afternoon of work." in html(response)
    assert not StatusUpdate.objects.filter(review_state="draft").exists()


def test_what_was_searched_for_an_action_that_left_the_record_is_given_back(desk, action):
    published_update(action, "in_progress")
    withdraw(action, reason="It was counted twice.")
    page = reverse("admin:confirm_status", args=[action.pk])
    response = desk.post(page, {"search_note": "The register.", "searched_on": "2026-11-01"})
    assert f"{action.label} has left the record" in html(response)
    assert "The register." in html(response)
    assert not StatusUpdate.objects.exclude(review_state="published").exists()
