"""Accounts of the staff, and how their people are written to."""

import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import transaction
from django.db.models import QuerySet

from recommendations.models.staff import DEADLINE_POINTS, DeadlineMails
from recommendations.text.scripts import SCRIPTS

from .roles import ANALYST


def analysts() -> QuerySet[User]:
    """Return those whom work can be assigned to."""
    return User.objects.filter(is_active=True, groups__name=ANALYST).order_by("username")


def name_of(person: User) -> str:
    """Return the name that a person goes by; one in Japanese script has the family name first."""
    names = [person.first_name, person.last_name]
    if SCRIPTS["ja"].search("".join(names)):
        names.reverse()
    return " ".join(name for name in names if name) or person.get_username()


def may_manage(user: User, person: User) -> bool:
    """Whether somebody may change the account of a person; those of superusers none but they."""
    return user.has_perm("auth.change_user") and (user.is_superuser or not person.is_superuser)


def mail_language_of(person: User | AnonymousUser) -> str:
    """Return the language of mails to a person, that of the site where they chose none."""
    chosen = getattr(getattr(person, "preference", None), "mail_language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def deadline_points_of(person: User) -> tuple[int, ...]:
    """Return at how many days before a deadline a person is told of it; 0 is when it has passed."""
    chosen = getattr(getattr(person, "preference", None), "deadline_mails", DeadlineMails.ALL)
    return DEADLINE_POINTS[DeadlineMails(chosen)]


def random_password() -> str:
    return secrets.token_urlsafe(15)


@transaction.atomic
def make_staff_user(name: str, *, role: str, email: str = "") -> str:
    """Make an account; return its password, which is kept nowhere else."""
    password = random_password()
    user = User.objects.create_user(name, email=email, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return password


def begin_invitation(user: User) -> None:
    """Take the password away, and with it every link that was sent before.

    What Django stores in place of one is new each time, and links are signed over it.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])


@transaction.atomic
def renew_password(user: User) -> str:
    """Give a new password and return it.

    That ends every session of the user: Django ties a session to the password's hash.
    """
    password = random_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def forget_second_factor(user: User) -> int:
    """Take the app, the passkeys and the recovery codes away; return how many there were."""
    number, _by_model = Authenticator.objects.filter(user=user).delete()
    return number
