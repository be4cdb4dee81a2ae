"""What the columns of a table are taken for, and what its rows say."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from recommendations.importing.tables.breakdown import ReadRecommendation, breakdown_of
from recommendations.importing.tables.days import Day, day_of
from recommendations.importing.tables.heads import guess
from recommendations.importing.tables.levels import folded_number, parents_of, parts_of
from recommendations.importing.tables.mapping import Mapping
from recommendations.importing.tables.rows import Reader
from recommendations.importing.tables.status_words import suggested_status
from recommendations.importing.tables.table import Sheet

pytestmark = pytest.mark.run_once


def sheet(*rows: list[str]) -> Sheet:
    return Sheet("", [list(row) for row in rows])


def read(
    table: Sheet, mapping: Mapping | None = None, skipped: tuple[int, ...] = ()
) -> tuple[list[ReadRecommendation], Reader]:
    reader = Reader(table, mapping or guess(table), skipped)
    return breakdown_of(reader, reader.rows()), reader


def outline(found: list[ReadRecommendation]) -> list[tuple[str, list[str]]]:
    return [(one.headline, [action.title for action in one.actions]) for one in found]


def wrong(reader: Reader) -> list[tuple[int, int | None, str]]:
    return [(one.row, one.column, one.kind) for one in reader.problems]


@pytest.mark.parametrize(
    ("heads", "roles"),
    [
        (
            ["Rec. No.", "Recommendation", "Responsible body", "Deadline", "Status", "Comments"],
            ["number", "recommendation", "owner", "due", "status", "response"],
        ),
        (
            ["番号", "提言", "担当省庁", "期限", "進捗状況", "回答", "備考"],
            ["number", "recommendation", "owner", "due", "status", "response", "note"],
        ),
        (
            ["report_id", "recommendation_id", "recipient", "recommendation", "reply_text"],
            ["report", "number", "owner", "recommendation", "response"],
        ),
        (
            ["ID", "Commitment", "Reporting Lead", "All ministers", "Notes"],
            ["number", "recommendation", "owner", "owner", "note"],
        ),
        (
            ["Ref", "Recommendation", "Agreed action", "Target date", "Status as of"],
            ["number", "recommendation", "action", "due", "since"],
        ),
    ],
)
def test_columns_are_guessed_from_their_heads(heads: list[str], roles: list[str]) -> None:
    assert list(guess(sheet(heads, ["1"] * len(heads))).columns.values()) == roles


def test_columns_without_a_telling_head_are_guessed_from_content() -> None:
    table = sheet(
        ["x", "y", "z", "w"],
        ["1", "Build a bridge over the river", "2026-03-31", "Completed"],
        ["2", "Open the harbour to ferries", "2027-03-31", "Ongoing"],
    )
    columns = guess(table).columns
    assert columns == {"y": "recommendation", "z": "due", "x": "number", "w": "status"}


def test_heads_are_found_below_a_title_and_in_two_rows() -> None:
    table = sheet(
        ["Tracker of the Ferry Commission", "", "", ""],
        [],
        ["No.", "Recommendation", "Owner", "Owner"],
        ["No.", "Recommendation", "Lead", "Others"],
        ["1", "Build a bridge", "Harbour Office", "Fareland"],
    )
    mapping = guess(table)
    assert (mapping.head_row, mapping.head_rows) == (3, 2)
    assert mapping.columns["owner / lead"] == mapping.columns["owner / others"] == "owner"
    (one,), _reader = read(table, mapping)
    assert one.actions[0].said.owners == ["Harbour Office", "Fareland"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-31", Day(date(2026, 3, 31), "day")),
        ("2026-03-31T00:00:00", Day(date(2026, 3, 31), "day")),
        ("31/12/2026", Day(date(2026, 12, 31), "day")),
        ("5/5/2026", Day(date(2026, 5, 5), "day")),
        ("December 16,2021", Day(date(2021, 12, 16), "day")),
        ("1st March 2026", Day(date(2026, 3, 1), "day")),
        ("by the end of March 2026", Day(date(2026, 3, 1), "month")),
        ("2026-03", Day(date(2026, 3, 1), "month")),
        ("Q3 2026", Day(date(2026, 7, 1), "quarter")),
        ("2026", Day(date(2026, 1, 1), "year")),
        ("令和8年3月末", Day(date(2026, 3, 1), "month")),
        ("令和元年5月1日", Day(date(2019, 5, 1), "day")),
        ("２０２６年度", Day(date(2026, 4, 1), "fiscal_year_japan")),
        ("2026年12月31日まで", Day(date(2026, 12, 31), "day")),
        ("FY2026", "whose_fiscal_year"),
        ("3/4/2026", "day_or_month_first"),
        ("2026-02-30", "no_date"),
        ("in due course", "no_date"),
        ("12", "no_date"),
    ],
)
def test_dates_are_as_exact_as_they_are_written(cell: str, day: object) -> None:
    assert day_of(cell) == day


def test_what_was_said_of_dates_decides() -> None:
    assert day_of("3/4/2026", order="day_first") == Day(date(2026, 4, 3), "day")
    assert day_of("3/4/2026", order="month_first") == Day(date(2026, 3, 4), "day")
    american = day_of("FY2026-27", fiscal_year="fiscal_year_us")
    assert american == Day(date(2026, 1, 1), "fiscal_year_us")


def test_numbers_are_read_in_steps() -> None:
    assert parts_of("4a(ii)") == ("4", "a", "ii")
    assert parts_of("R4-2") == ("r4", "2")
    assert folded_number("Recommendation 4.1.") == "4.1"
    assert parents_of(["4", "4a", "4a(ii)", "5.1"]) == {
        "4": "",
        "4a": "4",
        "4a(ii)": "4",
        "5.1": "",
    }


def test_actions_lie_under_the_number_above_theirs() -> None:
    table = sheet(
        ["Rec ID", "Recommendation"],
        ["4", "Mend the quay"],
        ["4a", "In two parts:"],
        ["4a(i)", "Survey it"],
        ["4a(ii)", "Repair it"],
        ["5", "Lower the fares"],
    )
    found, reader = read(table)
    assert reader.mapping.levels == "number"
    # What only heads others is no action of its own.
    assert outline(found) == [
        ("Mend the quay", ["Survey it", "Repair it"]),
        ("Lower the fares", ["Lower the fares"]),
    ]


FILLED = sheet(
    ["番号", "提言", "取組", "担当"],
    ["1", "橋を直す", "調べる", "県、町"],
    ["", "", "直す", "県"],
    ["2", "港を開く", "", ""],
)


def test_rows_go_on_with_the_recommendation_above() -> None:
    found, reader = read(FILLED)
    assert reader.mapping.levels == "fill"
    assert outline(found) == [("橋を直す", ["調べる", "直す"]), ("港を開く", ["港を開く"])]
    assert found[0].actions[0].said.owners == ["県", "町"]


def test_a_column_says_what_a_row_is() -> None:
    table = sheet(
        ["Level", "Text", "Owner"],
        ["Recommendation", "Mend the quay", ""],
        ["Action", "Survey it", "Harbour Office"],
        ["Milestone", "Begin", ""],
        ["Action", "Repair it", ""],
    )
    found, reader = read(table)
    assert outline(found) == [("Mend the quay", ["Survey it"])]
    # Whatever the unknown row is, what follows it may be of that.
    assert wrong(reader) == [(4, 0, "unknown_level"), (5, None, "no_whole")]


def test_each_row_is_a_recommendation_where_nothing_says_otherwise() -> None:
    found, _reader = read(sheet(["Recommendation"], ["Mend the quay"], ["Lower the fares"]))
    assert outline(found) == [
        ("Mend the quay", ["Mend the quay"]),
        ("Lower the fares", ["Lower the fares"]),
    ]


def test_a_row_that_is_skipped_leaves_nothing_to_the_one_above_it() -> None:
    table = replace(FILLED, rows=[*FILLED.rows[:1], *FILLED.rows[3:], *FILLED.rows[1:3]])
    found, reader = read(table, guess(FILLED), skipped=(3,))
    assert outline(found) == [("港を開く", ["港を開く"])]
    assert wrong(reader) == [(4, None, "no_whole")]


def test_under_a_number_that_is_skipped_nothing_becomes_a_recommendation() -> None:
    table = sheet(["No.", "Recommendation"], ["4", "Mend the quay"], ["4a", "Survey it"])
    found, reader = read(table, skipped=(2,))
    assert found == []
    assert wrong(reader) == [(3, None, "no_whole")]


def test_a_number_that_stands_there_twice_is_named() -> None:
    table = sheet(["No.", "Recommendation"], ["1.1", "Mend"], ["1.1", "Lower"])
    found, reader = read(table)
    assert outline(found) == [("Mend", ["Mend"])]
    assert wrong(reader) == [(3, 0, "twice")]


def test_what_stands_for_nothing_is_nothing() -> None:
    table = sheet(
        ["Recommendation", "Owner", "Due"], ["Mend", "nan", "n/a"], ["Lower", "-", "なし"]
    )
    found, reader = read(table)
    assert [one.actions[0].said.owners for one in found] == [[], []]
    assert reader.problems == []


def test_a_cell_that_is_wrong_is_optional_where_the_row_can_do_without() -> None:
    table = sheet(["No.", "Recommendation", "Due"], ["x" * 30, "Mend", "soon"], ["2", "", "2026"])
    _found, reader = read(table)
    said = {(one.row, one.kind): one.is_optional for one in reader.problems}
    assert said == {(2, "long_number"): False, (2, "no_date"): True, (3, "no_text"): False}


def test_a_name_in_several_columns_is_named_once() -> None:
    table = sheet(
        ["Recommendation", "Lead", "Owner"], ["Mend", "Harbour  Office", "harbour office"]
    )
    found, _reader = read(table)
    assert found[0].actions[0].said.owners == ["Harbour Office"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed", "implemented"),
        ("Not yet started", "no_action"),
        ("Partially implemented", "partly"),
        ("On-going", "in_progress"),
        ("Ongoing", "in_progress"),
        ("一部措置済", "partly"),
        ("措置済", "implemented"),
        ("未着手", "no_action"),
        ("Purple", ""),
    ],
)
def test_words_for_a_status_are_offered_in_ours(word: str, status: str) -> None:
    assert suggested_status(word) == status
