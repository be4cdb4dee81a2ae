"""The sentence on the licence that files carry."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.text.licence import LICENCE_URL


def licence_sentence() -> str:
    return _(
        "The data are licensed under CC BY 4.0 (%(url)s): name “%(site)s” and say what you changed."
    ) % {"url": LICENCE_URL, "site": site_name()}
