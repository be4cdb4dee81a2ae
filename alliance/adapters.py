"""What django-allauth asks of the project: nobody signs up, and only staff come in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from alliance import sessions, sign_in_acts
from alliance.client_address import client_network
from alliance.site_name import site_name


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request, user)
        sign_in_acts.signed_in(request, user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_acts.locked_out(request, credentials, self.get_client_ip(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in_acts.refused(request, credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what attempts are counted by: a keyed hash, so that no address is kept."""
        return salted_hmac("sign-in", client_network(request), algorithm="sha256").hexdigest()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)


class FactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        """Return what the app of a phone calls the account."""
        return site_name()


class SocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whoever has the verified e-mail address of one staff account, and nobody else.

        The address decides at each sign-in: an account whose address was changed or that was
        deactivated is out, whatever was connected to it before.
        """
        user = staff_with_verified_address(sociallogin)
        if user is None or sociallogin.state.get("process") != AuthProcess.LOGIN:
            page = render(request, "socialaccount/no_account.html", status=403)
            raise ImmediateHttpResponse(page)
        if sociallogin.user != user:
            sociallogin.connect(request, user)


def staff_with_verified_address(sociallogin: SocialLogin) -> User | None:
    """Return none where several accounts share the address.

    Some providers send "false", a text, which is true.
    """
    verified = [item.email for item in sociallogin.email_addresses if item.verified is True]
    if len(verified) != 1:
        return None
    users = User.objects.filter(email__iexact=verified[0], is_staff=True, is_active=True)[:2]
    return users[0] if len(users) == 1 else None
