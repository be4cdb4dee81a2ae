"""A round of staff work by keyboard: log, go on to the next, take back, translate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations.models import Action, StatusUpdate, Translation
from recommendations.translating.record_texts import translate
from recommendations.viewpoint import today
from tests.factories import draft_update, published_action, published_update

from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
SignIn = Callable[[Page, User], Page]


@pytest.fixture
def overdue(transactional_db: None) -> list[Action]:
    return [
        published_action(title=f"Open office {n}", review_due_on=today() - timedelta(days=9 - n))
        for n in range(3)
    ]


def fill_in(page: Page) -> None:
    """From the field that has the focus on arrival to a source, by keyboard alone."""
    expect(page.locator("[name=status]").first).to_be_focused()
    page.keyboard.press("Space")
    page.locator("[name=status][value=partly]").check()
    page.locator("[name=effective_on]").fill("2026-11-01")
    page.locator("[name=note]").fill("The office opened.")
    page.locator("[name=evidence-0-url]").fill("https://example.org/opening")
    page.locator("[name=evidence-0-title]").fill("Opening of the office")
    page.locator("[name=evidence-0-publisher]").fill("Ministry of Defense (Japan)")
    page.locator("[name=evidence-0-kind]").select_option("official")
    page.locator("[name=evidence-0-published_on]").fill("2026-11-01")


def test_a_list_is_worked_through_by_keyboard(
    page: Page, analyst: User, overdue: list[Action], sign_in: SignIn
) -> None:
    first, second, _third = overdue
    sign_in(page, analyst).goto("/admin/recommendations/action/?work=overdue")
    link = page.locator("#result_list a", has_text="Log").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".next-action")).to_contain_text("Open office 1")
    fill_in(page)
    # In a field of one line Enter does nothing.
    for name in ("evidence-0-title", "evidence-0-url", "evidence-0-publisher", "effective_on"):
        page.locator(f"[name={name}]").press("Enter")
    assert page.locator("[data-item]").count() == 1
    assert not StatusUpdate.objects.exists()
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#log")).to_contain_text(second.title)
    assert StatusUpdate.objects.get().review_state == "submitted"
    # Back and once more submits no second one: what is the same waits already.
    page.go_back()
    with page.expect_navigation():
        page.locator("[name=note]").press("Control+Enter")
    assert StatusUpdate.objects.waiting().filter(action=first).count() == 1


def test_a_draft_is_saved_discarded_and_taken_out_again_by_keyboard(
    page: Page, analyst: User, overdue: list[Action], sign_in: SignIn
) -> None:
    sign_in(page, analyst).goto(f"/admin/log/?action={overdue[0].pk}")
    fill_in(page)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    draft = StatusUpdate.objects.get()
    assert draft.review_state == "draft"
    page.get_by_role("button", name="Discard").press("Enter")
    page.get_by_role("link", name="Undo").press("Enter")
    assert not StatusUpdate.objects.exists()
    page.get_by_role("button", name="Take it out again").press("Enter")
    expect(page.locator("[name=note]")).to_have_value("The office opened.")
    assert StatusUpdate.objects.get().slug == draft.slug


@pytest.fixture
def drafted(transactional_db: None) -> list[Action]:
    action = published_action(title="Deepen the port")
    recommendation = action.recommendation
    for kind, words in (
        ("report.title", recommendation.report.title),
        ("recommendation.headline", recommendation.headline),
        ("action.title", action.title),
    ):
        translate(words, kind, "ja", f"{words}の訳", by=None, at=None)
    return [action]


def test_translations_are_confirmed_by_one_key_each(
    page: Page, editor: User, drafted: list[Action], sign_in: SignIn
) -> None:
    sign_in(page, editor).goto("/admin/translations/?state=drafted&language=ja")
    rows, address = page.locator("[data-row]"), page.url
    page.evaluate("window.isTheSamePage = true")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("s")
    expect(rows.nth(2)).to_be_focused()
    # Edited words are confirmed with Ctrl+Enter, from the field itself.
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("港を深くする")
    page.keyboard.press("Control+Enter")
    expect(rows.nth(3)).to_be_focused()
    expect(page.locator("#translation-said")).to_contain_text("港を深くする")
    expect(page.locator('[data-state="confirmed"] b')).to_have_text("2")
    assert page.evaluate("window.isTheSamePage") is True
    assert page.url == address
    confirmed = Translation.objects.filter(confirmed_by=editor)
    assert confirmed.count() == 2
    page.keyboard.press("?")
    dialog = page.locator("#shortcuts")
    expect(dialog).to_contain_text("Confirm the translation and go to the next")
    assert_accessible(page)


def test_what_a_colleague_saved_meanwhile_is_said_in_place(
    page: Page,
    page_problems: list[str],
    editor: User,
    drafted: list[Action],
    sign_in: SignIn,
) -> None:
    sign_in(page, editor).goto("/admin/translations/?state=drafted&language=ja")
    row = page.locator("[data-row]", has_text="Deepen the port")
    original = row.locator("textarea[name=original]").input_value()
    translate(original, "action.title", "ja", "彼の訳", by=editor, at=None)
    row.focus()
    page.keyboard.press("Enter")
    expect(row).to_contain_text("彼の訳")
    expect(row).to_contain_text("Somebody else saved this translation")
    expect(row.locator("textarea[name=words]")).to_be_focused()
    # The refusal is what was to be provoked; sent again, ours replaces it.
    page_problems.clear()
    page.keyboard.press("Control+Enter")
    expect(row).to_contain_text("Confirmed:")
    assert Translation.objects.get(original=original).text == f"{original}の訳"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_the_flow_are_accessible(
    open_page: Callable[..., Page],
    analyst: User,
    overdue: list[Action],
    sign_in: SignIn,
    scheme: str,
    width: int,
) -> None:
    published_update(overdue[0])
    draft_update(overdue[1], by=analyst)
    analyst.groups.model.objects.get(name="Editor").user_set.add(analyst)
    translate(overdue[0].title, "action.title", "ja", "港", by=None, at=None)
    page = sign_in(
        open_page(color_scheme=scheme, viewport={"width": width, "height": 900}), analyst
    )
    carried = "list=actions%3Fwork%3Doverdue"
    for address in (
        "/admin/",
        "/ja/admin/",
        "/admin/log/discarded/",
        f"/admin/log/?action={overdue[2].pk}&{carried}",
        f"/admin/log/confirm/{overdue[0].pk}/?{carried}",
        "/admin/translations/?state=drafted&language=ja",
        "/ja/admin/translations/?state=missing&language=ja",
        "/admin/recommendations/action/",
        "/accounts/2fa/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate(FITS), address
