"""Pages of accounts in a browser: accessible, fitting, and walked through from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from alliance.one_time_links import INVITATIONS, PASSWORD_RESETS
from recommendations.accounts import factor_resets
from recommendations.accounts.people import begin_invitation

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

NEW = "a wholly other phrase 17"
LOOKS = pytest.mark.parametrize(
    ("language", "options"),
    [
        ("", {"color_scheme": "light"}),
        ("/ja", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
    ids=["English, wide and light", "Japanese, narrow and dark"],
)


@pytest.fixture
def people(transactional_db: None, staff_member: Callable[[str, str], User]) -> dict[str, User]:
    roles = {
        "ada": "Administrator",
        "ben": "Administrator",
        "cho": "Reviewer",
        "dia": "Analyst",
        "eve": "Analyst",
    }
    made = {name: staff_member(name, role) for name, role in roles.items()}
    for kind in ("totp", "webauthn", "recovery_codes"):
        Authenticator.objects.create(user=made["cho"], type=kind, data={})
    Authenticator.objects.create(user=made["dia"], type="totp", data={})
    begin_invitation(made["eve"])
    made["dia"].email = "dia@example.org"
    made["dia"].save()
    return made


def look(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response is not None and response.status == 200, address
    assert_accessible(page)
    assert not is_wider_than_the_window(page), address


@LOOKS
def test_pages_of_administrators_are_accessible_and_fit(
    people: dict[str, User],
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    language: str,
    options: dict[str, Any],
) -> None:
    asked = factor_resets.ask(people["cho"], by=people["ada"], reason="Lost; told in person.")
    page = sign_in(open_page(**options), people["ben"])
    own = sign_in(open_page(**options), people["ada"])
    reset = f"{language}/admin/factor-resets/{asked.pk}/"
    for name in ("ada", "ben", "cho", "dia", "eve"):
        look(page, f"{language}/admin/people/{people[name].pk}/access/")
    for address in (
        reset,
        f"{language}/admin/",
        f"{language}/admin/auth/user/",
        f"{language}/admin/auth/user/add/",
        f"{language}/admin/auth/user/{people['ben'].pk}/change/",
        f"{language}/admin/auth/user/{people['cho'].pk}/change/",
        f"{language}/admin/recommendations/factorreset/",
        f"{language}/admin/recommendations/factorreset/{asked.pk}/change/",
    ):
        look(page, address)
    look(own, reset)
    page.goto(f"{language}/admin/people/{people['eve'].pk}/access/")
    page.locator(f"form[action$='/admin/people/{people['eve'].pk}/invite/'] button").click()
    expect(page.locator("code")).to_contain_text("/accounts/invitation/")
    assert_accessible(page)
    assert not is_wider_than_the_window(page)


@LOOKS
def test_pages_behind_links_are_accessible_and_fit(
    people: dict[str, User],
    open_page: Callable[..., Page],
    settings: Any,
    live_server: LiveServer,
    language: str,
    options: dict[str, Any],
) -> None:
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example.org", live_server.url
    page = open_page(**options)
    look(page, f"{language}/accounts/login/")
    look(page, f"{language}/accounts/password/forgotten/")
    look(page, f"{language}/accounts/password/forgotten/sent/")
    for links, person in ((PASSWORD_RESETS, people["dia"]), (INVITATIONS, people["eve"])):
        look(page, links.address_for(person, root=language))
        expect(page.locator("#id_password2")).to_be_visible()
    look(page, f"{language}/accounts/invitation/MQ/c1-gone/")
    look(page, f"{language}/accounts/password/reset/MQ/c1-gone/")


def test_invited_person_chooses_a_password_and_signs_in(
    people: dict[str, User], page: Page, live_server: LiveServer
) -> None:
    page.goto(INVITATIONS.address_for(people["eve"], root=""))
    page.get_by_label("Password", exact=True).fill("too short")
    page.get_by_label("Password (again)").fill("too short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_label("Password (again)").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page).to_have_url(re.compile("/accounts/login/$"))
    expect(page.get_by_role("status")).to_contain_text("Your password is set")
    page.get_by_label("Username").fill("eve")
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workspace")


def test_lost_factor_is_removed_by_two(
    people: dict[str, User],
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
) -> None:
    asks, decides = (sign_in(open_page(), people[name]) for name in ("ada", "ben"))
    asks.goto(f"/admin/people/{people['dia'].pk}/access/")
    asks.get_by_label("How you made sure who asks").fill("Her phone was stolen; she came by.")
    asks.get_by_role("button", name="Ask for its removal").click()
    expect(asks.get_by_role("status")).to_contain_text("Another administrator")
    decides.goto("/admin/")
    decides.get_by_role("link", name="dia").click()
    decides.get_by_role("button", name="Confirm: remove the second factor").click()
    expect(decides.get_by_role("status")).to_contain_text("is removed")
    expect(decides.get_by_text("None is set up.")).to_be_visible()
