"""How somebody gets the link by which they choose their password."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from alliance.one_time_links import INVITATIONS
from recommendations.accounts import letters
from recommendations.accounts.people import mail_language_of


def invite(request: HttpRequest, person: User) -> HttpResponse:
    """Mail the link, or show it this once where no mail can go out.

    The mail goes out after the transaction, which must not wait for a server.
    """
    if letters.is_mail_set_up():
        transaction.on_commit(partial(_mail, request, person))
        return redirect("admin:person_access", person.pk)
    root = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    with translation.override(mail_language_of(person)):
        link = INVITATIONS.address_for(person, root=root)
    context = {"person": person, "link": link, "hours": INVITATIONS.hours}
    response = render(request, "admin/invitation_link.html", context)
    add_never_cache_headers(response)
    return response


def _mail(request: HttpRequest, person: User) -> None:
    if letters.send(letters.invitation(person)):
        told = _("A link to choose a password went to %(address)s.")
        messages.success(request, told % {"address": person.email})
    else:
        told = _("The mail to %(address)s could not be sent. Send a new link later.")
        messages.error(request, told % {"address": person.email})
