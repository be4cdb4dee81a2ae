"""The answers: the index, tables, single rows, and whole tables line by line."""

from __future__ import annotations

from array import array
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.exports.tables.reading import Pinned
from recommendations.exports.tables.registry import TABLES
from recommendations.exports.tables.text_files import json_parts
from recommendations.index.keeping import Index, of_one_state
from recommendations.index.names import KEY
from recommendations.web import made_aside
from recommendations.web.conditional import revalidated
from recommendations.web.data_files import JSON_LINES, file_name
from recommendations.web.errors import View
from recommendations.web.one_state import indexed
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

from .answers import Listing, Single, answer, around, for_programs
from .asked import PAGING, Asked
from .collection import Collection
from .items import Item
from .limits import limited


def listing_of(collection: Collection) -> View:
    @for_programs
    @revalidated
    @limited
    @strict(*collection.parameters, *PAGING)
    @indexed
    def listing(request: PublicRequest) -> HttpResponse:
        asked = Asked(request, collection.name, collection.unit)
        page = collection.page(asked)
        rows = collection.table.read(asked.source, page.keys)
        address = asked.address(page.cursor) if page.cursor else None
        told: Listing[Any] = Listing(
            **around(request), total=page.total, next=address, data=list(rows)
        )
        return answer(request, told, next_address=address or "")

    return listing


def item_of(item: Item) -> View:
    @for_programs
    @revalidated
    @limited
    @strict()
    @indexed
    def single(request: PublicRequest, **names: Any) -> HttpResponse:
        row = item.row(Asked(request, item.table).source, **names)
        told: Single[Any] = Single(**around(request), data=row)
        return answer(request, told)

    return single


def lines_of(collection: Collection) -> View:
    @for_programs
    @revalidated
    @limited
    @strict(*collection.parameters)
    def all_lines(request: PublicRequest) -> HttpResponseBase:
        asked = Asked(request, collection.name, collection.unit)
        pinned = _pinned(request, collection, asked)
        name = file_name(collection.name, pinned, request.viewpoint, "jsonl")
        parts = json_parts(pinned, collection.name)
        return made_aside.text(request, parts, n=len(pinned), content_type=JSON_LINES, name=name)

    return all_lines


def _pinned(request: PublicRequest, collection: Collection, asked: Asked) -> Pinned:
    """Find out which rows are asked for, in one state of the record."""

    def found(index: Index) -> Pinned:
        request.index = index
        keys = array(KEY, collection.all_keys(asked))
        newest = asked.source.record.newest_edition()
        return Pinned(asked.source, newest, {collection.name: keys})

    return of_one_state(request.viewpoint, found)


@for_programs
@revalidated
@strict()
def index(request: PublicRequest) -> HttpResponse:
    """Say what there is, and where."""

    def address(name: str) -> str:
        return request.build_absolute_uri(reverse(f"recommendations:api:{name}"))

    tables = [
        {
            "name": table.name,
            "title": str(table.title),
            "description": str(table.description),
            "url": address(table.name),
            "lines": address(f"{table.name}_lines"),
        }
        for table in TABLES.values()
    ]
    told = {
        **around(request),
        "title": _("The record for programs"),
        "version": "1",
        "documentation": address("docs"),
        "description": address("openapi"),
        "tables": tables,
    }
    return answer(request, told)
