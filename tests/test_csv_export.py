"""CSV: what it says, and that spreadsheets and memory are safe with it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.exports import csv_export
from recommendations.models import Action
from recommendations.viewpoint import today

from .reading import csv_rows


def test_columns_carry_codes_labels_and_iso_dates(client, baseline):
    rows = csv_rows(client.get("/recommendations.csv?schedule=met"))
    assert len(rows) == 1
    row = rows[0]
    assert row["as_of"] == today().isoformat()
    assert row["edition"] == "1"
    assert (row["status"], row["status_label"]) == ("implemented", "Implemented")
    assert row["deadline"] == "2025-03-31"
    assert row["status_since"] == "2025-03-24"
    assert row["second_review"] == "awaiting"
    assert row["url"] == "http://testserver/reports/us-japan-alliance-2024/1.1/#action-1"


def test_recommendations_have_their_own_table(client, baseline):
    rows = csv_rows(client.get("/recommendations.csv?unit=recommendations"))
    assert len(rows) == 24
    assert sum(int(row["actions"]) for row in rows) == 83


def test_a_cell_never_begins_as_a_formula(client, baseline):
    Action.objects.filter(slug="jjoc-established").update(title='=HYPERLINK("x")')
    rows = csv_rows(client.get("/recommendations.csv?schedule=met"))
    assert rows[0]["action"] == '\'=HYPERLINK("x")'
    for start in ("=", "+", "-", "@", "\t", "\r"):
        assert csv_export.safe(f"{start}1") == f"'{start}1"


def test_queries_do_not_grow_with_the_rows_of_a_chunk(client, baseline):
    with CaptureQueriesContext(connection) as few:
        csv_rows(client.get("/recommendations.csv?schedule=met"))
    with CaptureQueriesContext(connection) as many:
        csv_rows(client.get("/recommendations.csv"))
    assert len(few) == len(many)


def test_the_export_streams_chunk_by_chunk(client, baseline, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 10)
    response = client.get("/recommendations.csv")
    lines = iter(response.streaming_content)
    with CaptureQueriesContext(connection) as first:
        next(lines)
        next(lines)
    with CaptureQueriesContext(connection) as others:
        rest = list(lines)
    assert len(rest) == 82
    assert len(others) > len(first)
