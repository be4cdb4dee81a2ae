"""What the log of acts says of sign-ins, second factors and passwords.

The signals are those of django-allauth and of Django's auth: their views offer no other place that
each way of signing in passes, and the pages for second factors are theirs.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from recommendations import acts
from recommendations.models.act import Event, Outcome

# One line says that attempts are stopped; each of a thousand more would say no more.
LOCK_OUT_SECONDS = 300


def connect() -> None:
    account.authentication_step_completed.connect(shown_again)
    account.password_changed.connect(password_changed)
    account.password_set.connect(password_changed)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_reset.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
    mfa.authentication_failed.connect(factor_refused)
    user_logged_out.connect(signed_out)


def signed_in(request: HttpRequest, user: User) -> None:
    methods = [record["method"] for record in get_authentication_records(request, user)]
    acts.note(Event.SIGN_IN, person=user, detail=", ".join(methods))


def refused(request: HttpRequest, credentials: dict[str, Any]) -> None:
    """Name whose account it was, and never what was typed: it may be a password."""
    user = _owner(credentials)
    is_again = request.user.is_authenticated
    event = Event.REAUTHENTICATION if is_again else Event.SIGN_IN
    detail = "password" if user else "no such account"
    acts.note(event, person=user, detail=detail, outcome=Outcome.REFUSED)


def locked_out(request: HttpRequest, credentials: dict[str, Any], place: str) -> None:
    user = _owner(credentials)
    key = salted_hmac("locked out", f"{place}:{user.pk if user else ''}").hexdigest()
    if cache.add(f"locked-out:{key}", True, LOCK_OUT_SECONDS):
        acts.note(Event.LOCK_OUT, person=user, outcome=Outcome.REFUSED)


def _owner(credentials: dict[str, Any]) -> User | None:
    name, address = credentials.get("username"), credentials.get("email")
    if name:
        return User.objects.filter(username__iexact=name).first()
    return User.objects.filter(email__iexact=address).first() if address else None


def shown_again(*, user: User, method: str, reauthenticated: bool = False, **kwargs: Any) -> None:
    if reauthenticated:
        acts.note(Event.REAUTHENTICATION, person=user, detail=method)


def password_changed(*, user: User, **kwargs: Any) -> None:
    acts.note(Event.PASSWORD, person=user)


def factor_added(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    acts.note(Event.FACTOR_ADDED, person=user, subject=authenticator.type)


def factor_removed(*, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    acts.note(Event.FACTOR_REMOVED, person=user, subject=authenticator.type)


def factor_refused(
    *, user: User, authenticator: Authenticator, reauthentication: bool = False, **kwargs: Any
) -> None:
    event = Event.REAUTHENTICATION if reauthentication else Event.SIGN_IN
    detail = f"second factor: {authenticator.type}"
    acts.note(event, person=user, detail=detail, outcome=Outcome.REFUSED)


def signed_out(*, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        acts.note(Event.SIGN_OUT, person=user)
