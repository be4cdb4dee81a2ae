"""Values in; codes, dates and text out, or sentences that say why not, and what would do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .vocabularies import Option

SHOWN_CHARACTERS = 80
LISTED_VALUES = 40
LONGEST_SEARCH = 200
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def shown(text: str) -> str:
    """Return what was asked for as a page can show it: short, without invisible characters."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


class CodesField(forms.Field):
    """Any number of codes; returns them once each, in the order of the vocabulary."""

    widget = forms.SelectMultiple

    def __init__(self, *, name: str, options: Callable[[], list[Option]]) -> None:
        super().__init__(required=False)
        self.name, self.options = name, options

    def clean(self, value: Any) -> list[str]:
        if not value:
            return []
        codes = [option.code for option in self.options()]
        if unknown := [code for code in value if code not in codes]:
            raise ValidationError([self._refusal(code, codes) for code in unknown[:5]])
        return [code for code in codes if code in value]

    def _refusal(self, code: str, codes: list[str]) -> str:
        more = ", …" if len(codes) > LISTED_VALUES else ""
        return _("“%(value)s” is not a value of “%(name)s”. It can be: %(allowed)s.") % {
            "value": shown(code),
            "name": self.name,
            "allowed": (", ".join(codes[:LISTED_VALUES]) or _("nothing yet")) + more,
        }


class CodeField(CodesField):
    """Exactly one code, the first of the vocabulary unless told otherwise."""

    widget = forms.TextInput

    def clean(self, value: Any) -> Any:
        [code] = super().clean([value]) if value is not None else [self.options()[0].code]
        return code


class DayField(forms.Field):
    def __init__(self, *, name: str) -> None:
        super().__init__(required=False)
        self.name = name

    def clean(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            if ISO_DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError(
            _("“%(value)s” is not a date for “%(name)s”. Write it as 2026-06-17: year-month-day.")
            % {"value": shown(value), "name": self.name}
        )


class SearchField(forms.Field):
    def __init__(self, *, name: str) -> None:
        super().__init__(required=False)
        self.name = name

    def clean(self, value: Any) -> str:
        # Japanese keyboards type a wide space, which is no printable character.
        text = " ".join((value or "").split())
        if len(text) > LONGEST_SEARCH:
            raise ValidationError(
                _("“%(name)s” has %(n)d characters. It can have up to %(limit)d.")
                % {"name": self.name, "n": len(text), "limit": LONGEST_SEARCH}
            )
        if not text.isprintable() or "\N{REPLACEMENT CHARACTER}" in text:
            raise ValidationError(
                _("“%(value)s” has characters in “%(name)s” that no text contains.")
                % {"value": shown(text), "name": self.name}
            )
        return text
