"""What search finds follows each publication and each edit of a text."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from recommendations.index.conditions import matching
from recommendations.models import Action, Recommendation
from tests.factories import (
    ActionFactory,
    BodyFactory,
    PartyFactory,
    PolicyAreaFactory,
    corrected,
    draft_update,
    include,
    published_action,
    published_actions,
    published_update,
    retracted,
)


def found(query: str) -> list[Action]:
    return list(matching(Action.objects.all(), query))


@pytest.fixture
def editing(client, db):
    client.force_login(User.objects.create_superuser("root"))

    def edit(row, **changes) -> None:
        """Send the admin's form for a row as it is shown, with some fields changed."""
        url = reverse(f"admin:recommendations_{row._meta.model_name}_change", args=[row.pk])
        context = client.get(url).context
        forms = [context["adminform"].form]
        for inline in context["inline_admin_formsets"]:
            forms += [inline.formset.management_form, *inline.formset.forms]
        data = {
            field.html_name: value
            for form in forms
            for field in form
            if (value := field.value()) is not None and value is not False
        }
        data["seen_version"] = context["seen_version"]
        response = client.post(url, {**data, **changes})
        assert response.status_code == 302, response.context["errors"]

    return edit


def test_an_update_is_found_once_it_is_published(db):
    action = published_action()
    draft = draft_update(action, note="Otters were counted.", evidence=[{"title": "Badger act"}])
    assert found("otters") == found("badgers") == []
    draft.delete()
    published_update(
        action,
        note="Otters were counted.",
        evidence=[
            {"title": "Badger act", "publisher": "Heron press", "supports": "It says newts."}
        ],
    )
    for query in ("otter", "badgers", "heron", "newt"):
        assert found(query) == [action]
        assert list(matching(Recommendation.objects.all(), query)) == [action.recommendation]


def test_a_corrected_text_is_found_and_what_it_replaced_is_not(db):
    action = published_action()
    update = published_update(action, note="Otters were counted.")
    corrected(update, note="Badgers were counted.")
    assert found("otters") == []
    assert found("badgers") == [action]


def test_a_retracted_text_is_not_found(db):
    update = published_update(published_action(), note="Otters were counted.")
    retracted(update)
    assert found("otters") == []


def test_a_new_action_is_found_with_its_recommendation(db):
    recommendation = published_action().recommendation
    action = ActionFactory(recommendation=recommendation, title="Count the otters")
    assert list(matching(Recommendation.objects.all(), "otters")) == []
    include(actions=[action])
    assert found("otters") == [action]
    assert list(matching(Recommendation.objects.all(), "otters")) == [recommendation]


def test_an_edited_title_is_found_by_its_new_words_alone(editing):
    action, other = published_actions(2)
    editing(action, title="Count the otters")
    assert found("otters") == [action]
    editing(action, title="Count the badgers")
    assert found("otters") == []
    editing(action.recommendation, headline="Protect the herons")
    assert set(found("herons")) == {action, other}


def test_a_renamed_label_is_found_under_its_new_name(editing):
    area, body, party = PolicyAreaFactory(), BodyFactory(), PartyFactory()
    action = published_action(parties=[party.slug])
    action.recommendation.areas.add(area)
    action.bodies.add(body, through_defaults={"basis": "named"})
    editing(area, name="Otters")
    editing(body, name="Badgers")
    editing(party, name="Herons")
    editing(action.recommendation.section, title="Newts")
    for query in ("otters", "badgers", "herons", "newts"):
        assert found(query) == [action]


def test_a_party_that_is_taken_from_an_action_is_taken_from_its_text(editing):
    herons = PartyFactory(name="Herons")
    action = published_action(parties=[herons.slug, "japan"])
    assert found("herons") == [action]
    editing(action, parties=[PartyFactory(slug="japan").pk])
    assert found("herons") == []


def test_a_draft_is_found_once_it_is_in_the_record(editing):
    recommendation = published_action().recommendation
    draft = ActionFactory(recommendation=recommendation, title="Count the otters")
    editing(draft, title="Count the newts")
    assert found("newts") == []
    include(actions=[draft])
    assert found("newts") == [draft]


def test_the_public_list_does_not_find_a_draft(editing, client):
    draft = ActionFactory(recommendation=published_action().recommendation)
    editing(draft, title="Count the newts")
    for unit in ("actions", "recommendations"):
        html = client.get(f"/recommendations/?q=newts&unit={unit}").content.decode()
        assert "Count the newts" not in html
        assert "Headline" not in html
