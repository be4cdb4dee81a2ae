"""A discarded draft is kept for some days and comes back as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations import publishing
from recommendations.models import Act, Action, DiscardedDraft, StatusUpdate
from recommendations.publishing.returned_versions import content_of
from recommendations.viewpoint import today

from .factories import (
    CodingFactory,
    EvidenceFactory,
    draft_update,
    published_action,
    published_update,
    submitted_update,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def draft(action: Action, analyst: User) -> StatusUpdate:
    earlier = published_update(action, published_on=today() - timedelta(days=30))
    update = draft_update(action, "partly", by=analyst, note="The office opened.", evidence=[])
    EvidenceFactory(update=update, title="Opening", position=1)
    EvidenceFactory(update=update, title="Law", position=2)
    update.relies_on.set([earlier])
    return update


def test_a_discarded_draft_comes_back_whole(draft, analyst, staff_member):
    publishing.record_save(draft, by=staff_member("bo", "Analyst"))
    draft.refresh_from_db()
    said, facts = content_of(draft), (draft.slug, draft.status_at_draft, draft.created_at)
    authors, revision = publishing.authors_of(draft), draft.revision
    kept = publishing.discard(draft, by=analyst)
    assert not StatusUpdate.objects.filter(slug=draft.slug).exists()
    restored = publishing.restore(kept, by=analyst)
    restored.refresh_from_db()
    assert content_of(restored) == said
    assert (restored.slug, restored.status_at_draft, restored.created_at) == facts
    assert (publishing.authors_of(restored), restored.revision) == (authors, revision)
    assert [one.title for one in restored.evidence.all()] == ["Opening", "Law"]
    assert not DiscardedDraft.objects.exists()


def test_a_correction_that_was_discarded_still_corrects(action, analyst):
    wrong = published_update(action, published_on=today() - timedelta(days=30))
    draft = publishing.correct(wrong, by=analyst, reason="The day was another.")
    restored = publishing.restore(publishing.discard(draft, by=analyst), by=analyst)
    assert (restored.replaces, restored.correction_reason) == (wrong, "The day was another.")


def test_what_led_to_the_draft_leads_to_it_again(draft, analyst):
    coding = CodingFactory(action=draft.action, draft=draft)
    kept = publishing.discard(draft, by=analyst)
    coding.refresh_from_db()
    assert coding.draft is None
    restored = publishing.restore(kept, by=analyst)
    coding.refresh_from_db()
    assert coding.draft == restored


def test_a_draft_is_kept_for_its_days_and_no_longer(draft, analyst):
    now = timezone.now()
    kept = publishing.discard(draft, by=analyst, now=now - publishing.DISCARDED_LAST)
    assert not publishing.discarded_by(analyst, now=now).exists()
    with pytest.raises(ValidationError, match="not kept any more"):
        publishing.restore(kept, by=analyst, now=now)
    publishing.discard(draft_update(draft.action, by=analyst), by=analyst, now=now)
    assert not DiscardedDraft.objects.filter(pk=kept.pk).exists()


def test_only_its_author_discards_and_restores(draft, analyst, staff_member):
    other = staff_member("bo", "Analyst")
    with pytest.raises(ValidationError, match="Only its author"):
        publishing.discard(draft, by=other)
    kept = publishing.discard(draft, by=analyst)
    with pytest.raises(ValidationError, match="not kept any more"):
        publishing.restore(kept, by=other)


def test_what_waits_for_review_is_not_discarded(action, analyst):
    waiting = submitted_update(action, by=analyst, published_on=today())
    with pytest.raises(ValidationError, match="never submitted"):
        publishing.discard(waiting, by=analyst)
    assert StatusUpdate.objects.filter(pk=waiting.pk).exists()


def test_a_form_that_was_saved_again_since_is_not_doubled(draft, analyst):
    kept = publishing.discard(draft, by=analyst)
    draft_update(draft.action, by=analyst, slug=kept.slug)
    with pytest.raises(ValidationError, match="go on with that draft"):
        publishing.restore(kept, by=analyst)
    assert DiscardedDraft.objects.filter(pk=kept.pk).exists()


def test_a_draft_is_discarded_and_restored_through_the_pages(draft, analyst, client: Client):
    client.force_login(analyst)
    address = reverse("admin:log_update_discard", args=[draft.slug])
    html = client.post(address, follow=True).content.decode()
    assert f'href="{reverse("admin:discarded_drafts")}"' in html
    html = client.get(reverse("admin:discarded_drafts")).content.decode()
    assert "The office opened." in html
    kept = DiscardedDraft.objects.get()
    response = client.post(reverse("admin:restore_draft", args=[kept.pk]))
    assert response.url == reverse("admin:log_update_draft", args=[draft.slug])
    # Once more, as where the answer was lost: a sentence, and nothing twice.
    again = client.post(reverse("admin:restore_draft", args=[kept.pk]), follow=True)
    assert "not kept any more" in again.content.decode()
    assert StatusUpdate.objects.filter(slug=draft.slug).count() == 1
    assert {act.event for act in Act.objects.all()} >= {"draft"}


def test_nobody_sees_what_another_discarded(draft, analyst, staff_member, client: Client):
    kept = publishing.discard(draft, by=analyst)
    client.force_login(staff_member("bo", "Analyst"))
    assert "The office opened." not in client.get(reverse("admin:discarded_drafts")).text
    client.post(reverse("admin:restore_draft", args=[kept.pk]))
    assert not StatusUpdate.objects.filter(slug=kept.slug).exists()


def test_a_reviewer_who_has_a_recalled_submission_open_is_told(action, analyst, reviewer, client):
    waiting = submitted_update(action, by=analyst, published_on=today())
    client.force_login(reviewer)
    address = reverse("admin:review", args=[waiting.slug])
    seen = client.get(address).context["form"]["seen"].value()
    publishing.recall(waiting, by=analyst)
    answer = client.post(address, {"go": "publish", "seen": seen})
    assert answer.status_code == 409
    assert "It is a draft: nobody was asked to review it yet." in answer.text
    waiting.refresh_from_db()
    assert waiting.review_state == "draft"
