"""Who must have a second factor, and the middleware that asks for it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Recovery codes stand in for a factor; they are none.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Whoever may publish, or give others access, needs more than a password.
POWERFUL = (
    "recommendations.review_statusupdate",
    "recommendations.review_retractionrequest",
    "auth.change_user",
)
KINDS = {
    Authenticator.Type.TOTP: gettext_lazy("Authenticator app"),
    Authenticator.Type.WEBAUTHN: gettext_lazy("Passkey or security key"),
}
ENROLLED = "enrolled_second_factor"
# What a session must reach that has yet to show a factor.
OPEN_PAGES = {
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
OPEN_ADMIN_PAGES = {"jsi18n", "login", "logout"}


def is_required_of(user: User | AnonymousUser) -> bool:
    """Superusers count as reviewers: they hold every permission."""
    if settings.TRYOUT or settings.MFA_REQUIRED == "none":
        return False
    if settings.MFA_REQUIRED == "staff":
        return user.is_staff
    return any(user.has_perm(permission) for permission in POWERFUL)


def is_set_up(user: User | AnonymousUser) -> bool:
    return is_mfa_enabled(user, FACTORS)


def kinds_of(person: User) -> list[Promise]:
    """Return what to call the kinds of factors that somebody has (a query, unless prefetched)."""
    # django-allauth comes without types, and so does its side of the relation.
    found = {one.type for one in person.authenticator_set.all()}  # type: ignore[attr-defined]
    return [label for kind, label in KINDS.items() if kind in found]


def note_enrolment(request: HttpRequest) -> None:
    request.session[ENROLLED] = True


def is_shown_in_this_session(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return ENROLLED in request.session or any(record["method"] == "mfa" for record in records)


class SecondFactorMiddleware:
    """Keeps a session out of the staff's pages until it has what its user needs.

    A factor must also have been used in the session itself: one that began with a stolen
    password, before its user set a factor up, would otherwise go on without one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if settings.TRYOUT or match is None or not (is_admin(match) or is_own_account(match)):
            return None
        if not request.user.is_authenticated:
            return None
        if is_set_up(request.user):
            return None if is_shown_in_this_session(request) else ask_for_factor(request)
        if is_admin(match) and is_required_of(request.user):
            return redirect("mfa_index")
        return None


def is_admin(match: ResolverMatch) -> bool:
    return match.namespace == "admin" and match.url_name not in OPEN_ADMIN_PAGES


def is_own_account(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    return name.startswith(("account_", "mfa_")) and name not in OPEN_PAGES


def ask_for_factor(request: HttpRequest) -> HttpResponse:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    pages = [method["url"] for method in methods if method["id"].startswith("mfa_")]
    # The last is the passkey's, where there is one.
    return HttpResponseRedirect(f"{pages[-1]}?{urlencode({'next': request.get_full_path()})}")
