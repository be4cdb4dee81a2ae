"""Setting up a second factor and signing in with it, as a reviewer of a service does."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from ..test_sign_in import PLACES, Provider, provider  # noqa: F401  (a fixture)
from .chromium import assert_accessible

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def reviewer(transactional_db: None, settings: Any, staff_member: Callable) -> User:
    settings.TRYOUT = False
    # A code may be minutes old when a busy machine has typed it in.
    settings.MFA_TOTP_TOLERANCE = 20
    return staff_member("reviewer", "Reviewer")


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def give_password(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_password(page: Page) -> None:
    expect_heading(page, "Confirm that it is you")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Confirm").click()


def give_code(page: Page, code: str, *, button: str = "Sign in") -> None:
    page.get_by_label(re.compile("code", re.I)).fill(code)
    page.get_by_role("button", name=button, exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/$"))


def assert_in_the_admin(page: Page) -> None:
    if not page.url.endswith("/admin/"):
        page.wait_for_load_state("networkidle")
        page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))


def is_within_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def add_authenticator(page: Page) -> tuple[Any, str]:
    """A device with a fingerprint reader, as the browser sees it; always the right finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def test_app_is_set_up_and_signs_in_and_a_recovery_code_stands_in(
    reviewer: User, page: Page
) -> None:
    give_password(page)
    expect(page.get_by_text("Your role needs a second factor.")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    confirm_password(page)
    expect_heading(page, "Set up an authenticator app")
    page.set_viewport_size({"width": 320, "height": 800})
    assert is_within_the_window(page)
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert_accessible(page)
    secret = page.locator("#totp-key").inner_text()
    give_code(page, current_code(secret), button="Set up the app")
    expect_heading(page, "Recovery codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    assert codes == download.value.path().read_text().split()
    assert_in_the_admin(page)

    sign_out(page)
    give_password(page)
    expect_heading(page, "Second factor")
    assert_accessible(page)
    give_code(page, "000000")
    expect(page.get_by_text("Incorrect code.").first).to_be_visible()
    assert_accessible(page)
    give_code(page, current_code(secret))
    assert_in_the_admin(page)

    sign_out(page)
    give_password(page)
    give_code(page, codes[0])
    assert_in_the_admin(page)
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("9 unused codes.")).to_be_visible()


def test_passkey_is_added_and_signs_in_alone_or_after_the_password(
    reviewer: User, page: Page
) -> None:
    authenticator, number = add_authenticator(page)
    give_password(page)
    page.get_by_role("link", name="Add a key").click()
    confirm_password(page)
    page.get_by_label("Name of the key").fill("My laptop")
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add the key").click()
    expect_heading(page, "Recovery codes")
    assert_in_the_admin(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="My laptop")).to_be_visible()
    assert_accessible(page)

    sign_out(page)
    page.goto("/ja/admin/")
    page.locator("#passkey_login").click()
    expect(page).to_have_url(re.compile("/ja/admin/$"))

    sign_out(page)
    give_password(page)
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page).to_have_url(re.compile("/admin/$"))

    sign_out(page)
    authenticator.send(
        "WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False}
    )
    page.locator("#passkey_login").click()
    expect(page.get_by_role("alert")).to_contain_text("No key was handed over.")
    assert_accessible(page)


def test_session_from_before_a_passkey_is_asked_for_it(
    reviewer: User, open_page: Callable[..., Page]
) -> None:
    early, page = open_page(), open_page()
    give_password(early)
    add_authenticator(page)
    give_password(page)
    page.get_by_role("link", name="Add a key").click()
    confirm_password(page)
    page.get_by_role("button", name="Add the key").click()
    expect_heading(page, "Recovery codes")
    early.goto("/admin/")
    expect(early.get_by_role("button", name="Use the key")).to_be_visible()
    assert_accessible(early)
    authenticator, number = add_authenticator(early)
    early.get_by_role("button", name="Use the key").click()
    expect(early.get_by_role("alert")).to_contain_text("No key was handed over.")


PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/oidc/cancelled/",
]


@pytest.mark.parametrize(
    ("prefix", "options"),
    [
        ("", {"color_scheme": "light"}),
        ("/ja", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
    ids=["wide light", "narrow dark"],
)
def test_every_account_page_is_accessible_and_keeps_to_the_policy(
    reviewer: User, open_page: Callable[..., Page], prefix: str, options: dict
) -> None:
    TOTP.activate(reviewer, SECRET)
    RecoveryCodes.activate(reviewer)
    page = open_page(**options)
    page.goto(f"{prefix}/accounts/login/")
    assert_accessible(page)
    give_password(page)
    give_code(page, current_code(SECRET))
    expect(page).to_have_url(re.compile("/admin/$"))
    page.goto("/accounts/reauthenticate/?next=/accounts/2fa/")
    confirm_password(page)
    expect_heading(page, "Your account")
    for address in PAGES:
        in_language = "" if "oidc" in address else prefix
        response = page.goto(f"{in_language}{address}")
        assert response is not None
        assert response.status == 200, address
        assert_accessible(page)
        assert is_within_the_window(page), address


def test_key_is_renamed_and_removed(reviewer: User, page: Page) -> None:
    add_authenticator(page)
    give_password(page)
    page.get_by_role("link", name="Add a key").click()
    confirm_password(page)
    page.get_by_role("button", name="Add the key").click()
    expect_heading(page, "Recovery codes")
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename").click()
    expect_heading(page, "Rename a key")
    assert_accessible(page)
    page.locator("input[name=name]").fill("Spare")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="Remove Spare").click()
    expect_heading(page, "Remove the key “Spare”?")
    assert_accessible(page)
    page.get_by_role("button", name="Remove the key").click()
    expect(page.get_by_text("None is added.")).to_be_visible()
    assert not Authenticator.objects.exists()
    page.goto("/admin/")
    expect(page.get_by_text("Your role needs a second factor.")).to_be_visible()


def test_sign_in_with_a_code_works_without_javascript(
    reviewer: User, open_page: Callable[..., Page]
) -> None:
    TOTP.activate(reviewer, SECRET)
    page = open_page(java_script_enabled=False)
    give_password(page)
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
    give_code(page, current_code(SECRET))
    assert_in_the_admin(page)


def test_policy_lets_the_form_lead_to_the_provider(
    reviewer: User,
    provider: Provider,  # noqa: F811
    page: Page,
    page_problems: list[str],
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = live_server.url.replace("localhost", "127.0.0.1") + "/healthz"
    monkeypatch.setitem(PLACES, "authorization_endpoint", elsewhere)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    page.wait_for_url(f"{elsewhere}?**")
    assert all("asks another host" in problem for problem in page_problems), page_problems
    page_problems.clear()
