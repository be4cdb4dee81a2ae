"""A reader reports an error and staff decide on it, in a browser."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from recommendations.models import ReaderReport
from recommendations.views import reader_reports

from ..factories import ReaderReportFactory, published_action
from .chromium import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def form() -> str:
    return published_action().recommendation.get_absolute_url() + "report-an-error/"


def is_wider_than_the_window(page: Page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_readers_are_accessible(open_page, form, scheme, width) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(form)
    assert_accessible(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#errors")).to_contain_text("There is a problem")
    assert_accessible(page)
    assert not is_wider_than_the_window(page)
    page.goto(form + "thanks/")
    assert_accessible(page)


def test_a_reader_sends_a_report_without_javascript(
    open_page: Callable[..., Page], form, monkeypatch
) -> None:
    monkeypatch.setattr("recommendations.web.reader_report_form.LEAST_SECONDS", 0)
    page = open_page(java_script_enabled=False)
    page.goto(form.removesuffix("report-an-error/"))
    page.get_by_role("link", name="Report an error or send evidence").click()
    expect(page.get_by_label("Your message")).to_be_visible()
    expect(page.locator("#website")).to_be_hidden()
    page.get_by_label("A source that the page lacks").check()
    page.get_by_label("Your message").fill("The treaty was signed.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    assert ReaderReport.objects.get().kind == "evidence"


def test_a_reader_who_has_to_wait_keeps_the_text(open_page, form, page_problems, monkeypatch):
    monkeypatch.setattr("recommendations.web.reader_report_form.LEAST_SECONDS", 0)
    monkeypatch.setattr(reader_reports, "MOST_AN_HOUR", 0)
    page = open_page()
    page.goto(form)
    page.get_by_label("Something on the page is wrong").check()
    page.get_by_label("Your message").fill("The treaty was signed.")
    with page.expect_response(lambda response: response.status == 429):
        page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your message")).to_have_value("The treaty was signed.")
    assert_accessible(page)
    # The browser reports the refusal as such.
    page_problems[:] = [problem for problem in page_problems if "429" not in problem]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_staff_are_accessible(
    open_page, client: Client, live_server: LiveServer, analyst, scheme, width
) -> None:
    action = published_action()
    report = ReaderReportFactory(
        recommendation=action.recommendation,
        action=action,
        url="https://example.org/" + "a-very-long-address/" * 20,
        contact="reader@example.org",
    )
    client.force_login(analyst)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    for address in ("/admin/reader-reports/", f"/admin/reader-reports/{report.pk}/"):
        page.goto(address)
        assert_accessible(page)
        assert not is_wider_than_the_window(page), address
    page.get_by_role("button", name="Store the decision").click()
    assert_accessible(page)
