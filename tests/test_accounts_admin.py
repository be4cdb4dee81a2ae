"""Administrators manage accounts of others, not those of superusers, and nothing of the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.models import SignedInSession
from recommendations.accounts.roles import ROLES, permissions
from recommendations.models import Act, Preference

from .factories import ActionFactory
from .test_acts import lines_of, signed_in
from .test_password_links import ROOT, choose, is_taken, mailed_link, with_mail
from .test_sign_in import is_signed_in, sign_in

__all__ = ["with_mail"]
pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
ADD = "/admin/auth/user/add/"


@pytest.fixture
def desk(administrator: User) -> Client:
    return signed_in(administrator)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", "root@example.org", "secret")


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def page_of(person: User) -> str:
    return reverse("admin:auth_user_change", args=[person.pk])


def access_of(person: User) -> str:
    return reverse("admin:person_access", args=[person.pk])


def typed(person: User, **changes: Any) -> dict[str, Any]:
    fields = {
        "username": person.username,
        "email": person.email,
        "groups": [one.pk for one in person.groups.all()],
        "is_active": "on",
        "is_staff": "on",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def newcomer(**changes: Any) -> dict[str, Any]:
    fields = {
        "username": "nina",
        "first_name": "Nina",
        "email": "nina@example.org",
        "groups": [group("Analyst").pk],
        "mail_language": "en",
    }
    return fields | changes


# The role --------------------------------------------------------------------------------------


def test_administrator_has_no_permission_of_the_record() -> None:
    assert permissions("Administrator") == {
        ("alliance", "view_job"),
        ("alliance", "change_job"),
        ("auth", "view_user"),
        ("auth", "add_user"),
        ("auth", "change_user"),
        ("recommendations", "view_act"),
        ("recommendations", "view_factorreset"),
        ("recommendations", "add_factorreset"),
        ("recommendations", "review_factorreset"),
    }


def test_no_other_role_manages_accounts() -> None:
    for role in set(ROLES) - {"Administrator"}:
        assert not {app for app, _code in permissions(role)} - {"recommendations"}


def test_administrator_needs_a_second_factor_in_a_service(
    service: Any, client: Client, administrator: User
) -> None:
    sign_in(client, "administrator")
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_workspace_of_an_administrator_leads_to_the_accounts(desk: Client, prefix: str) -> None:
    html = desk.get(f"{prefix}/admin/").content.decode()
    assert f'href="{prefix}/admin/auth/user/"' in html
    assert f'href="{prefix}/admin/recommendations/action/"' not in html


def test_administrator_chooses_the_language_of_their_mails(
    desk: Client, administrator: User
) -> None:
    desk.post(reverse("admin:save_preference"), {"mail_language": "ja"})
    assert Preference.objects.get(person=administrator).mail_language == "ja"


# Changing accounts -----------------------------------------------------------------------------


def test_roles_of_another_are_changed_and_leave_one_line(desk: Client, analyst: User) -> None:
    fields = typed(analyst, groups=[group("Reviewer").pk])
    lines = lines_of(lambda: desk.post(page_of(analyst), fields))
    assert lines == [("account", "done", "administrator")]
    assert [one.name for one in analyst.groups.all()] == ["Reviewer"]


@pytest.mark.usefixtures("with_mail")
def test_other_address_is_told_to_the_one_before(
    desk: Client, analyst: User, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=analyst.pk).update(email="old@example.org")
    analyst.refresh_from_db()
    for fields in (typed(analyst, first_name="Ada"), typed(analyst, email="new@example.org")):
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(page_of(analyst), fields)
    [message] = mail.outbox
    assert message.to == ["old@example.org"]
    assert "new@example.org" not in message.body


@pytest.mark.parametrize(
    "extra",
    [
        {"is_superuser": "on"},
        {"user_permissions": ["1", "2"]},
        {"password": "typed-by-hand-1"},
        {"is_staff": None},
    ],
)
def test_administrator_grants_nothing_but_roles(
    desk: Client, analyst: User, extra: dict[str, Any]
) -> None:
    before = analyst.password
    desk.post(page_of(analyst), typed(analyst, **extra))
    analyst.refresh_from_db()
    assert not analyst.is_superuser and analyst.is_staff
    assert not analyst.user_permissions.exists()
    assert analyst.password == before


def test_groups_that_are_no_roles_are_neither_given_nor_taken(
    desk: Client, analyst: User, reviewer: User
) -> None:
    powerful = Group.objects.create(name="Owners")
    analyst.groups.add(powerful)
    desk.post(page_of(analyst), typed(analyst, groups=[group("Editor").pk]))
    assert {one.name for one in analyst.groups.all()} == {"Editor", "Owners"}
    desk.post(page_of(reviewer), typed(reviewer, groups=[powerful.pk]))
    assert {one.name for one in reviewer.groups.all()} == {"Reviewer"}


def test_administrator_does_not_change_their_own_roles(desk: Client, administrator: User) -> None:
    both = [group("Administrator").pk, group("Reviewer").pk]
    desk.post(page_of(administrator), typed(administrator, groups=both, first_name="Ada"))
    administrator.refresh_from_db()
    assert administrator.first_name == "Ada"
    assert [one.name for one in administrator.groups.all()] == ["Administrator"]
    desk.post(page_of(administrator), typed(administrator, is_active=None))
    administrator.refresh_from_db()
    assert administrator.is_active


def test_superuser_is_out_of_reach(desk: Client, root: User) -> None:
    assert desk.get(page_of(root)).status_code == 200
    assert desk.post(page_of(root), typed(root, is_active=None)).status_code == 403
    for name, fields in (
        ("end_session", {"end": "all"}),
        ("invite_person", {}),
        ("ask_factor_reset", {"reason": "Lost."}),
    ):
        address = reverse(f"admin:{name}", args=[root.pk])
        assert desk.post(address, fields).status_code == 403, name
    root.refresh_from_db()
    assert root.is_active and root.has_usable_password()


def test_superusers_keep_what_they_can(root: User, analyst: User) -> None:
    desk = signed_in(root)
    desk.post(page_of(analyst), typed(analyst, is_superuser="on"))
    analyst.refresh_from_db()
    assert analyst.is_superuser
    desk.post(page_of(root), typed(root, is_superuser="on", first_name="Ada"))
    root.refresh_from_db()
    assert root.first_name == "Ada" and root.is_superuser


def test_administrator_types_no_password_of_another(desk: Client, analyst: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[analyst.pk])
    assert desk.get(address).status_code == 403
    words = {"password1": "a wholly other phrase 17", "password2": "a wholly other phrase 17"}
    assert desk.post(address, words | {"usable_password": "true"}).status_code == 403
    analyst.refresh_from_db()
    assert analyst.check_password("secret")


def test_nobody_else_opens_pages_of_accounts(analyst: User, editor: User, reviewer: User) -> None:
    for user in (analyst, editor, reviewer):
        client = signed_in(user)
        assert client.get(access_of(analyst)).status_code == 403
        for name in ("end_session", "invite_person", "ask_factor_reset"):
            assert client.post(reverse(f"admin:{name}", args=[analyst.pk])).status_code == 403
    assert Client().get(access_of(analyst)).status_code == 302


def test_nobody_deletes_a_person(desk: Client, analyst: User) -> None:
    address = reverse("admin:auth_user_delete", args=[analyst.pk])
    assert desk.post(address, {"post": "yes"}).status_code == 403


# Invitations -----------------------------------------------------------------------------------


def invite(desk: Client, on_commit: Any, **changes: Any) -> Any:
    with on_commit(execute=True):
        return desk.post(ADD, newcomer(**changes))


@pytest.mark.usefixtures("with_mail")
def test_invited_person_gets_a_mail_and_chooses_a_password(
    desk: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    response = invite(desk, django_capture_on_commit_callbacks)
    nina = User.objects.get(username="nina")
    assert response["Location"] == access_of(nina)
    assert nina.is_staff and not nina.is_superuser and not nina.has_usable_password()
    assert [one.name for one in nina.groups.all()] == ["Analyst"]
    [message] = mail.outbox
    assert message.to == ["nina@example.org"]
    assert "72 hours" in message.body and "nina" in message.body
    link = mailed_link()
    assert is_taken(choose(client, link))
    sign_in(client, "nina", "a wholly other phrase 17")
    assert is_signed_in(client)


@pytest.mark.usefixtures("with_mail")
def test_mail_and_its_link_are_in_the_language_of_the_person(
    desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    invite(desk, django_capture_on_commit_callbacks, mail_language="ja")
    assert "アカウント" in mail.outbox[0].subject
    assert mailed_link().startswith("/ja/accounts/invitation/")


@pytest.mark.usefixtures("with_mail")
def test_invitation_leaves_one_line_without_its_link(
    desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    lines = lines_of(lambda: invite(desk, django_capture_on_commit_callbacks))
    assert lines == [("account", "done", "administrator")]
    token = mailed_link().rstrip("/").rpartition("/")[2]
    said = Act.objects.latest("pk")
    assert "nina" in said.subject
    assert token not in f"{said.subject} {said.detail}"


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize(
    "changes",
    [{"email": ""}, {"groups": []}, {"username": ""}, {"username": "administrator"}],
)
def test_account_needs_a_name_a_role_and_an_address_for_its_mail(
    desk: Client, changes: dict[str, Any]
) -> None:
    assert desk.post(ADD, newcomer(**changes)).status_code == 200
    assert User.objects.count() == 1 and not mail.outbox


@pytest.mark.usefixtures("with_mail")
def test_administrator_makes_no_account_of_more_than_a_role(desk: Client) -> None:
    owners = Group.objects.create(name="Owners")
    assert desk.post(ADD, newcomer(groups=[owners.pk])).status_code == 200
    desk.post(ADD, newcomer(is_superuser="on"))
    assert not User.objects.get(username="nina").is_superuser


def shown_link(response: Any) -> str:
    [found] = re.findall(r"http://[^/]+(/accounts/invitation/[^<\s]+)", response.content.decode())
    return found


def test_without_mail_the_link_is_shown_once(desk: Client, client: Client) -> None:
    assert "No mail can be sent from here" in desk.get(ADD).content.decode()
    response = desk.post(ADD, newcomer(email=""))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    link = shown_link(response)
    nina = User.objects.get(username="nina")
    for page in (page_of(nina), access_of(nina)):
        assert link not in desk.get(page).content.decode()
    assert is_taken(choose(client, link))
    assert not mail.outbox


def test_new_link_voids_the_one_before_and_leaves_one_line(desk: Client, client: Client) -> None:
    first = shown_link(desk.post(ADD, newcomer()))
    nina = User.objects.get(username="nina")
    again = reverse("admin:invite_person", args=[nina.pk])
    made: list[Any] = []
    lines = lines_of(lambda: made.append(desk.post(again)))
    assert lines == [("account", "done", "administrator")]
    assert not is_taken(choose(client, first))
    assert is_taken(choose(client, shown_link(made[0])))


@pytest.mark.usefixtures("with_mail")
def test_new_link_is_mailed(desk: Client, django_capture_on_commit_callbacks: Any) -> None:
    invite(desk, django_capture_on_commit_callbacks)
    nina = User.objects.get(username="nina")
    with django_capture_on_commit_callbacks(execute=True):
        response = desk.post(reverse("admin:invite_person", args=[nina.pk]))
    assert response["Location"] == access_of(nina)
    assert len(mail.outbox) == 2 and ROOT in mail.outbox[1].body


@pytest.mark.about_databases
@pytest.mark.usefixtures("with_mail")
@pytest.mark.django_db(transaction=True)
def test_mail_that_fails_is_told(desk: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.test_password_links.Away"
    response = desk.post(ADD, newcomer())
    assert "could not be sent" in desk.get(response["Location"]).content.decode()
    assert User.objects.filter(username="nina").exists()


def test_who_has_a_password_needs_no_link(desk: Client, analyst: User) -> None:
    desk.post(reverse("admin:invite_person", args=[analyst.pk]))
    analyst.refresh_from_db()
    assert analyst.check_password("secret")


def test_deactivated_account_loses_link_and_sessions_for_good(
    desk: Client, client: Client, analyst: User
) -> None:
    sign_in(client, "analyst")
    desk.post(page_of(analyst), typed(analyst, is_active=None))
    assert not SignedInSession.objects.filter(person_id=analyst.pk).exists()
    desk.post(page_of(analyst), typed(analyst))
    assert client.get("/admin/").status_code == 302
    link = shown_link(desk.post(ADD, newcomer()))
    nina = User.objects.get(username="nina")
    desk.post(page_of(nina), typed(nina, is_active=None))
    desk.post(page_of(nina), typed(nina))
    assert not is_taken(choose(Client(), link))


# Second factors are seen -----------------------------------------------------------------------


def give_factor(person: User, kind: str = "totp") -> None:
    Authenticator.objects.create(user=person, type=kind, data={})


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("none", {"administrator", "editor"}),
        ("any", {"analyst", "reviewer"}),
        ("totp", {"analyst"}),
        ("webauthn", {"analyst", "reviewer"}),
    ],
)
def test_list_is_filtered_by_second_factor(
    desk: Client, analyst: User, reviewer: User, editor: User, value: str, names: set[str]
) -> None:
    for person, kind in (
        (analyst, "totp"),
        (analyst, "webauthn"),
        (reviewer, "webauthn"),
        (editor, "recovery_codes"),
    ):
        give_factor(person, kind)
    response = desk.get("/admin/auth/user/", {"factor": value})
    assert {one.username for one in response.context["cl"].result_list} == names


def test_unknown_second_factor_lists_nobody(desk: Client, analyst: User) -> None:
    response = desk.get("/admin/auth/user/", {"factor": "zzz"})
    assert response.status_code == 302 and response["Location"].endswith("?e=1")


def test_list_and_page_say_the_kinds_of_factors(desk: Client, analyst: User) -> None:
    give_factor(analyst)
    give_factor(analyst, "webauthn")
    for page in ("/admin/auth/user/", access_of(analyst)):
        html = desk.get(page).content.decode()
        assert "Authenticator app" in html and "Passkey or security key" in html


# Sessions of others ----------------------------------------------------------------------------


def test_one_session_of_another_is_ended_and_leaves_one_line(desk: Client, analyst: User) -> None:
    here, there = Client(), Client()
    sign_in(here, "analyst", headers={"User-Agent": "Firefox on a desk"})
    sign_in(there, "analyst", headers={"User-Agent": "Safari on a phone"})
    html = desk.get(access_of(analyst)).content.decode()
    assert "Firefox on a desk" in html and "Safari on a phone" in html
    assert there.session.session_key not in html
    mark = SignedInSession.objects.get(session_key=there.session.session_key).mark
    address = reverse("admin:end_session", args=[analyst.pk])
    assert lines_of(lambda: desk.post(address, {"end": mark})) == [
        ("session", "done", "administrator")
    ]
    assert "analyst" in Act.objects.latest("pk").subject
    assert [one.get("/admin/").status_code for one in (here, there)] == [200, 302]


def test_all_sessions_of_one_person_are_ended_and_nobody_elses(
    desk: Client, analyst: User, editor: User
) -> None:
    here, there, other = Client(), Client(), Client()
    for client, name in ((here, "analyst"), (there, "analyst"), (other, "editor")):
        sign_in(client, name)
    theirs = SignedInSession.objects.get(session_key=other.session.session_key).mark
    address = reverse("admin:end_session", args=[analyst.pk])
    desk.post(address, {"end": theirs})
    desk.post(address, {"end": "all"})
    assert [one.get("/admin/").status_code for one in (here, there, other)] == [302, 302, 200]


def test_ending_a_session_asks_again_after_hours(
    service: Any, client: Client, administrator: User, analyst: User, monkeypatch: Any
) -> None:
    import time

    service.MFA_REQUIRED = "none"
    sign_in(client, "administrator")
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 5 * 3600)
    address = reverse("admin:end_session", args=[analyst.pk])
    response = client.post(address, {"end": "all"})
    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_a_record_stays_closed_to_administrators(desk: Client) -> None:
    action = ActionFactory()
    for address in (
        reverse("admin:recommendations_action_change", args=[action.pk]),
        reverse("admin:log_update"),
        reverse("admin:review_queue"),
        reverse("admin:translations"),
        reverse("admin:import_report"),
        reverse("admin:import_table"),
        reverse("admin:reader_reports"),
    ):
        assert desk.get(address).status_code == 403, address


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_pages_of_accounts_open_in_both_languages(
    desk: Client, analyst: User, staff_member: Callable[..., User], prefix: str
) -> None:
    for address in (access_of(analyst), page_of(analyst), ADD):
        assert desk.get(f"{prefix}{address}").status_code == 200
    assert desk.get(f"{prefix}/admin/people/999999/access/").status_code == 404
