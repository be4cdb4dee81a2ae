"""CSV: what it says, and that spreadsheets and memory are safe with it."""

import gc
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from recommendations.exports import csv_export
from recommendations.models import Action, EditionDigest, Recommendation
from recommendations.viewpoint import today
from tests.factories import (
    ActionFactory,
    DeadlineFactory,
    RecommendationFactory,
    published_action,
    published_actions,
    published_update,
)

from .reading import csv_rows

EXPORT = "/recommendations.csv"


def test_columns_carry_codes_labels_and_iso_dates(client, baseline):
    [row] = csv_rows(client.get(f"{EXPORT}?schedule=met"))
    assert row.pop("edition_digest") == EditionDigest.objects.get(edition=1).digest
    assert row == {
        "as_of": today().isoformat(),
        "edition": "1",
        "report": "us-japan-alliance-2024",
        "report_title": "The U.S.-Japan Alliance in 2024: Toward an Integrated Alliance",
        "section": "Advancing the Security Alliance",
        "recommendation_number": "1.1",
        "recommendation": "Restructure alliance command and control",
        "recommendation_status": "partly",
        "recommendation_status_label": "Partly implemented",
        "origin": "listed",
        "origin_label": "Listed by the report",
        "areas": "command-and-operations",
        "areas_label": "Command structure and operations",
        "action_number": "1.1a",
        "action": "Stand up the Self-Defense Forces' joint operations command on schedule",
        "kind": "organisation",
        "kind_label": "Organisation",
        "ask_strength": "premise",
        "ask_strength_label": "Premise",
        "parties": "japan",
        "parties_label": "Japan",
        "addressee": "japan",
        "addressee_label": "Japan",
        "bodies": "japan-ministry-of-defense",
        "bodies_label": "Ministry of Defense (Japan)",
        "status": "implemented",
        "status_label": "Implemented",
        "status_since": "2025-03-24",
        "status_since_stated": "2025-03-24",
        "status_since_precision": "day",
        "evidence": "press",
        "evidence_label": "Press report",
        "evidence_primary": "0",
        "evidence_official": "0",
        "evidence_independent": "0",
        "evidence_press": "2",
        "evidence_announcement": "0",
        "lapsed": "no",
        "fell_from": "",
        "deadline": "2025-03-31",
        "deadline_precision": "month",
        "schedule": "met",
        "schedule_label": "Met",
        "last_reviewed_on": "2026-06-17",
        "review_due_on": "2026-12-14",
        "second_review": "awaiting",
        "caveat": "desk research by one analyst, evidence to 17 June 2026, awaiting second review",
        "url": "http://testserver/reports/us-japan-alliance-2024/1.1/#action-1",
    }


def test_recommendations_have_their_own_table(client, baseline):
    rows = csv_rows(client.get(f"{EXPORT}?unit=recommendations"))
    assert len(rows) == 24
    assert sum(int(row["actions"]) for row in rows) == 83
    assert rows[0]["url"] == "http://testserver/reports/us-japan-alliance-2024/T1/"
    assert "status" not in rows[0]


def test_rows_are_those_of_the_list_in_its_order(client, baseline):
    rows = csv_rows(client.get(f"{EXPORT}?status=partly&sort=changed"))
    days = [row["status_since"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert {row["status"] for row in rows} == {"partly"}
    assert len(rows) == Action.objects.counted().filter(status="partly").count()


def test_what_happened_to_an_action_shows(client, db):
    action = published_action()
    [row] = csv_rows(client.get(EXPORT))
    assert (row["status"], row["second_review"]) == ("not_assessed", "not assessed")
    assert row["deadline"] == row["deadline_precision"] == row["status_since"] == ""
    published_update(action, "implemented", on=date(2025, 3, 1))
    published_update(action, "partly", on=date(2026, 3, 1))
    [row] = csv_rows(client.get(EXPORT))
    assert (row["status"], row["lapsed"], row["second_review"]) == ("partly", "yes", "confirmed")
    assert (row["status_since"], row["edition"]) == ("2026-03-01", "3")


def test_the_deadline_of_the_report_is_the_one_that_shows(client, db):
    recommendation = RecommendationFactory()
    action = ActionFactory(recommendation=recommendation)
    DeadlineFactory(
        action=action,
        origin="official",
        on=date(2024, 6, 30),
        stated_on=date(2024, 2, 1),
        url="https://example.org/",
    )
    DeadlineFactory(action=action, on=date(2027, 4, 1), precision="fiscal_year_japan")
    published_actions(0, recommendation=recommendation)
    [row] = csv_rows(client.get(EXPORT))
    assert (row["deadline"], row["deadline_precision"]) == ("2028-03-31", "fiscal_year_japan")


def test_the_file_is_named_by_its_unit_and_day(client, db):
    response = client.get(f"{EXPORT}?unit=recommendations")
    name = f"recommendations-as-of-{today().isoformat()}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    assert csv_rows(response) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_never_begins_as_a_formula(client, db, start):
    action = published_action()
    Action.objects.filter(pk=action.pk).update(title=f'{start}HYPERLINK("x")')
    Recommendation.objects.update(headline=f"{start}1")
    [row] = csv_rows(client.get(EXPORT))
    assert row["action"].startswith(f"'{start}")
    assert row["recommendation"].startswith(f"'{start}")


def test_quotes_commas_and_line_breaks_stay_in_their_cell(client, db):
    title = 'Say "yes", and\nmean it; 同盟'
    action = published_action()
    Action.objects.filter(pk=action.pk).update(title=title)
    [row] = csv_rows(client.get(EXPORT))
    assert row["action"] == title


def test_lines_keep_the_language_that_they_were_asked_for_in(client, db):
    published_action()
    response = client.get(f"/ja{EXPORT}")
    with translation.override("en"):
        [row] = csv_rows(response)
    assert row["url"].startswith("http://testserver/ja/reports/")


def test_spreadsheets_and_programs_read_the_japanese_file(client, baseline):
    content = client.get(f"/ja{EXPORT}").getvalue()
    assert content.startswith(b"\xef\xbb\xbfas_of,")
    assert content.count(b"\xef\xbb\xbf") == 1
    rows = csv_rows(client.get(f"/ja{EXPORT}"), encoding="utf-8-sig")
    english = csv_rows(client.get(EXPORT))
    assert list(rows[0]) == list(english[0])
    codes = ("as_of", "action_number", "status", "parties", "deadline")
    assert [[row[name] for name in codes] for row in rows] == [
        [row[name] for name in codes] for row in english
    ]
    assert rows[0]["status_label"] != english[0]["status_label"]


def test_the_english_file_has_no_mark(client, db):
    assert client.get(EXPORT).getvalue().startswith(b"as_of,")


def test_queries_do_not_grow_with_the_rows_of_a_chunk(client, db):
    published_actions(2)
    with CaptureQueriesContext(connection) as few:
        csv_rows(client.get(EXPORT))
    published_actions(20, parties=["japan", "australia"])
    with CaptureQueriesContext(connection) as many:
        csv_rows(client.get(EXPORT))
    assert len(few) == len(many) <= 6


def actions_in_memory() -> int:
    gc.collect()
    return sum(type(one) is Action for one in gc.get_objects())


def test_the_export_holds_a_chunk_of_rows_and_no_more(client, db, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 5)
    published_actions(40)
    before = actions_in_memory()
    lines = client.get(EXPORT).streaming_content
    held = [actions_in_memory() - before for _line in lines]
    assert len(held) == 41
    # The chunk that is being written, and the row of the one before that is still at hand.
    assert 0 < max(held) <= 6
