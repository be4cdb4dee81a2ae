"""What cannot be answered is refused as a problem that names it: never all rows, never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from recommendations.api.problems import KINDS
from recommendations.index.keeping import BeingMade
from recommendations.web import one_state

from .factories import published_action, published_actions

pytestmark = pytest.mark.run_once

ROOT = "/api/v1"
ACTIONS = f"{ROOT}/actions"
BAD_QUERIES = {
    "zzz=1": "zzz",
    "page=1": "page",
    "unit=recommendations": "unit",
    "find_report=x": "find_report",
    "status=zzz": "status",
    "status=": "status",
    "area=nowhere": "area",
    "addressee=mars": "addressee",
    "report=nowhere": "report",
    "section=nowhere": "section",
    "review=zzz": "review",
    "sort=size": "sort",
    "sort=report&sort=status": "sort",
    "changed_since=2026-02-30": "changed_since",
    "changed_since=": "changed_since",
    "q=%00": "q",
    "q=" + "a" * 10_000: "q",
    "as_of=zzz": "as_of",
    "as_of=2999-01-01": "as_of",
    "as_of=2025-01-01&as_of=2025-01-01": "as_of",
    "edition=0": "edition",
    "edition=99": "edition",
    "limit=0": "limit",
    "limit=201": "limit",
    "limit=-1": "limit",
    "limit=1e2": "limit",
    "limit=٣": "limit",
    "limit=": "limit",
    "limit=1&limit=2": "limit",
    "cursor=": "cursor",
    "cursor=zzz": "cursor",
    "cursor=%00": "cursor",
    "cursor=%ED%A0%80": "cursor",
    "cursor=" + "A" * 10_000: "cursor",
    "cursor=a.b": "cursor",
    "cursor=1&cursor=2": "cursor",
}
HOSTILE_HEADERS = (
    [
        {"If-None-Match": value}
        for value in ("*x", '"', "W/", "a" * 10_000, '"é', ",,,", 'W/"x", \x00')
    ]
    + [
        {"Range": value}
        for value in ("bytes=0-", "bytes=-1", "bytes=9-1", "zzz", "bytes=" + "0-,," * 999)
    ]
    + [
        {"If-Modified-Since": "zzz"},
        {"Accept-Language": "\x00"},
        {"Accept-Encoding": ";;;q=q"},
        {"Accept": "*/*;q=zzz"},
        {"Accept": ","},
        {"X-Forwarded-For": "zzz, ::::, 1.1.1.1:x"},
        {"HX-Request": "true"},
        {"Cookie": "sessionid=zzz; theme=%00"},
    ]
)


@pytest.fixture
def record(db):
    return published_actions(2)


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content[:200]
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    found = json.loads(response.content)
    assert found["status"] == status
    assert found["type"] == f"/api/v1/docs/#{KINDS[status].name}"
    assert found["title"] and found["detail"]
    return found


@pytest.mark.parametrize("query", BAD_QUERIES, ids=lambda query: query[:40])
def test_a_parameter_that_cannot_be_is_named(client, record, query):
    for prefix in ("", "/ja"):
        found = problem(client.get(f"{prefix}{ACTIONS}?{query}"), 400)
        assert [one["parameter"] for one in found["errors"]] == [BAD_QUERIES[query]]
        assert all(one["detail"] in found["detail"] for one in found["errors"])
    if "cursor" not in query and "limit" not in query:
        problem(client.get(f"{ACTIONS}.jsonl?{query}"), 400)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("evidence?report=nowhere", "report"),
        ("evidence?action=nowhere", "action"),
        ("deadlines?action=report/1.1a", "action"),
        ("deadlines?report=%00", "report"),
        ("codings?status=partly", "status"),
        ("terms?vocabulary=zzz", "vocabulary"),
        ("terms?vocabulary=", "vocabulary"),
        ("reports?report=x", "report"),
        ("updates?sort=changed", "sort"),
        ("updates.jsonl?limit=1", "limit"),
        ("editions/1?limit=1", "limit"),
        ("openapi.json?x=1", "x"),
        ("?x=1", "x"),
    ],
)
def test_each_table_refuses_what_it_does_not_take(client, record, address, name):
    found = problem(client.get(f"{ROOT}/{address}"), 400)
    assert [one["parameter"] for one in found["errors"]] == [name]


def test_several_faults_are_named_at_once(client, record):
    found = problem(client.get(f"{ACTIONS}?status=zzz&area=nowhere&sort=size"), 400)
    assert {one["parameter"] for one in found["errors"]} == {"status", "area", "sort"}


def test_a_cursor_of_another_query_is_refused(client, record):
    page = json.loads(client.get(f"{ACTIONS}?limit=1").content)
    cursor = page["next"].partition("cursor=")[2]
    assert client.get(f"{ACTIONS}?cursor={cursor}&limit=2").status_code == 200
    for other in (
        f"{ACTIONS}?cursor={cursor}&sort=status",
        f"{ACTIONS}?cursor={cursor}&as_of=2025-01-01",
        f"{ROOT}/recommendations?cursor={cursor}",
        f"{ROOT}/reports?cursor={cursor}",
        f"{ACTIONS}?cursor={cursor[:-1]}",
        f"{ACTIONS}?cursor=x{cursor}",
    ):
        found = problem(client.get(other), 400)
        assert [one["parameter"] for one in found["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/actions/",
        "/actions/nowhere/1.1a",
        "/actions/%00/1.1a",
        "/reports/nowhere",
        "/reports/%ED%A0%80",
        "/recommendations/report-1/99999.1",
        "/editions/0",
        "/editions/99999999999999999999",
        "/evidence/x/99999999999999999999",
        "/terms/status/zzz",
        "/terms/zzz/partly",
        "/updates/zzz",
        "/actions.csv",
        f"/{'a' * 10_000}",
    ],
)
def test_what_is_not_there_is_said_so(client, record, path):
    for prefix in ("", "/ja"):
        problem(client.get(f"{prefix}{ROOT}{path}"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", [ACTIONS, f"{ROOT}/", f"{ACTIONS}.jsonl", f"{ROOT}/editions/1"])
def test_other_methods_say_which_there_are(record, method, address):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "accept", ["text/csv", "text/html", "application/xml, text/*", "image/png"]
)
def test_who_takes_no_json_gets_none(client, record, accept):
    assert client.get(ACTIONS).status_code == 200
    problem(client.get(ACTIONS, headers={"Accept": accept}), 406)


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "application/*;q=0.1", "text/html, */*;q=0.8"]
)
def test_who_takes_json_gets_it(client, record, accept):
    assert client.get(ACTIONS, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("headers", HOSTILE_HEADERS, ids=lambda one: str(one)[:40])
def test_headers_of_any_content_are_no_error(client, record, headers):
    for address in (ACTIONS, f"{ACTIONS}.jsonl", f"{ROOT}/openapi.json"):
        response = client.get(address, headers=headers)
        assert response.status_code in (200, 406)
        assert response.getvalue()


@pytest.mark.parametrize("host", ["evil.example", "a b", "", "[::1", "localhost\0", "日本.jp"])
def test_a_host_that_is_not_ours_is_refused(client, record, host):
    response = client.get(ACTIONS, headers={"Host": host})
    problem(response, 400)
    assert b"evil.example" not in response.content


def test_refusals_are_in_the_language_of_the_address(client, record):
    english, japanese = (
        problem(client.get(f"{prefix}{ROOT}/nothing"), 404) for prefix in ("", "/ja")
    )
    assert english["type"] == japanese["type"]
    assert english["title"] != japanese["title"]


def test_each_type_leads_to_what_is_said_of_it(client, record):
    html = client.get("/api/v1/docs/").content.decode()
    for kind in KINDS.values():
        assert f'id="{kind.name}"' in html


def test_while_the_index_is_made_readers_are_told_to_come_back(client, record, monkeypatch):
    def being_made(*args: Any) -> None:
        raise BeingMade("it is being made")

    monkeypatch.setattr(one_state, "of_one_state", being_made)
    response = client.get(ACTIONS)
    problem(response, 503)
    assert response["Retry-After"] == "60"


def test_an_error_of_ours_is_a_problem_too(record, monkeypatch):
    def fails(*args: Any) -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr(one_state, "of_one_state", fails)
    problem(Client(raise_request_exception=False).get(ACTIONS), 500)


def test_before_anything_is_published_there_are_no_rows(client, db):
    found = json.loads(client.get(ACTIONS).content)
    assert (found["edition"], found["total"], found["data"], found["next"]) == (None, 0, [], None)
    problem(client.get(f"{ACTIONS}?edition=1"), 400)
    assert client.get(f"{ROOT}/openapi.json").status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200


def test_drafts_are_nowhere(client, record):
    from .factories import ActionFactory

    published_action()
    draft = ActionFactory(title="A secret", recommendation=record[0].recommendation)
    assert b"A secret" not in client.get(f"{ACTIONS}.jsonl").getvalue()
    address = f"{ACTIONS}/{draft.recommendation.report.slug}/{draft.label}"
    assert client.get(address).status_code == 404
