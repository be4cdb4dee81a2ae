"""An address that the record knows fills the form of an update, and all of it stays editable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from recommendations import sources
from recommendations.models import Capture
from tests.factories import published_action, published_update

from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "https://example.org/law/7"


def test_a_known_address_fills_what_is_empty_and_names_who_cites_it(
    page: Page, analyst: User, sign_in: Callable[[Page, User], Page]
) -> None:
    said = {"kind": "primary", "url": LAW, "title": "The law", "publisher": "Parliament"}
    cited = published_update(published_action(), evidence=[said]).action
    capture = Capture.objects.create(
        source=sources.source_for(LAW),
        made_at=timezone.now(),
        way="fetched",
        sha256="a" * 64,
        size=3,
        media_type="text/html",
        name="x",
    )
    action = published_action()
    sign_in(page, analyst)
    page.goto(f"/admin/log/?action={action.pk}")
    page.locator("[name=evidence-0-publisher]").fill("The Diet")
    page.locator("[name=evidence-0-url]").fill(f"{LAW}?utm_source=mail")
    page.keyboard.press("Tab")
    expect(page.locator("[name=evidence-0-title]")).to_have_value("The law")
    expect(page.locator("[name=evidence-0-kind]")).to_have_value("primary")
    # What was typed is left.
    expect(page.locator("[name=evidence-0-publisher]")).to_have_value("The Diet")
    note = page.locator("[data-known]").first
    expect(note).to_contain_text(f"Also cited for {cited.label}")
    item = page.locator("[data-item]").first
    item.get_by_role("button", name="It was read in this copy").click()
    expect(page.locator("[name=evidence-0-capture_sha256]")).to_have_value(capture.sha256)
    page.locator("[name=evidence-0-title]").fill("The law of 2025")
    assert_accessible(page)
    page.locator("[name=evidence-0-url]").fill("https://example.org/new")
    page.keyboard.press("Tab")
    expect(note).to_be_hidden()
    expect(item).not_to_contain_text("Copy kept")
    expect(page.locator("[name=evidence-0-title]")).to_have_value("The law of 2025")
