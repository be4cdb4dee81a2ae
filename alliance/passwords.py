"""What a password may not be, beyond Django's list of common ones."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.site_name import site_name

REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
NOT_LETTERS = re.compile(r"[\W\d_]+")
SHORTEST_NAME = 3


def bare(text: str) -> str:
    """Return letters alone in lower case, without what is said twice in a row."""
    letters = NOT_LETTERS.sub("", text.casefold())
    while (shorter := REPEATED.sub(r"\1", letters)) != letters:
        letters = shorter
    return letters


class DisguisedPasswordValidator(CommonPasswordValidator):
    """Refuses a common password that digits, signs or repetition have made long."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = NOT_LETTERS.sub("", password.casefold())
        whole = REPEATED.fullmatch(password.casefold())
        if {letters, bare(password), whole[1] if whole else letters} & self.passwords:
            raise ValidationError(
                _("This is a common password with digits, signs or repetition added."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("It is no common password with digits, signs or repetition added.")


class NamedPasswordValidator:
    """Refuses one that is little more than the name of the site or of the account."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = NOT_LETTERS.sub("", password.casefold())
        for name in names_of(user):
            if len(letters.replace(name, "")) * 2 < len(letters):
                raise ValidationError(
                    _("This is little more than the name of the site or of the account."),
                    code="password_too_similar",
                )

    def get_help_text(self) -> str:
        return _("It is not made of the name of the site or of the account.")


def names_of(user: Any) -> list[str]:
    """Return names in letters alone, longest first."""
    name = site_name()
    said = [settings.SITE_NAME, *settings.SITE_NAME.split(), name, *name.split()]
    for field in ("username", "first_name", "last_name", "email"):
        value = str(getattr(user, field, "") or "")
        said += [value, *re.split(r"[\W_]+", value)]
    names = {NOT_LETTERS.sub("", one.casefold()) for one in said}
    return sorted((one for one in names if len(one) >= SHORTEST_NAME), key=len, reverse=True)
