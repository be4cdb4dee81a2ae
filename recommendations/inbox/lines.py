"""Read what was pasted: an address, a headline or both in each line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.suggesting.addresses import addresses_in

from .adding import News, cleaned_news

MOST_LINES = 50
# What begins like an address and is none that can be cited.
NO_ADDRESS = re.compile(r"(?:www\.|[a-z][a-z0-9+.-]*:/)\S*\Z", re.IGNORECASE)
# Between a headline and its address, and before one in a list.
AROUND = " \t-–—|:·•*>"
# What an address stood in.
EMPTY_BRACKETS = re.compile(r"[(（<\[]\s*[)）>\]]")
ONE_ADDRESS = re.compile(r"https?://\S+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One pasted line, as it was typed: what it says, or why it says nothing."""

    number: int
    text: str
    news: News | None
    problems: tuple[str, ...] = ()


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not empty. Raises ValidationError where they are too many."""
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1)]
    filled = [(n, line) for n, line in lines if line]
    if len(filled) > MOST_LINES:
        raise ValidationError(
            _("At most %(limit)d lines can be pasted at a time, these are %(n)d.")
            % {"limit": MOST_LINES, "n": len(filled)}
        )
    return [_line(n, line) for n, line in filled]


def _line(number: int, text: str) -> Line:
    try:
        return Line(number, text, _news(text))
    except ValidationError as error:
        return Line(number, text, None, tuple(error.messages))


def _news(text: str) -> News:
    if ONE_ADDRESS.match(text):
        # What ends in a bracket is not cut, as in a sentence.
        return cleaned_news(News(url=text))
    addresses, rest = addresses_in(text)
    title = " ".join(EMPTY_BRACKETS.sub(" ", rest).split()).strip(AROUND)
    if len(addresses) > 1:
        raise ValidationError(_("There are several addresses in this line. Write one in a line."))
    if not addresses and NO_ADDRESS.match(text):
        raise ValidationError(
            _("An address begins with https:// or http://. Copy all of it from the browser.")
        )
    return cleaned_news(News(url="".join(addresses), title=title))
