"""Keys lead through the proposals of an import, and many actions are set alike by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations.drafting.draft import addressee_names
from recommendations.importing.outline import as_json
from recommendations.importing.sandbox import propose_safely
from recommendations.models import Action, ReportImport
from tests.factories import (
    ActionFactory,
    PartyFactory,
    RecommendationFactory,
    ReportFactory,
    ReportImportFactory,
)

from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

HARBOUR = settings.BASE_DIR / "fixtures" / "reports" / "bold_bullets.md"


@pytest.fixture
def kept(transactional_db: None, editor: User) -> ReportImport:
    outline = propose_safely(HARBOUR.read_bytes(), addressee_names())
    return ReportImportFactory(outline=as_json(outline), uploaded_by=editor)


def test_proposals_are_decided_by_keyboard(
    page: Page, kept: ReportImport, editor: User, sign_in: Callable[[Page, User], Page]
) -> None:
    sign_in(page, editor).goto(f"/admin/import/{kept.pk}/")
    proposals = page.locator(".proposal")
    page.keyboard.press("j")
    expect(proposals.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(proposals.nth(1)).to_be_focused()
    expect(page.locator("#proposal-place")).to_contain_text("Proposal 2 of")
    with page.expect_navigation():
        page.keyboard.press("d")
    # The next one has the focus, and the one before can be taken back.
    expect(proposals.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(proposals.nth(1)).to_contain_text("Dropped")
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(proposals.nth(1)).not_to_contain_text("Dropped")
    expect(proposals.nth(2)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("e")
    words = proposals.nth(1).locator("textarea")
    expect(words).to_be_focused()
    # Typing presses no button.
    page.keyboard.press("End")
    page.keyboard.type(" add")
    expect(words).to_have_value(re.compile(" add$"))
    page.keyboard.press("Escape")
    expect(proposals.nth(1)).to_be_focused()
    outline = proposals.nth(1).evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.get_by_text("Keys that lead through the proposals").click()
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_accessible(page)


def test_keys_that_are_turned_off_do_nothing(
    page: Page, kept: ReportImport, editor: User, sign_in: Callable[[Page, User], Page]
) -> None:
    sign_in(page, editor).goto(f"/admin/import/{kept.pk}/")
    page.evaluate("localStorage.setItem('tracker-shortcuts-off', '1')")
    page.keyboard.press("j")
    expect(page.locator(".proposal").first).not_to_be_focused()


@pytest.mark.parametrize("has_script", [True, False])
def test_many_actions_get_a_party_by_keyboard(
    open_page: Callable[..., Page],
    transactional_db: None,
    editor: User,
    sign_in: Callable[[Page, User], Page],
    has_script: bool,
) -> None:
    japan = PartyFactory(slug="japan")
    whole = RecommendationFactory(report=ReportFactory(slug="annual"))
    first, second = (ActionFactory(recommendation=whole, number=n, parties=[]) for n in (1, 2))
    page = sign_in(open_page(java_script_enabled=has_script), editor)
    page.goto("/admin/breakdown/annual/")
    for action in (first, second):
        page.get_by_label(f"Tick {action.label}").focus()
        page.keyboard.press("Space")
    if has_script:
        expect(page.locator("#n-ticked")).to_have_text("2 ticked")
    page.locator("#ticked > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Japan", exact=True).focus()
    page.keyboard.press("Space")
    assert_accessible(page) if has_script else None
    page.get_by_role("button", name="Set this of the ticked actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 actions were changed.")).to_be_visible()
    assert [list(one.parties.all()) for one in Action.objects.all()] == [[japan], [japan]]
    if has_script:
        page.set_viewport_size({"width": 390, "height": 844})
        assert_accessible(page)
        for address in ("include/", "preview/", f"preview/{whole.number}/"):
            page.goto(f"/admin/breakdown/annual/{address}")
            assert_accessible(page)
