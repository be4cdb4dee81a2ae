from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alliance import second_factor
from alliance.one_time_links import INVITATIONS
from recommendations.accounts import letters
from recommendations.accounts.people import (
    begin_invitation,
    forget_second_factor,
    mail_language_of,
    make_staff_user,
    renew_password,
)
from recommendations.accounts.roles import ROLES, synchronise_roles
from recommendations.management.base import TerminalCommand
from recommendations.models.act import Event
from recommendations.text.punctuation import listed


class Command(TerminalCommand):
    help = gettext_noop(
        "Makes an account for an analyst, a reviewer, an editor or an administrator, and prints "
        "its password once or invites its person."
    )
    act = Event.ACCOUNT

    def subject(self, options: Mapping[str, Any]) -> str:
        return options["name"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--role", help=_("analyst, reviewer, editor or administrator; needed for a new account")
        )
        parser.add_argument(
            "--email", default="", help=_("needed to sign in through an OpenID Connect provider")
        )
        parser.add_argument(
            "--reset", action="store_true", help=_("give an existing account a new password")
        )
        parser.add_argument(
            "--invite",
            action="store_true",
            help=_("no password: a link to choose one, mailed, or printed where no mail is set up"),
        )
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help=_("with --reset: for somebody who lost the app or key and the recovery codes"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = User.normalize_username(options["name"])
        role = self._role(options["role"])
        user = User.objects.filter(username=name).first()
        if options["forget_second_factor"] and not options["reset"]:
            raise CommandError(_("--forget-second-factor goes with --reset alone."))
        if options["invite"] and not settings.SITE_URL:
            raise CommandError(_("--invite needs SITE_URL: that is where its link leads."))
        if options["reset"]:
            password = self._renew(name, user, role=role, forgets=options["forget_second_factor"])
        else:
            password = self._make(name, user, role=role, email=options["email"])
        self.stdout.write(_("User name: %(name)s") % {"name": name})
        user = User.objects.get(username=name)
        if options["invite"]:
            self._invite(user)
        else:
            self.stdout.write(_("Password:  %(password)s") % {"password": password})
            self.stdout.write(_("It is shown this once. Another one: createstaff NAME --reset"))
        if second_factor.is_required_of(user):
            self.stdout.write(_("After signing in, a second factor must be set up or used."))

    def _invite(self, user: User) -> None:
        """Let the person choose a password by a link; the one that was made goes unseen."""
        begin_invitation(user)
        if not (letters.is_mail_set_up() and user.email):
            with translation.override(mail_language_of(user)):
                link = INVITATIONS.address_for(user, root=settings.SITE_URL)
            told = _("Link to choose a password, once and within %(hours)d hours: %(link)s")
            self.stdout.write(told % {"hours": INVITATIONS.hours, "link": link})
        elif letters.send(letters.invitation(user)):
            told = _("A link to choose a password went to %(address)s.")
            self.stdout.write(told % {"address": user.email})
        else:
            told = _("The mail to %(address)s could not be sent. Send a new link later.")
            self.stderr.write(told % {"address": user.email})

    def _role(self, word: str | None) -> str | None:
        roles = {role.lower(): role for role in ROLES}
        if word is None:
            return None
        if word.lower() not in roles:
            raise CommandError(
                _("There is no role '%(word)s'. The roles are %(roles)s.")
                % {"word": word, "roles": listed(roles)}
            )
        return roles[word.lower()]

    def _make(self, name: str, user: User | None, *, role: str | None, email: str) -> str:
        if user:
            raise CommandError(
                _("There is a user '%(name)s' already. With --reset it gets a new password.")
                % {"name": name}
            )
        if role is None:
            raise CommandError(
                _("A new account needs --role analyst, reviewer, editor or administrator.")
            )
        try:
            User(username=name, email=email).full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        # A flush of the database takes the groups along.
        synchronise_roles()
        return make_staff_user(name, role=role, email=email)

    @transaction.atomic
    def _renew(self, name: str, user: User | None, *, role: str | None, forgets: bool) -> str:
        if user is None:
            raise CommandError(
                _("There is no user '%(name)s'. Without --reset one is made.") % {"name": name}
            )
        if not (user.is_staff and user.is_active):
            raise CommandError(_("'%(name)s' is not an active staff account.") % {"name": name})
        if role and not user.groups.filter(name=role).exists():
            raise CommandError(
                _("'%(name)s' does not have the role %(role)s. Roles are changed in the admin.")
                % {"name": name, "role": role.lower()}
            )
        if forgets and not forget_second_factor(user):
            raise CommandError(_("'%(name)s' has no second factor to forget.") % {"name": name})
        return renew_password(user)
