"""What was handed back, taken back, thrown away or sent twice is never left in the dark."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.models import Action, StatusUpdate
from recommendations.publishing import Refused
from recommendations.publishing.returned_versions import TYPED, as_it_was

from .factories import (
    PUBLISHED_ON,
    EvidenceFactory,
    UserFactory,
    draft_update,
    noon,
    published_action,
    published_update,
    submitted_update,
)
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def review_page(user: User, update: StatusUpdate) -> str:
    return text_of(
        signed_in(user).get(reverse("admin:review", args=[update.slug])).content.decode()
    )


def returned(action: Action, note: str = "Name the law.", **fields) -> StatusUpdate:
    update = submitted_update(action, note="It was signed.", **fields)
    publishing.return_(update, reviewer=UserFactory(username="rei"), note=note)
    return StatusUpdate.objects.get(pk=update.pk)


def resubmit(update: StatusUpdate) -> None:
    publishing.submit(update, by=update.author, now=noon(PUBLISHED_ON))


# Returned and submitted again ------------------------------------------------------------------


def test_reviewer_sees_the_return_note_and_what_changed_since(reviewer: User) -> None:
    update = returned(published_action())
    update.note = "It was signed as Act 7."
    update.effective_on = date(2025, 4, 1)
    update.save()
    update.evidence.all().delete()
    EvidenceFactory(update=update, kind="primary", title="The Act", publisher="The Gazette")
    resubmit(update)
    text = review_page(reviewer, update)
    assert "Returned by rei" in text
    assert "Name the law." in text
    [since] = re.findall("Changed since (.*?) What this changes", text)
    assert "What happened: It was signed. It was signed Added: as Act 7" in since
    assert "Took effect on: Removed: 1 Mar 2025" in since and "Added: 1 Apr 2025" in since
    assert "Source (new): The Act, The Gazette" in since
    assert "Source taken out: What the source says" in since


def test_resubmission_without_a_change_says_so(reviewer: User) -> None:
    update = returned(published_action())
    resubmit(update)
    assert "Nothing that was typed, and no source." in review_page(reviewer, update)


def test_last_of_several_returns_is_compared(reviewer: User) -> None:
    update = returned(published_action())
    update.note = "It was signed as Act 7."
    update.save()
    resubmit(update)
    publishing.return_(update, reviewer=reviewer, note="Give the page.")
    resubmit(StatusUpdate.objects.get(pk=update.pk))
    text = review_page(reviewer, update)
    assert "Give the page." in text
    assert "Nothing that was typed" in text
    assert update.returned_versions.count() == 2


def test_first_submission_shows_no_return(reviewer: User) -> None:
    assert "returned before" not in review_page(reviewer, submitted_update(published_action()))


@pytest.mark.about_databases
def test_returned_version_is_kept_whole() -> None:
    action = published_action()
    standing = published_update(action)
    update = submitted_update(
        action,
        "no_action",
        relies_on=[standing],
        confidence="low",
        next_review_on=date(2027, 5, 1),
    )
    EvidenceFactory(update=update, published_on=None, language="ja")
    publishing.return_(update, reviewer=UserFactory(), note="Why?")
    kept, [item] = as_it_was(update.returned_versions.get())
    update.refresh_from_db()
    assert {name: getattr(kept, name) for name in TYPED} == {
        name: getattr(update, name) for name in TYPED
    }
    assert (item.published_on, item.language) == (None, "ja")


# Sent twice ------------------------------------------------------------------------------------


def test_same_update_is_not_submitted_twice() -> None:
    action = published_action()
    first = submitted_update(action)
    url = first.evidence.get().url
    again = draft_update(action, evidence=[])
    for item in first.evidence.all():
        item.pk, item.update = None, again
        item.save()
    assert again.evidence.get().url == url
    with pytest.raises(Refused, match="waits for review already"):
        publishing.submit(again, by=again.author, now=noon(PUBLISHED_ON))


def test_other_update_of_the_action_is_submitted_and_told_of(analyst: User) -> None:
    action = published_action()
    submitted_update(action)
    desk = signed_in(analyst)
    shown = desk.get(reverse("admin:log_update"), {"action": action.pk}).content.decode()
    assert "Begun already on this action" in text_of(shown)
    submitted_update(action, "partly")


def test_same_confirmation_is_not_submitted_twice(analyst: User) -> None:
    action = published_action()
    published_update(action)
    page = reverse("admin:confirm_status", args=[action.pk])
    desk = signed_in(analyst)
    assert "Begun already" not in desk.get(page).content.decode()
    data = {"search_note": "The Gazette.", "searched_on": "2026-10-02"}
    assert desk.post(page, data).status_code == 302
    before = StatusUpdate.objects.count()
    answer = desk.post(page, data)
    assert "waits for review already" in text_of(answer.content.decode())
    assert "Begun already" in answer.content.decode()
    assert StatusUpdate.objects.count() == before


@pytest.mark.about_databases
def test_second_submission_of_an_action_is_told_at_once(analyst: User) -> None:
    action = published_action()
    published_update(action)
    submitted_update(action, "partly")
    page = reverse("admin:confirm_status", args=[action.pk])
    data = {"search_note": "The Gazette.", "searched_on": "2026-10-02"}
    answer = signed_in(analyst).post(page, data, follow=True)
    assert "waits for review too" in text_of(answer.content.decode())


# Taken back ------------------------------------------------------------------------------------


def test_author_takes_a_submission_back(analyst: User, reviewer: User) -> None:
    update = submitted_update(published_action(), by=analyst)
    seen = publishing.seen_version(StatusUpdate.objects.for_review().get(pk=update.pk))
    page = reverse("admin:log_update_recall", args=[update.slug])
    desk = signed_in(analyst)
    assert "Take this submission back?" in desk.get(page).content.decode()
    update.refresh_from_db()
    assert update.review_state == "submitted"
    assert desk.post(page, {"sure": "1"}).status_code == 302
    update.refresh_from_db()
    assert update.review_state == "draft"
    with pytest.raises(Refused):
        publishing.publish([update], reviewer=reviewer, seen={update.pk: seen})
    resubmit(update)


def test_what_was_returned_before_is_so_again_when_taken_back() -> None:
    update = returned(published_action())
    resubmit(update)
    publishing.recall(update, by=update.author)
    update.refresh_from_db()
    assert (update.review_state, update.return_note) == ("returned", "Name the law.")


def test_only_authors_take_a_submission_back() -> None:
    update = submitted_update(published_action())
    with pytest.raises(Refused, match="Only its authors"):
        publishing.recall(update, by=UserFactory())


def test_what_is_published_or_a_draft_is_not_taken_back() -> None:
    action = published_action()
    for update in (published_update(action), draft_update(action)):
        with pytest.raises(Refused, match="waits for review can be taken back"):
            publishing.recall(update, by=update.author)


def test_page_of_a_submission_leads_to_taking_it_back(analyst: User) -> None:
    mine = submitted_update(published_action(), by=analyst)
    other = submitted_update(published_action())
    desk = signed_in(analyst)
    for update, is_there in ((mine, True), (other, False)):
        html = desk.get(
            reverse("admin:recommendations_statusupdate_change", args=[update.pk])
        ).content.decode()
        assert (reverse("admin:log_update_recall", args=[update.slug]) in html) is is_there


# Thrown away -----------------------------------------------------------------------------------


def test_draft_is_discarded_at_once_and_says_how_to_undo_it(analyst: User) -> None:
    draft = draft_update(published_action(), by=analyst)
    page = reverse("admin:log_update_discard", args=[draft.slug])
    answer = signed_in(analyst).post(page, {"note": "Typed.", "go": "draft"}, follow=True)
    assert reverse("admin:discarded_drafts") in answer.content.decode()
    assert not StatusUpdate.objects.filter(pk=draft.pk).exists()
