"""Public pages in a browser: accessible, inside the policy, on a phone, without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recommendations import publishing
from recommendations.figures import scale
from recommendations.filters import vocabularies
from recommendations.models import Recommendation, Report
from tests.factories import RecommendationFactory, RecommendationRelationFactory
from tests.public_pages import PAGES as SHOWN
from tests.public_pages import addresses

from .chromium import assert_accessible

PAGES = [
    *addresses(SHOWN),
    "/recommendations/?party=japan",
    "/recommendations/?unit=recommendations",
    "/recommendations/?q=the+command+armitage",
    "/recommendations/?q=command&unit=recommendations",
    "/recommendations/?q=armitage",
    "/recommendations/?q=the",
    "/areas/trade-and-investment/",
    "/changes/?area=taiwan",
    "/changes/compare/?from=2025-01-01",
    "/editions/2/",
    "/editions/3/",
    "/?as_of=2025-06-30&edition=1",
    "/?edition=2",
    "/deadlines/?party=japan&schedule=met",
    "/nowhere",
    "/recommendations/?status=zzz",
]


@pytest.fixture
def record(transactional_db: None, baseline: None) -> None:
    """The baseline, where the threads of the server see it."""


# As of a large record: figures without squares, and a field that finds reports.
LONG_PAGES = [
    "/",
    "/areas/trade-and-investment/",
    "/parties/japan/",
    "/recommendations/?find_report=alliance",
    "/deadlines/?find_report=zzz",
    "/changes/",
]


def is_wider_than_the_window(page: Page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_pages_of_many_are_accessible_in_light_and_dark_and_on_a_phone(
    record: None,
    open_page: Callable[..., Page],
    page_problems: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scale, "MOST_SQUARES", 0)
    monkeypatch.setattr(vocabularies, "MOST_REPORTS", 0)
    wide_light = open_page(color_scheme="light")
    narrow_dark = open_page(color_scheme="dark", viewport={"width": 390, "height": 844})
    for address in LONG_PAGES:
        wide_light.goto(address)
        assert_accessible(wide_light)
        assert not is_wider_than_the_window(wide_light), address
        narrow_dark.goto(f"/ja{address}")
        assert_accessible(narrow_dark)
        assert not is_wider_than_the_window(narrow_dark), address


def test_every_page_is_accessible_in_light_and_dark_and_on_a_phone(
    transactional_db: None,
    whole_record: None,
    open_page: Callable[..., Page],
    page_problems: list[str],
) -> None:
    wide_light = open_page(color_scheme="light")
    narrow_dark = open_page(color_scheme="dark", viewport={"width": 390, "height": 844})
    for address in PAGES:
        wide_light.goto(address)
        assert_accessible(wide_light)
        assert not is_wider_than_the_window(wide_light), address
        narrow_dark.goto(address)
        assert not is_wider_than_the_window(narrow_dark), address
        narrow_dark.goto(f"/ja{address}")
        assert_accessible(narrow_dark)
        assert not is_wider_than_the_window(narrow_dark), address
    # The two addresses that are refused are reported as such by the browser.
    page_problems[:] = [p for p in page_problems if "404" not in p and "400" not in p]


def test_list_filters_without_javascript(record: None, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/recommendations/")
    page.get_by_label("Implemented", exact=False).first.check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#found")).to_contain_text("5 of 83")
    assert "status=implemented" in page.url


def test_list_swaps_announces_and_goes_back(record: None, page: Page) -> None:
    page.goto("/recommendations/")
    page.locator("#status-implemented").check()
    expect(page.locator("#found")).to_contain_text("5 of 83")
    expect(page.locator("#announcement")).to_contain_text("5 of 83")
    expect(page.locator("#status-implemented")).to_be_checked()
    expect(page).to_have_url(re.compile("status=implemented"))
    other = page.get_by_role("link", name="日本語")
    expect(other).to_have_attribute("href", "/ja/recommendations/?status=implemented")
    page.go_back()
    expect(page.locator("#found")).to_contain_text("83 of 83")
    expect(page).not_to_have_url(re.compile("status="))


def test_keyboard_reaches_the_content_first(record: None, page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_print_hides_controls_and_keeps_the_date(record: None, page: Page) -> None:
    page.goto("/recommendations/?party=japan")
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert not page.locator(".site-head nav").is_visible()
    assert page.locator(".asof p").is_visible()
    assert not page.locator(".site-foot nav").first.is_visible()


def test_print_leaves_out_what_only_leads_on(record: None, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/recommendations/?party=japan&status=partly")
    assert page.locator(".chip").first.is_visible()
    assert not page.locator(".chip .icon").first.is_visible()
    assert not page.get_by_text("Clear all", exact=True).first.is_visible()
    page.goto("/recommendations/?q=zebra")
    assert not page.get_by_text("Clear all filters").is_visible()
    for address, words in (
        ("/methodology/", "On this page"),
        ("/", "See which"),
        ("/", "All changes"),
        ("/", "All deadlines"),
        ("/parties/japan/", "List with filters"),
        ("/parties/japan/", "With another party"),
        ("/parties/compare/", "All that is asked of it, with its history"),
    ):
        page.goto(address)
        assert page.get_by_text(words, exact=True).count(), (address, words)
        assert not page.get_by_text(words, exact=True).first.is_visible(), (address, words)
    page.goto("/reports/us-japan-alliance-2024/1.1/")
    assert page.locator(".actions .why").first.is_visible()
    assert not page.locator(".actions .why a").first.is_visible()


def test_print_says_which_rows_of_a_list_it_has(record: None, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/recommendations/")
    assert page.get_by_text("Actions 1 to 25 of 83").is_visible()
    assert not page.get_by_text("All on one page").is_visible()
    page.goto("/changes/")
    assert page.get_by_text("This page has 1 to 50.").is_visible()
    page.emulate_media(media="screen")
    assert not page.get_by_text("This page has 1 to 50.").is_visible()


def test_numbers_and_codes_of_the_method_are_whole_on_paper(record: None, page: Page) -> None:
    page.set_viewport_size({"width": 688, "height": 900})
    page.emulate_media(media="print")
    page.goto("/methodology/")
    # Ten takes less than this beside its rule, and what stands left of the text is cut off.
    indent = "parseFloat(getComputedStyle(document.querySelector('.code-book')).paddingLeft)"
    assert page.evaluate(indent) >= 20
    lines = "(code) => code.getClientRects().length"
    for code in page.locator(".defs td > code").all():
        assert code.evaluate(lines) == 1, code.inner_text()


def test_citation_opens_without_javascript_and_prints_as_one_line(
    record: None, open_page: Callable[..., Page]
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/recommendations/?party=japan")
    assert not page.locator(".citation").is_visible()
    page.get_by_text("Cite this page").click()
    expect(page.locator(".citation")).to_contain_text("party=japan&as_of=")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename.endswith(".bib")
    assert not page.locator(".cite-print").is_visible()
    page.emulate_media(media="print")
    assert "party=japan&as_of=" in page.locator(".cite-print").inner_text()
    assert not page.locator(".cite").is_visible()


OVERLAPS = """() => {
  const texts = [...document.querySelectorAll(".stackbar text")]
    .filter((one) => one.getClientRects().length);
  return texts.filter((one, i) => {
    const box = one.getBoundingClientRect(), next = texts[i + 1];
    const bar = one.closest(".stackbar");
    if (box.right > bar.getBoundingClientRect().right + 0.5) return true;
    return next && bar.contains(next) && box.right > next.getBoundingClientRect().left;
  }).map((one) => one.textContent);
}"""


@pytest.mark.parametrize("width", [320, 390, 600, 768, 1024, 1280, 1600])
def test_numbers_above_a_bar_never_run_into_each_other(
    record: None, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    for address in ["/", "/recommendations/", "/?as_of=2025-06-30", "/parties/japan/"]:
        page.goto(address)
        assert page.locator(".stackbar text:visible").count() > 2, address
        assert page.evaluate(OVERLAPS) == [], address


def test_words_of_a_table_are_whole_on_a_phone(
    record: None, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/changes/compare/?from=2025-01-01")
    heading = page.get_by_role("columnheader", name="Difference")
    of_its_text = "(th) => { const r = document.createRange(); r.selectNodeContents(th);"
    assert heading.evaluate(of_its_text + " return r.getClientRects().length; }") == 1


def test_what_was_asked_before_is_accessible_wide_and_on_a_phone(
    record: None, open_page: Callable[..., Page]
) -> None:
    later = Recommendation.objects.get(number="1.1")
    earlier = Report.objects.get(is_bibliographic=True)
    for number, headline in (("1.1", "Join the commands"), ("1.2", "Share intelligence")):
        RecommendationRelationFactory(
            recommendation=later,
            earlier=RecommendationFactory(report=earlier, number=number, headline=headline),
        )
    publishing.touch(None)
    for width in (1280, 390):
        page = open_page(viewport={"width": width, "height": 844})
        for address in (later.get_absolute_url(), f"{later.report.get_absolute_url()}earlier/"):
            page.goto(address)
            expect(page.get_by_text("Repeats 1.2").first).to_be_visible()
            assert_accessible(page)
            assert not is_wider_than_the_window(page), address
