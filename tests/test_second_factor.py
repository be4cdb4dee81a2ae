"""Who is kept out of the staff's pages until a second factor is set up and used.

The suite runs as a trial, in which none is asked for. These tests turn the trial off.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User
from django.test import Client

from .test_sign_in import SIGN_IN, is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ACCOUNT = "/accounts/2fa/"


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def people(staff_member: Callable[[str, str], User]) -> dict[str, User]:
    made = {role: staff_member(role, role.capitalize()) for role in ("analyst", "reviewer")}
    made["editor"] = staff_member("editor", "Editor")
    made["superuser"] = User.objects.create_superuser("superuser", password="secret")
    return made


def enrol(client: Client) -> str:
    """Returns the secret of the app. The password is asked for once more before."""
    address = f"{ACCOUNT}totp/activate/"
    client.post("/accounts/reauthenticate/", {"password": "secret"})
    secret = client.get(address).context["form"].secret
    response = client.post(address, {"code": code_of(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


@pytest.mark.parametrize(
    ("required", "asked"),
    [
        ("none", set()),
        ("reviewers", {"reviewer", "superuser"}),
        ("staff", {"analyst", "reviewer", "editor", "superuser"}),
    ],
)
def test_setting_says_who_is_sent_to_set_one_up(
    service: Any, people: dict[str, User], required: str, asked: set[str]
) -> None:
    service.MFA_REQUIRED = required
    sent = set()
    for name in people:
        client = Client()
        sign_in(client, name)
        response = client.get("/admin/")
        if response.status_code == 302:
            assert response["Location"] == ACCOUNT
            sent.add(name)
    assert sent == asked


@pytest.mark.parametrize("name", ["reviewer", "superuser"])
def test_trial_asks_nobody(client: Client, people: dict[str, User], name: str) -> None:
    sign_in(client, name)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/ja"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "recommendations/report/",
        "recommendations/statusupdate/",
        "log-update/",
        "auth/user/",
        "password_change/",
        "nothing/",
    ],
)
def test_no_address_of_the_admin_is_open_without_it(
    service: Any, client: Client, people: dict[str, User], prefix: str, path: str
) -> None:
    client.force_login(people["reviewer"])
    response = client.get(f"{prefix}/admin/{path}")
    assert response.status_code == 302
    assert response["Location"] == f"{prefix}{ACCOUNT}"


def test_posting_changes_nothing_without_it(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["superuser"])
    client.post("/admin/auth/group/add/", {"name": "made"})
    assert not Group.objects.filter(name="made").exists()


def test_page_says_why_it_was_opened(service: Any, client: Client, people: dict[str, User]) -> None:
    client.force_login(people["reviewer"])
    response = client.get("/admin/", follow=True)
    assert "Your role needs a second factor" in response.content.decode()


def test_who_may_not_see_the_page_still_signs_out(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["reviewer"])
    client.post("/admin/logout/")
    assert not is_signed_in(client)


def test_setting_up_an_app_opens_the_admin_and_gives_recovery_codes(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    sign_in(client, "reviewer")
    enrol(client)
    assert client.get("/admin/").status_code == 200
    page = client.get(f"{ACCOUNT}recovery-codes/")
    assert len(page.context["unused_codes"]) == 10


def test_setting_up_asks_for_the_password_of_a_session_that_did_not_give_it(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["reviewer"])
    response = client.get(f"{ACCOUNT}totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")
    response = client.post(response["Location"], {"password": "secret"})
    assert response["Location"] == f"{ACCOUNT}totp/activate/"
    assert client.get(response["Location"]).status_code == 200


@pytest.fixture
def enrolled(service: Any, people: dict[str, User]) -> User:
    TOTP.activate(people["reviewer"], SECRET)
    RecoveryCodes.activate(people["reviewer"])
    return people["reviewer"]


def test_password_alone_no_longer_signs_in(client: Client, enrolled: User) -> None:
    response = sign_in(client, "reviewer")
    assert response["Location"] == f"{ACCOUNT}authenticate/"
    assert not is_signed_in(client)
    client.post(f"{ACCOUNT}authenticate/", {"code": code_of(SECRET)})
    assert client.get("/admin/").status_code == 200


def test_code_is_taken_once(enrolled: User) -> None:
    for expected in (True, False):
        client = Client()
        sign_in(client, "reviewer")
        client.post(f"{ACCOUNT}authenticate/", {"code": code_of(SECRET)})
        assert is_signed_in(client) is expected


def test_recovery_code_signs_in_once(enrolled: User) -> None:
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        sign_in(client, "reviewer")
        client.post(f"{ACCOUNT}authenticate/", {"code": code})
        assert is_signed_in(client) is expected


def test_guessing_codes_is_stopped_although_the_next_is_right(
    client: Client, enrolled: User
) -> None:
    sign_in(client, "reviewer")
    for _ in range(5):
        client.post(f"{ACCOUNT}authenticate/", {"code": "000000"})
    response = client.post(f"{ACCOUNT}authenticate/", {"code": code_of(SECRET)})
    assert response.status_code == 200
    assert not is_signed_in(client)


def test_session_from_before_the_factor_must_show_it(service: Any, people: dict) -> None:
    thief, owner = Client(), Client()
    sign_in(thief, "reviewer")
    sign_in(owner, "reviewer")
    secret = enrol(owner)
    for path in ("/admin/", f"{ACCOUNT}totp/deactivate/", "/accounts/password/change/"):
        assert thief.get(path)["Location"].startswith(f"{ACCOUNT}reauthenticate/?next="), path
    address = f"{ACCOUNT}reauthenticate/?next=/admin/"
    assert thief.post(address, {"code": code_of(secret)})["Location"] == "/admin/"
    assert thief.get("/admin/").status_code == 200


def test_password_alone_does_not_take_the_factor_away(client: Client, enrolled: User) -> None:
    client.force_login(enrolled)
    client.post("/accounts/reauthenticate/", {"password": "secret"})
    client.post(f"{ACCOUNT}totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_who_takes_it_away_is_asked_for_a_new_one(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    sign_in(client, "reviewer")
    enrol(client)
    client.post(f"{ACCOUNT}totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    assert client.get("/admin/")["Location"] == ACCOUNT


def test_picture_is_allowed_on_the_page_of_the_app_alone(
    service: Any, client: Client, people: dict[str, User]
) -> None:
    def images(path: str) -> str:
        policy = client.get(path)["Content-Security-Policy"]
        return next(part.strip() for part in policy.split(";") if "img-src" in part)

    sign_in(client, "reviewer")
    client.post("/accounts/reauthenticate/", {"password": "secret"})
    assert images(f"{ACCOUNT}totp/activate/") == "img-src 'self' data:"
    for path in (SIGN_IN, ACCOUNT, f"{ACCOUNT}webauthn/add/", "/"):
        assert images(path) == "img-src 'self'", path


def test_admin_shows_no_secret_of_a_factor(admin_client: Client) -> None:
    for model in ("mfa/authenticator", "socialaccount/socialapp", "socialaccount/socialtoken"):
        assert admin_client.get(f"/admin/{model}/").status_code == 404
