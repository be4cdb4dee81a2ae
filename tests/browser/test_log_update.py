"""Logging an update with a person's steps: quick, told live, nothing typed lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from alliance.models import SignedInSession
from recommendations.admin.log.evidence_rule import rule_for_script
from recommendations.models import Action, StatusUpdate
from recommendations.statuses import EvidenceItem, EvidenceKind, Status, missing_evidence
from recommendations.text.web_addresses import comparable
from tests.factories import published_action, published_update

from .chromium import assert_accessible
from .hand import Hand

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = [
    "https://law.example/act",
    "HTTP://LAW.Example:80/act/#article-2",
    "https://law.example:8443/Act//",
    " https://law.example. ",
    "https://law.example/act?year=2026&q=%E6%B3%95",
    "https://law.example/act?",
    "https://例え.jp/法/第 1?年=令和",
    "https://example.jp/%E6%B3%95%e6",
    "law.example/act",
    "",
]
SIGN_IN_AGAIN = "You were signed out while you were typing"


@pytest.fixture
def action(transactional_db: None) -> Action:
    return published_action()


@pytest.fixture
def desk(page: Page, analyst: User, sign_in: Callable[[Page, User], Page]) -> Page:
    return sign_in(page, analyst)


def test_from_the_public_page_to_a_submission_in_at_most_twelve_steps(
    desk: Page, action: Action
) -> None:
    hand = Hand(desk)
    desk.goto(action.recommendation.get_absolute_url())
    hand.click(desk.get_by_role("link", name="Log an update of"))
    hand.click(desk.get_by_text("Partly implemented").first)
    hand.press("Tab")
    hand.type("11012026")
    hand.click(desk.locator("[name=note]"))
    hand.type("The office opened with a planning role.")
    hand.click(desk.locator("[name=evidence-0-url]"))
    hand.type("https://example.org/opening")
    hand.press("Tab")
    hand.type("Opening of the office")
    hand.press("Tab")
    hand.type("Ministry of Defense (Japan)")
    hand.press("Tab")
    hand.type("Official")  # a select takes the first letters of an option
    hand.press("Tab")
    hand.type("11012026")
    hand.click(desk.get_by_role("button", name="Submit for review"))
    expect(desk.get_by_text("Another person will review it.")).to_be_visible()
    update = StatusUpdate.objects.get()
    assert (update.status, update.review_state) == ("partly", "submitted")
    assert (update.effective_on.isoformat(), update.evidence.get().kind) == (
        "2026-11-01",
        "official",
    )
    assert hand.steps <= 12


def test_what_is_missing_is_told_while_typing(desk: Page, action: Action) -> None:
    desk.goto(f"/admin/log/?action={action.pk}")
    missing = desk.locator("#missing")
    expect(missing).to_be_hidden()
    desk.get_by_text("Implemented", exact=True).click()
    expect(missing).to_contain_text("needs one primary or official source")
    desk.locator("[name=evidence-0-url]").fill("https://example.org/1")
    desk.locator("[name=evidence-0-publisher]").fill("Reuters")
    desk.locator("[name=evidence-0-kind]").select_option("press")
    expect(missing).to_contain_text("rests on one publisher so far")
    desk.get_by_role("button", name="Add another source").click()
    expect(desk.locator("[name=evidence-1-url]")).to_be_focused()
    desk.keyboard.type("https://example.org/2")
    desk.locator("[name=evidence-1-publisher]").fill("Kyodo")
    desk.locator("[name=evidence-1-kind]").select_option("press")
    expect(missing).to_contain_text("The evidence suffices")


def test_the_script_says_what_the_server_says(desk: Page, action: Action) -> None:
    """Every status, with up to two items of every kind and voice, and every other fact."""
    voices = [("Reuters", False), ("REUTERS ", False), ("Xinhua", True)]
    single = [(kind.value, *voice) for kind in EvidenceKind for voice in voices]
    sets = [[], *([one] for one in single), *([one, other] for one in single for other in single)]
    # Unchanged; changed with and without a new source; and the same by a correction.
    changes = [(False, False, False), *product([True], [True, False], [True, False])]
    cases = [
        (status.value, items, has_note, confirms, bool(items) and not confirms, *change)
        for status, items in product(Status, sets)
        for has_note, confirms in product([True, False], repeat=2)
        for change in (changes[:1] if confirms else changes)
        if items or not confirms
    ]
    new = [EvidenceItem("press", "Kyodo")]
    expected = [
        missing_evidence(
            status,
            [EvidenceItem(*facts) for facts in items],
            has_search_note=has_note,
            is_confirmation=is_confirmation,
            has_own_items=has_own,
            new_items=(new if has_new else []) if is_change else None,
            is_correction=is_correction,
        )
        for (
            status,
            items,
            has_note,
            is_confirmation,
            has_own,
            is_change,
            has_new,
            is_correction,
        ) in cases
    ]
    desk.goto(f"/admin/log/?action={action.pk}")
    source = desk.locator("script[src*=log_update]").get_attribute("src")
    said = desk.evaluate(
        """async ([source, rule, cases]) => {
            const { missingEvidence } = await import(source);
            return cases.map(([
                status, items, hasSearchNote, isConfirmation, hasOwnItems, isChange, hasNewSource,
                isCorrection,
            ]) =>
                missingEvidence(
                    rule,
                    status,
                    items.map(([kind, publisher, isStateMedia]) => (
                        { kind, publisher, isStateMedia })),
                    {
                        hasSearchNote, isConfirmation, hasOwnItems, isChange, hasNewSource,
                        isCorrection,
                    },
                ));
        }""",
        [source, json.loads(json.dumps(rule_for_script())), cases],
    )
    assert said == expected


def test_the_script_compares_addresses_as_the_server_does(desk: Page, action: Action) -> None:
    desk.goto(f"/admin/log/?action={action.pk}")
    source = desk.locator("script[src*=log_update]").get_attribute("src")
    said = desk.evaluate(
        """async ([source, addresses]) => {
            const { comparable } = await import(source);
            return addresses.map(comparable);
        }""",
        [source, ADDRESSES],
    )
    assert said == [comparable(address) for address in ADDRESSES]


def test_reliance_is_chosen_for_a_confirmation_and_not_for_a_change(
    desk: Page, action: Action
) -> None:
    published_update(action, "in_progress")
    desk.goto(f"/admin/log/?action={action.pk}")
    box, missing = desk.locator("[name=relies_on]"), desk.locator("#missing")
    desk.get_by_role("radio", name="In progress").check()
    expect(box).to_be_checked()
    expect(missing).to_contain_text("A confirmation needs a note of where was searched")
    desk.get_by_role("radio", name="Implemented").first.check()
    expect(box).not_to_be_checked()


def test_a_source_that_the_action_cites_already_changes_nothing(desk: Page, action: Action) -> None:
    url = "https://law.example/act/"
    published_update(action, "in_progress", evidence=[{"kind": "primary", "url": url}])
    desk.goto(f"/admin/log/?action={action.pk}")
    missing = desk.locator("#missing")
    desk.locator("[name=status][value=implemented]").check()
    desk.locator("[name=evidence-0-url]").fill("http://LAW.example/act#article-2")
    desk.locator("[name=evidence-0-publisher]").fill("Parliament")
    desk.locator("[name=evidence-0-kind]").select_option("primary")
    expect(missing).to_contain_text("that no update of this action cites yet")
    desk.locator("[name=evidence-0-url]").fill("https://law.example/act-in-force")
    expect(missing).to_contain_text("The evidence suffices")


def test_an_action_is_found_by_typing_and_enter(desk: Page, action: Action) -> None:
    desk.goto("/admin/log/")
    desk.keyboard.type(action.title[:6])
    expect(desk.locator("#found a").first).to_be_visible()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admin/log/?action=*")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Log a status update")


def test_enter_goes_to_the_list_where_two_reports_have_what_is_meant(
    desk: Page, action: Action
) -> None:
    other = published_action(title=action.title)
    assert other.recommendation.report_id != action.recommendation.report_id
    desk.goto("/admin/log/")
    desk.keyboard.type(action.title)
    desk.keyboard.press("Enter")
    expect(desk.locator("#found a").first).to_be_focused()
    expect(desk.locator("#announcement")).to_contain_text("Actions of several reports")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#found a").nth(1)).to_be_focused()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admin/log/?action=*")


def test_nothing_found_is_seen_and_goes_away(desk: Page, action: Action) -> None:
    desk.goto("/admin/log/")
    nothing = desk.get_by_text("No action fits.")
    expect(nothing).to_be_hidden()
    desk.locator("#q").fill("qqqq zzzz")
    expect(nothing).to_be_visible()
    desk.keyboard.press("Enter")
    expect(nothing).to_be_visible()
    desk.locator("#q").fill(action.title)
    expect(desk.locator("#found a").first).to_be_visible()
    expect(nothing).to_be_hidden()


def test_text_comes_back_after_the_tab_was_reloaded(desk: Page, action: Action) -> None:
    desk.goto(f"/admin/log/?action={action.pk}")
    desk.get_by_text("Stalled", exact=True).click()
    desk.locator("[name=note]").fill("Half a sentence")
    desk.reload()
    expect(desk.locator("[name=note]")).to_have_value("Half a sentence")
    expect(desk.locator("[name=status][value=stalled]")).to_be_checked()
    expect(desk.get_by_text("Text from an earlier visit")).to_be_visible()


def test_text_that_was_stored_does_not_come_back(desk: Page, action: Action) -> None:
    desk.goto(f"/admin/log/?action={action.pk}")
    desk.get_by_text("Stalled", exact=True).click()
    desk.locator("[name=effective_on]").fill("2026-10-01")
    desk.locator("[name=note]").fill("A whole sentence")
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.get_by_text("The draft is saved.")).to_be_visible()
    desk.goto(f"/admin/log/?action={action.pk}")
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("[name=note]")).to_have_value("")


def test_an_expired_session_costs_no_text(
    desk: Page, action: Action, analyst: User, sign_in, page_problems: list[str]
) -> None:
    desk.goto(f"/admin/log/?action={action.pk}")
    desk.get_by_text("In progress", exact=True).click()
    desk.locator("[name=effective_on]").fill("2026-10-01")
    desk.locator("[name=note]").fill("Typed for half an hour.")
    SignedInSession.objects.all().delete()
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.get_by_text(SIGN_IN_AGAIN)).to_be_visible()
    assert_accessible(desk)
    assert not StatusUpdate.objects.exists()
    sign_in(desk, analyst)
    desk.get_by_role("button", name="Send it again").click()
    expect(desk.get_by_text("The draft is saved.")).to_be_visible()
    assert StatusUpdate.objects.get().note == "Typed for half an hour."
    # The browser reports the refusal itself.
    page_problems[:] = [problem for problem in page_problems if "401" not in problem]


def test_the_form_works_without_the_script(
    open_page: Callable[..., Page], analyst: User, action: Action, sign_in
) -> None:
    page = sign_in(open_page(java_script_enabled=False), analyst)
    page.goto(f"/admin/log/?action={action.pk}")
    page.get_by_text("No action found", exact=True).click()
    page.locator("[name=effective_on]").fill("2026-10-01")
    page.get_by_role("button", name="Add another source").click()
    expect(page.locator("[name=evidence-1-url]")).to_be_visible()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator("#errors")).to_contain_text("needs a note of where was searched")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_the_analyst_are_accessible(
    open_page: Callable[..., Page],
    analyst: User,
    action: Action,
    sign_in: Callable[[Page, User], Page],
    scheme: str,
    width: int,
) -> None:
    update = published_update(action)
    page = sign_in(
        open_page(color_scheme=scheme, viewport={"width": width, "height": 900}), analyst
    )
    for address in (
        "/admin/log/",
        "/admin/log/?q=thing",
        f"/admin/log/?action={action.pk}",
        f"/admin/log/confirm/{action.pk}/",
        update.action.recommendation.get_absolute_url(),
    ):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
    page.goto(f"/admin/log/?action={action.pk}")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)
