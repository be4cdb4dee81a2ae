"""Reading the query string strictly: what a page does not know, it refuses."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .errors import BadAddress, refuse

IGNORED = ("fbclid", "gclid")
IGNORED_PREFIX = "utm_"


def known_parameters(request: HttpRequest) -> dict[str, list[str]]:
    """Return the query string without the marks that other sites add to links."""
    return {
        name: values
        for name, values in request.GET.lists()
        if name not in IGNORED and not name.startswith(IGNORED_PREFIX)
    }


def refuse_unknown(request: HttpRequest, allowed: Collection[str] = ()) -> None:
    """Raise BadAddress if the address has a parameter that the page does not know."""
    unknown = [name for name in known_parameters(request) if name not in allowed]
    if unknown:
        known = ", ".join(sorted(allowed)) or _("none")
        raise BadAddress(
            [
                _("This page does not know the parameter “%(name)s”. It knows: %(known)s.")
                % {"name": name[:80], "known": known}
                for name in unknown
            ]
        )


def page_number(request: HttpRequest) -> int:
    """Return ?page=, from 1, or raise BadAddress."""
    text = ", ".join(request.GET.getlist("page") or ["1"])
    if not text.isascii() or not text.isdigit() or not int(text[:9]) > 0 or len(text) > 9:
        raise BadAddress([_("“%(text)s” is not a page number.") % {"text": text[:80]}])
    return int(text)


def strict(*allowed: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view refuse unknown parameters, and answer BadAddress with a page that says why."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                refuse_unknown(request, allowed)
                return view(request, *args, **kwargs)
            except BadAddress as error:
                return refuse(request, error.reasons)

        return wrapper

    return decorate
