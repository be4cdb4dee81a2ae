"""The API says the rows of the tables, some at a time, with what stands around them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.api.collection import COLLECTIONS
from recommendations.models import Edition, Recommendation, Source, StatusUpdate, Translation
from recommendations.viewpoint import today

from .factories import (
    ActionFactory,
    CaptureFactory,
    RecommendationRelationFactory,
    published_action,
    published_actions,
    published_update,
    retracted,
)

ROOT = "/api/v1"
# Of the second edition on, which the baseline alone has not.
TABLES = list(COLLECTIONS)


def told(client: Client, address: str, **query: Any) -> dict[str, Any]:
    response = client.get(address, query)
    assert response.status_code == 200, (address, response.content)
    return json.loads(response.content)


def pages(client: Client, address: str, **query: Any) -> list[dict[str, Any]]:
    """Follow `next` from page to page."""
    found = [told(client, address, **query)]
    while found[-1]["next"]:
        found.append(told(client, found[-1]["next"]))
    return found


def ids(client: Client, address: str, **query: Any) -> list[str]:
    return [row["id"] for page in pages(client, address, **query) for row in page["data"]]


def lines(client: Client, address: str, **query: Any) -> list[dict[str, Any]]:
    response = client.get(address, query)
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().splitlines()]


@pytest.mark.parametrize("name", TABLES)
def test_all_pages_together_are_the_lines_of_a_table(client, second_coding, name):
    found = pages(client, f"{ROOT}/{name}", limit=200)
    rows = [row for page in found for row in page["data"]]
    assert rows == lines(client, f"{ROOT}/{name}.jsonl")
    assert {page["total"] for page in found} == {len(rows)}
    names = [row["id"] for row in rows]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["sections", "deadlines", "recommendations", "terms"])
def test_pages_of_any_length_are_the_same_rows(client, baseline, name):
    whole = ids(client, f"{ROOT}/{name}", limit=200)
    assert ids(client, f"{ROOT}/{name}", limit=3) == whole


@pytest.mark.parametrize("name", TABLES)
def test_a_row_is_found_by_its_name_as_the_table_has_it(client, second_coding, name):
    if name == "relations":
        relate()
    if name == "captures":
        CaptureFactory(source=Source.objects.order_by("pk")[0])
    rows = told(client, f"{ROOT}/{name}", limit=3)["data"]
    assert rows
    for row in rows:
        assert told(client, f"{ROOT}/{name}/{row['id']}")["data"] == row


def relate() -> None:
    """Have a recommendation and a report take up what an earlier report asked for."""
    earlier = published_action().recommendation
    later = Recommendation.objects.get(report__slug="us-japan-alliance-2024", number="1.1")
    RecommendationRelationFactory(recommendation=later, earlier=earlier)
    RecommendationRelationFactory(
        recommendation=None, report=later.report, earlier=earlier, kind="drops"
    )


@pytest.mark.parametrize(
    "name",
    [
        "deadlines/us-japan-alliance-2024/1.1b/deadline/report",
        "deadlines/us-japan-alliance-2024/1.1a/deadline/official/2024-06-13/2027-12-31",
        "deadlines/us-japan-alliance-2024/3.6g/deadline/official/2024-06-13/never",
        "codings/us-japan-alliance-2024/1.1a/coding/9/first",
        "codings/us-japan-alliance-2024/1.1a/coding/2/nobody",
        "relations/us-japan-alliance-2024/relation/earlier/1",
        "relations/us-japan-alliance-2024/1.1/relation/earlier/1",
        "translations/0",
    ],
)
def test_a_row_that_is_not_there_is_a_problem(client, second_coding, name):
    response = client.get(f"{ROOT}/{name}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_translation_of_a_text_that_no_table_has_is_not_there(client, baseline):
    action = ActionFactory(title="Do what nobody has published")
    hidden, shown = (
        Translation.objects.create(kind="action.title", original=text, language="ja", text="訳")
        for text in (action.title, published_action(title="Do what is public").title)
    )
    assert client.get(f"{ROOT}/translations/{hidden.digest}").status_code == 404
    assert told(client, f"{ROOT}/translations/{shown.digest}")["data"]["text"] == "訳"


@pytest.mark.parametrize("name", TABLES)
def test_a_page_takes_as_many_queries_whatever_it_has(client, second_coding, name):
    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as found:
            told(client, f"{ROOT}/{name}", limit=limit)
        return len(found)

    # The first makes the index of this state.
    queries(1)
    few = queries(1)
    # Names of labels are asked for where a row has one.
    assert few <= queries(100) <= few + 4
    # Texts are of twenty kinds, each of which is asked for.
    assert few <= (85 if name == "translations" else 40)


def test_answers_say_of_what_they_are(client, baseline):
    edition = Edition.objects.get()
    page = told(client, f"{ROOT}/actions")
    assert page["as_of"] == today().isoformat()
    assert page["edition"] == edition.number
    assert page["edition_digest"] == edition.digested.digest
    assert "CC BY 4.0" in page["attribution"]
    assert page["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    then = told(client, f"{ROOT}/actions", as_of="2025-06-30", edition=1)
    assert (then["as_of"], then["edition"]) == ("2025-06-30", 1)


def test_an_answer_links_to_what_it_belongs_to(client, baseline):
    response = client.get(f"{ROOT}/actions")
    page = json.loads(response.content)
    assert f'<{page["next"]}>; rel="next"' in response["Link"]
    assert 'rel="license"' in response["Link"]
    assert '/api/v1/openapi.json>; rel="service-desc"' in response["Link"]


def test_of_a_report_or_of_an_action(client, second_coding):
    report, action = "us-japan-alliance-2024", "us-japan-alliance-2024/1.1a"
    everything = ids(client, f"{ROOT}/evidence", limit=200)
    assert ids(client, f"{ROOT}/evidence", report=report, limit=200) == everything
    own = [row for row in lines(client, f"{ROOT}/evidence.jsonl") if row["action"] == action]
    assert own
    assert ids(client, f"{ROOT}/evidence", action=action) == [row["id"] for row in own]
    assert len(own) == told(client, f"{ROOT}/evidence", action=action)["total"]
    assert told(client, f"{ROOT}/updates", party="japan")["total"] < StatusUpdate.objects.count()


def test_texts_are_in_the_language_of_the_address_and_names_are_not(client, baseline):
    english, japanese = (
        told(client, f"{prefix}{ROOT}/actions/us-japan-alliance-2024/1.1a")["data"]
        for prefix in ("", "/ja")
    )
    assert english.keys() == japanese.keys()
    assert english["id"] == japanese["id"]
    assert english["action"] != japanese["action"]
    assert english["status"] == japanese["status"]


def test_lists_begin_again_where_a_page_ended_whatever_is_published_meanwhile(client, db):
    actions = published_actions(6)
    for n, action in enumerate(actions):
        published_update(action, "partly", on=date(2025, 1, 1 + n))
    first = told(client, f"{ROOT}/actions", sort="changed", limit=2)
    wanted = ids(client, f"{ROOT}/actions", sort="changed")
    # The last row that was shown moves to the front, and another that was shown goes.
    published_update(actions[4], "implemented", on=date(2025, 3, 1))
    assert [row["id"] for row in first["data"]] == wanted[:2]
    assert ids(client, first["next"]) == wanted[2:]


def test_the_log_goes_on_behind_an_update_that_was_retracted(client, db):
    updates = [published_update(published_action(), "partly") for _n in range(5)]
    first = told(client, f"{ROOT}/updates", limit=2)
    before = ids(client, f"{ROOT}/updates")
    retracted(updates[-2])
    rest = ids(client, first["next"])
    assert rest == before[2:]


def test_what_is_unchanged_is_not_counted(client, baseline):
    response = client.get(f"{ROOT}/actions")
    assert "q=1000;w=300" in response["RateLimit-Policy"]
    assert response["RateLimit"].startswith('"requests";r=999;t=')
    with CaptureQueriesContext(connection) as queries:
        again = client.get(f"{ROOT}/actions", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert "RateLimit" not in again
    assert not [one for one in queries if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert client.get(f"{ROOT}/terms")["RateLimit"].startswith('"requests";r=998;')


def test_pages_of_any_origin_may_read_it(client, baseline):
    for address in (f"{ROOT}/actions", f"{ROOT}/actions.jsonl", "/recommendations.csv"):
        response = client.get(address, headers={"Origin": "https://elsewhere.example"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "ETag" in response["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/")
    asked = {"Access-Control-Request-Method": "GET", "Origin": "https://elsewhere.example"}
    response = client.options(f"{ROOT}/actions", headers=asked)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]


def test_the_index_names_every_table_at_an_address_that_answers(client, baseline):
    found = told(client, f"{ROOT}/")["tables"]
    assert [one["name"] for one in found] == TABLES
    for one in found:
        assert client.get(one["url"]).status_code == 200
        assert client.head(one["lines"]).status_code == 200


def test_what_is_asked_with_head_has_the_headers_alone(client, baseline):
    response = client.head(f"{ROOT}/actions")
    assert response.status_code == 200
    assert response.content == b""
    assert response["ETag"]
