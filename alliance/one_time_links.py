"""Links by which one person chooses a password: once, and within some hours.

Django's tokens are signed over the hash of the password, the last sign-in and the address, so a
link is void once any of them is another. Nothing of a link is stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode


class OneTimeLinks(PasswordResetTokenGenerator):
    """Of one kind. That of another has another signature."""

    page: str
    # At most PASSWORD_RESET_TIMEOUT, which Django checks.
    lasts: timedelta

    def is_for(self, person: User) -> bool:
        return person.is_active and person.is_staff

    def check_token(self, user: Any, token: str | None) -> bool:
        if not user or not self.is_for(user) or not super().check_token(user, token):
            return False
        return self._age(token or "") <= self.lasts.total_seconds()

    def _age(self, token: str) -> int:
        made_at = base36_to_int(token.partition("-")[0])
        return int((self._now() - datetime(2001, 1, 1)).total_seconds()) - made_at

    def address_for(self, person: User, *, root: str) -> str:
        """Return the link, in the language that is active."""
        key = urlsafe_base64_encode(force_bytes(person.pk))
        return root + reverse(self.page, args=[key, self.make_token(person)])

    @property
    def hours(self) -> int:
        return int(self.lasts / timedelta(hours=1))


class Invitations(OneTimeLinks):
    """For whoever has no password yet. Each new one voids those before (`begin_invitation`)."""

    key_salt = "alliance.one_time_links.Invitations"
    page = "invitation"
    lasts = timedelta(hours=72)

    def is_for(self, person: User) -> bool:
        return super().is_for(person) and not person.has_usable_password()


class PasswordResets(OneTimeLinks):
    """For whoever has a password, and forgot it."""

    key_salt = "alliance.one_time_links.PasswordResets"
    page = "password_reset"
    lasts = timedelta(hours=1)

    def is_for(self, person: User) -> bool:
        return super().is_for(person) and bool(person.email) and person.has_usable_password()


INVITATIONS, PASSWORD_RESETS = Invitations(), PasswordResets()
