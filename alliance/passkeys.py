"""Passkeys and security keys that are refused: each leaves its line, of which allauth says nothing.

django-allauth takes the keys of what the browser sent, and their kinds, for given: what no browser
sends would fail instead of being refused.
"""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)

from recommendations import acts
from recommendations.models.act import Event, Outcome


class RefusedKeyMixin(AuthenticateWebAuthnForm):
    event = Event.SIGN_IN

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            acts.note(
                self.event,
                person=self.user,
                detail=f"second factor: {Authenticator.Type.WEBAUTHN}" if self.user else "passkey",
                outcome=Outcome.REFUSED,
            )

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (AttributeError, KeyError, TypeError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyForm(RefusedKeyMixin, LoginWebAuthnForm):
    """For a sign-in by a passkey alone.

    Whose it is stands in what the browser sent, where anybody may write anything: nobody is named.
    """


class SecondFactorForm(RefusedKeyMixin):
    pass


class AskedAgainForm(RefusedKeyMixin, ReauthenticateWebAuthnForm):
    event = Event.REAUTHENTICATION
