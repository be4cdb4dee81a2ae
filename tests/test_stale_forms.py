"""No text form of the staff overwrites what a colleague saved while it was open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import reverse

from recommendations.admin.stale_forms import StaleFormMixin
from recommendations.models import Action, Deadline, Recommendation, Site

from .factories import (
    ActionBodyFactory,
    AddresseeGroupFactory,
    BodyFactory,
    ContextEventFactory,
    DeadlineFactory,
    FeedFactory,
    KnownHostFactory,
    ListedHostFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    RecommendationRelationFactory,
    ReportFactory,
    SearchAliasFactory,
    SectionFactory,
    SourceFactory,
    TopicFactory,
    published_action,
    published_update,
)
from .reading import form_values, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def change_page(row: models.Model) -> str:
    return reverse(f"admin:recommendations_{row._meta.model_name}_change", args=[row.pk])


def opened(desk: Client, row: models.Model) -> dict[str, list[str]]:
    """The form of a row's page, as a browser would send it."""
    html = desk.get(change_page(row)).content.decode()
    return form_values(html, f"{row._meta.model_name}_form")


def in_record() -> Action:
    action = published_action()
    DeadlineFactory(action=action, note="By the end of the year.")
    ActionBodyFactory(action=action, body=BodyFactory(party=None))
    return action


# The text of each page, and what a page of this kind is about.
TEXTS: dict[str, tuple[Callable[[], models.Model], str]] = {
    "report": (lambda: in_record().recommendation.report, "title"),
    "section": (lambda: SectionFactory(), "title"),
    "recommendation": (lambda: in_record().recommendation, "headline"),
    "action": (in_record, "title"),
    "policyarea": (lambda: PolicyAreaFactory(), "name"),
    "party": (lambda: PartyFactory(), "name"),
    "body": (lambda: BodyFactory(party=None), "name"),
    "contextevent": (lambda: ContextEventFactory(), "title"),
    "listedhost": (lambda: ListedHostFactory(), "reason"),
    "knownhost": (lambda: KnownHostFactory(), "publisher"),
    "source": (lambda: SourceFactory(), "title"),
    "feed": (lambda: FeedFactory(), "name"),
    "searchalias": (lambda: SearchAliasFactory(report=ReportFactory()), "names"),
    "site": (lambda: Site.objects.get(), "strapline"),
    "topic": (lambda: TopicFactory(), "name"),
    "addresseegroup": (lambda: AddresseeGroupFactory(parties=["river-board"]), "name"),
}


def test_every_page_of_wording_is_tried_here() -> None:
    pages = {
        model._meta.model_name
        for model, page in admin.site._registry.items()
        if isinstance(page, StaleFormMixin)
    }
    assert pages == set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_form_that_a_colleague_overtook_changes_nothing(desk: Client, name: str) -> None:
    make, field = TEXTS[name]
    row = make()
    first, second = opened(desk, row), opened(desk, row)
    saved = desk.post(change_page(row), first | {field: "What the colleague wrote"})
    assert saved.status_code == 302, text_of(saved.content.decode())
    answer = desk.post(change_page(row), second | {field: "What I wrote"})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert getattr(row, field) == "What the colleague wrote"
    html = answer.content.decode()
    assert "What the colleague wrote" in text_of(html)
    typed = form_values(html, f"{name}_form")
    assert typed[field] == ["What I wrote"]
    assert desk.post(change_page(row), typed).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "What I wrote"


@pytest.mark.parametrize("name", TEXTS)
def test_form_is_saved_again_and_again_by_one_person(desk: Client, name: str) -> None:
    make, field = TEXTS[name]
    row = make()
    for words in ("First words", "Second words"):
        answer = desk.post(change_page(row), opened(desk, row) | {field: words})
        assert answer.status_code == 302, text_of(answer.content.decode())
    row.refresh_from_db()
    assert getattr(row, field) == "Second words"


def test_stale_form_shows_both_versions_side_by_side(desk: Client) -> None:
    action = in_record()
    form = opened(desk, action)
    Action.objects.filter(pk=action.pk).update(title="Theirs", kind="diplomacy")
    html = desk.post(change_page(action), form | {"title": "Mine"}).content.decode()
    text = text_of(html)
    assert "Somebody else saved this while you were editing it." in text
    assert "Nothing was overwritten" in text
    assert "Title Mine Theirs" in text
    assert "Kind Policy Diplomacy" in text


def _edit_deadline(action: Action) -> None:
    Deadline.objects.filter(action=action).update(note="By the summer.")


def _add_deadline(action: Action) -> None:
    DeadlineFactory(
        action=action,
        origin="official",
        stated_on="2026-01-05",
        publisher="The Gazette",
        url="https://gazette.example/1",
    )


def _remove_deadline(action: Action) -> None:
    action.deadlines.all().delete()


def _give_to_a_party(action: Action) -> None:
    action.parties.add(PartyFactory(slug="japan"))


def _remove_lead(action: Action) -> None:
    action.leads.all().delete()


@pytest.mark.parametrize(
    "change", [_edit_deadline, _add_deadline, _remove_deadline, _give_to_a_party, _remove_lead]
)
def test_rows_below_and_lists_make_a_form_stale_too(
    desk: Client, change: Callable[[Action], None]
) -> None:
    action = in_record()
    form = opened(desk, action)
    change(action)
    answer = desk.post(change_page(action), form | {"title": "Mine"})
    assert answer.status_code == 409
    assert Action.objects.get(pk=action.pk).title == action.title


def test_relation_that_a_colleague_edited_makes_the_recommendation_stale(desk: Client) -> None:
    relation = RecommendationRelationFactory(
        recommendation__report__published_on="2025-01-01",
        earlier__report__published_on="2020-01-01",
    )
    recommendation = Recommendation.objects.get(pk=relation.recommendation_id)
    form = opened(desk, recommendation)
    type(relation).objects.filter(pk=relation.pk).update(note="As the annex says.")
    answer = desk.post(change_page(recommendation), form | {"headline": "Mine"})
    assert answer.status_code == 409
    assert "As the annex says." in text_of(answer.content.decode())


def test_published_status_does_not_make_the_text_stale(desk: Client) -> None:
    recommendation = in_record().recommendation
    form = opened(desk, recommendation)
    other = RecommendationFactory(report=recommendation.report)
    published_update(published_action(recommendation=other))
    assert desk.post(change_page(recommendation), form).status_code == 302


def test_form_without_the_version_that_it_was_opened_with_is_refused(desk: Client) -> None:
    area = PolicyAreaFactory()
    form = opened(desk, area)
    del form["seen_version"]
    assert desk.post(change_page(area), form | {"name": "Mine"}).status_code == 409


def test_faulty_form_keeps_the_version_that_it_was_opened_with(desk: Client) -> None:
    area = PolicyAreaFactory()
    form = opened(desk, area)
    type(area).objects.filter(pk=area.pk).update(description="Theirs")
    answer = desk.post(change_page(area), form | {"name": ""})
    assert answer.status_code == 409
    area = PolicyAreaFactory()
    form = opened(desk, area)
    html = desk.post(change_page(area), form | {"name": ""}).content.decode()
    type(area).objects.filter(pk=area.pk).update(description="Theirs")
    again = form_values(html, "policyarea_form") | {"name": "Mine"}
    assert desk.post(change_page(area), again).status_code == 409


def test_form_sent_twice_says_that_it_is_stored(desk: Client) -> None:
    area = PolicyAreaFactory()
    form = opened(desk, area) | {"name": "Mine"}
    desk.post(change_page(area), form)
    answer = desk.post(change_page(area), form)
    assert answer.status_code == 409
    assert "there is nothing to save" in text_of(answer.content.decode())
