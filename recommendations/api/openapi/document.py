"""The whole document, and the addresses that it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.exports.tables.fields import Field
from recommendations.exports.tables.registry import TABLES
from recommendations.record import Record
from recommendations.text.licence import LICENCE_TITLE, LICENCE_URL

from ..collection import COLLECTIONS, Collection
from ..items import ITEMS, PART, Item
from .examples import NAMED, examples_of, names_of
from .parameters import Parameter, parameters_of, parameters_of_item
from .responses import OF_ITEMS, OF_TABLES, headers, of_address, of_lines, responses
from .schemas import schemas

VERSION = "1.0.0"


@dataclass(frozen=True)
class Operation:
    """A GET of one address: its path in a template of OpenAPI, and what it takes and gives."""

    name: str
    path: str
    summary: str
    parameters: list[Parameter]
    responses: Mapping[str, Any]
    tag: str
    item: Item | None = None

    @property
    def parts(self) -> list[str]:
        """The names of the parts of its path."""
        return [one.name for one in self.parameters if one.where == "path"]


@dataclass(frozen=True)
class Described:
    """The API as a request sees it: from its host and in its language."""

    request: HttpRequest
    record: Record

    @cached_property
    def examples(self) -> Mapping[str, Any]:
        return examples_of(self.record)

    def examples_for(self, one: Operation) -> Mapping[str, Any]:
        """Return values of parameters for which an address answers, as far as there are any."""
        if one.item is None or one.item.name not in NAMED:
            return self.examples
        return one.item.parts_of(names_of(self.record).get(one.item.name, ""))

    def address(self, name: str) -> str:
        """Return the address of something of the API, without what its path takes."""
        return self.request.build_absolute_uri(reverse(f"recommendations:api:{name}"))

    @property
    def root(self) -> str:
        return self.address("index").rstrip("/")

    def operations(self) -> Iterator[Operation]:
        for name, collection in COLLECTIONS.items():
            yield _of_table(collection)
            yield _of_lines(collection)
            yield from (_of_item(one) for one in ITEMS.values() if one.table == name)

    def document(self) -> dict[str, Any]:
        tables = {name: self.address(name) for name in TABLES}
        return {
            "openapi": "3.1.0",
            "info": self._info(),
            "servers": [{"url": self.root}],
            "externalDocs": {"url": self.address("docs")},
            "tags": [
                {"name": table.name, "description": str(table.description)}
                for table in TABLES.values()
            ],
            "paths": {one.path: {"get": self._get(one)} for one in self.operations()},
            "components": {
                "schemas": schemas(vocabularies=self.address("terms"), tables=tables),
                "responses": responses(),
                "headers": headers(),
            },
        }

    def _info(self) -> dict[str, Any]:
        return {
            "title": site_name(),
            "version": VERSION,
            "summary": _("The record for programs, to be read by anybody."),
            "license": {"name": LICENCE_TITLE, "url": LICENCE_URL},
        }

    def _get(self, one: Operation) -> dict[str, Any]:
        return {
            "operationId": one.name,
            "summary": one.summary,
            "tags": [one.tag],
            "parameters": [
                self._parameter(parameter, self.examples_for(one)) for parameter in one.parameters
            ],
            "responses": one.responses,
        }

    def _parameter(self, one: Parameter, examples: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": one.name,
            "in": one.where,
            "description": one.description,
            "schema": dict(one.schema),
        }
        if one.where == "path":
            told["required"] = True
        if values := self.values_of(one):
            told["x-values"] = values
        if (example := examples.get(one.name)) is not None:
            told["example"] = [example] if one.is_repeatable else example
        return told

    def values_of(self, one: Parameter | Field) -> str:
        """Return where the values of a parameter or of a field are listed, or nothing."""
        if one.table:
            return self.address(one.table)
        if one.vocabulary:
            asked = f"?vocabulary={one.vocabulary}" if one.vocabulary != "*" else ""
            return f"{self.address('terms')}{asked}"
        return ""


def _of_table(collection: Collection) -> Operation:
    table = collection.table
    return Operation(
        f"list_{table.name}",
        f"/{table.name}",
        _("%(rows)s, some at a time") % {"rows": table.title},
        parameters_of(collection),
        of_address(f"{table.row.__name__}List", *OF_TABLES, description=str(table.description)),
        table.name,
    )


def _of_lines(collection: Collection) -> Operation:
    table = collection.table
    return Operation(
        f"all_{table.name}",
        f"/{table.name}.jsonl",
        _("%(rows)s, all at once, a line each") % {"rows": table.title},
        parameters_of(collection, is_paged=False),
        of_lines(table.row.__name__, *OF_TABLES, description=str(table.description)),
        table.name,
    )


def _of_item(item: Item) -> Operation:
    table = item.collection.table
    arguments = {part["name"]: part["kind"] for part in PART.finditer(item.route)}
    path = PART.sub(lambda part: f"{{{part['name']}}}", item.route)
    return Operation(
        f"one_of_{item.name}",
        f"/{table.name}/{path}",
        _("%(rows)s, one by its name") % {"rows": table.title},
        parameters_of_item(item, arguments),
        of_address(f"{table.row.__name__}Row", *OF_ITEMS, description=str(table.description)),
        table.name,
        item,
    )
