"""What stands between words that are put together."""

from django.utils.translation import pgettext


def colon() -> str:
    return pgettext("between a name and what is said of it", ": ")


def comma() -> str:
    return pgettext("between the items of a list", ", ")
