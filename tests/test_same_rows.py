"""The list has the same rows on its pages, as CSV, as XLSX and as JSON Lines, whatever is asked."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import openpyxl
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from recommendations.exports.tables.rows import Action, Recommendation
from recommendations.filters import RecommendationFilterSet
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .lengths import examples
from .reading import csv_rows
from .slow_answers import Seen
from .test_data_files import content_of, unmarked
from .test_index_answers import Asker, choices_at, viewpoints

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def shown_as_csv(client: Any, query: str) -> list[dict[str, str]]:
    rows = csv_rows(client.get(f"/recommendations.csv?{query}"))
    return [{name: unmarked(cell) for name, cell in row.items()} for row in rows]


def shown_as_workbook(client: Any, query: str) -> list[dict[str, str]]:
    answer = content_of(client.get(f"/recommendations.xlsx?{query}"))
    [_about, sheet] = openpyxl.load_workbook(io.BytesIO(answer)).worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    return [
        {
            name: "" if cell is None else unescape(str(cell))
            for name, cell in zip(head, row, strict=True)
        }
        for row in rows
    ]


def shown_as_json(client: Any, query: str, unit: str) -> list[Any]:
    lines = content_of(client.get(f"/recommendations.jsonl?{query}")).splitlines()
    row = Action if unit == "actions" else Recommendation
    return [msgspec.json.decode(line, type=row) for line in lines]


def check(client: Any, query: QueryDict, viewpoint: Viewpoint) -> None:
    asked = query.copy()
    for name, value in viewpoint.parameters.items():
        asked[name] = value
    unit, text = asked.get("unit", "actions"), asked.urlencode()
    listed = shown_as_csv(client, text)
    assert shown_as_workbook(client, text) == listed
    typed = shown_as_json(client, text, unit)
    assert [one.url for one in typed] == [row["url"] for row in listed]
    columns = SAME if unit == "actions" else [name for name in SAME if name not in OF_ACTIONS]
    for one, row in zip(typed, listed, strict=True):
        assert {name: row[name] for name in columns} == {
            name: str(getattr(one, name) or "") for name in columns
        }
    check_page(client, text, [row["url"] for row in listed])


OF_ACTIONS = ("action_number", "action", "status", "schedule", "deadline", "second_review")
SAME = [
    *("report", "recommendation_number", "recommendation_status", "status_since_stated"),
    *("caveat", *OF_ACTIONS),
]


def check_page(client: Any, text: str, urls: list[str]) -> None:
    """The first page shows the first rows in the same order, and says how many there are."""
    page = client.get(f"/recommendations/?{text}").context["page"]
    assert page.paginator.count == len(urls)
    shown = [f"http://testserver{row.get_absolute_url()}" for row in page.object_list]
    assert shown == urls[: len(shown)] and len(shown) == min(len(urls), page.paginator.per_page)


class Known:
    """What each viewpoint shows, which takes long to read."""

    def __init__(self) -> None:
        first = Record(Viewpoint.present()).first_day()
        assert first
        self.viewpoints = [one for one in viewpoints() if one.on >= first]
        self.seen: dict[Viewpoint, tuple[Asker, dict[str, list[str]]]] = {}

    def at(self, viewpoint: Viewpoint) -> tuple[Asker, dict[str, list[str]]]:
        if viewpoint not in self.seen:
            self.seen[viewpoint] = (Asker(Seen(viewpoint)), choices_at(viewpoint))
        return self.seen[viewpoint]


@pytest.fixture
def known(db: None) -> Known:
    """Asked for after the record."""
    return Known()


@examples(short=12, long=400, suppress_health_check=CHECKS, derandomize=True)
@given(data=st.data())
def test_whatever_is_asked_every_form_has_the_same_rows(
    client: Any, whole_record: None, known: Known, data: Any
) -> None:
    viewpoint = data.draw(st.sampled_from(known.viewpoints))
    asker, choices = known.at(viewpoint)
    query = asker.query(data.draw, choices)
    assume(RecommendationFilterSet(query, viewpoint=viewpoint).is_valid())
    check(client, query, viewpoint)
