"""Groups of parties as editors keep them: what changes with one, and what stays."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from recommendations import integrity
from recommendations.addressee_groups import forget, groups
from recommendations.digests import verification
from recommendations.models import Action, AddresseeGroup, Edition, Party, Translation
from recommendations.publishing import touch

from .factories import (
    AddresseeGroupFactory,
    PartyFactory,
    published_action,
    published_update,
)
from .reading import form_values, post_change, text_of

pytestmark = pytest.mark.django_db
ADD = "/admin/recommendations/addresseegroup/add/"


def change_page(slug: str) -> str:
    key = AddresseeGroup.objects.get(slug=slug).pk
    return f"/admin/recommendations/addresseegroup/{key}/change/"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def form_of(desk: Client, address: str, **changed: object) -> dict[str, object]:
    html = desk.get(address).content.decode()
    return {**form_values(html, "addresseegroup_form"), **changed}


def keys(*slugs: str) -> list[str]:
    return [str(PartyFactory(slug=slug).pk) for slug in slugs]


def addressees() -> list[str]:
    return list(Action.objects.order_by("pk").values_list("addressee", flat=True))


# By the admin -----------------------------------------------------------------------------------


def test_a_new_group_takes_in_the_actions_of_its_parties(desk: Client) -> None:
    published_action(parties=["rivers"])
    published_action(parties=["rivers", "ports"])
    published_action(parties=["rivers", "rail"])
    assert addressees() == ["with_others"] * 3
    form = form_of(desk, ADD, name="Water", slug="water", parties=keys("rivers", "ports"))
    assert desk.post(ADD, form).status_code == 302
    assert addressees() == ["water", "water", "with_others"]
    assert not list(integrity.differences())
    form = form_of(desk, ADD, name="Rivers", slug="rivers", parties=keys("rivers"))
    assert desk.post(ADD, form).status_code == 302
    assert addressees() == ["rivers", "water", "with_others"]
    assert not list(integrity.differences())


def test_a_changed_group_leaves_and_takes_in(desk: Client) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    published_action(parties=["rivers"])
    published_action(parties=["ports"])
    assert addressees() == ["water", "with_others"]
    page = change_page("water")
    assert desk.post(page, form_of(desk, page, parties=keys("ports"))).status_code == 302
    assert addressees() == ["with_others", "water"]
    assert not list(integrity.differences())


def test_what_a_deleted_group_had_is_with_others(desk: Client) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    published_action(parties=["rivers"])
    address = change_page("water").replace("change", "delete")
    assert desk.post(address, {"post": "yes"}).status_code == 302
    assert addressees() == ["with_others"]
    assert not list(integrity.differences())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"slug": "other", "parties": ["rivers"]}, "has the same parties"),
        ({"slug": "other", "parties": []}, "Choose the parties"),
        ({"slug": "with_others", "parties": ["rivers"]}, "leave its parties out"),
    ],
)
def test_sets_that_tell_no_action_from_another_are_refused(
    desk: Client, fields: dict, told: str
) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    form = form_of(desk, ADD, name="X", **{**fields, "parties": keys(*fields["parties"])})
    response = desk.post(ADD, form)
    assert response.status_code == 200 and told in text_of(response.content.decode())
    assert AddresseeGroup.objects.filter(slug__in=["other", "with_others"]).count() == 0


def test_the_code_of_a_group_is_fixed_once_the_record_uses_it(desk: Client) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    AddresseeGroupFactory(slug="unused", parties=["rail"])
    published_action(parties=["rivers"])
    assert 'name="slug"' not in desk.get(change_page("water")).content.decode()
    assert 'name="slug"' in desk.get(change_page("unused")).content.decode()


def test_the_remainder_may_be_worded_otherwise(client: Client, desk: Client) -> None:
    published_action(parties=["rivers"])
    AddresseeGroupFactory(slug="water", parties=["ports"])
    form = form_of(desk, ADD, name="Everybody else", slug="with_others", parties=[])
    assert desk.post(ADD, form).status_code == 302
    assert [one.label for one in groups()] == ["water", "Everybody else"]
    html = Client().get("/recommendations/").content.decode()
    assert "Everybody else" in html


# What readers see -------------------------------------------------------------------------------


def test_groups_are_named_in_the_language_of_the_reader(client: Client) -> None:
    AddresseeGroupFactory(slug="water", name="Water offices", parties=["rivers"])
    Translation(
        kind="addresseegroup.name", original="Water offices", language="ja", text="水の役所"
    ).save()
    published_action(parties=["rivers"])
    published_action(parties=["rail"])
    touch(())
    forget()
    assert "Water offices" in client.get("/recommendations/").content.decode()
    assert "水の役所" in client.get("/ja/recommendations/").content.decode()
    with translation.override("ja"):
        assert groups()[-1].label == "その他の主体を含む"


def test_without_groups_pages_name_parties_and_ask_for_none(client: Client) -> None:
    published_action(parties=["rivers"])
    published_action(parties=["rail"])
    html = client.get("/recommendations/").content.decode()
    assert 'name="addressee"' not in html
    front = text_of(client.get("/").content.decode())
    assert "With others" not in front


def test_a_changed_group_shows_as_now_and_editions_keep_their_figures(desk: Client) -> None:
    AddresseeGroupFactory(slug="water", name="Water", parties=["rivers", "ports"])
    first = published_action(parties=["rivers"])
    published_action(parties=["rail"])
    published_update(first, "implemented")
    number = Edition.objects.order_by("-number").values_list("number", flat=True)[0]
    figures = f"/recommendations/?edition={number}&status=implemented"
    assert "1 of 2" in text_of(Client().get(figures).content.decode())
    page = change_page("water")
    desk.post(page, form_of(desk, page, parties=keys("ports")))
    after = Client().get(f"/recommendations/?edition={number}&addressee=with_others")
    assert "2 of 2" in text_of(after.content.decode())
    assert "1 of 2" in text_of(Client().get(figures).content.decode())
    told = text_of(Client().get(f"/editions/{number}/").content.decode())
    assert "Water" in told and "text was edited since" in told
    history = text_of(desk.get(page.replace("change", "history")).content.decode())
    assert "Parties" in history
    assert not list(verification.everything())
    assert not list(integrity.differences())


def test_an_unknown_group_is_refused_by_list_and_api(client: Client) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    published_action(parties=["rivers"])
    for address in ("/recommendations/?addressee=mars", "/api/v1/actions?addressee=mars"):
        response = client.get(address)
        assert response.status_code == 400
        assert "water" in response.content.decode()
    assert client.get("/api/v1/actions?addressee=water").json()["data"][0]["addressee"] == "water"


def test_a_party_may_be_renamed_and_stays_in_its_group(desk: Client) -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    published_action(parties=["rivers"])
    party = Party.objects.get(slug="rivers")
    address = f"/admin/recommendations/party/{party.pk}/change/"
    html = desk.get(address).content.decode()
    form = form_values(html, "party_form") | {"name": "Board of Rivers"}
    assert post_change(desk, address, form).status_code == 302
    assert addressees() == ["water"]
