"""The description says what answers are, and each example in it works."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
from django.test import Client

from recommendations.api.collection import COLLECTIONS
from recommendations.api.openapi.parameters import VOCABULARIES
from recommendations.exports.tables.registry import TABLES
from recommendations.exports.tables.vocabularies import FIXED, OF_RECORD
from recommendations.filters import AnyOf, RecommendationFilterSet
from recommendations.models import Source
from recommendations.web.filtering import FILTERS

from .factories import CaptureFactory
from .test_api import relate

pytestmark = pytest.mark.run_once

ROOT = "/api/v1"


def document_of(client: Client, prefix: str = "") -> dict[str, Any]:
    return json.loads(client.get(f"{prefix}{ROOT}/openapi.json").content)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, one in document["paths"].items():
        yield path, one["get"]


def everything_in(found: Any) -> Iterator[tuple[str, Any]]:
    """Yield each name with its value, however deep."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield name, value
            yield from everything_in(value)
    elif isinstance(found, list):
        for value in found:
            yield from everything_in(value)


def test_every_reference_leads_somewhere(client, baseline):
    document = document_of(client)
    for name, value in everything_in(document):
        if name == "$ref":
            found = document
            for part in value.removeprefix("#/").split("/"):
                found = found[part]


def test_names_of_operations_are_no_two_alike(client, baseline):
    names = [one["operationId"] for _path, one in operations(document_of(client))]
    assert len(names) == len(set(names))


def test_no_vocabulary_is_fixed_in_it(client, baseline):
    enums = [value for name, value in everything_in(document_of(client)) if name == "enum"]
    # Ways to sort are none of the record.
    assert all("report" in one and "changed" in one for one in enums)


def test_vocabularies_have_addresses_that_list_their_codes(client, baseline):
    found = {value for name, value in everything_in(document_of(client)) if name == "x-vocabulary"}
    assert {one.partition("=")[2] for one in found} >= {"status", "area", "precision"}
    for address in found:
        assert json.loads(client.get(address).content)["data"]
    assert set(VOCABULARIES.values()) <= {*FIXED, *OF_RECORD}


def test_each_filter_of_the_list_is_told_with_where_its_values_are(client, baseline):
    for path, one in operations(document_of(client)):
        name = path.strip("/").partition(".")[0]
        if name in ("actions", "recommendations", "updates"):
            told = {parameter["name"]: parameter for parameter in one["parameters"]}
            assert set(FILTERS) <= told.keys()
            for filter_name, filter_ in RecommendationFilterSet.base_filters.items():
                if isinstance(filter_, AnyOf) and filter_name != "review":
                    assert "x-values" in told[filter_name]


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_every_parameter_and_field_is_described(client, baseline, prefix):
    document = document_of(client, prefix)
    for path, one in operations(document):
        for parameter in one["parameters"]:
            assert parameter["description"], (path, parameter["name"])
    for name, table in TABLES.items():
        schema = document["components"]["schemas"][table.row.__name__]
        assert list(schema["properties"]) == list(table.row.__struct_fields__), name
        for field in schema["properties"].values():
            assert field["description"]


def test_descriptions_are_in_the_language_of_the_address(client, baseline):
    english, japanese = document_of(client), document_of(client, "/ja")
    assert english["paths"].keys() == japanese["paths"].keys()
    said = [
        (one["description"], other["description"])
        for (_n, one), (_m, other) in zip(
            everything_in(english["components"]),
            everything_in(japanese["components"]),
            strict=True,
        )
        if isinstance(one, dict) and isinstance(one.get("description"), str)
    ]
    assert said
    assert [one for one, other in said if one == other] == []


def test_each_example_works(client, second_coding):
    relate()
    CaptureFactory(source=Source.objects.order_by("pk")[0])
    document = document_of(client)
    for path, one in operations(document):
        examples = {
            parameter["name"]: parameter
            for parameter in one["parameters"]
            if "example" in parameter
        }
        in_path = {
            name: parameter["example"]
            for name, parameter in examples.items()
            if parameter["in"] == "path"
        }
        address = f"{ROOT}{path.format(**in_path)}"
        assert client.get(address).status_code == 200, address
        for name, parameter in examples.items():
            if parameter["in"] == "query":
                query = urlencode({name: parameter["example"]}, doseq=True)
                assert client.get(f"{address}?{query}").status_code == 200, f"{address}?{query}"


@pytest.mark.parametrize("name", COLLECTIONS)
def test_answers_are_as_their_schema_says(client, second_coding, name):
    document = document_of(client)
    responses = document["paths"][f"/{name}"]["get"]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator(
        {**schema, "components": document["components"]}, validate_formats=True
    )
    validator.validate(json.loads(client.get(f"{ROOT}/{name}?limit=200").content))


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_the_page_tells_every_table_and_its_links_lead_somewhere(client, second_coding, prefix):
    html = client.get(f"{prefix}/api/v1/docs/").content.decode()
    for name in TABLES:
        assert f'<h2 id="{name}">' in html
    links = set(re.findall(r'href="(http://testserver[^"]+)"', html))
    assert len(links) > 40
    for address in links:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
