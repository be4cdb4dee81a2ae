"""Mails about one's own account: plain text, in the language of who gets them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.one_time_links import INVITATIONS, PASSWORD_RESETS
from alliance.site_name import site_name

from .digest import FAILURES
from .people import mail_language_of, name_of
from .signature import signature

logger = logging.getLogger(__name__)


def is_mail_set_up() -> bool:
    """Whether a mail with a link can go out: to a server, and with an address to lead to."""
    return bool(settings.EMAIL_HOST and settings.SITE_URL)


def invitation(person: User) -> mail.EmailMessage:
    with translation.override(mail_language_of(person)):
        subject = _("%(site)s: your account") % {"site": site_name()}
        link = INVITATIONS.address_for(person, root=settings.SITE_URL)
        return _letter(person, subject, "invitation", link=link, hours=INVITATIONS.hours)


def password_reset(person: User) -> mail.EmailMessage:
    with translation.override(mail_language_of(person)):
        subject = _("%(site)s: choose a new password") % {"site": site_name()}
        link = PASSWORD_RESETS.address_for(person, root=settings.SITE_URL)
        return _letter(person, subject, "password_reset", link=link)


def factors_removed(person: User) -> mail.EmailMessage:
    with translation.override(mail_language_of(person)):
        subject = _("%(site)s: your second factor was removed") % {"site": site_name()}
        return _letter(person, subject, "factors_removed")


def password_chosen(person: User) -> mail.EmailMessage:
    with translation.override(mail_language_of(person)):
        subject = _("%(site)s: your password was changed") % {"site": site_name()}
        return _letter(person, subject, "password_chosen")


def address_changed(person: User, *, before: str) -> mail.EmailMessage:
    """Tell a person at the address that they had: whoever took it over would not say."""
    with translation.override(mail_language_of(person)):
        subject = _("%(site)s: your address was changed") % {"site": site_name()}
        message = _letter(person, subject, "address_changed")
    message.to = [before]
    return message


def _letter(person: User, subject: str, template: str, **facts: object) -> mail.EmailMessage:
    context = {
        "name": name_of(person),
        "user_name": person.get_username(),
        "site": site_name(),
        **facts,
    }
    body = render_to_string(f"mail/{template}.txt", context) + signature()
    return mail.EmailMessage(
        subject, body, to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    )


def send(message: mail.EmailMessage) -> bool:
    """Send a mail and return whether the server took it. The log says why not, and no link."""
    try:
        message.send()
    except FAILURES as error:
        logger.error("A mail about an account was not sent: %s", type(error).__name__)
        return False
    return True
