"""Values in; codes, dates and text out, or sentences that say why not, and what would do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from recommendations.statuses.possible_dates import bounds_problem
from recommendations.text.punctuation import colon
from recommendations.text.source_keys import SLUG_LENGTH

SHOWN_CHARACTERS = 80
LISTED_VALUES = 40
LONGEST_SEARCH = 200
SOURCE = re.compile(rf"[0-9a-f]{{{SLUG_LENGTH}}}")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def shown(text: str) -> str:
    """Return what was asked for as a page can show it: short, without invisible characters."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


class NamedField(forms.Field):
    """A field whose refusals name the parameter, as the address writes it."""

    def __init__(self, *, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name


class CodesField(NamedField, forms.MultipleChoiceField):
    """Any number of codes; returns them once each, in the order of the vocabulary."""

    def clean(self, value: list[str]) -> list[str]:
        # An unused filter need not ask what there is to choose from.
        return known_codes(self, value) if value else []


class CodeField(NamedField, forms.ChoiceField):
    """Exactly one code, the first of the vocabulary unless told otherwise."""

    def clean(self, value: str | None) -> str:
        if value is None:
            return codes_of(self)[0]
        [code] = known_codes(self, [value])
        return code


def codes_of(field: forms.ChoiceField) -> list[str]:
    return [str(code) for code, _label in cast(Iterable[tuple[str, Any]], field.choices)]


def known_codes(field: CodesField | CodeField, asked: Iterable[str]) -> list[str]:
    """Return what was asked for in the order of the vocabulary, or raise ValidationError."""
    codes = codes_of(field)
    if unknown := [code for code in asked if code not in codes]:
        raise ValidationError([_unknown(code, field.name, codes) for code in unknown[:5]])
    return [code for code in codes if code in asked]


def _unknown(code: str, name: str, codes: list[str]) -> str:
    more = ", …" if len(codes) > LISTED_VALUES else ""
    return _("“%(value)s” is not a value of “%(name)s”. It can be: %(allowed)s.") % {
        "value": shown(code),
        "name": name,
        "allowed": (", ".join(codes[:LISTED_VALUES]) or _("nothing yet")) + more,
    }


class DayField(NamedField, forms.DateField):
    """A date as the address writes it in both languages, year first."""

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            if ISO_DAY.fullmatch(value):
                return self._possible(date.fromisoformat(value))
        except ValueError:
            pass
        raise ValidationError(
            _("“%(value)s” is not a date for “%(name)s”. Write it as 2026-06-17: year-month-day.")
            % {"value": shown(value), "name": self.name}
        )

    def _possible(self, on: date) -> date:
        if problem := bounds_problem(on):
            raise ValidationError(f"“{self.name}”{colon()}{problem}")
        return on


class SearchField(NamedField, forms.CharField):
    def to_python(self, value: str | None) -> str:
        # Japanese keyboards type a wide space, which is no printable character.
        return " ".join((value or "").split())

    def validate(self, value: str) -> None:
        if len(value) > LONGEST_SEARCH:
            raise ValidationError(
                _("“%(name)s” has %(n)d characters. It can have up to %(limit)d.")
                % {"name": self.name, "n": len(value), "limit": LONGEST_SEARCH}
            )
        if not value.isprintable() or "\N{REPLACEMENT CHARACTER}" in value:
            raise ValidationError(
                _("“%(value)s” has characters in “%(name)s” that no text contains.")
                % {"value": shown(value), "name": self.name}
            )


class SourceField(NamedField, forms.CharField):
    """The id of a source, as its links and the table of sources have it."""

    def validate(self, value: str) -> None:
        if value and not SOURCE.fullmatch(value):
            raise ValidationError(
                _(
                    "“%(value)s” is not a source for “%(name)s”. Follow a link of a source, or "
                    "copy its id from the table of sources."
                )
                % {"value": shown(value), "name": self.name}
            )


class ParameterForm(forms.Form):
    """A parameter that is no list of codes has one value: Django would take the last of them."""

    def clean(self) -> None:
        for name, field in self.fields.items():
            if not isinstance(field, forms.MultipleChoiceField) and self._is_repeated(name):
                self.add_error(
                    name,
                    _("“%(name)s” is given more than once. It can have one value.")
                    % {"name": name},
                )

    def _is_repeated(self, name: str) -> bool:
        data = self.data
        return isinstance(data, QueryDict) and len(data.getlist(self.add_prefix(name))) > 1
