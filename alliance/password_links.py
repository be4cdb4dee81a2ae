"""The pages behind one-time links, and the one on which somebody asks for such a link."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SetPasswordForm
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alliance import sessions
from alliance.client_address import client_network
from alliance.one_time_links import INVITATIONS, PASSWORD_RESETS, OneTimeLinks
from alliance.sign_in_acts import LOCK_OUT_SECONDS
from alliance.throttle import seconds_to_wait
from recommendations import acts
from recommendations.accounts import letters
from recommendations.models.act import Event, Outcome

logger = logging.getLogger(__name__)
HOUR = 3600
ASKED_FROM_A_PLACE = 10
ASKED_FOR_AN_ACCOUNT = 3
# Of links that are void: nobody guesses one, and more lines would say no more.
VOID_LINES = 5


class AnswerFirst(HttpResponseRedirect):
    """Does the rest when the answer has gone out, so that its time tells nothing of the rest."""

    def __init__(self, address: str, *, rest: Callable[[], object]) -> None:
        super().__init__(address)
        self.rest = rest

    def close(self) -> None:
        try:
            self.rest()
        except Exception:
            logger.exception("What was to follow an answer failed")
        finally:
            super().close()


# Asking for a link -----------------------------------------------------------------------------


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of your account"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to whoever has this address; the answer is the same where nobody has."""
    _refuse_without_mail()
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/password_forgotten.html", {"form": form})
    place = client_network(request)
    wait = seconds_to_wait(
        "password-forgotten", place, limit=ASKED_FROM_A_PLACE, period=HOUR, now=timezone.now()
    )
    if wait:
        return _too_often(request, form, wait, place=place)
    told = people_to_tell(form.cleaned_data["email"])

    def send() -> None:
        for person in told:
            letters.send(letters.password_reset(person))

    return AnswerFirst(reverse("password_forgotten_sent"), rest=send)


@never_cache
@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    _refuse_without_mail()
    return render(request, "account/password_forgotten_sent.html")


def _refuse_without_mail() -> None:
    if not letters.is_mail_set_up():
        raise Http404


def people_to_tell(address: str) -> list[User]:
    """Return who gets a link, and note each that was asked for (as much work where nobody does).

    Several accounts may share an address: each gets its own.
    """
    people = [person for person in _with_address(address) if PASSWORD_RESETS.is_for(person)]
    if not people:
        _may_ask(address.casefold())
        acts.note(Event.PASSWORD, detail="link: no such account", outcome=Outcome.REFUSED)
        return []
    told = []
    for person in people:
        if _may_ask(str(person.pk)):
            acts.note(Event.PASSWORD, person=person, detail="link asked for")
            told.append(person)
        else:
            acts.note(
                Event.PASSWORD, person=person, detail="link: too often", outcome=Outcome.REFUSED
            )
    return told


def _with_address(address: str) -> QuerySet[User]:
    people = User.objects.filter(email__iexact=address, is_active=True, is_staff=True)
    return people.select_related("preference").order_by("pk")


def _may_ask(account: str) -> bool:
    return not seconds_to_wait(
        "password-forgotten-account",
        account,
        limit=ASKED_FOR_AN_ACCOUNT,
        period=HOUR,
        now=timezone.now(),
    )


def _too_often(request: HttpRequest, form: AddressForm, wait: int, *, place: str) -> HttpResponse:
    if not seconds_to_wait(
        "password-forgotten-line", place, limit=1, period=LOCK_OUT_SECONDS, now=timezone.now()
    ):
        acts.note(Event.LOCK_OUT, detail="password link", outcome=Outcome.REFUSED)
    minutes = -(-wait // 60)
    sentence = ngettext(
        "Links were asked for too often from your network. Try again in %(n)d minute.",
        "Links were asked for too often from your network. Try again in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}
    context = {"form": form, "refusals": [sentence]}
    response = render(request, "account/password_forgotten.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response


# Using one -------------------------------------------------------------------------------------


class ChoosePasswordForm(SetPasswordForm):
    """With the rules as sentences: a list in a hint is none that screen readers read out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class ChoosePasswordView(PasswordResetConfirmView):
    """Keeps the token of the link in the session, and the address clear of it, as Django does."""

    form_class = ChoosePasswordForm
    template_name = "account/choose_password.html"
    token_generator: OneTimeLinks
    said = ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, unless the same link was used meanwhile."""
        with transaction.atomic():
            person = User.objects.select_for_update().get(pk=self.user.pk)
            token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN)
            if not self.token_generator.check_token(person, token):
                self.validlink = False
                return self.render_to_response(self.get_context_data())
            get_adapter().set_password(person, form.cleaned_data["password1"])
            sessions.end_all(person)
            acts.note(Event.PASSWORD, person=person, detail=self.said)
        if self.token_generator is PASSWORD_RESETS and letters.is_mail_set_up():
            letters.send(letters.password_chosen(person))
        # Whoever else is signed in here would be taken for the person of the link.
        logout(self.request)
        messages.success(self.request, _("Your password is set. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.validlink:
            self._note_void()
        return context | {
            "person": self.user,
            "is_invitation": self.token_generator is INVITATIONS,
            "may_ask": letters.is_mail_set_up(),
        }

    def _note_void(self) -> None:
        place = client_network(self.request)
        if not seconds_to_wait(
            "void-link", place, limit=VOID_LINES, period=LOCK_OUT_SECONDS, now=timezone.now()
        ):
            acts.note(
                Event.PASSWORD,
                person=self.user,
                detail=f"{self.said}: void",
                outcome=Outcome.REFUSED,
            )


accept_invitation = ChoosePasswordView.as_view(token_generator=INVITATIONS, said="by invitation")
reset_password = ChoosePasswordView.as_view(token_generator=PASSWORD_RESETS, said="by link")
