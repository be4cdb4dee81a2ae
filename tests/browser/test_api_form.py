"""The form of the API's page: it puts addresses together, asks them and shows the answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from .chromium import assert_accessible


@pytest.fixture
def form(transactional_db: None, baseline: None, page: Page) -> Page:
    page.goto("/api/v1/docs/")
    expect(page.get_by_label("Address", exact=True)).to_be_visible()
    return page


def test_an_address_is_put_together_asked_and_its_answer_shown(form: Page) -> None:
    form.get_by_label("Address", exact=True).select_option("/actions/{report}/{label}")
    form.get_by_label("label").fill("1.1a")
    expect(form.locator(".api-asked a")).to_have_attribute(
        "href", form.url.replace("docs/", "actions/us-japan-alliance-2024/1.1a")
    )
    form.get_by_role("button", name="Ask").click()
    answer = form.get_by_role("region", name="Answer")
    expect(answer).to_contain_text('"id": "us-japan-alliance-2024/1.1a"')
    expect(form.get_by_role("status")).to_contain_text("200")
    assert_accessible(form)


def test_a_refusal_is_shown_as_it_is(form: Page, page_problems: list[str]) -> None:
    form.get_by_label("Address", exact=True).select_option("/actions")
    form.get_by_label("limit").fill("1000")
    form.get_by_role("button", name="Ask").click()
    expect(form.get_by_role("status")).to_contain_text("400")
    expect(form.get_by_role("region", name="Answer")).to_contain_text("1000")
    # The browser notes the refusal.
    page_problems.clear()


def test_an_answer_that_comes_late_is_not_shown_for_a_later_question(form: Page) -> None:
    held: list[Route] = []
    form.route("**/api/v1/actions?*", lambda route: held.append(route))
    form.get_by_label("Address", exact=True).select_option("/actions")
    form.get_by_label("limit").fill("1")
    form.get_by_role("button", name="Ask").click()
    form.get_by_label("Address", exact=True).select_option("/reports")
    form.get_by_role("button", name="Ask").click()
    answer = form.get_by_role("region", name="Answer")
    expect(answer).to_contain_text('"is_bibliographic"')
    with form.expect_response("**/api/v1/actions?*"):
        held[0].continue_()
    form.evaluate("new Promise(requestAnimationFrame)")
    expect(answer).to_contain_text('"is_bibliographic"')


def test_without_a_connection_it_says_that_there_was_no_answer(
    form: Page, page_problems: list[str]
) -> None:
    form.context.set_offline(True)
    form.get_by_role("button", name="Ask").click()
    expect(form.get_by_role("status")).to_contain_text("There was no answer")
    expect(form.get_by_role("region", name="Answer")).to_be_hidden()
    form.context.set_offline(False)
    form.get_by_role("button", name="Ask").click()
    expect(form.get_by_role("region", name="Answer")).to_be_visible()
    # The browser notes what it could not load.
    page_problems.clear()
