"""Signing in: one form, throttled across processes, that nobody gets around."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from alliance.models import SharedCacheEntry
from alliance.site_name import site_name

from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

SIGN_IN = "/accounts/login/"


def sign_in(client: Client, name: str = "ada", password: str = "secret", **extra: Any):
    return client.post(SIGN_IN, {"login": name, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def ada(staff_member: Callable[[str, str], User]) -> User:
    user = staff_member("ada", "Analyst")
    user.email = "ada@example.org"
    user.save()
    return user


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_admin_leads_to_the_sign_in_page_and_back(client: Client, ada: User, prefix: str) -> None:
    response = client.get(f"{prefix}/admin/auth/user/", follow=True)
    address, _status = response.redirect_chain[-1]
    assert address.startswith(f"{prefix}/accounts/login/?next=")
    fields = {"login": "ada", "password": "secret", "next": f"{prefix}/admin/"}
    response = client.post(f"{prefix}/accounts/login/", fields)
    assert response["Location"] == f"{prefix}/admin/"
    assert is_signed_in(client)


def test_form_of_the_admin_signs_nobody_in(client: Client, ada: User) -> None:
    response = client.post("/admin/login/", {"username": "ada", "password": "secret"})
    assert response.status_code == 302
    assert not is_signed_in(client)


def test_form_of_the_admin_does_not_change_who_is_signed_in(
    client: Client, ada: User, reviewer: User
) -> None:
    client.force_login(ada)
    client.post("/admin/login/", {"username": "reviewer", "password": "secret"})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_account_that_is_not_staff_is_refused_without_a_loop(client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/admin/", follow=True).status_code == 403


def test_next_address_on_another_host_is_not_followed(client: Client, ada: User) -> None:
    fields = {"login": "ada", "password": "secret", "next": "https://evil.example/"}
    assert client.post(SIGN_IN, fields)["Location"] == "/admin/"


def test_wrong_password_and_unknown_name_are_answered_alike(client: Client, ada: User) -> None:
    wrong = sign_in(client, password="wrong").context["form"].errors
    unknown = sign_in(client, "nobody", "wrong").context["form"].errors
    assert wrong == unknown


@pytest.mark.about_databases
def test_guessing_at_one_account_is_stopped_from_any_address(client: Client, ada: User) -> None:
    for number in range(5):
        sign_in(client, password="wrong", REMOTE_ADDR=f"10.0.0.{number}")
    response = sign_in(client, REMOTE_ADDR="10.0.0.99")
    assert "Too many failed login attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_at_many_accounts_from_one_address_is_stopped(client: Client, ada: User) -> None:
    for number in range(10):
        sign_in(client, f"name{number}", "wrong")
    sign_in(client)
    assert not is_signed_in(client)
    sign_in(client, REMOTE_ADDR="10.0.0.99")
    assert is_signed_in(client)


def test_flood_of_one_address_gets_429_in_the_look_of_the_site(client: Client, ada: User) -> None:
    codes = [sign_in(client, f"name{number}", "x").status_code for number in range(31)]
    assert codes[-1] == 429
    response = sign_in(client)
    assert "Too many attempts" in response.content.decode()


@pytest.mark.about_databases
def test_attempts_are_counted_where_every_process_sees_them(client: Client, ada: User) -> None:
    sign_in(client, password="wrong")
    assert SharedCacheEntry.objects.filter(cache_key__contains="login_failed").exists()
    assert not SharedCacheEntry.objects.filter(cache_key__contains="127.0.0.1").exists()


def test_guessing_is_counted_by_the_address_that_our_proxy_saw(
    client: Client, ada: User, settings: Any
) -> None:
    settings.NUM_PROXIES = 1
    for number in range(10):
        sign_in(client, f"name{number}", "wrong", HTTP_X_FORWARDED_FOR=f"1.1.1.{number}, 2.2.2.2")
    sign_in(client, HTTP_X_FORWARDED_FOR="1.1.1.99, 2.2.2.2")
    assert not is_signed_in(client)
    sign_in(client, HTTP_X_FORWARDED_FOR="2.2.2.2, 3.3.3.3")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/reset/",
        "3rdparty/",
        "3rdparty/signup/",
        "2fa/webauthn/signup/",
        "oidc/staff/login/",
    ],
)
def test_there_is_no_page_to_sign_up_or_to_reset_a_password(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_trial_says_that_the_second_factor_is_off(client: Client, ada: User) -> None:
    note = "the second factor that reviewers need in a service is not asked for"
    assert note in client.get(SIGN_IN).content.decode()
    client.force_login(ada)
    assert note in client.get("/admin/recommendations/report/").content.decode()


def test_sign_in_page_bears_the_name_of_the_site_and_the_theme_chosen(client: Client) -> None:
    """django-allauth gives its pages a `site` of its own, which is named after the host."""
    client.cookies["theme"] = "dark"
    page = client.get(SIGN_IN).content.decode()
    assert f"{site_name()}: staff" in text_of(page)
    assert 'data-theme="dark"' in page


def test_service_does_not_speak_of_a_trial(client: Client, ada: User, settings: Any) -> None:
    settings.TRYOUT = False
    assert "trial" not in client.get(SIGN_IN).content.decode()
    client.force_login(ada)
    assert "trial" not in client.get("/admin/recommendations/report/").content.decode()


def test_deactivated_account_is_not_let_in(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_signing_out_ends_the_session(client: Client, ada: User) -> None:
    sign_in(client)
    response = client.post("/admin/logout/")
    assert response["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_change_of_password_ends_other_sessions_and_keeps_this(ada: User) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    fields = {"oldpassword": "secret", "password1": "a-long-new-one", "password2": "a-long-new-one"}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_session_is_renewed_while_it_is_used(client: Client, ada: User, monkeypatch) -> None:
    sign_in(client)
    first = client.session["renewed_at"]
    client.get("/admin/")
    assert client.session["renewed_at"] == first
    monkeypatch.setattr("alliance.sessions.time.time", lambda: first + 3600)
    client.get("/admin/")
    assert client.session["renewed_at"] == first + 3600


def test_visitor_gets_no_session(client: Client) -> None:
    response = client.get("/methodology/")
    assert settings.SESSION_COOKIE_NAME not in response.cookies


OPENID = {
    "provider_id": "staff",
    "name": "Example ID",
    "client_id": "tracker",
    "secret": "hidden",
    "settings": {"server_url": "https://id.example", "oauth_pkce_enabled": True},
}
PLACES = {
    "issuer": "https://id.example",
    "authorization_endpoint": "https://id.example/authorize",
    "token_endpoint": "https://id.example/token",
    "userinfo_endpoint": "https://id.example/userinfo",
    "jwks_uri": "https://id.example/keys",
}


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, content: dict) -> None:
        self.content = content
        self.text = str(content)

    def json(self) -> dict:
        return self.content

    def raise_for_status(self) -> None:
        pass


class Provider:
    """Answers as an OpenID Connect provider does, about the person in `claims`."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.is_reachable = True

    def __enter__(self) -> "Provider":
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        if not self.is_reachable:
            raise requests.ConnectionError
        if url == PLACES["token_endpoint"]:
            return Answer({"access_token": "token", "token_type": "Bearer"})
        return Answer(self.claims if url == PLACES["userinfo_endpoint"] else PLACES)

    def get(self, url: str, **rest: Any) -> Answer:
        return self.request("GET", url)


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OPENID]}}
    made = Provider()
    monkeypatch.setattr(DefaultSocialAccountAdapter, "get_requests_session", lambda self: made)
    return made


def come_back(client: Client, *, process: str = "login"):
    sent = client.post(f"/accounts/oidc/staff/login/?process={process}&next=/ja/admin/")
    assert sent.context["redirect_to"].startswith(PLACES["authorization_endpoint"])
    states = client.session["socialaccount_states"]
    return client.get("/accounts/oidc/staff/login/callback/", {"code": "c", "state": [*states][-1]})


def test_sign_in_page_offers_the_provider(client: Client, provider: Provider) -> None:
    assert "Sign in with Example ID" in client.get(SIGN_IN).content.decode()


def test_verified_address_of_a_staff_account_signs_in(
    client: Client, provider: Provider, ada: User
) -> None:
    provider.claims = {"sub": "1", "email": "Ada@example.org", "email_verified": True}
    assert come_back(client)["Location"] == "/ja/admin/"
    assert client.session["_auth_user_id"] == str(ada.pk)
    again = Client()
    come_back(again)
    assert is_signed_in(again)
    ada.refresh_from_db()
    assert ada.check_password("secret")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ada@example.org"},
        {"email": "ada@example.org", "email_verified": False},
        {"email": "ada@example.org", "email_verified": "false"},
        {"email": "eve@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email_verified": True},
    ],
)
def test_any_other_address_is_refused_and_makes_no_account(
    client: Client, provider: Provider, ada: User, claims: dict
) -> None:
    User.objects.create_user("without", is_staff=True)
    provider.claims = {"sub": "1", **claims}
    response = come_back(client)
    assert response.status_code == 403
    assert "There is no staff account for you" in response.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_staff": False}, {"email": "other@example.org"}]
)
def test_account_that_lost_what_it_needs_is_refused_although_connected(
    client: Client, provider: Provider, ada: User, change: dict
) -> None:
    provider.claims = {"sub": "1", "email": "ada@example.org", "email_verified": True}
    come_back(Client())
    User.objects.update(**change)
    assert come_back(client).status_code == 403
    assert not is_signed_in(client)


def test_connection_follows_the_address_to_another_account(
    client: Client, provider: Provider, ada: User, reviewer: User
) -> None:
    provider.claims = {"sub": "1", "email": "ada@example.org", "email_verified": True}
    come_back(Client())
    User.objects.filter(pk=ada.pk).update(email="")
    User.objects.filter(pk=reviewer.pk).update(email="ada@example.org")
    come_back(client)
    assert client.session["_auth_user_id"] == str(reviewer.pk)


def test_address_that_two_accounts_share_is_refused(
    client: Client, provider: Provider, ada: User
) -> None:
    User.objects.create_user("twin", email="ADA@example.org", is_staff=True)
    provider.claims = {"sub": "1", "email": "ada@example.org", "email_verified": True}
    assert come_back(client).status_code == 403


def test_stranger_cannot_connect_to_who_is_signed_in(
    client: Client, provider: Provider, ada: User, reviewer: User
) -> None:
    client.force_login(reviewer)
    provider.claims = {"sub": "1", "email": "ada@example.org", "email_verified": True}
    assert come_back(client, process="connect").status_code == 403


def test_provider_that_does_not_answer_gets_an_honest_page(
    client: Client, provider: Provider
) -> None:
    provider.is_reachable = False
    response = client.post("/accounts/oidc/staff/login/?process=login")
    assert response.status_code == 502
    assert "Signing in did not work" in response.content.decode()


def test_forged_way_back_is_refused(client: Client, provider: Provider, ada: User) -> None:
    response = client.get("/accounts/oidc/staff/login/callback/", {"code": "c", "state": "made-up"})
    assert response.status_code == 401
    assert not is_signed_in(client)


HALF = '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {%s}}'


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '"x"',
        "{}",
        '{"response": []}',
        HALF % "",
        HALF % '"userHandle": null',
        HALF % '"clientDataJSON": "AA", "authenticatorData": "AA", "userHandle": "MQ"',
        HALF % '"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"',
        HALF % '"clientDataJSON": "e30", "authenticatorData": "", "signature": "", "userHandle": 1',
        HALF % '"userHandle": "\\u0000"',
    ],
)
def test_passkey_that_is_none_signs_nobody_in(client: Client, ada: User, credential: str) -> None:
    client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert response.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["\0", "a\0da", "あ" * 500, "' OR 1=1 --", "a" * 100_000])
def test_name_that_nobody_has_is_answered_as_any_other(
    client: Client, ada: User, name: str
) -> None:
    assert sign_in(client, name).status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["/\r\nX-Made: up", "//evil.example", "javascript:alert(1)"])
def test_hostile_next_address_is_not_followed(client: Client, ada: User, address: str) -> None:
    fields = {"login": "ada", "password": "secret", "next": address}
    response = client.post(SIGN_IN, fields)
    assert "X-Made" not in response
    assert response["Location"].startswith("/")
    assert not response["Location"].startswith("//")
