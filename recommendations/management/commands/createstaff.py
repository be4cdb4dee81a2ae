from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alliance import second_factor
from recommendations.roles import ROLES, synchronise_roles
from recommendations.staff import forget_second_factor, make_staff_user, renew_password


class Command(BaseCommand):
    help = "Makes an account for an analyst, a reviewer or an editor and prints its password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", help="analyst, reviewer or editor; needed for a new account")
        parser.add_argument(
            "--email", default="", help="needed to sign in through an OpenID Connect provider"
        )
        parser.add_argument(
            "--reset", action="store_true", help="give an existing account a new password"
        )
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help="with --reset: for somebody who lost the app or key and the recovery codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = User.normalize_username(options["name"])
        role = self._role(options["role"])
        user = User.objects.filter(username=name).first()
        if options["forget_second_factor"] and not options["reset"]:
            raise CommandError("--forget-second-factor goes with --reset alone.")
        if options["reset"]:
            password = self._renew(name, user, role=role, forgets=options["forget_second_factor"])
        else:
            password = self._make(name, user, role=role, email=options["email"])
        self.stdout.write(f"User name: {name}")
        self.stdout.write(f"Password:  {password}")
        self.stdout.write("It is shown this once. Another one: createstaff NAME --reset")
        if second_factor.is_required_of(User.objects.get(username=name)):
            self.stdout.write("After signing in, a second factor must be set up or used.")

    def _role(self, word: str | None) -> str | None:
        roles = {role.lower(): role for role in ROLES}
        if word is None:
            return None
        if word.lower() not in roles:
            raise CommandError(f"There is no role {word!r}. The roles are {', '.join(roles)}.")
        return roles[word.lower()]

    def _make(self, name: str, user: User | None, *, role: str | None, email: str) -> str:
        if user:
            raise CommandError(
                f"There is a user {name!r} already. With --reset it gets a new password."
            )
        if role is None:
            raise CommandError("A new account needs --role analyst, reviewer or editor.")
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
            raise CommandError(f"There is no user {name!r}. Without --reset one is made.")
        if not (user.is_staff and user.is_active):
            raise CommandError(f"{name!r} is not an active staff account.")
        if role and not user.groups.filter(name=role).exists():
            raise CommandError(
                f"{name!r} does not have the role {role}. Roles are changed in the admin."
            )
        if forgets and not forget_second_factor(user):
            raise CommandError(f"{name!r} has no second factor to forget.")
        return renew_password(user)
