"""Which way a status went, and the mark of one that was further once."""

from __future__ import annotations

from datetime import date

import pytest

from recommendations.statuses import Move, Status, fallen_from, move

from .factories import corrected, published_action, published_update, retracted
from .reading import csv_rows, text_of


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("partly", "partly", None),
        ("not_assessed", "implemented", Move.ROSE),
        ("no_action", "in_progress", Move.ROSE),
        ("stalled", "in_progress", Move.ROSE),
        ("partly", "in_progress", Move.FELL),
        ("in_progress", "stalled", Move.FELL),
        ("partly", "not_assessed", Move.FELL),
        ("implemented", "partly", Move.LAPSED),
        ("implemented", "rejected", Move.LAPSED),
        ("in_progress", "rejected", Move.ENDED),
        ("not_assessed", "overtaken", Move.ENDED),
        ("rejected", "overtaken", Move.ENDED),
        ("rejected", "no_action", Move.REOPENED),
        ("overtaken", "implemented", Move.REOPENED),
        ("not_assessed", "no_action", Move.ASSESSED),
        ("not_assessed", "stalled", Move.ASSESSED),
        ("no_action", "stalled", Move.OTHER),
        ("stalled", "no_action", Move.OTHER),
    ],
)
def test_each_change_has_one_direction(before, after, expected):
    assert move(before, after) == expected


@pytest.mark.parametrize(
    ("furthest", "status", "expected"),
    [
        ("implemented", "implemented", ""),
        ("implemented", "partly", "implemented"),
        ("implemented", "overtaken", "implemented"),
        ("partly", "in_progress", "partly"),
        ("partly", "stalled", "partly"),
        ("partly", "rejected", ""),
        ("in_progress", "stalled", ""),
        ("in_progress", "no_action", "in_progress"),
        ("in_progress", "partly", ""),
        ("no_action", "not_assessed", ""),
    ],
)
def test_a_status_falls_from_the_furthest_before_it(furthest, status, expected):
    assert fallen_from(furthest, status) == expected


def test_every_pair_of_statuses_has_a_direction():
    assert all(move(a, b) in Move for a in Status for b in Status if a != b)


@pytest.mark.django_db
def test_a_fall_is_marked_wherever_the_status_stands(client):
    action = published_action()
    published_update(action, "partly", on=date(2025, 1, 1))
    published_update(action, "no_action", on=date(2025, 6, 1))
    mark = "No action found Fell from “Partly implemented”"
    pages = ["/", "/recommendations/", "/recommendations/?unit=recommendations"]
    for page in [*pages, action.recommendation.get_absolute_url()]:
        assert mark in text_of(client.get(page).content.decode()), page
    before = client.get("/recommendations/", {"as_of": "2025-05-31"}).content.decode()
    assert "Fell from" not in text_of(before)
    [row] = csv_rows(client.get("/recommendations.csv"))
    assert (row["lapsed"], row["fell_from"]) == ("no", "partly")


@pytest.mark.django_db
def test_a_recommendation_lapses_with_its_actions(client):
    action = published_action()
    published_update(action, "implemented", on=date(2025, 1, 1))
    published_update(action, "stalled", on=date(2025, 6, 1))
    for page in ("/", "/recommendations/?unit=recommendations"):
        assert "Stalled Lapsed" in text_of(client.get(page).content.decode())
    action.recommendation.refresh_from_db()
    assert action.recommendation.is_lapsed


NOT_ASSESSED = {
    "status": "not_assessed",
    "search_note": "The gazette was searched.",
    "searched_on": date(2025, 1, 2),
}


@pytest.mark.django_db
@pytest.mark.parametrize("leave", [corrected, retracted])
def test_what_was_corrected_or_retracted_was_never_fallen_from(leave):
    action = published_action()
    first = published_update(action, "partly", on=date(2025, 1, 1))
    published_update(action, "no_action", on=date(2025, 6, 1))
    leave(first, **(NOT_ASSESSED if leave is corrected else {}))
    action.refresh_from_db()
    assert (action.status, action.fell_from) == ("no_action", "")
