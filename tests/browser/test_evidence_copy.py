"""A copy is asked for beside the form, fills it, and is quoted by selecting in its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from recommendations import sources
from recommendations.models import Capture, CaptureRequest, Source
from tests.factories import CaptureFactory, SourceFactory, published_action

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "https://example.org/law/7"
TEXT = "第七条を次のように改める。\nThe office opened with “forty desks”.\n"

SignIn = Callable[[Page, User], Page]


@pytest.fixture(autouse=True)
def capture_on(settings: Any) -> None:
    settings.CAPTURE = True


def kept() -> Capture:
    """As the background leaves it."""
    source = sources.source_for(LAW, title="The law", publisher="Parliament", language="ja")
    capture = CaptureFactory(source=source, text=TEXT)
    CaptureRequest.objects.update(state="kept", capture=capture, ended_at=timezone.now())
    return capture


def test_a_copy_is_made_while_somebody_types_and_is_then_quoted(
    page: Page, analyst: User, sign_in: SignIn
) -> None:
    action = published_action()
    sign_in(page, analyst)
    page.goto(f"/admin/log/?action={action.pk}")
    note = page.locator("[name=note]")
    note.fill("The law")
    page.locator("[name=evidence-0-url]").fill(LAW)
    page.get_by_role("button", name="Keep a copy").press("Enter")
    item = page.locator("[data-item]").first
    expect(item).to_contain_text("A copy is being made in the background.")
    note.fill("The law was passed.")
    assert CaptureRequest.objects.get().asked_by == analyst
    capture = kept()
    expect(page.locator("[name=evidence-0-capture_sha256]")).to_have_value(capture.sha256)
    expect(page.locator("[name=evidence-0-title]")).to_have_value("The law")
    expect(page.locator("[name=evidence-0-publisher]")).to_have_value("Parliament")
    expect(note).to_have_value("The law was passed.")

    item.get_by_text("Choose a quotation from the copy").click()
    words = item.get_by_label("Text of the copy")
    expect(words).to_have_value(TEXT)
    words.evaluate("(field) => { field.focus(); field.setSelectionRange(3, 11); }")
    passage = item.get_by_label("Passage")
    expect(passage).to_have_value(TEXT[3:11])
    assert_accessible(page)
    item.get_by_role("button", name="Take it as the quotation").press("Enter")
    quotation = page.locator("[name=evidence-0-quotation]")
    expect(quotation).to_have_value(TEXT[3:11])
    passage.fill("the OFFICE  opened with 'forty")
    item.get_by_role("button", name="Take it as the quotation").click()
    expect(quotation).to_have_value("The office opened with “forty")
    passage.fill("with fifty desks")
    item.get_by_role("button", name="Take it as the quotation").click()
    expect(item).to_contain_text("This does not stand in the copy.")
    expect(quotation).to_have_value("The office opened with “forty")
    assert not Source.objects.get().items.exists()


def test_a_refusal_is_told_beside_the_item(page: Page, analyst: User, sign_in: SignIn) -> None:
    action = published_action()
    sign_in(page, analyst)
    page.goto(f"/admin/log/?action={action.pk}")
    page.locator("[name=evidence-0-url]").fill("http://10.0.0.1/")
    page.get_by_role("button", name="Keep a copy").click()
    expect(page.locator("[data-item]").first).to_contain_text("leads into a private network")
    page.locator("#add-item").click()
    page.locator("[name=evidence-1-url]").fill(LAW)
    page.get_by_role("button", name="Keep a copy").last.click()
    expect(page.locator("[data-item]").last).to_contain_text("A copy is being made")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_the_script_it_is_a_button_of_the_form(
    open_page: Callable[..., Page], analyst: User, sign_in: SignIn, scheme: str
) -> None:
    action = published_action()
    size = {"width": 390, "height": 844}
    page = open_page(java_script_enabled=False, viewport=size, color_scheme=scheme)
    sign_in(page, analyst)
    page.goto(f"/admin/log/?action={action.pk}")
    page.locator("[name=evidence-0-url]").fill(LAW)
    page.locator("[name=note]").fill("Half a note")
    page.get_by_role("button", name="Keep a copy").click()
    expect(page.locator("#evidence-0-copy")).to_contain_text("A copy is being made")
    expect(page.locator("[name=note]")).to_have_value("Half a note")
    kept()
    page.locator("[name=evidence-0-url]").fill(LAW)
    page.get_by_role("button", name="Add another source").click()
    page.get_by_text("Choose a quotation from the copy").click()
    page.get_by_label("Passage").fill("FORTY desks")
    page.get_by_role("button", name="Take it as the quotation").click()
    expect(page.locator("[name=evidence-0-quotation]")).to_have_value("forty desks")
    assert not is_wider_than_the_window(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_pages_of_copies_fit_a_phone(
    open_page: Callable[..., Page], analyst: User, sign_in: SignIn, scheme: str, prefix: str
) -> None:
    source = SourceFactory(url=f"{LAW}?{'long' * 60}")
    capture = CaptureFactory(source=source, text=TEXT * 50)
    size = {"width": 390, "height": 844}
    page = sign_in(open_page(viewport=size, color_scheme=scheme), analyst)
    for address in (f"{source.pk}/copies/", "requests/", f"copies/{capture.pk}/text/?q=x"):
        page.goto(f"{prefix}/admin/sources/{address}")
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address
