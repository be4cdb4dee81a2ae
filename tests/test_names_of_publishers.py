"""Who published a source, in the language of the page where it has a name there."""

from __future__ import annotations

import json
from datetime import date

import pytest

from recommendations.translating.record_texts import translate

from .factories import DeadlineFactory, published_action, published_update
from .reading import list_count, text_of

pytestmark = pytest.mark.django_db
AGENCY = {"kind": "press", "publisher": "Invented Press", "url": "https://press.example/one"}


@pytest.fixture
def address(db: None) -> str:
    update = published_update(published_action(), "partly", evidence=[AGENCY])
    return update.action.recommendation.get_absolute_url()


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def name_it(words: str, at=None) -> None:
    translate("Invented Press", "evidence.publisher", "ja", words, by=None, at=at)


def test_a_source_has_its_name_in_the_language_of_the_page(client, address):
    name_it("架空通信")
    japanese = page(client, f"/ja{address}")
    assert '<span class="drafted">架空通信</span>' in japanese
    assert "Invented Press" not in japanese
    assert "架空通信" not in page(client, address)


def test_a_name_that_is_changed_is_on_the_next_page(client, address):
    name_it("架空通信")
    assert "架空通信" in page(client, f"/ja{address}")
    name_it("仮想通信")
    assert "仮想通信" in page(client, f"/ja{address}")


def test_a_source_without_a_name_there_stands_as_it_is(client, address):
    japanese = page(client, f"/ja{address}")
    assert '<span lang="en">Invented Press</span>' in japanese


def test_files_and_the_api_have_the_name_of_their_language(client, address):
    name_it("架空通信")
    for prefix, name in (("", "Invented Press"), ("/ja", "架空通信")):
        [row] = json.loads(client.get(f"{prefix}/api/v1/evidence").content)["data"]
        assert row["publisher"] == name
    found = json.loads(client.get("/ja/api/v1/translations").content)["data"]
    assert ("evidence.publisher", "Invented Press", "架空通信") in [
        (row["kind"], row["original"], row["text"]) for row in found
    ]


def test_search_finds_a_source_by_either_name(client, address):
    name_it("架空通信")
    for words in ("架空通信", "Invented+Press"):
        assert list_count(page(client, f"/recommendations/?q={words}")) == (1, 1), words


def test_no_brackets_stand_within_others(client):
    deadline = DeadlineFactory(
        action=published_action(),
        origin="official",
        stated_on=date(2025, 3, 1),
        url="https://office.example/(target)",
        publisher="Ministry (third office)",
    )
    address = deadline.action.recommendation.get_absolute_url()
    told = text_of(page(client, address))
    assert "stated 1 Mar 2025, Ministry (third office)" in told.replace(" ,", ",")
    deadline.publisher = "Ministry"
    deadline.save()
    assert "stated 1 Mar 2025 ( Ministry )" in text_of(page(client, address))
