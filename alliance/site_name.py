"""The name of the site, as editors say it; before they do, and without a database, the setting."""

from collections.abc import Callable

from django.utils.functional import lazy

from recommendations.site_row import site


def site_name() -> str:
    """Return the name in the language of the reader."""
    return site().name_said


def lazy_text(function: Callable[[], str]) -> Callable[[], str]:
    """Make a function give a text that is put into words when it is shown."""
    return lazy(function, str)


lazy_site_name = lazy_text(site_name)
