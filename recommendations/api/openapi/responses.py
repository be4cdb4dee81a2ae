"""The answers and refusals that every address has alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from recommendations.web.data_files import JSON_LINES

from ..problems import CONTENT_TYPE, KINDS

PROBLEM = "#/components/schemas/Problem"
# By which status, under which name.
REFUSALS = {
    400: "BadRequest",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    429: "TooManyRequests",
    503: "Unavailable",
}
# What a single row or a table may answer besides.
OF_TABLES = (400, 406, 429, 503)
OF_ITEMS = (400, 404, 406, 429, 503)
INTEGER = {"type": "integer", "minimum": 0}


def headers() -> dict[str, Any]:
    text = {"type": "string"}
    said = {
        "ETag": _("Send it as If-None-Match: unchanged, the answer is 304 and costs nothing."),
        "Link": _("The next rows, the licence, and this description."),
        "RateLimit": _("How many requests are left, and for how many seconds."),
        "RateLimit-Policy": _("How many requests there are in how many seconds."),
    }
    found = {name: {"description": words, "schema": text} for name, words in said.items()}
    retry = {"description": _("After how many seconds to ask again."), "schema": INTEGER}
    return {**found, "Retry-After": retry}


def _header(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/headers/{name}"}


def responses() -> dict[str, Any]:
    """Return those that stand for themselves, which the addresses refer to."""
    found: dict[str, Any] = {
        "Unchanged": {
            "description": _("Nothing has changed since the answer with this ETag."),
            "headers": {"ETag": _header("ETag")},
        }
    }
    for status, name in REFUSALS.items():
        found[name] = {
            "description": _(KINDS[status].title),
            "content": {CONTENT_TYPE: {"schema": {"$ref": PROBLEM}}},
        }
        if status in (429, 503):
            found[name]["headers"] = {"Retry-After": _header("Retry-After")}
    return found


def of_address(schema: str, *refused: int, description: str) -> dict[str, Any]:
    """Return the responses of an address whose answer has a schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return _with_refusals(content, refused, description)


def of_lines(schema: str, *refused: int, description: str) -> dict[str, Any]:
    """Return those of an address that answers with one row a line."""
    line = {"$ref": f"#/components/schemas/{schema}"}
    content = {JSON_LINES: {"schema": {"type": "string"}, "x-line": line}}
    return _with_refusals(content, refused, description)


def _with_refusals(content: Any, refused: tuple[int, ...], description: str) -> dict[str, Any]:
    shown = ("ETag", "Link", "RateLimit", "RateLimit-Policy")
    told = {"description": description, "content": content}
    told["headers"] = {name: _header(name) for name in shown}
    return {"200": told, **dict(_references(refused))}


def _references(refused: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
    yield "304", {"$ref": "#/components/responses/Unchanged"}
    for status in refused:
        yield str(status), {"$ref": f"#/components/responses/{REFUSALS[status]}"}
