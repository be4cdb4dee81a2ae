"""The browser tests are only worth what their fixtures notice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .chromium import assert_accessible

SIGN_IN = "/accounts/login/"


def test_sign_in_page_opens_without_problems(page: Page) -> None:
    response = page.goto(SIGN_IN)
    assert response is not None
    assert response.status == 200
    # Its style sheet was applied, so static files are served.
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_policy_violation_is_noticed(page: Page, page_problems: list[str]) -> None:
    page.goto(SIGN_IN)
    with page.expect_console_message(lambda message: "style-src-attr refused" in message.text):
        page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("style-src" in problem for problem in page_problems)
    page_problems.clear()


def test_request_to_another_host_is_noticed(page: Page, page_problems: list[str]) -> None:
    page.goto(SIGN_IN)
    with page.expect_console_message(lambda message: "connect-src refused" in message.text):
        page.evaluate("fetch('http://other.invalid/').catch(() => 0)")
    assert any("other.invalid" in problem for problem in page_problems)
    page_problems.clear()


def test_script_error_is_noticed(page: Page, page_problems: list[str]) -> None:
    page.goto(SIGN_IN)
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') }, 0)")
    assert any("broken" in problem for problem in page_problems)
    page_problems.clear()


def test_inaccessible_element_is_noticed_under_the_policy(page: Page) -> None:
    page.goto(SIGN_IN)
    page.evaluate("document.body.append(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page)


def test_target_too_small_to_touch_is_noticed(page: Page) -> None:
    page.goto(SIGN_IN)
    page.evaluate(
        """for (const name of ["a", "b"]) {
            const button = document.createElement("button");
            button.setAttribute("aria-label", name);
            button.style.cssText = "width: 9px; height: 9px; padding: 0";
            document.body.append(button);
        }"""
    )
    with pytest.raises(AssertionError, match="target-size"):
        assert_accessible(page)


def test_page_without_javascript_runs_no_script(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    response = page.goto(SIGN_IN)
    assert response is not None
    assert response.ok
