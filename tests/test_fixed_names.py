"""Public names that addresses are made of stay once the public record uses them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from recommendations.models import Action, Section

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    PartyFactory,
    PolicyAreaFactory,
    published_action,
    withdraw,
)
from .reading import form_values, text_of

pytestmark = pytest.mark.django_db

Maker = Callable[[Action], models.Model]


def area_of(action: Action) -> models.Model:
    area = PolicyAreaFactory()
    action.recommendation.areas.add(area)
    return area


def party_of(action: Action) -> models.Model:
    party = PartyFactory()
    action.parties.add(party)
    return party


def body_of(action: Action) -> models.Model:
    body = BodyFactory(party=None)
    ActionBodyFactory(action=action, body=body)
    return body


def section_of(action: Action) -> models.Model:
    return action.recommendation.section


NAMES: dict[str, Maker] = {
    "policyarea": area_of,
    "party": party_of,
    "body": body_of,
    "section": section_of,
}


def change_page(row: models.Model) -> str:
    return reverse(f"admin:recommendations_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("name", NAMES)
def test_name_that_the_record_uses_is_refused_another_slug(name: str) -> None:
    row = NAMES[name](published_action())
    row.slug = "another"
    with pytest.raises(ValidationError, match="addresses, feeds and files"):
        row.full_clean()


@pytest.mark.parametrize("name", NAMES)
def test_name_of_what_was_withdrawn_stays_too(name: str) -> None:
    action = published_action()
    row = NAMES[name](action)
    withdraw(action, reason="It was counted twice.")
    row.slug = "another"
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize("name", NAMES)
def test_name_that_drafts_alone_use_may_change(name: str) -> None:
    row = NAMES[name](ActionFactory())
    row.slug = "another"
    row.full_clean()


@pytest.mark.parametrize("name", NAMES)
def test_page_shows_a_fixed_name_and_says_why(name: str, client: Client, editor: User) -> None:
    client.force_login(editor)
    row = NAMES[name](published_action())
    html = client.get(change_page(row)).content.decode()
    form = form_values(html, f"{name}_form")
    assert "slug" not in form
    if name != "party":
        assert "fixed once the public record uses it" in text_of(html)
    answer = client.post(change_page(row), form | {"slug": "another"})
    assert answer.status_code == 302
    slug = row.slug
    row.refresh_from_db()
    assert row.slug == slug


def test_section_keeps_its_name_on_the_page_of_its_report(client: Client, editor: User) -> None:
    client.force_login(editor)
    section = published_action().recommendation.section
    page = change_page(section.report)
    form = form_values(client.get(page).content.decode(), "report_form")
    assert "sections-0-slug" not in form
    answer = client.post(page, form | {"sections-0-slug": "another", "sections-0-title": "New"})
    assert answer.status_code == 302
    changed = Section.objects.get(pk=section.pk)
    assert (changed.slug, changed.title) == (section.slug, "New")
