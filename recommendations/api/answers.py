"""What an answer says around its rows: of which day and edition they are, on which terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import wraps
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alliance.site_name import site_name
from recommendations.exports.tables.rows import Row
from recommendations.index.keeping import BeingMade
from recommendations.models import Edition
from recommendations.text.dates import date_text
from recommendations.text.licence import LICENCE_URL
from recommendations.web.errors import BadAddress, View
from recommendations.web.public_request import PublicRequest, newest_edition_of

from .problems import Fault, Refused, refusal

Told = TypeVar("Told", bound=Row)
JSON = "application/json"
METHODS = ("GET", "HEAD", "OPTIONS")
# What browsers may send along from pages of other origins, and for how long they may know it.
ACCEPTED_HEADERS = "Accept, Cache-Control, If-None-Match"
ONE_DAY = str(24 * 3600)


def _of(description: str) -> msgspec.Meta:
    return msgspec.Meta(description=description)


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the rows of every answer."""

    as_of: Annotated[date, _of(gettext_noop("The day that the rows speak for."))]
    edition: Annotated[
        int | None, _of(gettext_noop("The edition that tells them; null before the first."))
    ]
    edition_digest: Annotated[
        str | None,
        _of(gettext_noop("SHA-256 over what that edition published and the digest before it.")),
    ]
    licence: Annotated[str, _of(gettext_noop("Address of the licence."))]
    attribution: Annotated[str, _of(gettext_noop("What to name where the rows are used."))]


class Listing(Around, Generic[Told], frozen=True, kw_only=True):
    total: Annotated[int, _of(gettext_noop("How many rows there are on all pages together."))]
    next: Annotated[
        str | None,
        _of(gettext_noop("Address of the rows behind these; null behind the last ones.")),
    ]
    data: Annotated[list[Told], _of(gettext_noop("The rows."))]


class Single(Around, Generic[Told], frozen=True, kw_only=True):
    data: Annotated[Told, _of(gettext_noop("The row."))]


def around(request: PublicRequest) -> dict[str, Any]:
    viewpoint = request.viewpoint
    edition = viewpoint.edition or newest_edition_of(request)
    return {
        "as_of": viewpoint.on,
        "edition": edition.number if edition else None,
        "edition_digest": getattr(edition, "digest", None),
        "licence": LICENCE_URL,
        "attribution": _attribution(edition, viewpoint.on),
    }


def _attribution(edition: Edition | None, on: date) -> str:
    """Return how whoever uses rows is to name where they are from, as the licence asks."""
    if edition is None:
        return site_name()
    return _("%(site)s, edition %(number)d, record as of %(day)s, CC BY 4.0") % {
        "site": site_name(),
        "number": edition.number,
        "day": date_text(on),
    }


def answer(request: HttpRequest, told: Any, *, next_address: str = "") -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(told), content_type=JSON)
    response["Link"] = ", ".join(_links(request, next_address))
    return response


def _links(request: HttpRequest, next_address: str = "") -> Iterator[str]:
    if next_address:
        yield f'<{next_address}>; rel="next"'
    yield f'<{LICENCE_URL}>; rel="license"'
    for name, relation in (("openapi", "service-desc"), ("docs", "service-doc")):
        address = request.build_absolute_uri(reverse(f"recommendations:api:{name}"))
        yield f'<{address}>; rel="{relation}"'


def for_programs(view: View) -> View:
    """Answer GET, HEAD and OPTIONS alone, and say what is refused as a problem."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _options()
        if request.method not in METHODS:
            return _with(refusal(405), Allow=", ".join(METHODS))
        try:
            return view(request, *args, **kwargs)
        except BadAddress as error:
            return refusal(400, _faults(error))
        except Refused as error:
            return _with(refusal(error.status, error.errors), **error.headers)
        except Http404:
            return refusal(404)
        except BeingMade:
            return _with(refusal(503), **{"Retry-After": "60", "Cache-Control": "no-store"})

    # Nothing is written here, with whatever method.
    wrapper.__dict__["csrf_exempt"] = True
    return wrapper


def _options() -> HttpResponse:
    allowed = ", ".join(METHODS)
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return _with(
        response,
        **{
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": ACCEPTED_HEADERS,
            "Access-Control-Max-Age": ONE_DAY,
        },
    )


def _faults(error: BadAddress) -> list[Fault]:
    pairs = zip(error.parameters, error.reasons, strict=True)
    return [Fault(parameter, reason) for parameter, reason in pairs]


def _with(response: HttpResponse, **headers: str) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response
