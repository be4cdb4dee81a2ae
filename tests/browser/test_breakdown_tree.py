"""The tree of a report by keyboard and by pointer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from recommendations.models import Recommendation
from tests.factories import ActionFactory, RecommendationFactory, ReportFactory, SectionFactory

from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows(transactional_db: None) -> list[Recommendation]:
    report = ReportFactory(slug="annual")
    section = SectionFactory(report=report)
    rows = [RecommendationFactory(report=report, section=section) for _n in range(3)]
    for row in rows:
        ActionFactory(recommendation=row)
    return rows


def order() -> list[Recommendation]:
    return list(Recommendation.objects.order_by("position"))


def test_rows_move_by_keyboard_and_pointer(
    page: Page, rows: list[Recommendation], editor: User, sign_in: Callable[[Page, User], Page]
) -> None:
    first, second, third = rows
    sign_in(page, editor).goto("/admin/breakdown/annual/")
    page.get_by_role("button", name=f"Move down: {first.headline}").focus()
    with page.expect_response("**/move/"):
        page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("status")).to_contain_text("Moved to place 2 of 3.")
    assert order() == [second, first, third]
    expect(page.get_by_role("button", name=f"Move down: {first.headline}")).to_be_focused()
    with page.expect_response("**/move/"):
        page.get_by_role("button", name=f"Move up: {third.headline}").click()
    assert order() == [second, third, first]
    handle = f"#recommendation-{first.pk} > .tree-line [data-handle]"
    with page.expect_response("**/move/"):
        page.locator(handle).drag_to(
            page.locator(f"#recommendation-{second.pk}"), target_position={"x": 40, "y": 3}
        )
    expect(page.get_by_role("status")).to_contain_text("Moved to place 1 of 3.")
    assert order() == [first, second, third]


def test_rows_move_without_the_script(
    open_page: Callable[..., Page], rows: list[Recommendation], editor: User, sign_in
) -> None:
    first, second, third = rows
    page = sign_in(open_page(java_script_enabled=False), editor)
    page.goto("/admin/breakdown/annual/")
    page.get_by_role("button", name=f"Move up: {third.headline}").click()
    expect(page.get_by_role("status").first).to_have_text("The new order is saved.")
    assert order() == [first, third, second]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_tree_is_accessible(
    open_page: Callable[..., Page],
    rows: list[Recommendation],
    editor: User,
    sign_in: Callable[[Page, User], Page],
    scheme: str,
    width: int,
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, editor).goto("/admin/breakdown/annual/")
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
