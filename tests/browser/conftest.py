import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from .chromium import NoChromium, find_chromium, launch_flags, record_problems

HERE = Path(__file__).parent

# Milliseconds that a page may take to do what a test expects of it, on a busy machine.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        executable = find_chromium()
    except NoChromium as reason:
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))
    # Playwright's loop runs in this thread until the end of the session, and Django would take
    # every query made beside it for one made from asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=launch_flags())
        yield chromium
        chromium.close()


@pytest.fixture
def page_problems() -> Iterator[list[str]]:
    """What went wrong on the pages of this test. One that provokes it clears the list."""
    problems: list[str] = []
    yield problems
    assert not problems, "\n".join(problems)


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, page_problems: list[str]
) -> Iterator[Callable[..., Page]]:
    """Makes pages: `open_page(java_script_enabled=False, color_scheme="dark")`.

    Each is in a context of its own, signed in as nobody; the names are Playwright's.
    """
    contexts = []

    def make(**options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"} | options
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        record_problems(page, page_problems, origin=live_server.url)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, User], Page]:
    """Signs a person in on a page without the sign-in form: `sign_in(page, analyst)`."""

    def make(page: Page, user: User) -> Page:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return make
