"""Reviewers see what they publish: side by side, with its effect, once, and never unseen."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recommendations import publishing
from recommendations.admin.review.ages import source_age
from recommendations.models import Action, Edition, Evidence, RetractionRequest, StatusUpdate
from recommendations.publishing import seen_version

from .factories import (
    UserFactory,
    correction_of,
    draft_update,
    publish,
    published_action,
    published_actions,
    published_update,
    submitted_update,
)
from .reading import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
QUEUE = "/admin/review/"
BATCH = "/admin/review/edition/"
FOUR_EYES = "You have saved this draft, so another person has to review it."


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(update: StatusUpdate, step: str = "") -> str:
    return f"/admin/review/{update.slug}/{step}"


def words(response) -> str:
    return html.unescape(text_of(response.content.decode()))


def raw(response) -> str:
    return response.content.decode()


def decide(client: Client, update: StatusUpdate, go: str = "publish", **fields: Any):
    data = {"go": go, "seen": seen_version(StatusUpdate.objects.get(pk=update.pk))}
    return client.post(address(update), data | fields)


def said(client: Client, response) -> str:
    """The text of the page that an answer leads to."""
    assert response.status_code == 302, words(response)
    return words(client.get(response.url))


def states() -> list[tuple]:
    return [
        *StatusUpdate.objects.order_by("pk").values_list("pk", "review_state", "edition"),
        *Edition.objects.order_by("pk").values_list("pk", "note"),
        *RetractionRequest.objects.order_by("pk").values_list("pk", "outcome"),
    ]


# Side by side -----------------------------------------------------------------------------------


def test_changed_words_are_marked_on_both_sides(desk, action):
    published_update(action, "in_progress", note="The bill passed the House.")
    update = submitted_update(action, "partly", note="The bill passed the Senate.")
    page = desk.get(address(update)).content.decode()
    assert '<del><span class="vh">Removed: </span>House' in page
    assert '<ins><span class="vh">Added: </span>Senate' in page


def test_a_correction_stands_beside_what_it_corrects(desk, action):
    first = published_update(action, "in_progress", note="The bill passed the House.")
    published_update(action, "partly", on=date(2025, 9, 1), note="Something later.")
    update = correction_of(first, note="The bill passed the Senate.")
    text = words(desk.get(address(update)))
    assert "What it corrects" in text
    assert "Something later." not in text
    assert "The source was misread." in text


def test_evidence_shows_kind_age_link_and_archived_copy(desk, action):
    recent = timezone.now().date() - timedelta(days=3)
    items = [
        {
            "kind": "official",
            "published_on": recent,
            "accessed_on": recent,
            "url": "https://example.org/act",
            "archived_url": "https://archive.example.org/act",
        }
    ]
    update = submitted_update(action, "partly", evidence=items, published_on=recent)
    page = desk.get(address(update)).content.decode()
    assert "3\xa0days old" in page
    assert "Official statement" in page or "official" in page.lower()
    targets = [href for href, _text in links_of(page)]
    assert {"https://example.org/act", "https://archive.example.org/act"} <= set(targets)


@pytest.mark.parametrize(
    ("on", "precision", "words"),
    [
        (date(2026, 6, 7), "day", "3\xa0days old"),
        (date(2026, 6, 10), "day", "published today"),
        (date(2026, 6, 11), "day", "dated in the future"),
        (date(2026, 6, 30), "month", "published this month"),
        (date(2026, 1, 1), "year", "published this year"),
        (date(2026, 3, 15), "month", "about 3\xa0months old"),
        (date(2024, 12, 31), "year", "about 2\xa0years old"),
        (None, "day", "age not known"),
    ],
)
def test_age_of_a_source_is_as_precise_as_its_date(on, precision, words):
    item = Evidence(published_on=on, published_precision=precision)
    assert source_age(item, today=date(2026, 6, 10)) == words


def test_effect_on_recommendation_and_headline_numbers_is_shown(desk):
    first, second = published_actions(2)
    published_update(first, "in_progress")
    update = submitted_update(second, "implemented")
    text = words(desk.get(address(update)))
    number = first.recommendation.number
    assert f"{number} goes from In progress to Partly implemented" in text
    assert "Implemented goes from 0 to 1 of 2" in text
    publish(update)
    first.recommendation.refresh_from_db()
    assert first.recommendation.status == "partly"


def test_note_to_the_reviewer_authors_and_waiting_time_are_shown(desk, action, analyst):
    draft = draft_update(action, by=analyst, note_to_reviewer="Look at page 3.")
    other = UserFactory()
    publishing.record_save(draft, by=other)
    publishing.submit(draft, by=analyst, now=timezone.now() - timedelta(days=2, hours=1))
    text = words(desk.get(address(draft)))
    assert "Look at page 3." in text
    assert f"By {analyst}, {other} · waiting for 2 days" in text


def test_problems_are_said_before_the_click(desk, action):
    update = submitted_update(action)
    publish(submitted_update(action, "partly"))
    response = desk.get(address(update))
    assert "it was Not assessed and is Partly implemented" in words(response)
    assert 'value="publish"' not in response.content.decode()


def test_markup_in_what_is_reviewed_is_shown_not_obeyed(desk, action):
    update = submitted_update(action, note="<script>x</script>", note_to_reviewer="<b>y</b>")
    page = desk.get(address(update)).content.decode()
    assert "<script>x" not in page
    assert "<b>y</b>" not in page


# Deciding ---------------------------------------------------------------------------------------


@pytest.mark.about_databases
def test_reviewer_publishes_with_a_public_note(desk, reviewer, action):
    update = submitted_update(action, "implemented")
    text = said(desk, decide(desk, update, public_note="The first one."))
    update.refresh_from_db()
    assert f"Edition {update.edition_id} is published." in text
    assert (update.review_state, update.reviewer) == ("published", reviewer)
    assert update.edition.note == "The first one."


def test_the_form_of_the_page_publishes_what_the_page_shows(desk, action):
    update = submitted_update(action)
    assert (
        f'name="seen" value="{seen_version(update)}"' in desk.get(address(update)).content.decode()
    )


def test_reviewer_returns_with_a_note(desk, action, analyst):
    update = submitted_update(action, by=analyst)
    assert "Returned to its authors." in said(
        desk, decide(desk, update, "return", return_note="Cite the law.")
    )
    update.refresh_from_db()
    assert (update.review_state, update.return_note) == ("returned", "Cite the law.")
    page = signed_in(analyst).get(reverse("admin:log_update_draft", args=[update.slug]))
    assert "Cite the law." in words(page)


def test_return_without_a_note_keeps_what_was_typed(desk, action):
    update = submitted_update(action)
    before = states()
    response = decide(desk, update, "return", return_note=" ", public_note="Typed already.")
    assert "This field is required" in words(response)
    assert "Typed already." in response.content.decode()
    assert states() == before


@pytest.mark.about_databases
@pytest.mark.parametrize("field", ["public_note", "return_note"])
@pytest.mark.parametrize("text", ["a\x00b", "a\x01b"])
def test_control_characters_are_refused(desk, action, field, text):
    update = submitted_update(action)
    before = states()
    response = decide(desk, update, "return", **{"return_note": "No.", field: text})
    assert "Remove the invisible control characters" in words(response) or (
        "Null characters are not allowed" in words(response)
    )
    assert states() == before


@pytest.mark.parametrize("go", ["", "approve", "PUBLISH"])
def test_an_unknown_decision_decides_nothing(desk, action, go):
    update = submitted_update(action)
    before = states()
    assert decide(desk, update, go).status_code == 200
    assert states() == before


@pytest.fixture
def both(analyst: User) -> User:
    """An analyst who is a reviewer too."""
    analyst.groups.add(Group.objects.get(name="Reviewer"))
    return analyst


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("superuser", password="secret")


@pytest.mark.parametrize("role", ["both", "superuser"])
@pytest.mark.parametrize("go", ["publish", "return"])
def test_own_submission_cannot_be_reviewed_and_the_page_says_so(request, action, role, go):
    author = request.getfixturevalue(role)
    update = submitted_update(action, by=author)
    client = signed_in(author)
    page = client.get(address(update))
    assert FOUR_EYES in words(page)
    assert 'name="go"' not in page.content.decode()
    before = states()
    response = decide(client, update, go, return_note="Typed long.")
    assert FOUR_EYES in words(response)
    assert "Typed long." in words(response)
    assert states() == before


@pytest.mark.parametrize("role", ["both", "superuser"])
def test_reviewer_who_ever_saved_the_draft_cannot_publish_it(request, action, role):
    user = request.getfixturevalue(role)
    draft = draft_update(action)
    publishing.record_save(draft, by=user)
    publishing.submit(draft, by=draft.author)
    assert FOUR_EYES in words(decide(signed_in(user), draft))
    draft.refresh_from_db()
    assert draft.review_state == "submitted"


# Twice, at once, and unseen ----------------------------------------------------------------------


def test_second_reviewer_is_told_who_published_when_and_where(desk, action, staff_member):
    update = submitted_update(action)
    stale = seen_version(update)
    other = staff_member("second", "Reviewer")
    edition = publish(update, reviewer=other, published_on=date(2026, 10, 1))
    response = desk.post(
        address(update), {"go": "publish", "seen": stale, "public_note": "My own note."}
    )
    text = words(response)
    assert response.status_code == 409
    assert f"by second, 1 Oct 2026, 12:00 UTC, in edition {edition.number}" in text
    assert "My own note." in text
    assert Edition.objects.filter(kind="updates").count() == 1


def test_repeating_a_click_says_that_it_is_published_already(desk, reviewer, action):
    """As when the server was killed between publishing and answering."""
    update = submitted_update(action)
    data = {"go": "publish", "seen": seen_version(update)}
    desk.post(address(update), data)
    update.refresh_from_db()
    text = said(desk, desk.post(address(update), data))
    assert f"Published already: by {reviewer}" in text
    assert f"in edition {update.edition_id}" in text
    assert Edition.objects.filter(kind="updates").count() == 1


def test_another_note_for_what_one_published_already_is_not_lost(desk, action):
    update = submitted_update(action)
    data = {"go": "publish", "seen": seen_version(update)}
    desk.post(address(update), data)
    response = desk.post(address(update), data | {"public_note": "Thought of later."})
    assert response.status_code == 409
    assert "Thought of later." in words(response)


def test_repeating_a_return_is_no_refusal(desk, action):
    update = submitted_update(action)
    data = {"go": "return", "seen": seen_version(update), "return_note": "Cite the law."}
    desk.post(address(update), data)
    assert "It was returned to its authors already" in said(desk, desk.post(address(update), data))


def test_note_typed_for_what_was_returned_meanwhile_is_not_lost(desk, action):
    update = submitted_update(action)
    stale = seen_version(update)
    publishing.return_(update, reviewer=UserFactory(), note="Theirs.")
    response = desk.post(
        address(update), {"go": "return", "seen": stale, "return_note": "Mine, typed long."}
    )
    assert response.status_code == 409
    assert "Theirs." in words(response)
    assert "Mine, typed long." in words(response)
    update.refresh_from_db()
    assert update.return_note == "Theirs."


@pytest.mark.parametrize("go", ["publish", "return"])
def test_what_was_changed_after_the_page_was_opened_is_shown_first(desk, action, go):
    update = submitted_update(action, note="The bill passed the House.")
    seen = seen_version(update)
    publishing.return_(update, reviewer=UserFactory(), note="Which chamber?")
    StatusUpdate.objects.filter(pk=update.pk).update(note="The bill passed the Senate.")
    publishing.submit(update, by=update.author)
    data = {"go": go, "seen": seen, "public_note": "Typed.", "return_note": "Typed too."}
    response = desk.post(address(update), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "changed after you opened the page" in words(response)
    assert "Senate" in page
    assert "Typed." in page
    assert "Typed too." in page
    update.refresh_from_db()
    assert update.review_state == "submitted"
    assert f'name="seen" value="{seen_version(update)}"' in page
    response = decide(desk, update, go, return_note="Typed too.")
    assert response.status_code == 302


def test_what_is_beside_another_than_was_seen_is_not_published(desk, action):
    published_update(action, "in_progress")
    update = submitted_update(action, "partly")
    seen = seen_version(update)
    published_update(action, "in_progress", on=date(2025, 6, 1), note="A later step.")
    response = desk.post(address(update), {"go": "publish", "seen": seen})
    assert response.status_code == 409
    assert "A later step." in words(response)
    update.refresh_from_db()
    assert update.review_state == "submitted"


def test_what_was_not_seen_at_all_is_not_published(desk, action):
    update = submitted_update(action)
    assert desk.post(address(update), {"go": "publish"}).status_code == 409
    update.refresh_from_db()
    assert update.review_state == "submitted"


def test_action_whose_status_changed_is_refused_with_the_comparison(desk, action):
    update = submitted_update(action)
    publish(submitted_update(action, "partly", note="Half is in force."))
    response = decide(desk, update)
    assert response.status_code == 409
    assert "it was Not assessed and is Partly implemented" in words(response)
    assert "Half is in force." in words(response)


def test_session_that_ended_gives_the_note_back(client, action):
    update = submitted_update(action)
    response = client.post(
        address(update), {"go": "return", "return_note": "Typed for a long time."}
    )
    assert response.status_code == 401
    assert "Typed for a long time." in words(response)
    update.refresh_from_db()
    assert update.review_state == "submitted"


@pytest.mark.parametrize("state", ["draft", "returned", "published"])
def test_page_of_what_does_not_wait_says_what_became_of_it(desk, action, state):
    update = draft_update(action) if state == "draft" else submitted_update(action)
    if state == "returned":
        publishing.return_(update, reviewer=UserFactory(), note="Which chamber?")
    if state == "published":
        publish(update)
    expected = {
        "draft": "It is a draft",
        "returned": "already: Which chamber?",
        "published": "Published already: by",
    }
    assert expected[state] in words(desk.get(address(update)))


def test_page_of_the_baseline_says_that_it_came_with_it(desk, baseline):
    update = StatusUpdate.objects.first()
    assert "It came with the baseline, in edition 1." in words(desk.get(address(update)))


def test_an_update_that_does_not_exist_is_not_found(desk):
    assert desk.get("/admin/review/u-0000000000/").status_code == 404


# The queue --------------------------------------------------------------------------------------


@pytest.mark.about_databases
def test_queue_has_the_oldest_first_and_says_how_long_each_waits(desk):
    updates = []
    for days in (1, 5, 3):
        draft = draft_update(published_action())
        publishing.submit(draft, by=draft.author, now=timezone.now() - timedelta(days=days))
        updates.append(draft)
    page = desk.get(QUEUE).content.decode()
    places = [page.index(address(updates[n])) for n in (1, 2, 0)]
    assert places == sorted(places)
    assert "5\xa0days ago" in page
    assert "3 submissions wait for review" in words(desk.get(QUEUE))


def test_own_submission_is_shown_but_not_selectable(both, action):
    update = submitted_update(action, by=both)
    page = signed_in(both).get(QUEUE)
    assert FOUR_EYES in words(page)
    assert address(update) in page.content.decode()
    assert f'value="{update.slug}"' not in page.content.decode()


def test_queue_takes_the_same_queries_however_long_it_is(desk):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(QUEUE).status_code == 200
        return len(queries)

    standing = published_update(published_action())
    publishing.request_retraction(standing, by=UserFactory(), reason="Wrong law.")
    submitted_update(published_action())
    correction_of(published_update(published_action()))
    few = count()
    for _n in range(4):
        standing = published_update(published_action())
        publishing.request_retraction(standing, by=UserFactory(), reason="Wrong law.")
        submitted_update(published_action(), relies_on=[])
        correction_of(published_update(published_action()))
    assert count() == few


def test_empty_queue_says_so(desk):
    assert "Nothing waits." in words(desk.get(QUEUE))


# Several as one edition --------------------------------------------------------------------------


def batch(client: Client, updates, *, seen: list[str] | None = None, **fields: Any):
    stored = [StatusUpdate.objects.get(pk=update.pk) for update in updates]
    data = {
        "update": [update.slug for update in stored],
        "seen": seen or [f"{update.slug}:{seen_version(update)}" for update in stored],
        "go": "publish",
    }
    return client.post(BATCH, data | fields)


def test_joint_effect_is_shown_before_anything_is_published(desk):
    updates = [submitted_update(action, "implemented") for action in published_actions(2)]
    before = states()
    text = words(desk.get(BATCH, {"update": [update.slug for update in updates]}))
    number = updates[0].action.recommendation.number
    assert f"{number} goes from Not assessed to Implemented" in text
    assert "Implemented goes from 0 to 2 of 2" in text
    assert "Publish 2 updates as one edition" in text
    assert states() == before


def test_batch_shows_the_sources_of_each_line(desk):
    """Seven updates were published in nine clicks without one source in view."""
    first, second = published_actions(2)
    published_update(first, evidence=[{"kind": "press", "publisher": "The Paper"}])
    law = {"kind": "primary", "title": "The act", "url": "https://law.example/act"}
    updates = [
        publishing.confirm(
            first, by=UserFactory(), search_note="The register.", searched_on=date(2026, 9, 1)
        ),
        submitted_update(second, "implemented", evidence=[law]),
    ]
    page = desk.get(BATCH, {"update": [update.slug for update in updates]})
    text = words(page)
    assert (
        "Primary source , " in text
        and "year old" in text
        and 'href="https://law.example/act"' in raw(page)
    )
    assert "Relies also on the evidence of" in text and "The Paper" in text
    assert "Searched: The register." in text
    assert text.count("No new source") == 1


def test_source_that_the_action_cites_already_is_told_to_the_reviewer(desk, action):
    law = {"kind": "primary", "url": "https://law.example/act"}
    step = published_update(action, "implemented", evidence=[law])
    again = submitted_update(
        action, "implemented", on=date(2026, 9, 1), evidence=[law | {"url": f"{law['url']}/"}]
    )
    new = submitted_update(action, "implemented", on=date(2026, 9, 2))
    assert step.is_counting
    assert "No new source" in words(desk.get(address(again)))
    assert "No new source" not in words(desk.get(address(new)))


def test_note_that_a_confirmation_leaves_standing_is_not_struck_through(desk, action):
    published_update(action, "implemented", note="The act is in force.", confidence="high")
    confirmation = publishing.confirm(
        action, by=UserFactory(), search_note="The register.", searched_on=date(2026, 9, 1)
    )
    page = raw(desk.get(address(confirmation)))
    assert "<del>" not in page.split("What happened")[1].split("Where was searched")[0]


@pytest.mark.about_databases
def test_several_are_published_as_one_edition_with_one_note(desk):
    updates = [submitted_update(action) for action in published_actions(2)]
    text = said(desk, batch(desk, updates, public_note="Two at once."))
    editions = {StatusUpdate.objects.get(pk=update.pk).edition for update in updates}
    [edition] = editions
    assert f"Edition {edition.number} is published." in text
    assert edition.note == "Two at once."


def test_repeating_a_batch_says_that_it_is_published_already(desk):
    updates = [submitted_update(action) for action in published_actions(2)]
    seen = [f"{update.slug}:{seen_version(update)}" for update in updates]
    batch(desk, updates, seen=seen)
    assert "Published already: by reviewer" in said(desk, batch(desk, updates, seen=seen))
    assert Edition.objects.filter(kind="updates").count() == 1


@pytest.mark.about_databases
def test_nothing_of_a_batch_is_published_when_one_was_published_meanwhile(desk):
    updates = [submitted_update(action) for action in published_actions(2)]
    seen = [f"{update.slug}:{seen_version(update)}" for update in updates]
    publish(updates[0], reviewer=User.objects.create_user("second"))
    response = batch(desk, updates, seen=seen, public_note="Typed.")
    assert response.status_code == 409
    assert "Published already: by second" in words(response)
    assert "Typed." in response.content.decode()
    assert StatusUpdate.objects.get(pk=updates[1].pk).review_state == "submitted"


def test_one_is_left_out_and_the_note_is_kept(desk):
    updates = [submitted_update(action) for action in published_actions(2)]
    response = batch(desk, updates, go="", leave_out=updates[0].slug, public_note="Typed.")
    page = response.content.decode()
    assert "Typed." in page
    assert f'name="update" value="{updates[0].slug}"' not in page
    assert f'name="update" value="{updates[1].slug}"' in page
    assert not Edition.objects.filter(kind="updates").exists()


def test_two_of_one_action_are_not_one_edition(desk, action):
    updates = [submitted_update(action), submitted_update(action, "partly")]
    page = desk.get(BATCH, {"update": [update.slug for update in updates]})
    assert "An edition has at most one update an action" in words(page)
    assert batch(desk, updates).status_code == 409
    assert not Edition.objects.filter(kind="updates").exists()


def test_own_ones_are_refused_in_a_batch_too(both):
    first, second = published_actions(2)
    updates = [submitted_update(first, by=both), submitted_update(second)]
    client = signed_in(both)
    page = client.get(BATCH, {"update": [update.slug for update in updates]})
    assert FOUR_EYES in words(page)
    assert 'value="publish"' not in page.content.decode()
    assert FOUR_EYES in words(batch(client, updates))
    assert not Edition.objects.filter(kind="updates").exists()


def test_batch_with_an_unseen_change_is_refused(desk):
    updates = [submitted_update(action) for action in published_actions(2)]
    seen = [f"{update.slug}:{seen_version(update)}" for update in updates]
    publishing.return_(updates[0], reviewer=UserFactory(), note="Which chamber?")
    publishing.submit(updates[0], by=updates[0].author)
    assert batch(desk, updates, seen=seen).status_code == 409
    assert not Edition.objects.filter(kind="updates").exists()


@pytest.mark.parametrize("data", [{}, {"update": "u-nothing"}, {"update": "a\x00b"}])
def test_batch_of_nothing_publishes_nothing(desk, data):
    assert "Nothing is chosen." in words(desk.get(BATCH, data))
    assert desk.post(BATCH, data | {"go": "publish", "seen": "x"}).status_code == 409
    assert not Edition.objects.filter(kind="updates").exists()


# Correct and retract ------------------------------------------------------------------------------

REFERENCE = "u-0123456789"


def test_correction_asks_for_a_reason_and_leads_to_its_draft(analyst, action):
    update = published_update(action, "implemented", note="In force.")
    client = signed_in(analyst)
    data = {"reason": "The act was vetoed.", "reference": REFERENCE}
    response = client.post(address(update, "correct/"), data)
    assert response.url == reverse("admin:log_update_draft", args=[REFERENCE])
    draft = StatusUpdate.objects.get(replaces=update)
    assert (draft.correction_reason, draft.note) == ("The act was vetoed.", "In force.")
    assert "This is the draft of the correction." in words(client.get(response.url))


@pytest.mark.about_databases
def test_correction_sent_twice_is_one_draft(analyst, action):
    update = published_update(action)
    client = signed_in(analyst)
    data = {"reason": "The act was vetoed.", "reference": REFERENCE}
    answers = [client.post(address(update, "correct/"), data).url for _n in range(2)]
    assert len(set(answers)) == 1
    assert StatusUpdate.objects.filter(replaces=update).count() == 1


def test_correction_that_was_begun_is_named(analyst, action):
    update = published_update(action)
    draft = publishing.correct(update, by=UserFactory(username="bo"), reason="Misread.")
    page = signed_in(analyst).get(address(update, "correct/"))
    assert "By bo (Draft)" in words(page)
    assert reverse("admin:log_update_draft", args=[draft.slug]) in page.content.decode()


@pytest.mark.parametrize("step", ["correct/", "retract/"])
@pytest.mark.parametrize("reason", ["", " ", "a\x01b"])
def test_a_public_reason_is_asked_for(analyst, action, step, reason):
    update = published_update(action)
    before = states()
    data = {"reason": reason, "reference": REFERENCE}
    response = signed_in(analyst).post(address(update, step), data)
    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert states() == before


@pytest.mark.parametrize("step", ["correct/", "retract/"])
def test_what_no_longer_counts_is_not_mended_and_the_reason_is_kept(analyst, action, step):
    update = published_update(action)
    publish(correction_of(update))
    before = states()
    data = {"reason": "Typed for a long time.", "reference": REFERENCE}
    response = signed_in(analyst).post(address(update, step), data)
    assert "Only an update that counts" in words(response)
    assert "Typed for a long time." in words(response)
    assert states() == before


@pytest.mark.parametrize("step", ["correct/", "retract/"])
def test_a_draft_has_nothing_to_mend(analyst, action, step):
    assert signed_in(analyst).get(address(draft_update(action), step)).status_code == 404


def ask(update: StatusUpdate, by: User) -> RetractionRequest:
    data = {"reason": "It names the wrong law.", "reference": REFERENCE}
    client = signed_in(by)
    text = said(client, client.post(address(update, "retract/"), data))
    assert "Asked for. Another person has to confirm the retraction." in text
    return RetractionRequest.objects.get()


def request_address(asked: RetractionRequest) -> str:
    return reverse("admin:review_retraction", args=[asked.pk])


def test_retraction_is_asked_for_by_one_and_confirmed_by_another(desk, analyst, action):
    update = published_update(action, "implemented")
    asked = ask(update, analyst)
    assert Action.objects.get(pk=action.pk).status == "implemented"
    assert request_address(asked) in desk.get(QUEUE).content.decode()
    page = words(desk.get(request_address(asked)))
    assert "It names the wrong law." in page
    assert "goes from Implemented to Not assessed" in page
    assert "Implemented goes from 1 to 0 of 1" in page
    assert "is published." in said(desk, desk.post(request_address(asked), {"go": "confirm"}))
    update.refresh_from_db()
    assert (update.end_reason, update.end_note) == ("retracted", "It names the wrong law.")
    assert Action.objects.get(pk=action.pk).status == "not_assessed"


@pytest.mark.about_databases
def test_asking_twice_is_one_request(analyst, action):
    update = published_update(action)
    ask(update, analyst)
    ask(update, analyst)


def test_request_of_another_is_named_and_the_reason_kept(reviewer, analyst, action):
    update = published_update(action)
    ask(update, analyst)
    data = {"reason": "Another reason, typed.", "reference": REFERENCE}
    response = signed_in(reviewer).post(address(update, "retract/"), data)
    assert "A retraction of this update is waiting already." in words(response)
    assert "analyst has asked for its retraction already" in words(response)
    assert "Another reason, typed." in words(response)
    assert RetractionRequest.objects.count() == 1


def test_declined_retraction_leaves_the_update(desk, analyst, action):
    update = published_update(action)
    asked = ask(update, analyst)
    assert "the update stands" in said(desk, desk.post(request_address(asked), {"go": "decline"}))
    update.refresh_from_db()
    assert update.is_counting


@pytest.mark.parametrize("go", ["confirm", "decline"])
def test_second_to_decide_on_a_retraction_is_told_who_did(desk, analyst, staff_member, action, go):
    asked = ask(published_update(action), analyst)
    publishing.decline_retraction(asked, by=staff_member("second", "Reviewer"))
    response = desk.post(request_address(asked), {"go": go})
    assert response.status_code == 409
    assert "Declined already: by second" in words(response)


@pytest.mark.parametrize("go", ["confirm", "decline"])
def test_repeating_a_decision_on_a_retraction_is_no_refusal(desk, analyst, action, go):
    asked = ask(published_update(action), analyst)
    for _n in range(2):
        text = said(desk, desk.post(request_address(asked), {"go": go}))
    assert "already: by reviewer" in text
    assert Edition.objects.filter(kind="updates").count() == (2 if go == "confirm" else 1)


@pytest.mark.parametrize("role", ["reviewer", "superuser"])
@pytest.mark.parametrize("go", ["confirm", "decline"])
def test_nobody_decides_on_an_own_request(request, action, role, go):
    user = request.getfixturevalue(role)
    asked = ask(published_update(action), user)
    client = signed_in(user)
    assert "another person has to decide on it" in words(client.get(request_address(asked)))
    before = states()
    response = client.post(request_address(asked), {"go": go})
    assert "Another person has to decide on the retraction." in words(response)
    assert states() == before


def test_unknown_decision_on_a_retraction_decides_nothing(desk, analyst, action):
    asked = ask(published_update(action), analyst)
    assert desk.post(request_address(asked), {"go": "approve"}).status_code == 200
    assert RetractionRequest.objects.get().outcome == "pending"


# Who --------------------------------------------------------------------------------------------

ALLOWED = {
    "queue": {"reviewer"},
    "edition": {"reviewer"},
    "publish": {"reviewer"},
    "return": {"reviewer"},
    "confirm": {"reviewer"},
    "decline": {"reviewer"},
    "correct": {"analyst"},
    "retract": {"analyst", "reviewer"},
}


@pytest.fixture
def posts() -> dict[str, tuple[str, dict[str, Any]]]:
    """Each step with all that it needs, so that only the permission decides."""
    first, second, third = published_actions(3)
    waiting, standing = submitted_update(first), published_update(second)
    doubted = published_update(third)
    asked = publishing.request_retraction(doubted, by=UserFactory(), reason="Wrong law.")
    version = seen_version(waiting)
    reason = {"reason": "Wrong.", "reference": REFERENCE}
    return {
        "queue": (QUEUE, {}),
        "edition": (
            BATCH,
            {"go": "publish", "update": waiting.slug, "seen": f"{waiting.slug}:{version}"},
        ),
        "publish": (address(waiting), {"go": "publish", "seen": version}),
        "return": (address(waiting), {"go": "return", "seen": version, "return_note": "No."}),
        "confirm": (request_address(asked), {"go": "confirm"}),
        "decline": (request_address(asked), {"go": "decline"}),
        "correct": (address(standing, "correct/"), reason),
        "retract": (address(standing, "retract/"), reason),
    }


@pytest.mark.parametrize("role", ["analyst", "reviewer", "editor"])
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_is_for_its_roles_alone(request, posts, role, step):
    client = signed_in(request.getfixturevalue(role))
    path, data = posts[step]
    before = states()
    get, post = client.get(path), client.post(path, data)
    if role in ALLOWED[step]:
        assert get.status_code == 200
        assert post.status_code == (405 if step == "queue" else 302)
        assert (states() == before) is (step == "queue")
    else:
        assert (get.status_code, post.status_code) == (403, 403)
        assert states() == before


@pytest.mark.parametrize("step", ALLOWED)
def test_visitors_are_led_to_sign_in_and_change_nothing(client, posts, step):
    path, data = posts[step]
    before = states()
    assert "login" in client.get(path).url
    assert client.post(path, data).status_code == 401
    assert states() == before


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_each_page_opens_in_both_languages(desk, posts, prefix):
    for step in ("queue", "edition", "publish", "confirm", "retract"):
        assert desk.get(prefix + posts[step][0]).status_code == 200


@pytest.mark.parametrize(
    ("role", "shown"),
    [("analyst", {"correct/", "retract/"}), ("reviewer", {"retract/"}), ("editor", set())],
)
def test_ways_in_stand_on_the_public_page_for_those_who_may(request, action, role, shown):
    update = published_update(action)
    public = action.recommendation.get_absolute_url()
    page = signed_in(request.getfixturevalue(role)).get(public).content.decode()
    assert {step for step in ("correct/", "retract/") if address(update, step) in page} == shown
    assert "/admin/" not in Client().get(public).content.decode()


def test_what_no_longer_counts_has_no_way_in(analyst, action):
    update = published_update(action)
    publish(correction_of(update))
    page = signed_in(analyst).get(action.recommendation.get_absolute_url()).content.decode()
    assert address(update, "correct/") not in page
