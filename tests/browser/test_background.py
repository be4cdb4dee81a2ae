"""A file that is read in the background, and the page of background work, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from alliance.background import queue
from alliance.background.performing import work_off
from alliance.models import Job, SeenWorker
from recommendations.admin.importing import upload
from tests import jobs

from .chromium import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAMPLE = settings.BASE_DIR / "fixtures" / "reports" / "bold_bullets.md"
OpenPage = Callable[..., Page]
SignIn = Callable[[Page, User], Page]


@pytest.fixture(autouse=True)
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one that takes long, and a worker as being there."""
    monkeypatch.setattr(upload, "READ_AT_ONCE", 0)
    SeenWorker.objects.create(name="node-1", seen_at=timezone.now())


@pytest.mark.parametrize("has_script", [True, False])
def test_whoever_waits_for_a_file_is_led_on_when_it_was_read(
    open_page: OpenPage, sign_in: SignIn, editor: User, has_script: bool
) -> None:
    page = sign_in(open_page(java_script_enabled=has_script), editor)
    page.goto("/admin/import/")
    page.get_by_label("File", exact=True).set_input_files(SAMPLE)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("status")).to_contain_text("It is next to be read.")
    if not has_script:
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("status")).to_contain_text("It is next to be read.")
    assert work_off() == 1
    if not has_script:
        page.get_by_role("link", name="Look again").click()
    expect(page).to_have_url(re.compile(r"/admin/import/\d+/$"), timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("4 recommendations were found")


def test_what_changes_meanwhile_is_shown_without_a_press(
    open_page: OpenPage, sign_in: SignIn, editor: User
) -> None:
    page = sign_in(open_page(), editor)
    page.goto("/admin/import/")
    page.get_by_label("File", exact=True).set_input_files(SAMPLE)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("status")).to_contain_text("It is next to be read.")
    assert queue.take(now=timezone.now())
    expect(page.get_by_role("status")).to_contain_text("It is being read", timeout=60_000)


@pytest.mark.parametrize("language", ["", "/ja"])
def test_the_pages_are_accessible_on_a_telephone(
    open_page: OpenPage, sign_in: SignIn, admin_user: User, language: str, tmp_path: Path
) -> None:
    page = sign_in(open_page(viewport={"width": 390, "height": 844}), admin_user)
    page.goto(f"{language}/admin/import/")
    page.locator("[type=file]").set_input_files(SAMPLE)
    page.locator("form [type=submit].primary").click()
    expect(page.locator("#progress")).to_be_visible()
    assert_accessible(page)
    fail()
    jobs.make_group.enqueue("harbour", log=str(tmp_path / "log"))
    for state in ("failed", "waiting", "done"):
        page.goto(f"{language}/admin/background/?state={state}")
        for details in page.locator("main details").all():
            details.locator("summary").click()
        assert_accessible(page)


def test_what_failed_is_tried_again_by_the_keyboard(
    open_page: OpenPage, sign_in: SignIn, administrator: User
) -> None:
    fail()
    page = sign_in(open_page(java_script_enabled=False), administrator)
    page.goto("/admin/background/")
    page.get_by_text("The whole error").focus()
    page.keyboard.press("Enter")
    expect(page.locator("pre")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Try it again now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is tried again")
    assert Job.objects.filter(is_open=True).count() == 1


def fail() -> None:
    jobs.fail.enqueue("no such port")
    for _n in range(queue.MOST_ATTEMPTS):
        DBTaskResult.objects.filter(task_path="tests.jobs.fail").update(
            run_after=timezone.now(), priority=1
        )
        job = queue.take(now=timezone.now())
        assert job
        queue.fail(job, "ValueError\nno such port", now=timezone.now())
