"""A confirmation leaves standing what explains a status, wherever it was to be read."""

from __future__ import annotations

import html
import re
from datetime import date

import feedparser
import pytest
from django.test import Client

from recommendations import publishing
from recommendations.models import Action, Edition, StatusUpdate
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    UserFactory,
    corrected,
    noon,
    publish,
    published_action,
    published_update,
    retracted,
)
from .reading import text_of

pytestmark = pytest.mark.django_db

NOTE = "The act is in force."
CONFIRMED_ON = date(2026, 9, 1)
SEARCHED = "The register of laws."


def confirmed(action: Action, *, on: date = CONFIRMED_ON) -> StatusUpdate:
    """The present status of an action, confirmed by one person and reviewed by another."""
    draft = publishing.confirm(
        action, by=UserFactory(), search_note=SEARCHED, searched_on=on, now=noon(on)
    )
    publish(draft, published_on=on)
    return draft


def seen(update: StatusUpdate, *, edition: int | None = None) -> StatusUpdate:
    """The update as the change log of an edition shows it."""
    query = {"edition": str(edition)} if edition else {}
    [found] = [
        one
        for one in Client().get("/changes/", query).context["page"].object_list
        if one.pk == update.pk
    ]
    return found


def words(address: str, **query: str) -> str:
    response = Client().get(address, query)
    assert response.status_code == 200, address
    return html.unescape(text_of(response.content.decode()))


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def standing(action: Action) -> StatusUpdate:
    law = {"kind": "primary", "title": "The act itself", "publisher": "The Gazette"}
    return published_update(
        action,
        "implemented",
        note=NOTE,
        confidence="high",
        evidence=[law],
        published_on=date(2026, 8, 1),
    )


PLACES = ["/", "/changes/", "/editions/3/"]


@pytest.mark.parametrize("place", [*PLACES, "page"])
def test_confirming_leaves_note_and_evidence_standing(
    standing: StatusUpdate, action: Action, place: str
) -> None:
    """One click blanked the explanation: every action of a record would have lost its own."""
    address = action.recommendation.get_absolute_url() if place == "page" else place
    confirmed(action)
    text = words(address)
    told = text.split("Confirmed on")[0]
    assert NOTE in told
    assert "Confirmed on 1 Sep 2026 . Searched: The register of laws." in text
    assert "The Gazette" in text


def test_confirming_keeps_the_confidence(standing: StatusUpdate, action: Action) -> None:
    confirmed(action)
    text = words(action.recommendation.get_absolute_url())
    assert text.count("Confidence: High") == 2


def test_feed_repeats_what_the_confirmation_rests_on(
    standing: StatusUpdate, action: Action
) -> None:
    confirmed(action)
    entry = feedparser.parse(Client().get("/changes/feed.atom").content).entries[0]
    assert entry.title.endswith("Implemented, confirmed")
    said = text_of(entry.summary)
    for words_ in (NOTE, "Confirmed on 1 Sep 2026", SEARCHED, "The act itself", "High"):
        assert words_ in said


def test_evidence_is_linked_where_it_stands(standing: StatusUpdate, action: Action) -> None:
    confirmed(action)
    page = Client().get(action.recommendation.get_absolute_url()).content.decode()
    assert len(re.findall(rf'<a[^>]* href="#{standing.slug}">', page)) == 2


def test_confirmation_of_a_confirmation_rests_on_the_same(
    standing: StatusUpdate, action: Action
) -> None:
    confirmed(action)
    again = seen(confirmed(action, on=date(2026, 10, 1)))
    assert (again.explained_by, again.rests_on) == (standing, standing)


def test_note_of_a_confirmation_explains_the_next_one(
    standing: StatusUpdate, action: Action
) -> None:
    said = {"search_note": SEARCHED, "searched_on": CONFIRMED_ON, "note": "Still in force."}
    published_update(
        action, "implemented", on=CONFIRMED_ON, evidence=[], relies_on=[standing], **said
    )
    again = seen(confirmed(action, on=date(2026, 10, 1)))
    assert (again.explanation, again.rests_on) == ("Still in force.", standing)


def test_correction_of_what_it_rests_on_explains_it_from_then_on(
    standing: StatusUpdate, action: Action
) -> None:
    confirmation = confirmed(action)
    better = corrected(standing, note="In force since March.", published_on=date(2026, 9, 5))
    assert seen(confirmation).explanation == "In force since March."
    assert seen(confirmation).rests_on == better
    before = seen(confirmation, edition=confirmation.edition_id)
    assert (before.explanation, before.rests_on) == (NOTE, standing)


def test_confirmation_of_what_was_retracted_rests_on_nothing(
    standing: StatusUpdate, action: Action
) -> None:
    confirmation = confirmed(action)
    retracted(standing, published_on=date(2026, 9, 5))
    found = seen(confirmation)
    assert (found.explanation, found.rests_on, found.is_confirmation) == ("", None, False)


def test_another_status_in_between_ends_an_explanation(action: Action) -> None:
    published_update(action, "partly", on=date(2025, 1, 1), note="Half of it.")
    published_update(action, "stalled", on=date(2025, 6, 1), note="It stopped.")
    later = published_update(action, "partly", on=date(2026, 1, 1))
    assert seen(later).explanation == ""


def test_new_source_without_a_note_leaves_the_note_standing(
    standing: StatusUpdate, action: Action
) -> None:
    later = seen(published_update(action, "implemented", on=date(2026, 2, 1)))
    assert later.explanation == NOTE
    assert not later.is_confirmation
    assert later.rests_on is None


def test_what_is_not_fetched_is_no_empty_text(action: Action) -> None:
    published_update(action, note="")
    with pytest.raises(RuntimeError, match=r"needs with_basis\(\)"):
        _ = StatusUpdate.objects.get().explanation


WHY = re.compile(r'<p class="(?:why|clip|entry-why claim clip)">(.*?)</p>', re.DOTALL)


def test_confirming_the_whole_baseline_leaves_every_explanation_standing(db, baseline) -> None:
    """On every page, in the feed, and as every edition told it."""
    actions = list(Action.objects.in_record().exclude(status="not_assessed"))
    before = Edition.objects.latest("number").number
    stood = {one.pk: one.updates.counting().for_timeline().first() for one in actions}
    assert len(stood) > 50
    explained_before = {address: explained_at(address) for address in pages_of(actions)}
    drafts = [
        publishing.confirm(one, by=UserFactory(), search_note=SEARCHED, searched_on=today())
        for one in actions
    ]
    edition = publishing.publish(drafts, reviewer=UserFactory())
    for address, explained in explained_before.items():
        assert explained_at(address) == explained
        assert explained_at(address, edition=str(before)) == explained
    for place in ("/", "/changes/", f"/editions/{edition.number}/"):
        assert len(explained_at(place)) >= 6 and all(explained_at(place)), place
    log = Record(Viewpoint(today(), today(), None)).updates().filter(edition=edition)
    for update in log.for_change_log():
        stands = stood[update.action_id]
        assert update.explanation == stands.explanation
        assert update.confidence_shown == stands.confidence_shown
        assert list(update.evidence_shown) == list(stands.evidence_shown)
    for entry in feedparser.parse(Client().get("/changes/feed.atom").content).entries:
        update = log.for_change_log().get(slug=entry.id.rpartition(":")[2])
        assert text_of(update.explanation) in html.unescape(text_of(entry.summary))
    assert Client().get("/").context["figures"].unconfirmed == 0


def test_every_status_of_the_record_can_be_confirmed_as_it_stands(db, whole_record) -> None:
    """Also where what it relied on was corrected since: it relies on the correction then."""
    actions = list(Action.objects.in_record().exclude(status="not_assessed"))
    assert len(actions) > 50
    for action in actions:
        update = publishing.confirm(
            action, by=UserFactory(), search_note=SEARCHED, searched_on=today()
        )
        assert all(other.is_counting for other in update.relies_on.all()), action


def test_confirmation_relies_on_the_correction_of_what_was_relied_on(action: Action) -> None:
    first = published_update(action, "partly")
    standing = published_update(
        action, "implemented", on=date(2025, 4, 1), evidence=[{"kind": "press"}], relies_on=[first]
    )
    correction = corrected(first, note="Half of it is in force.")
    second = corrected(correction, note="A third of it is in force.")
    assert set(publishing.default_reliance(action)) == {standing, second}


def pages_of(actions: list[Action]) -> set[str]:
    return {one.recommendation.get_absolute_url() for one in actions}


def explained_at(address: str, **query: str) -> list[str]:
    """The explanations of a page, apart from its history."""
    page = Client().get(address, query).content.decode()
    return [text_of(found).removesuffix(" Evidence").strip() for found in WHY.findall(page)]
