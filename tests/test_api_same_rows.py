"""The API has the rows of the list and of its files, in their order, however it is asked."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.filters.parameters import AnyOf

from .lengths import examples
from .reading import csv_rows

WORDS = ["command", "defence", "Taiwan", "1.1", "日本", "-treaty", '"joint exercises"']
DAYS = ["2024-04-04", "2025-03-24", "2025-12-31", "2026-06-17"]


def choices() -> dict[str, list[str]]:
    filters = RecommendationFilterSet().filters
    return {
        name: [option.code for option in one.options()]
        for name, one in filters.items()
        if isinstance(one, AnyOf)
    }


@st.composite
def queries(draw: Any, offered: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Draw what the list may be asked, but for what it shows."""
    pairs: list[tuple[str, str]] = []
    for name in draw(st.lists(st.sampled_from(sorted(offered)), max_size=3, unique=True)):
        codes = st.lists(st.sampled_from(offered[name]), min_size=1, max_size=3, unique=True)
        pairs += [(name, code) for code in draw(codes)]
    one_of = {
        "q": WORDS,
        "changed_since": DAYS,
        "sort": [str(sort) for sort in Sort],
        "as_of": DAYS,
        "edition": ["1", "2"],
    }
    for name, values in one_of.items():
        if draw(st.integers(0, 2)) == 0:
            pairs.append((name, draw(st.sampled_from(values))))
    return pairs


def answered(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, (address, response.content)
    return response


def of_api(client: Client, table: str, query: list[tuple[str, str]], limit: int) -> list[str]:
    address = f"/api/v1/{table}?{urlencode([*query, ('limit', str(limit))])}"
    found: list[str] = []
    totals = set()
    while address:
        page = json.loads(answered(client, address).content)
        found += [row["id"] for row in page["data"]]
        totals.add(page["total"])
        address = page["next"]
    assert totals == {len(found)}
    return found


def of_lines(response: Any) -> list[str]:
    return [json.loads(line)["id"] for line in response.getvalue().splitlines()]


def of_csv(client: Client, unit: str, query: str) -> list[str]:
    number = "action_number" if unit == "actions" else "recommendation_number"
    rows = csv_rows(answered(client, f"/recommendations.csv?unit={unit}&{query}"))
    return [f"{row['report']}/{row[number]}" for row in rows]


def of_page(client: Client, unit: str, query: str) -> list[str]:
    """Return the names of what the first page shows."""
    page = answered(client, f"/recommendations/?unit={unit}&{query}").context["page"]
    if unit == "actions":
        return [f"{row.recommendation.report.slug}/{row.label}" for row in page.object_list]
    return [f"{row.report.slug}/{row.number}" for row in page.object_list]


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
@examples(short=12, long=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_page_files_and_api_have_the_same_rows(client, second_coding, unit, data):
    query = data.draw(queries(choices()))
    text = urlencode(query)
    found = of_api(client, unit, query, data.draw(st.sampled_from([1, 7, 50, 200])))
    assert found == of_csv(client, unit, text)
    assert found == of_lines(answered(client, f"/api/v1/{unit}.jsonl?{text}"))
    assert found == of_lines(answered(client, f"/recommendations.jsonl?unit={unit}&{text}"))
    assert found[:25] == of_page(client, unit, text)


@examples(short=8, long=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_change_log_and_the_api_have_the_same_updates(client, second_coding, data):
    query = [pair for pair in data.draw(queries(choices())) if pair[0] != "sort"]
    text = urlencode(query)
    found = of_api(client, "updates", query, data.draw(st.sampled_from([1, 30, 200])))
    page = answered(client, f"/changes/?{text}").context["page"]
    assert found[:50] == [row.slug for row in page.object_list]
    assert len(found) == page.paginator.count
    assert found == of_lines(answered(client, f"/api/v1/updates.jsonl?{text}"))
