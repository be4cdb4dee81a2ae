"""The reviewer's pages in a browser: accessible, inside the policy, on a phone, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recommendations import publishing
from recommendations.models import Edition, StatusUpdate
from tests.factories import (
    UserFactory,
    correction_of,
    published_actions,
    published_update,
    submitted_update,
)

from .chromium import assert_accessible

NOTE = "The bill passed the House in March. 法案が可決された。"


@pytest.fixture
def reviewing(
    transactional_db: None, open_page: Callable[..., Page], live_server: LiveServer
) -> Callable[..., Page]:
    """Makes pages on which a superuser is signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="secret"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def make(**options) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return page

    return make


@pytest.fixture
def waiting(transactional_db: None) -> list[StatusUpdate]:
    """A correction, a first finding, and an own submission, of one recommendation."""
    first, second, third = published_actions(3)
    standing = published_update(first, "in_progress", note=NOTE)
    published_update(third, "partly", note=NOTE)
    archived = {"kind": "primary", "archived_url": "https://web.archive.org/web/2026/x"}
    return [
        correction_of(standing, status="partly", note=NOTE.replace("House", "Senate")),
        submitted_update(
            second, "implemented", note=NOTE, evidence=[archived], note_to_reviewer="See page 3."
        ),
    ]


def is_wider_than_the_window(page: Page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_every_page_is_accessible_in_light_and_dark_and_on_a_phone(
    reviewing: Callable[..., Page], waiting: list[StatusUpdate]
) -> None:
    standing = StatusUpdate.objects.published().filter(replacements=None).first()
    assert standing
    asked = publishing.request_retraction(standing, by=UserFactory(), reason="Wrong law.")
    both = "&".join(f"update={update.slug}" for update in waiting)
    wide_light = reviewing(color_scheme="light")
    narrow_dark = reviewing(color_scheme="dark", viewport={"width": 390, "height": 844})
    for address in (
        "",
        *(f"{update.slug}/" for update in waiting),
        f"edition/?{both}",
        f"retraction/{asked.pk}/",
        f"{standing.slug}/",
        f"{standing.slug}/correct/",
        f"{standing.slug}/retract/",
    ):
        for page in (wide_light, narrow_dark):
            page.goto(f"/admin/review/{address}")
            assert_accessible(page)
            assert not is_wider_than_the_window(page), address


def test_several_are_chosen_seen_and_published_without_javascript(
    reviewing: Callable[..., Page], waiting: list[StatusUpdate]
) -> None:
    page = reviewing(java_script_enabled=False)
    page.goto("/admin/review/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="See the chosen ones").click()
    expect(page.get_by_text("Implemented goes from 0 to 1 of 3")).to_be_visible()
    page.get_by_label("Public note of the edition").fill("Two findings.")
    page.get_by_role("button", name="Publish 2 updates").click()
    expect(page.get_by_role("status").first).to_contain_text("is published")
    assert Edition.objects.latest("number").note == "Two findings."


def test_enter_in_the_note_never_decides(
    reviewing: Callable[..., Page], waiting: list[StatusUpdate]
) -> None:
    page = reviewing()
    page.goto(f"/admin/review/{waiting[1].slug}/")
    page.get_by_label("Public note of the edition").press("Enter")
    page.get_by_label("What is to be changed").press("Enter")
    assert StatusUpdate.objects.get(pk=waiting[1].pk).review_state == "submitted"
    page.get_by_role("button", name="Publish as an edition").click()
    expect(page.get_by_role("status").first).to_contain_text("is published")
