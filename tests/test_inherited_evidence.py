"""What came of a split begins as not assessed, and is offered the evidence of what was split."""

from __future__ import annotations

import re

import pytest

from recommendations import publishing
from recommendations.models import Act, Action, StatusUpdate
from recommendations.publishing import Refused

from .factories import (
    PartyFactory,
    UserFactory,
    publish,
    published_action,
    published_update,
    split,
)
from .reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> Action:
    return published_action()


def split_in_two(old: Action) -> list[Action]:
    by, japan = UserFactory(), [PartyFactory(slug="japan")]
    halves = [
        publishing.draft_successor(old, title=title, parties=japan, by=by)
        for title in ("The first half", "The second half")
    ]
    split(old, into=halves, reason="Two verbs.")
    return list(Action.objects.get(pk=old.pk).successors.order_by("number"))


def test_a_draft_copies_what_stood_and_all_that_it_rested_on(old) -> None:
    step = published_update(old, "in_progress")
    stood = published_update(old, "partly", note="The bill passed.", relies_on=[step])
    first, second = split_in_two(old)
    author = UserFactory()
    draft = publishing.begin_with_evidence(first, old, by=author)
    copied = ("status", "effective_on", "effective_precision", "note", "search_note")
    assert all(getattr(draft, name) == getattr(stood, name) for name in copied)
    assert (draft.review_state, draft.author, draft.replaces) == ("draft", author, None)
    assert draft.status_at_draft == "not_assessed"
    assert list(draft.relies_on.all()) == []
    sources = {item.url for one in (step, stood) for item in one.evidence.all()}
    assert {item.url for item in draft.evidence.all()} == sources
    assert old.label in draft.note_to_reviewer
    # Nothing is said by itself: both are as they were.
    for one in (first, second):
        one.refresh_from_db()
        assert (one.status, one.updates.public().count()) == ("not_assessed", 0)
    assert stood.evidence.count() == 1


def test_the_draft_goes_the_way_of_every_update(old) -> None:
    published_update(old, "partly", note="The bill passed.")
    first, _second = split_in_two(old)
    author = UserFactory()
    draft = publishing.begin_with_evidence(first, old, by=author)
    publishing.submit(draft, by=author)
    with pytest.raises(Refused):
        publish(draft, reviewer=author)
    draft.refresh_from_db()
    publish(draft)
    first.refresh_from_db()
    assert first.status == "partly"
    assert publishing.inheritances_of(first) == []
    with pytest.raises(Refused, match="no earlier evidence"):
        publishing.begin_with_evidence(first, old, by=author)


def test_without_evidence_or_kinship_there_is_nothing_to_begin_with(old) -> None:
    stranger = published_action()
    published_update(stranger, "partly")
    first, _second = split_in_two(old)
    assert publishing.inheritances_of(first) == []
    with pytest.raises(Refused):
        publishing.begin_with_evidence(first, stranger, by=UserFactory())
    assert not StatusUpdate.objects.filter(action=first).exists()


def test_the_form_offers_it_and_a_press_sent_twice_makes_one_draft(client, analyst, old) -> None:
    published_update(old, "partly", note="The bill passed.")
    first, _second = split_in_two(old)
    client.force_login(analyst)
    page = client.get(f"/admin/log/?action={first.pk}").content.decode()
    assert f"Begin a draft with the evidence of {old.label}" in text_of(page)
    reference = re.search(r'name="reference" value="([^"]+)"', page)[1]
    sent = {"earlier": old.pk, "reference": reference}
    for _press in range(2):
        answer = client.post(f"/admin/log/inherit/{first.pk}/", sent)
        assert answer["Location"] == f"/admin/log/{reference}/"
    draft = StatusUpdate.objects.get(action=first)
    assert Act.objects.filter(event="draft", person=analyst).exists()
    page = text_of(client.get(f"/admin/log/{draft.slug}/").content.decode())
    assert "The bill passed." in page
    assert "Begin a draft with" not in page


def test_a_wrong_ancestor_is_not_found(client, analyst, old) -> None:
    first, _second = split_in_two(old)
    client.force_login(analyst)
    for earlier in ("", "nonsense", str(first.pk), "999999999999999999999"):
        answer = client.post(f"/admin/log/inherit/{first.pk}/", {"earlier": earlier})
        assert answer.status_code == 404
