"""An editor brings spreadsheets in, twice each, in a browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations.models import Action, DeliveryRow, Recommendation, StatusUpdate, TableImport

from ..factories import PartyFactory
from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)

HEADS = ["番号", "提言", "担当", "期限", "進捗", "時点", "回答"]
N_ROWS = 2_000


@pytest.fixture
def editor(transactional_db: None, staff_member: Callable[[str, str], User]) -> User:
    PartyFactory(slug="fareland", name="渡船国", kind="government")
    return staff_member("editor", "Editor")


def japanese_rows(*, wrong: bool) -> list[list[str]]:
    """Made-up recommendations on ferries; some with a date that cannot be read."""
    rows = [
        [
            str(n),
            f"第{n}航路の桟橋を改修すること。",
            "港湾局" if n % 3 else "渡船国",
            "追って定める" if wrong and n % 500 == 0 else f"令和{8 + n % 4}年{1 + n % 12}月末",
            ("完了", "実施中", "未着手", "")[n % 4],
            f"2025年{1 + n % 12}月" if n % 8 < 4 else "",
            f"第{n}航路について回答した。",
        ]
        for n in range(1, N_ROWS + 1)
    ]
    if wrong:
        rows[9][0] = "9"
    return rows


def as_cp932(path: Path, rows: list[list[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    path.write_bytes(text.getvalue().encode("cp932"))
    return path


def as_xlsx(path: Path, rows: list[list[object]]) -> Path:
    """A workbook with a title, and heads in two rows, those of who is responsible merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan"
    sheet.append(["Plan of the Ferry Commission"])
    sheet.append(["No.", "Recommendation", "Responsible", None, "Deadline"])
    sheet.append([None, None, "Lead", "Others", None])
    for merged in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(merged)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def read_table(page: Page, path: Path, report: str = "") -> None:
    page.goto("/admin/import/table/")
    page.locator("[name=file]").set_input_files(path)
    if report:
        page.locator("[name=report]").select_option(report)
    page.get_by_role("button", name="Read the table").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns mean")


def say_source(page: Page, title: str) -> None:
    page.get_by_label("Title").first.fill(title)
    page.get_by_label("Publisher").fill("Ferry Commission")
    page.locator("[name=source-url]").fill("https://ferries.example/plan")
    page.locator("[name=source-published_on]").fill("2026-03-01")
    page.locator("[name=source-kind]").select_option("official")


def say_report(page: Page, title: str, slug: str) -> None:
    page.locator("[name=report-0-title]").fill(title)
    page.locator("[name=report-0-new_slug]").fill(slug)
    page.locator("[name=report-0-published_on]").fill("2024-05-01")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on to what would come of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would come of the table")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and look again").click()


def test_two_thousand_rows_in_cp932_go_to_drafts_twice(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    editor: User,
    page_problems: list[str],
    tmp_path: Path,
) -> None:
    page = sign_in(open_page(viewport={"width": 1280, "height": 900}), editor)
    # Two thousand rows take a few seconds, and far more where others keep the machine busy.
    page.set_default_timeout(240_000)
    page.goto("/admin/")
    page.get_by_role("link", name="Import a spreadsheet").click()
    page.get_by_role("button", name="Read the table").click()
    expect(page.locator("#errors")).to_contain_text("Choose a file.")
    assert_accessible(page)
    read_table(page, as_cp932(tmp_path / "first.csv", japanese_rows(wrong=True)))
    expect(page.get_by_text("Read as Shift_JIS (cp932)")).to_be_visible()
    expect(page.get_by_text("2000 rows below the heads.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Keep these meanings under a name").fill("Ferry tracker")
    go_on(page)

    # Wrong rows are named by row and cell.
    expect(page.get_by_text("Row 501, cell D501: “追って定める”")).to_be_visible()
    expect(page.get_by_text("Row 11, cell A11: “9”")).to_be_visible()
    assert_accessible(page)
    say_source(page, "渡船計画の進捗")
    say_report(page, "渡船計画", "ferries")
    page.get_by_label("Who is meant by 港湾局").select_option("new-body:fareland")
    save(page)
    assert not Recommendation.objects.exists()
    expect(page.get_by_role("button", name="Import as drafts")).to_have_count(0)
    page.get_by_role("checkbox", name="Read these rows without the cell").check()
    page.get_by_role("checkbox", name="Leave these rows out").check()
    save(page)
    page.get_by_role("button", name="Import as drafts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("渡船計画の進捗")
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_the_window(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert Recommendation.objects.count() == Action.objects.count() == N_ROWS - 1
    assert not TableImport.objects.exists()
    drafts = StatusUpdate.objects.filter(review_state="draft")
    dateless = DeliveryRow.objects.exclude(status="").filter(effective_on__isnull=True)
    # Of 750 with a date, one is of the row that was left out.
    assert (drafts.count(), dateless.count()) == (749, 750)
    assert not Action.objects.exclude(status="not_assessed").exists()

    # The second delivery: one row is new, one says something else, ten are gone.
    rows = japanese_rows(wrong=False)[:-10]
    rows[0][1] = "第1航路の桟橋を全面改修すること。"
    rows.append([str(N_ROWS + 1), "乗組員を訓練すること。", "港湾局", "", "", "", ""])
    del rows[9]
    read_table(page, as_cp932(tmp_path / "second.csv", rows), report="ferries")
    go_on(page)
    expect(page.locator(".deck")).to_contain_text("New: 1 recommendations and 1 actions.")
    expect(page.locator(".deck")).to_contain_text("Not in the table any more: 10.")
    say_source(page, "渡船計画の進捗（二）")
    save(page)
    page.get_by_role("button", name="Import as drafts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("渡船計画の進捗（二）")
    assert Recommendation.objects.count() == N_ROWS
    assert Recommendation.objects.get(number="1").headline == "第1航路の桟橋を全面改修すること。"
    assert drafts.count() == 749
    page_problems[:] = [problem for problem in page_problems if "400" not in problem]


@pytest.mark.parametrize("has_script", [True, False])
def test_a_workbook_with_merged_heads_goes_to_drafts_twice_by_keyboard(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    editor: User,
    tmp_path: Path,
    has_script: bool,
) -> None:
    options = {"java_script_enabled": has_script, "viewport": {"width": 390, "height": 844}}
    page = sign_in(open_page(**options, color_scheme="dark"), editor)
    rows: list[list[object]] = [
        [1, "Mend the quay", "Harbour Office", "渡船国", date(2027, 3, 31)],
        [2, "Lower the fares", "渡船国", None, "=A1+1"],
        [3, None, "渡船国", None, None],
    ]
    read_table(page, as_xlsx(tmp_path / "plan.xlsx", rows))
    if has_script:
        assert_accessible(page)
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Go on to what would come of it").press("Enter")
    expect(page.get_by_text("Row 5, cell E5")).to_be_visible()
    expect(page.get_by_text("Row 6", exact=True)).to_be_visible()
    if has_script:
        assert_accessible(page)
    assert not is_wider_than_the_window(page)
    for box in page.locator("[name=group]").all():
        box.press("Space")
    say_source(page, "Plan")
    say_report(page, "Ferries", "ferries")
    page.get_by_label("Who is meant by Harbour Office").press("End")
    page.get_by_label("Who is meant by Harbour Office").select_option("new-body:fareland")
    page.get_by_role("button", name="Save and look again").press("Enter")
    page.get_by_role("button", name="Import as drafts").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan")
    assert not is_wider_than_the_window(page)
    first = Action.objects.get(recommendation__number="1")
    assert [str(body) for body in first.bodies.all()] == ["Harbour Office"]
    assert first.deadlines.get().on == date(2027, 3, 31)
    assert Action.objects.count() == 2

    rows = [[1, "Mend the whole quay", "Harbour Office", None, date(2027, 3, 31)]]
    read_table(page, as_xlsx(tmp_path / "second.xlsx", rows), report="ferries")
    page.get_by_role("button", name="Go on to what would come of it").press("Enter")
    expect(page.locator(".deck")).to_contain_text("Not in the table any more: 1.")
    say_source(page, "Plan of 2027")
    page.get_by_role("button", name="Save and look again").press("Enter")
    page.get_by_role("button", name="Import as drafts").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan of 2027")
    assert Recommendation.objects.get(number="1").headline == "Mend the whole quay"
    assert Action.objects.count() == 2
