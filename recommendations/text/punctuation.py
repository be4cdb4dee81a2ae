"""What stands between words that are put together."""

import re
from collections.abc import Iterable

from django.utils.translation import get_language, pgettext

from .kept import kept_by_language

WITHOUT_SPACES = ("ja",)
# Dates and counts, which no line breaks though no spaces hold them together.
NUMBERS = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d+(?:件|項目|年度?)")


@kept_by_language
def colon() -> str:
    return pgettext("between a name and what is said of it", ": ")


@kept_by_language
def comma() -> str:
    return pgettext("between the items of a list", ", ")


@kept_by_language
def semicolon() -> str:
    return pgettext("between the longer items of a list", "; ")


@kept_by_language
def brackets() -> tuple[str, str]:
    """Return what stands before and behind words in brackets that follow others."""
    before, _words, behind = pgettext("in brackets, behind other words", " (%(words)s)").partition(
        "%(words)s"
    )
    return before, behind


def listed(words: Iterable[object]) -> str:
    return comma().join(str(word) for word in words)


def quoted(words: object) -> str:
    return pgettext("words that are quoted", "“%(words)s”") % {"words": words}


@kept_by_language
def stop() -> str:
    return pgettext("at the end of a sentence", ".")


def gap() -> str:
    """What stands after a colon or a full stop that is part of a translation."""
    return "" if get_language() in WITHOUT_SPACES else " "
