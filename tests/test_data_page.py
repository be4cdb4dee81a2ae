"""The page of everything: what it links to is there, and machines can tell what it is."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from recommendations.exports.tables.registry import TABLES
from recommendations.exports.tables.vocabularies import FIXED, OF_RECORD
from recommendations.models import Edition

from .reading import links_of

pytestmark = pytest.mark.run_once


def dataset_of(html: str) -> dict[str, Any]:
    texts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    everything: list[dict[str, Any]] = [json.loads(text) for text in texts]
    [found] = [one for one in everything if one["@type"] == "Dataset"]
    return found


def test_every_link_of_the_page_leads_somewhere(client, whole_record) -> None:
    for address in ("/data/", "/ja/data/?edition=2"):
        html = client.get(address).content.decode()
        ids = set(re.findall(r' id="([^"]+)"', html))
        for link, _text in links_of(html):
            if link.startswith("#"):
                assert link[1:] in ids, link
        files = {link for link, _text in links_of(html) if "/data/" in link}
        assert len(files) >= 2 * len(TABLES) + Edition.objects.count() - 1
        for link in files:
            assert client.get(link.partition("#")[0]).status_code == 200, link


def test_vocabularies_and_tables_have_an_address_of_their_own(client, whole_record) -> None:
    html = client.get("/data/").content.decode()
    for name in TABLES:
        assert f'id="table-{name}"' in html
    for name in (*FIXED, *OF_RECORD):
        assert f'id="vocabulary-{name}"' in html


def test_the_dataset_has_what_search_engines_ask_for(client, whole_record) -> None:
    found = dataset_of(client.get("/data/").content.decode())
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert 50 <= len(found["description"]) <= 5000 and found["name"]
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["creator"]["@type"] == "Organization" and found["version"] == "3"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", found["temporalCoverage"])
    assert found["identifier"] == "http://testserver/data/"
    urls = [one["contentUrl"] for one in found["distribution"]]
    assert len(set(urls)) == len(urls) == 2 * len(TABLES) + 2
    for one in found["distribution"]:
        assert one["@type"] == "DataDownload" and one["encodingFormat"]
        parts = urlsplit(one["contentUrl"])
        assert client.head(f"{parts.path}?{parts.query}").status_code == 200, one


def test_the_catalogue_has_the_properties_that_dcat_asks_for(client, whole_record) -> None:
    response = client.get("/ja/data/catalog.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    catalog = json.loads(response.content)
    prefixes = set(catalog["@context"])
    for key in _keys(catalog):
        assert key.startswith("@") or key.partition(":")[0] in prefixes, key
    for name in ("dcterms:title", "dcterms:description", "dcterms:publisher", "dcat:dataset"):
        assert catalog[name], name
    [dataset] = catalog["dcat:dataset"]
    for name in ("dcterms:title", "dcterms:description", "dcat:distribution", "dcat:version"):
        assert dataset[name], name
    assert dataset["dcterms:title"]["@language"] == "ja"
    for one in dataset["dcat:distribution"]:
        assert one["dcat:accessURL"]["@id"].startswith("http://testserver/ja/data/")
        assert one["dcterms:license"] and one["dcat:mediaType"]


def _keys(value: Any) -> list[str]:
    if isinstance(value, list):
        return [key for one in value for key in _keys(one)]
    if not isinstance(value, dict):
        return []
    inside = [key for name, one in value.items() if name != "@context" for key in _keys(one)]
    return [*value, *inside]


def test_no_text_ends_the_element_of_the_dataset() -> None:
    from recommendations.views.data import as_script

    text = as_script({"name": "</script><!-- & -->"})
    assert "<" not in text and json.loads(text) == {"name": "</script><!-- & -->"}


def test_files_say_the_licence_and_may_be_read_from_anywhere(client, whole_record) -> None:
    for address in ("/data/updates.csv", "/data/updates.jsonl", "/data/codebook.md"):
        response = client.get(address)
        assert 'creativecommons.org/licenses/by/4.0/>; rel="license"' in response["Link"]
        assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/data/people.csv", 404),
        ("/data/actions.xml", 404),
        ("/data/editions/99.zip", 404),
        ("/data/editions/3.zip?edition=2", 404),
        ("/data/actions.csv?status=partly", 400),
        ("/data/actions.jsonl?edition=99", 400),
        ("/data/record.xlsx?as_of=yesterday", 400),
        ("/recommendations.xlsx?status=zzz", 400),
        ("/recommendations.jsonl?unknown=1", 400),
    ],
)
def test_what_cannot_be_is_refused(client, whole_record, address: str, status: int) -> None:
    assert client.get(address).status_code == status
