"""CSV: what it says, and that spreadsheets and memory are safe with it."""

import csv
import gc
import io
from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from recommendations.exports import csv_export
from recommendations.exports.csv_reading import ActionRows, RecommendationRows
from recommendations.exports.csv_rows import FORMULA_STARTS, cell_of, safe
from recommendations.filters import RecommendationFilterSet, Sort
from recommendations.index.keeping import opened_at
from recommendations.models import (
    Action,
    Body,
    Edition,
    EditionDigest,
    Party,
    PolicyArea,
    Recommendation,
    Report,
    Section,
)
from recommendations.record import Record
from recommendations.text.languages import plain
from recommendations.viewpoint import Viewpoint, today
from tests.factories import (
    ActionFactory,
    DeadlineFactory,
    PartyFactory,
    RecommendationFactory,
    published_action,
    published_actions,
    published_update,
)

from .reading import csv_rows

EXPORT = "/recommendations.csv"
ROOT = "http://testserver"


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


# Some rows at a time ---------------------------------------------------------------------------


def keys_of(query: str = "") -> list[int]:
    return [row.pk for row in filtered(query).qs]


def filtered(query: str) -> RecommendationFilterSet:
    filterset = RecommendationFilterSet(QueryDict(query))
    assert filterset.is_valid()
    return filterset


def texts_of(keys: Sequence[int], *, unit: str = "actions") -> list[str]:
    rows = ActionRows if unit == "actions" else RecommendationRows
    reader = rows(Record(Viewpoint.present()), root=ROOT)
    return list(csv_export.lines(reader, keys, as_of=today()))


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
@pytest.mark.parametrize("sort", Sort.values)
def test_the_order_is_that_of_the_list(client, baseline, unit, sort):
    query = f"unit={unit}&sort={sort}&q=alliance"
    found = [row["url"] for row in csv_rows(client.get(f"{EXPORT}?{query}"))]
    assert found == [f"{ROOT}{row.get_absolute_url()}" for row in filtered(query).qs]
    assert len(found) > 5


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
def test_a_file_in_several_parts_is_the_same_file(client, baseline, unit, monkeypatch):
    address = f"/ja{EXPORT}?unit={unit}&sort=status"
    whole = client.get(address).getvalue()
    monkeypatch.setattr(csv_export, "CHUNK", 7)
    parts = list(client.get(address).streaming_content)
    assert len(parts) == {"actions": 12, "recommendations": 4}[unit]
    assert b"".join(parts) == whole


def test_queries_do_not_grow_with_the_rows_of_a_chunk(client, db):
    published_actions(2)
    with CaptureQueriesContext(connection) as few:
        csv_rows(client.get(EXPORT))
    published_actions(20, parties=["japan", "australia"])
    with CaptureQueriesContext(connection) as many:
        csv_rows(client.get(EXPORT))
    assert len(few) == len(many)


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
def test_a_chunk_takes_a_few_queries(db, unit, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(csv_export, "CHUNK", 2)
    published_actions(3, parties=["japan"])
    published_actions(3, parties=["japan"])
    keys = keys_of(f"unit={unit}")
    with opened_at(Viewpoint.present()):
        texts_of(keys, unit=unit)
        rows = ActionRows if unit == "actions" else RecommendationRows
        parts = csv_export.lines(
            rows(Record(Viewpoint.present()), root=ROOT), keys * 3, as_of=today()
        )
        next(parts)
        # One more to see that nothing was published meanwhile.
        with django_assert_num_queries({"actions": 8, "recommendations": 4}[unit]):
            next(parts)


def rows_in_memory() -> int:
    gc.collect()
    return sum(type(one) in (Action, Recommendation, Report) for one in gc.get_objects())


def test_the_export_holds_no_rows_of_the_database(client, db, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 5)
    published_actions(40)
    before = rows_in_memory()
    parts = client.get(EXPORT).streaming_content
    assert [rows_in_memory() - before for _part in parts] == [0] * 8


@pytest.mark.parametrize("unit", ["actions", "recommendations"])
def test_a_row_that_is_gone_is_left_out(db, unit):
    published_actions(2)
    published_actions(1)
    first, *_rest, last = keys_of(f"unit={unit}")
    rows = list(csv.DictReader("".join(texts_of([last, 999_999, first], unit=unit)).splitlines()))
    model = Action if unit == "actions" else Recommendation
    urls = [f"{ROOT}{model.objects.get(pk=pk).get_absolute_url()}" for pk in (last, first)]
    assert [row["url"] for row in rows] == urls


def test_each_row_is_of_the_edition_that_it_names(client, db, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 1)
    first, second = published_actions(2)
    parts = client.get(EXPORT).streaming_content
    begin = next(parts)
    edition = published_update(second, "partly").edition
    published_update(first, "partly")
    rows = csv.DictReader((begin + b"".join(parts)).decode().splitlines())
    assert [(row["status"], row["second_review"], int(row["edition"])) for row in rows] == [
        ("not_assessed", "not assessed", edition.number - 1),
        ("partly", "confirmed", edition.number + 1),
    ]


def test_a_party_that_is_new_since_the_file_began_has_its_name(client, db, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 1)
    _first, second = published_actions(2, parties=["japan"])
    parts = client.get(EXPORT).streaming_content
    begin = next(parts)
    second.parties.add(PartyFactory(slug="australia", name="Australia", position=99))
    rows = csv.DictReader((begin + b"".join(parts)).decode().splitlines())
    assert [row["parties"] for row in rows] == ["japan", "japan; australia"]


# Texts -----------------------------------------------------------------------------------------


@given(st.lists(st.text(st.sampled_from("=+-@\t\r\n＝＋－＠,;\"' a同")), min_size=2))
def test_cells_are_what_csv_writer_makes_of_safe_ones(texts):
    file = io.StringIO(newline="")
    csv.writer(file).writerow([safe(text) for text in texts])
    assert ",".join(cell_of(text) for text in texts) + "\r\n" == file.getvalue()


@pytest.mark.parametrize("start", ["=", "-", "＝", '@"', "\r\n", "+,"])
def test_no_text_of_the_record_is_a_formula_or_ends_its_cell(client, baseline, unguarded, start):
    text = f'{start}1,"2"\n3'
    columns = {
        Report: ["title", "subtitle"],
        Section: ["title"],
        Recommendation: ["headline"],
        PolicyArea: ["name", "slug"],
        Party: ["name", "slug"],
        Body: ["name", "slug"],
        Action: ["title"],
        Edition: ["note"],
    }
    for model, names in columns.items():
        only = model.objects.order_by("pk")[:1] if "slug" in names else model.objects.all()
        model.objects.filter(pk__in=list(only.values_list("pk", flat=True))).update(
            **dict.fromkeys(names, text)
        )
    rows = csv_rows(client.get(EXPORT)) + csv_rows(client.get(f"{EXPORT}?unit=recommendations"))
    for name in ("section", "recommendation", "action"):
        assert {row[name] for row in rows if name in row} == {f"'{text}"}
    assert {row["report_title"] for row in rows} == {f"'{text}: {text}"}
    for name in ("areas", "parties", "bodies"):
        assert any(text in row.get(f"{name}_label", "") for row in rows), name
    assert any(row["caveat"].startswith(f"'{text}") for row in rows)
    assert not [
        cell for row in rows for cell in row.values() if cell[:1] and cell[:1] in FORMULA_STARTS
    ]


def test_texts_are_said_in_the_language_of_the_file(client, baseline):
    english, japanese = csv_rows(client.get(EXPORT)), csv_rows(client.get(f"/ja{EXPORT}"))
    for name in ("report_title", "section", "recommendation", "action", "parties_label"):
        pairs = [(one[name], other[name]) for one, other in zip(english, japanese, strict=True)]
        assert all(one != other for one, other in pairs), name
    actions = [Action.objects.get(pk=pk) for pk in keys_of()]
    with translation.override("ja"):
        assert [row["action"] for row in japanese] == [
            plain(action.title, "action.title") for action in actions
        ]
