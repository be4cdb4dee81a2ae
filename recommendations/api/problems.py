"""Refusals as programs read them: application/problem+json (RFC 9457), in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CONTENT_TYPE = "application/problem+json"


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one parameter, and what it can be."""

    parameter: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused. `type` leads to what the documentation says of it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


@dataclass(frozen=True)
class Kind:
    """A kind of problem, by the name that its address ends with."""

    name: str
    title: str
    detail: str


KINDS = {
    400: Kind(
        "bad-request",
        gettext_noop("The request cannot be answered as it is."),
        gettext_noop("Something in the address or in the headers cannot be read."),
    ),
    404: Kind(
        "not-found",
        gettext_noop("There is nothing at this address."),
        gettext_noop(
            "The record has no such row from where you look, or the address is another one."
        ),
    ),
    405: Kind(
        "method-not-allowed",
        gettext_noop("The record can be read here and nothing else."),
        gettext_noop("Ask with GET or HEAD; OPTIONS says the same."),
    ),
    406: Kind(
        "not-acceptable",
        gettext_noop("There is no answer in a form that you accept."),
        gettext_noop("Answers are JSON, those at addresses that end with .jsonl JSON Lines."),
    ),
    429: Kind(
        "too-many-requests",
        gettext_noop("There were too many requests from your network."),
        gettext_noop("Wait as long as Retry-After says. Bulk files need one request a table."),
    ),
    500: Kind(
        "error",
        gettext_noop("Something went wrong here."),
        gettext_noop("It is our fault and was noted. The same request may fail again."),
    ),
    503: Kind(
        "unavailable",
        gettext_noop("There is no answer at the moment."),
        gettext_noop("Wait as long as Retry-After says, and ask again."),
    ),
}


@dataclass
class Refused(Exception):
    """Raised where a view cannot answer; `errors` name the parameters."""

    status: int
    errors: Sequence[Fault] = ()
    headers: dict[str, str] = field(default_factory=dict)


def kind_of(status: int) -> Kind:
    """Return the kind of a status; what has none of its own is a bad request or an error."""
    return KINDS.get(status) or KINDS[400 if status < 500 else 500]


def address_of(kind: Kind) -> str:
    """Return where a kind is explained: the same path on every host and in every language."""
    with translation.override("en"):
        return f"{reverse('recommendations:api:docs')}#{kind.name}"


def problem_of(status: int, errors: Sequence[Fault] = ()) -> Problem:
    kind = kind_of(status)
    return Problem(
        type=address_of(kind),
        title=_(kind.title),
        status=status,
        detail=" ".join(one.detail for one in errors) or _(kind.detail),
        errors=list(errors),
    )


def refusal(status: int, errors: Sequence[Fault] = ()) -> HttpResponse:
    problem = problem_of(status, errors)
    response = HttpResponse(msgspec.json.encode(problem), status=status, content_type=CONTENT_TYPE)
    response["Content-Language"] = translation.get_language() or "en"
    response["Content-Length"] = str(len(response.content))
    return response
