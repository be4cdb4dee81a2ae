"""What tells programs and people how to ask: the description, and a page of the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.exports.tables.fields import Field, fields_of
from recommendations.exports.tables.registry import TABLES, Table
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.description import described as in_sentences
from recommendations.web.page import render_page
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .answers import answer, for_programs
from .limits import PERIOD
from .openapi.document import Described, Operation
from .openapi.parameters import Parameter
from .problems import KINDS


@for_programs
@revalidated
@strict()
def openapi(request: PublicRequest) -> HttpResponse:
    return answer(request, Described(request, Record(request.viewpoint)).document())


@dataclass(frozen=True)
class Told:
    """A parameter or a field as the page tells it, with where its values are listed."""

    name: str
    description: str
    values: str


@dataclass(frozen=True)
class Chapter:
    """A table as the page tells it; `addresses` go on from where all of them begin."""

    table: Table
    addresses: list[str]
    parameters: list[Told]
    fields: list[Told]
    examples: list[str]


@require_safe
@revalidated
@strict()
def docs(request: PublicRequest) -> HttpResponse:
    """Tell the same on a page, with examples to follow and a form to try."""
    described = Described(request, Record(request.viewpoint))
    context = {
        "viewpoint": None,
        "root": described.root,
        "openapi": described.address("openapi"),
        "chapters": list(_chapters(described)),
        "problems": [
            (status, kind, _(kind.title), _(kind.detail)) for status, kind in KINDS.items()
        ],
        "limit": settings.API_REQUESTS,
        "minutes": PERIOD // 60,
    }
    title = _("The record for programs")
    about = _("How programs ask for the rows of the record, with examples and a form to try it.")
    return render_page(
        request,
        "recommendations/api.html",
        context,
        title=title,
        description=in_sentences(title, about),
        trail=[(title, request.path)],
    )


def _chapters(described: Described) -> Iterator[Chapter]:
    operations: dict[str, list[Operation]] = {}
    for one in described.operations():
        operations.setdefault(one.tag, []).append(one)
    for table in TABLES.values():
        own = operations[table.name]
        yield Chapter(
            table,
            [one.path for one in own],
            [_told(described, one) for one in own[0].parameters],
            [_told(described, one) for one in fields_of(table.row)],
            list(_examples(described, own)),
        )


def _told(described: Described, one: Parameter | Field) -> Told:
    return Told(one.name, one.description, described.values_of(one))


# What is shown of a table, if it takes that.
SHOWN = (("limit",), ("status", "sort"), ("q",), ("report",), ("action",), ("vocabulary",))


def _examples(described: Described, operations: list[Operation]) -> Iterator[str]:
    """Yield addresses that work: of some rows, and of one by its name."""
    known = described.examples
    first = operations[0]
    taken = {one.name for one in first.parameters}
    for names in SHOWN:
        if taken.issuperset(names) and known.keys() >= set(names):
            query = urlencode({name: known[name] for name in names})
            yield f"{described.root}{first.path}?{query}"
    for one in operations:
        parts, of_row = one.parts, described.examples_for(one)
        if parts and of_row.keys() >= set(parts):
            yield f"{described.root}{one.path.format(**of_row)}"
