"""The staff's pages in a browser: accessible, inside the policy, on a phone, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recommendations.admin import of_report
from recommendations.models import Recommendation

from .chromium import assert_accessible
from .test_public_pages import is_wider_than_the_window

PAGES = [
    "/admin/recommendations/action/?work=overdue",
    "/admin/recommendations/statusupdate/?work=waiting",
    "/admin/recommendations/recommendation/?q=office",
    "/admin/recommendations/edition/",
    "/admin/password_change/",
    "/admin/translations/?state=missing",
]


@pytest.fixture
def sign_in(
    transactional_db: None,
    small_corpus: None,
    open_page: Callable[..., Page],
    live_server: LiveServer,
) -> Callable[..., Page]:
    """Makes pages of a superuser on a small record: `sign_in(color_scheme="dark")`."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="secret"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def make(**options) -> Page:
        page = open_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return make


# They lead on, take what a form sends, or answer with less than a page.
NO_PAGES = {"logout", "login", "autocomplete", "jsi18n", "log_actions", "save_preference"}
NO_PAGES |= {"save_filter", "save_translation", "merge_actions", "source_at", "staff_manifest"}
NO_PAGES |= {"item_copy", "item_passage"}
OF_REPORT = ("breakdown", "breakdown_include", "breakdown_preview", "report_text")


def pages_of_staff() -> list[str]:
    """Every page of the staff that is of no row, and those of a report and a recommendation."""
    names = [one.name for one in admin.site.get_urls() if isinstance(one, URLPattern)]
    without_row = [
        reverse(f"admin:{one.name}")
        for one in admin.site.get_urls()
        if isinstance(one, URLPattern)
        and one.name
        and one.name not in NO_PAGES
        and not re.search("[<(]", str(one.pattern))
    ]
    assert len(without_row) > 12 and set(names) >= NO_PAGES
    recommendation = Recommendation.objects.select_related("report").order_by("pk")[0]
    slug, number = recommendation.report.slug, recommendation.number
    return [
        *without_row,
        *(reverse(f"admin:{name}", args=[slug]) for name in OF_REPORT),
        reverse("admin:breakdown_preview_of", args=[slug, number]),
    ]


def pages_of_models() -> list[str]:
    """The list of each model and a row's form; of one, its empty form and its history too."""
    found = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        if row := model._default_manager.order_by("pk").first():
            found.append(reverse(f"{name}_change", args=[row.pk]))
            if model is Recommendation:
                found += [reverse(f"{name}_add"), reverse(f"{name}_history", args=[row.pk])]
    return found


@pytest.mark.parametrize(
    ("language", "options"),
    [
        ("", {"color_scheme": "light"}),
        ("/ja", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
    ],
    ids=["English, wide and light", "Japanese, narrow and dark"],
)
def test_staff_pages_are_accessible_and_fit(
    sign_in: Callable[..., Page], language: str, options: dict
) -> None:
    page = sign_in(**options)
    for address in [*PAGES, *pages_of_staff(), *pages_of_models()]:
        response = page.goto(f"{language}{address}")
        assert response is not None
        assert response.status == 200, address
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address


LINES = """(cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return new Set([...range.getClientRects()].map((one) => Math.round(one.top / 8))).size;
}"""


# Of each list the columns that take one line, and those with words to break.
COLUMNS = {
    "action": (["number"], ["of_report"]),
    "recommendation": (["number"], ["report", "section", "origin"]),
    "statusupdate": (["stated_effect"], ["action", "of_report"]),
}


@pytest.mark.parametrize("language", ["", "/ja"], ids=["English", "Japanese"])
def test_columns_of_a_list_share_its_width(
    sign_in: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(of_report, "names_reports", lambda: True)
    page = sign_in()
    for address, (short, longer) in COLUMNS.items():
        page.goto(f"{language}/admin/recommendations/{address}/")
        frame = page.locator("#changelist .results").bounding_box()
        assert frame
        for name in short:
            cells = page.locator(f"#result_list tbody .field-{name}").all()[:5]
            assert {cell.evaluate(LINES) for cell in cells} == {1}, name
        for name in longer:
            box = page.locator(f"#result_list tbody .field-{name}").first.bounding_box()
            assert box
            assert 130 <= box["width"] <= frame["width"] / 2, (name, box["width"])


def test_suggestions_say_their_field_and_what_is_chosen(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    page.goto("/admin/recommendations/action/add/")
    page.locator(".field-recommendation .select2-selection").click()
    page.locator(".select2-results__option--highlighted").click()
    chosen = page.locator("#id_recommendation option:checked").inner_text()
    expect(page.get_by_role("textbox", name=f"Recommendation: {chosen}")).to_have_count(1)


@pytest.mark.parametrize("address", ["/admin/", "/admin/recommendations/edition/"])
def test_admin_keeps_to_the_theme_that_was_chosen(
    sign_in: Callable[..., Page], live_server: LiveServer, address: str
) -> None:
    page = sign_in(color_scheme="light")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": live_server.url}])
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"


def test_keys_lead_to_pages_and_to_the_search(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    page.goto("/admin/recommendations/action/")
    page.keyboard.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    page.locator("#searchbar").press("n")
    assert page.url.endswith("/action/")
    page.locator("#searchbar").blur()
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/admin/")
    page.keyboard.press("n")
    page.wait_for_url("**/admin/log/")


def test_question_mark_lists_the_keys_and_they_can_be_turned_off(
    sign_in: Callable[..., Page],
) -> None:
    page = sign_in()
    page.goto("/admin/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Turn shortcuts off").click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Shortcuts").click()
    page.get_by_role("button", name="Turn shortcuts on").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()


def test_list_of_keys_opens_without_javascript(sign_in: Callable[..., Page]) -> None:
    page = sign_in(java_script_enabled=False)
    page.goto("/admin/")
    page.get_by_role("link", name="Shortcuts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard shortcuts")
