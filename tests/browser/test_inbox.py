"""The inbox in a browser: from a pasted headline to two updates, by keyboard too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations.models import InboxItem, StatusUpdate
from tests.factories import InboxItemFactory, published_actions

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "https://gazette.example.org/law"


def fill_in(page: Page, key: int, status: str) -> None:
    page.locator(f"[name=a{key}-status][value={status}]").check()
    page.locator(f"[name=a{key}-effective_on]").fill("2026-11-01")
    page.locator(f"[name=a{key}-note]").fill("The act says so.")


def test_a_pasted_line_becomes_an_update_of_two_actions(
    page: Page, analyst: User, sign_in: Callable[[Page, User], Page]
) -> None:
    one, other = published_actions(2, title="Count the otters")
    sign_in(page, analyst)
    page.goto("/admin/inbox/paste/")
    page.get_by_label("Addresses or headlines, one in a line").fill(f"The otter act {LAW}")
    page.get_by_role("button", name="Put into the inbox").click()
    page.get_by_role("link", name="The otter act").click()
    assert_accessible(page)
    page.get_by_label("Others, by their numbers").fill(f"{one.label}, {other.label}")
    page.get_by_role("button", name="Log for these actions").click()
    page.locator("[name=evidence-0-publisher]").fill("Gazette")
    page.locator("[name=evidence-0-kind]").select_option("primary")
    page.locator("[name=evidence-0-published_on]").fill("2026-11-01")
    fill_in(page, one.pk, "implemented")
    fill_in(page, other.pk, "no_action")
    page.keyboard.press("Control+Enter")
    # What the second lacks holds the first back too, and leads there.
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_contain_text("Nothing is stored yet.")
    assert_accessible(page)
    page.get_by_role("link", name=f"{other.label} cannot be submitted yet").click()
    expect(page.locator(f"#action-{other.pk}")).to_be_in_viewport()
    assert not StatusUpdate.objects.exists()
    fill_in(page, other.pk, "in_progress")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Submitted: ")).to_be_visible()
    assert StatusUpdate.objects.filter(review_state="submitted").count() == 2
    assert InboxItem.objects.get().state == "logged"
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_an_item_are_accessible_and_fit_a_phone(
    open_page: Callable[..., Page],
    analyst: User,
    sign_in: Callable[[Page, User], Page],
    scheme: str,
) -> None:
    one, other = published_actions(2, title="Count the otters")
    item = InboxItemFactory(
        url=f"https://example.org/{'otter' * 40}", title="Otters " * 20, quotation="Otters. " * 40
    )
    page = open_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    sign_in(page, analyst)
    addresses = [
        "/admin/inbox/",
        f"/admin/inbox/{item.pk}/",
        f"/admin/inbox/{item.pk}/log/?action={one.pk}&action={other.pk}",
    ]
    for address in [*addresses, *(f"/ja{address}" for address in addresses)]:
        page.goto(address)
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address


def test_it_works_without_scripts(
    open_page: Callable[..., Page], analyst: User, sign_in: Callable[[Page, User], Page]
) -> None:
    [action] = published_actions(1, title="Count the otters")
    item = InboxItemFactory(url=LAW, title="Otters counted")
    page = open_page(java_script_enabled=False)
    sign_in(page, analyst)
    page.goto("/admin/inbox/")
    page.locator(f"[name=item][value='{item.pk}']").check()
    page.get_by_label("Why it is no news").fill("Old news.")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("1 is dismissed.")).to_be_visible()
    page.goto(f"/admin/inbox/{item.pk}/")
    page.get_by_role("button", name="Bring it back").click()
    page.goto(f"/admin/inbox/{item.pk}/log/?action={action.pk}")
    page.locator(f"[name=a{action.pk}-note]").fill("The act says so.")
    page.get_by_role("button", name="Add another source").click()
    expect(page.locator("[name=evidence-1-url]")).to_be_visible()
    expect(page.locator(f"[name=a{action.pk}-note]")).to_have_value("The act says so.")
