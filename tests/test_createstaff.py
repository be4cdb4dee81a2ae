import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from recommendations.models import Act

from .test_password_links import choose, is_taken, mailed_link, with_mail

__all__ = ["with_mail"]

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def createstaff(*arguments: str) -> str:
    out = StringIO()
    call_command("createstaff", *arguments, stdout=out)
    return out.getvalue()


def printed_password(output: str) -> str:
    line = next(line for line in output.splitlines() if line.startswith("Password:"))
    return line.split()[1]


@pytest.mark.parametrize("role", ["analyst", "reviewer", "editor", "administrator"])
def test_new_account_signs_in_with_the_printed_password(role: str) -> None:
    output = createstaff("ada", "--role", role, "--email", "ada@example.org")
    user = authenticate(username="ada", password=printed_password(output))
    assert user is not None
    assert user.is_staff
    assert not user.is_superuser
    assert [group.name.lower() for group in user.groups.all()] == [role]
    assert user.email == "ada@example.org"


def test_account_is_made_although_the_groups_are_gone() -> None:
    Group.objects.all().delete()
    createstaff("ada", "--role", "editor")
    assert User.objects.get().groups.get().permissions.exists()


def test_reset_replaces_the_password() -> None:
    first = printed_password(createstaff("ada", "--role", "editor"))
    second = printed_password(createstaff("ada", "--reset"))
    assert authenticate(username="ada", password=first) is None
    assert authenticate(username="ada", password=second) is not None


def test_reset_keeps_the_role() -> None:
    createstaff("ada", "--role", "editor")
    createstaff("ada", "--role", "editor", "--reset")
    assert User.objects.get().groups.get().name.lower() == "editor"


def test_existing_name_without_reset_is_refused() -> None:
    first = printed_password(createstaff("ada", "--role", "editor"))
    with pytest.raises(CommandError, match="already. With --reset"):
        createstaff("ada", "--role", "editor")
    assert authenticate(username="ada", password=first) is not None


def test_reset_with_another_role_is_refused() -> None:
    createstaff("ada", "--role", "analyst")
    with pytest.raises(CommandError, match="does not have the role"):
        createstaff("ada", "--role", "editor", "--reset")
    assert User.objects.get().groups.get().name.lower() == "analyst"


def test_reset_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        createstaff("nobody", "--reset")


def test_reset_of_an_account_that_is_not_staff_is_refused() -> None:
    User.objects.create_user("reader")
    with pytest.raises(CommandError, match="not an active staff account"):
        createstaff("reader", "--reset")


def test_lost_second_factor_is_forgotten_with_a_new_password() -> None:
    createstaff("ada", "--role", "reviewer")
    user = User.objects.get()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    createstaff("ada", "--reset")
    assert Authenticator.objects.count() == 2
    createstaff("ada", "--reset", "--forget-second-factor")
    assert not Authenticator.objects.exists()


def test_forgetting_what_is_not_there_leaves_the_password() -> None:
    first = printed_password(createstaff("ada", "--role", "reviewer"))
    with pytest.raises(CommandError, match="has no second factor to forget"):
        createstaff("ada", "--reset", "--forget-second-factor")
    assert authenticate(username="ada", password=first) is not None


def test_reviewer_is_told_of_the_second_factor(settings) -> None:
    settings.TRYOUT = False
    assert "second factor" in createstaff("ada", "--role", "reviewer")
    assert "second factor" not in createstaff("bob", "--role", "analyst")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ada", "--role", "editor", "--forget-second-factor"], "goes with --reset alone"),
        (["ada"], "needs --role"),
        (["ada", "--role", "king"], "There is no role 'king'. The roles are analyst,"),
        (["a da", "--role", "editor"], "Enter a valid username"),
        (["a" * 151, "--role", "editor"], "at most 150 characters"),
        (["ada", "--role", "editor", "--email", "x"], "Enter a valid email address"),
    ],
)
def test_bad_account_is_refused_and_not_made(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        createstaff(*arguments)
    assert not User.objects.exists()


# By invitation ---------------------------------------------------------------------------------


def test_invited_person_chooses_the_password_by_the_printed_link(client: Client) -> None:
    output = createstaff("ada", "--role", "analyst", "--invite")
    assert "Password:" not in output
    [link] = re.findall(r"http://localhost:8000(/accounts/invitation/\S+)", output)
    assert not User.objects.get().has_usable_password()
    assert is_taken(choose(client, link))


@pytest.mark.usefixtures("with_mail")
def test_link_is_mailed_and_not_printed_where_mail_is_set_up(client: Client) -> None:
    output = createstaff("ada", "--role", "analyst", "--email", "ada@example.org", "--invite")
    assert "ada@example.org" in output and "/invitation/" not in output
    assert is_taken(choose(client, mailed_link()))


def test_forgotten_password_is_chosen_anew_by_a_link(client: Client) -> None:
    first = printed_password(createstaff("ada", "--role", "analyst"))
    output = createstaff("ada", "--reset", "--invite")
    assert authenticate(username="ada", password=first) is None
    [link] = re.findall(r"(/accounts/invitation/\S+)", output)
    assert is_taken(choose(client, link))


def test_link_needs_to_know_where_it_leads(settings: Any) -> None:
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL"):
        createstaff("ada", "--role", "analyst", "--invite")
    assert not User.objects.exists()


def test_line_of_an_invitation_has_no_link() -> None:
    createstaff("ada", "--role", "analyst", "--invite")
    act = Act.objects.get()
    assert (act.event, act.subject) == ("account", "ada")
    assert "invitation/" not in act.detail
