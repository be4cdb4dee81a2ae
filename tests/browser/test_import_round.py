"""An editor brings a report in from its file, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from recommendations.importing.blocks import DROPPED
from recommendations.models import Action, Report, ReportImport

from ..factories import PartyFactory, include
from ..test_import_reading import PAYLOADS, PUBLISHED_PAYLOADS
from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = settings.BASE_DIR / "fixtures" / "reports"


@pytest.fixture
def editor(transactional_db: None, staff_member: Callable[[str, str], User]) -> User:
    return staff_member("editor", "Editor")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_from_a_file_to_a_draft(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    editor: User,
    page_problems: list[str],
    scheme: str,
    width: int,
) -> None:
    page = sign_in(open_page(color_scheme=scheme, viewport={"width": width, "height": 900}), editor)
    page.goto("/admin/")
    page.get_by_role("link", name="Import a report from its file").click()
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#errors")).to_contain_text("Choose a file.")
    assert_accessible(page)
    page.locator("[name=file]").set_input_files(SAMPLES / "labelled.md")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 recommendations were found")
    assert_accessible(page)
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Accept as a draft").click()
    expect(page.locator("#errors")).to_contain_text("Published on")
    page.locator("[name=published_on]").fill("2025-03-01")
    page.get_by_role("button", name="Accept as a draft").click()
    page.wait_for_url("**/admin/breakdown/schools-of-exampleton/")
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page.locator("[id=tree]")).to_contain_text("Make classes smaller")
    assert Report.objects.get().is_draft
    assert not ReportImport.objects.exists()
    page_problems[:] = [problem for problem in page_problems if "400" not in problem]


SELECT = """(row) => {
  const text = row.querySelector("[data-passage] p").firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.indexOf("must pay"));
  range.setEnd(text, text.data.indexOf(" for the rooms"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def proposal(page: Page, words: str) -> Locator:
    return page.locator(".proposal.action", has_text=words)


def read_file(page: Page, path: Path, report: str = "") -> None:
    page.locator("[name=file]").set_input_files(path)
    if report:
        expect(page.locator("[name=report]")).to_have_value(report)
    page.get_by_role("button", name="Read the file").click()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_round_from_a_file_to_a_corrected_one(
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    editor: User,
    tmp_path: Path,
    has_script: bool,
) -> None:
    page = sign_in(open_page(java_script_enabled=has_script), editor)
    page.goto("/admin/import/")
    read_file(page, SAMPLES / "labelled.md")

    rent = proposal(page, "must pay for the rooms")
    rent.get_by_role("button", name="Merge with the one before").click()
    expect(page.locator(".proposal.action")).to_have_count(3)
    both = proposal(page, "must pay for the rooms")
    expect(both).to_contain_text("limit a class")
    both.get_by_text("Edit", exact=False).first.click()
    both.get_by_label("Title of the action").fill("Limit a class to 24 pupils\nPay for the rooms")
    both.get_by_role("button", name="Split").click()
    expect(page.locator(".proposal.action")).to_have_count(4)
    libraries = page.locator(".proposal.recommendation", has_text="Open the libraries")
    libraries.get_by_role("button", name="Drop").click()
    expect(page.locator(".proposal.action.not-kept")).to_have_count(1)
    page.get_by_role("button", name="Take as a recommendation").click()
    expect(page.locator(".proposal.ask.not-kept")).to_have_count(0)
    page.locator("[name=slug]").fill("schools")
    page.locator("[name=published_on]").fill("2025-03-01")
    page.get_by_role("button", name="Accept as a draft").click()
    expect(page).to_have_url(re.compile("/admin/breakdown/schools/"))
    titles = Action.objects.order_by("recommendation__position", "number")
    assert list(titles.values_list("title", flat=True)) == [
        "Everybody should know that by now.",
        "Limit a class to 24 pupils",
        "Pay for the rooms",
        "Feed every child.",
    ]

    page.get_by_role("link", name="Text of the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the text asks for")
    row = page.locator(".marking-row:has([data-passage]:has-text('must pay for the rooms'))")
    if has_script:
        row.evaluate(SELECT)
        expect(row.get_by_label("Words")).to_have_value("must pay")
        assert_accessible(page)
    else:
        row.get_by_text("Mark an action").click()
        row.get_by_label("Words").fill("must pay")
    row.get_by_label("They ask for").select_option(label="A new action of 1")
    row.get_by_role("button", name="Mark", exact=True).click()
    expect(page.get_by_text("Marked as 1c must pay.")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_the_window(page)

    for action in Action.objects.all():
        action.parties.add(PartyFactory(slug=f"party-{action.pk}"))
    include(reports=[Report.objects.get()])
    Report.objects.update(text_rights="excerpts")
    page.goto("/reports/schools/text/")
    expect(page.locator("main mark", has_text="must pay").first).to_be_visible()

    corrected = tmp_path / "corrected.md"
    text = (SAMPLES / "labelled.md").read_text(encoding="utf-8")
    corrected.write_text(text.replace("Feed every child.", "Feed all children."), encoding="utf-8")
    page.goto("/admin/text/schools/")
    page.get_by_role("link", name="Import a corrected file").click()
    read_file(page, corrected, report="schools")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the new text changes")
    expect(page.get_by_role("heading", name="1 mark is lost")).to_be_visible()
    if has_script:
        assert_accessible(page)
    assert not is_wider_than_the_window(page)
    assert Report.objects.get().texts.count() == 1
    page.get_by_role("button", name="Make it the text of the report").click()
    expect(page.get_by_text("It is version 2 of the text.")).to_be_visible()
    page.goto("/reports/schools/text/")
    expect(page.locator("main mark", has_text="must pay").first).to_be_visible()


def test_an_import_is_given_up(
    open_page: Callable[..., Page], sign_in: Callable[[Page, User], Page], editor: User
) -> None:
    page = sign_in(open_page(java_script_enabled=False), editor)
    page.goto("/admin/import/")
    page.locator("[name=file]").set_input_files(SAMPLES / "bridges.docx")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Give it up").click()
    expect(page.get_by_text("nothing of it is kept")).to_be_visible()
    assert not ReportImport.objects.exists()


# Reading drops what stands inside these, and a payload that leaves one open would hide all others.
CLOSED = "-->" + "".join(f"</{tag}>" for tag in ("script", "style", "title", *sorted(DROPPED)))
CRAFTED = {
    "crafted.md": "- __Do this {} times.__ They should {} act.{}",
    "crafted.html": "<div><b>Do this {} times.</b> They should {} act.{}</div>",
}
GLOBALS = "Object.getOwnPropertyNames(window).sort()"
# The tracker's own glyphs and icons are drawings that the page holds already.
ACTING = """() => {
  const elements = "script, iframe, form input, style, object, embed, base, meta";
  const drawings = "svg:not(:has(> use[href^='#s-'], > use[href^='#i-']))";
  const address = /^(https?:[/][/]|[/](?![/])|[?#])/;
  const acts = ({ name, value }) =>
    name.startsWith("on") || name === "style" || (name === "href" && !address.test(value));
  return [...document.querySelectorAll("main, main *")]
    .filter((one) => one.matches(`${elements}, ${drawings}`) || [...one.attributes].some(acts))
    .map((one) => one.outerHTML);
}"""


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("crafted.md", {}),
        ("crafted.html", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
)
def test_a_report_full_of_payloads_is_read_and_does_nothing(
    baseline: None,
    open_page: Callable[..., Page],
    tmp_path: Path,
    name: str,
    options: dict[str, Any],
) -> None:
    payloads = PAYLOADS + PUBLISHED_PAYLOADS
    lines = [CRAFTED[name].format(n, payload, CLOSED) for n, payload in enumerate(payloads)]
    path = tmp_path / name
    path.write_text("\n\n".join(lines), encoding="utf-8")
    slug = "us-japan-alliance-2024"
    page = open_page(**options)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"/reports/{slug}/text/")
    before = page.evaluate(GLOBALS)
    call_command("import_report", str(path), "--as-text-of", slug, verbosity=0, stdout=StringIO())
    Report.objects.update(text_rights="full")
    page.goto(f"/reports/{slug}/text/")
    expect(page.locator("main strong", has_text="Do this")).to_have_count(len(payloads))
    assert page.evaluate(ACTING) == []
    assert page.evaluate(GLOBALS) == before
    assert_accessible(page)
    assert not is_wider_than_the_window(page)
    assert not dialogs
