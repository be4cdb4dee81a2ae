"""The name of the site, which stands in `settings.SITE_NAME` alone."""

from collections.abc import Callable

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext


def site_name() -> str:
    """Return the name in the language of the reader."""
    return gettext(settings.SITE_NAME)


def lazy_text(function: Callable[[], str]) -> Callable[[], str]:
    """Make a function give a text that is put into words when it is shown."""
    return lazy(function, str)


lazy_site_name = lazy_text(site_name)
