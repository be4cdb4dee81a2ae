"""Which addresses of the web the record takes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

SCHEMES = ("http", "https")
LONGEST = 2000
# Controls, and what nobody sees: zero width, soft hyphen, and marks that turn the order of the
# letters around, so that an address reads as another one.
INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_is_well_formed = URLValidator(schemes=SCHEMES)


def refuse_bad_address(address: str) -> None:
    """Raise ValidationError, with what to do about it, for an address that nobody should follow."""
    if problem := _problem_of(address):
        raise ValidationError(problem)
    try:
        _is_well_formed(address)
    except ValidationError as error:
        form = _("An address begins with https:// or http://. Copy all of it from the browser.")
        raise ValidationError([error, form]) from error


def _problem_of(address: str) -> str:
    if len(address) > LONGEST:
        return _("An address has at most %(limit)d characters, this one has %(n)d.") % {
            "limit": LONGEST,
            "n": len(address),
        }
    if INVISIBLE.search(address):
        return _("This address has invisible characters. Type it instead of copying it.")
    try:
        parts = urlsplit(address)
    except ValueError:
        # What is well formed is asked next.
        return ""
    if "@" in parts.netloc:
        return _("Leave the name or password before the @ out of this address.")
    return ""
