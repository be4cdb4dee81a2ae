"""Which way SQLite takes through a table of a million rows, told by its statistics."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .factories import published_actions, published_update, withdraw

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite"),
]
BIG = ("recommendations_action", "recommendations_recommendation")
PERIODS = "recommendations_statusperiod"
# As ANALYZE told of a made-up record of a million actions: how many rows an index has, and how
# many of them have the same value, on the average.
TOLD = {
    ("recommendations_action", "from_edition_id", False): "988048 989",
    ("recommendations_action", "until_edition_id", False): "988048 988048",
    ("recommendations_action", "until_edition_id", True): "100 10",
    ("recommendations_recommendation", "from_edition_id", False): "250000 250",
    ("recommendations_recommendation", "until_edition_id", False): "250000 250000",
    ("recommendations_recommendation", "until_edition_id", True): "100 10",
    (PERIODS, "action_id", False): "2745808 3",
    (PERIODS, "action_id", True): "1880164 2 2",
    (PERIODS, "from_edition_id", False): "2745808 69",
    (PERIODS, "until_edition_id", False): "2745808 71",
    (PERIODS, "until_edition_id", True): "865644 22",
}


@pytest.fixture
def full_of_rows() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for table in (*BIG, PERIODS):
            for name, (fields, is_partial) in indexes_of(table).items():
                rows = TOLD.get((table, fields[0], is_partial))
                if rows:
                    tell(cursor, table, name, rows)
        cursor.execute("ANALYZE sqlite_schema")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def indexes_of(table: str) -> dict[str, tuple[list[str], bool]]:
    """Return the columns of each index, and whether it holds some of the rows alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, partial FROM pragma_index_list(%s)", [table])
        found = {}
        for name, is_partial in cursor.fetchall():
            cursor.execute("SELECT name FROM pragma_index_info(%s)", [name])
            found[name] = ([row[0] for row in cursor.fetchall()], bool(is_partial))
        return found


def tell(cursor, table: str, index: str, rows: str) -> None:
    cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s AND idx = %s", [table, index])
    cursor.execute("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", [table, index, rows])


@pytest.mark.usefixtures("full_of_rows")
def test_an_edition_is_told_without_going_through_all_rows(client) -> None:
    actions = published_actions(2)
    withdraw(actions[0], reason="Counted twice.")
    # The index for search is filled from all rows, once.
    client.get("/editions/2/")
    with CaptureQueriesContext(connection) as seen:
        page = client.get("/editions/2/").content.decode()
    assert "Counted twice." in page
    ways = [(query["sql"], line) for query in seen for line in plan_of(query["sql"])]
    assert any("recommendation_left" in way for _sql, way in ways)
    assert any("recommendations_action_left" in way for _sql, way in ways)
    assert [way for way in ways if goes_through(*way)] == []


@pytest.mark.usefixtures("full_of_rows")
def test_two_days_are_compared_without_going_through_all_periods(client) -> None:
    for action in published_actions(40):
        published_update(action, "implemented", on=date(2025, 3, 1))
    address = "/changes/compare/?from=2025-02-01&to=2025-04-01"
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert "Implemented" in client.get(address).content.decode()
    ways = [line for query in seen for line in plan_of(query["sql"])]
    of_periods = [way for way in ways if "statusperiod" in way]
    assert of_periods
    # By the action: what ended in no edition is nearly all of them.
    assert [way for way in of_periods if "action_id=?" not in way] == []


def plan_of(sql: str) -> list[str]:
    if not sql.startswith(("SELECT", "WITH")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
        return [row[-1] for row in cursor.fetchall()]


def goes_through(sql: str, way: str) -> bool:
    """Whether a way goes through all rows of a big table, under whichever name it has there."""
    names = list(BIG)
    for table in BIG:
        names += [part.split('"')[0] for part in sql.split(f'"{table}" "')[1:]]
        names += [part.split()[0].rstrip(")") for part in sql.split(f'"{table}" ')[1:]]
    return way.startswith("SCAN ") and way.split()[1] in names
